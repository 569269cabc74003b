"""Where files are kept: whole or not at all, under random names, on this machine or in an S3-compatible store."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from config import Settings, SettingsError, evidence_options
from tracker.domain.errors import Unmet
from tracker.files import store as storing
from tracker.files.store import Store, open_store

CONTENT = b"invented " * 100_000
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return Store(MemoryStore())
    return open_store(Settings(data_dir=tmp_path))


def test_what_was_put_comes_back_letter_for_letter(store: Store, tmp_path: Path) -> None:
    kept = store.put(io.BytesIO(CONTENT))
    assert (kept.size, kept.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert b"".join(store.read(kept.key)) == CONTENT
    (tmp_path / "page").write_bytes(b"picture")
    store.put_page(kept.key, 1, tmp_path / "page")
    assert (store.pages(kept.key), b"".join(store.read(kept.key, page=1))) == (1, b"picture")
    assert store.keys(older_than=LATER) == {kept.key}
    assert store.keys(older_than=datetime(2020, 1, 1, tzinfo=UTC)) == set()
    store.delete(kept.key)
    store.delete(kept.key)
    with pytest.raises(FileNotFoundError):
        store.read(kept.key)
    assert store.keys(older_than=LATER) == set()


def test_nothing_is_kept_of_what_is_too_large_or_empty(store: Store) -> None:
    for content, reason in ((CONTENT, "too_large"), (b"", "empty")):
        with pytest.raises(Unmet) as refusal:
            store.put(io.BytesIO(content), most=len(CONTENT) - 1)
        assert refusal.value.problems == {"file": reason}
    assert store.keys(older_than=LATER) == set()


def test_a_file_is_written_through_before_success_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    monkeypatch.setattr(storing, "_write_through", lambda path: synced.append(Path(path).resolve()))
    kept = open_store(Settings(data_dir=tmp_path)).put(io.BytesIO(CONTENT))
    folder = (tmp_path / "evidence").resolve()
    first, second = kept.key.split("/")
    assert synced == [folder / kept.key / "content", folder / first / second, folder / first, folder]


def test_what_a_crash_left_half_written_is_swept(tmp_path: Path) -> None:
    store = open_store(Settings(data_dir=tmp_path))
    half = tmp_path / "evidence" / "ab" / "content#1"
    half.parent.mkdir()
    half.write_bytes(b"x")
    assert store.keys(older_than=LATER) == set()
    assert store.drop_unfinished(older_than=datetime.now(UTC) - timedelta(hours=1)) == 0
    os.utime(half, (0, 0))
    assert store.drop_unfinished(older_than=datetime.now(UTC) - timedelta(hours=1)) == 1
    assert not half.exists()


def test_keys_are_random_and_tell_nothing(store: Store) -> None:
    keys = {store.put(io.BytesIO(b"x")).key for _ in range(3)}
    assert len(keys) == 3
    assert all(len(key) == 41 for key in keys)


def test_the_address_of_a_store() -> None:
    url = "s3://bucket/some/prefix?region=us-east-1&endpoint=http://127.0.0.1:9000&access_key_id=a&secret_access_key=b"
    assert evidence_options(url)[:2] == ("bucket", "some/prefix")
    settings = Settings.from_environment({"TRACKER_EVIDENCE_URL": url, "TRACKER_SECRET_KEY": "x" * 40})
    assert settings.evidence_url == url
    assert "secret_access_key" not in repr(settings)
    assert isinstance(open_store(settings), Store)


@pytest.mark.parametrize(
    "url", ["ftp://x", "s3:///no-bucket", "s3://b?surprise=1", "s3://u:p@b", "file://host/x", "var/x"]
)
def test_a_wrong_address_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="TRACKER_EVIDENCE_URL"):
        Settings.from_environment({"TRACKER_EVIDENCE_URL": url, "TRACKER_SECRET_KEY": "x" * 40})


def test_another_folder(tmp_path: Path) -> None:
    settings = replace(Settings(data_dir=tmp_path), evidence_url=f"file://{tmp_path}/a%20volume")
    kept = open_store(settings).put(io.BytesIO(b"x"))
    assert (tmp_path / "a volume" / kept.key / "content").read_bytes() == b"x"


def test_a_process_forked_after_the_first_use_is_refused_and_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(Settings(data_dir=tmp_path))
    store.put(io.BytesIO(b"x"))
    monkeypatch.setattr(storing.os, "getpid", lambda: -1)
    with pytest.raises(RuntimeError, match="forked"):
        store.put(io.BytesIO(b"x"))
