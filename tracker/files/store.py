"""Where the content of files is kept: a folder of this machine, or an S3-compatible store. The only home of obstore.

A file lies under a random key that tells nothing of it, outside every served folder. ``put`` answers only when the
content is safe: in a folder, file and folder are written through to the disk first; a store answers when it has it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, S3Store

from config import Settings, evidence_options
from tracker.domain.errors import Unmet

MOST_BYTES = 25 * 1024 * 1024
"""The largest file, in bytes."""
CHUNK = 256 * 1024
PART = 5 * 1024 * 1024
"""The smallest part that S3 takes; one is held in memory for each file on its way there."""
AT_ONCE = 2
"""Files on their way to S3 at the same time, per process; the others wait on the disk."""
CONTENT = "content"
_used_in: int | None = None
_SENDING = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Stored:
    """What was kept: its key in the store, bytes, SHA-256 in hexadecimal."""

    key: str
    size: int
    sha256: str


class Store:
    """Files by key; each has its content and, beside it, the pictures of its pages."""

    def __init__(self, backend: ObjectStore, folder: Path | None = None) -> None:
        self._opened = backend
        self._folder = folder
        """Of a store on this machine: written through to the disk before success is reported."""

    @property
    def _backend(self) -> ObjectStore:
        """obstore starts threads when it is first used. A process forked after that would wait for them for ever."""
        global _used_in
        _used_in = _used_in or os.getpid()
        if _used_in != os.getpid():
            raise RuntimeError("The store was used before this process was forked: use it in a process of its own.")
        return self._opened

    def put(self, stream: BinaryIO, *, most: int = MOST_BYTES) -> Stored:
        """Keep what the stream gives, under a new key.

        Raises Unmet(file="too_large") past ``most`` bytes, Unmet(file="empty"); then nothing is kept.
        """
        key = _new_key()
        digest, size = hashlib.sha256(), 0

        def chunks() -> Iterator[bytes]:
            nonlocal size
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise Unmet(file="too_large")
                digest.update(chunk)
                yield chunk
            if not size:
                raise Unmet(file="empty")

        self._put(f"{key}/{CONTENT}", chunks())
        return Stored(key, size, digest.hexdigest())

    def put_page(self, key: str, number: int, picture: Path) -> None:
        """Keep the picture of a page (JPEG) beside the content; ``number`` counts from 1."""
        with picture.open("rb") as stream:
            self._put(f"{key}/{_page(number)}", iter(lambda: stream.read(CHUNK), b""))

    def read(self, key: str, *, page: int = 0) -> Iterator[bytes]:
        """The content, or the picture of a page, in chunks. Raises FileNotFoundError before the first one."""
        found = obstore.get(self._backend, f"{key}/{_page(page) if page else CONTENT}")
        return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK))

    def fetch(self, key: str, to: Path) -> None:
        """Copy the content into a file of this machine. Raises FileNotFoundError."""
        with to.open("wb") as target:
            for chunk in self.read(key):
                target.write(chunk)

    def pages(self, key: str) -> int:
        """How many pictures of pages are kept beside the content."""
        return sum(1 for one in self._listed(f"{key}/") if not one[0].endswith(f"/{CONTENT}"))

    def delete(self, key: str) -> None:
        """Erase the content and its pictures; what is gone already is no error."""
        for path in [path for path, _at in self._listed(f"{key}/")]:
            try:
                obstore.delete(self._backend, path)
            except FileNotFoundError:
                continue

    def keys(self, *, older_than: datetime) -> set[str]:
        """All keys whose newest part was written before the moment: what the sweep of orphans compares with."""
        newest: dict[str, datetime] = {}
        for path, at in self._listed(None):
            key = path.rpartition("/")[0]
            newest[key] = max(at, newest.get(key, at))
        return {key for key, at in newest.items() if at < older_than}

    def drop_unfinished(self, *, older_than: datetime) -> int:
        """Remove what a crash left half written in a folder; how many. S3 shows no such parts."""
        dropped = 0
        for path in self._folder.rglob("*#*") if self._folder else ():
            if path.is_file() and path.stat().st_mtime < older_than.timestamp():
                path.unlink(missing_ok=True)
                dropped += 1
        return dropped

    def _listed(self, prefix: str | None) -> Iterator[tuple[str, datetime]]:
        for batch in obstore.list(self._backend, prefix=prefix):
            for one in batch:
                yield one["path"], one["last_modified"]

    def _put(self, path: str, chunks: Iterable[bytes]) -> None:
        if self._folder is None:
            with _SENDING:
                obstore.put(self._backend, path, chunks, chunk_size=PART, max_concurrency=1)
            return
        obstore.put(self._backend, path, chunks, chunk_size=CHUNK, max_concurrency=1)
        target = self._folder / path
        _write_through(target)
        for folder in target.parents:
            _write_through(folder)
            if folder == self._folder:
                break


def open_store(settings: Settings) -> Store:
    """The store that the settings name; a folder is made where there is none."""
    url = settings.evidence_url
    if url is None or url.startswith("file:"):
        folder = Path(unquote(urlsplit(url).path)) if url else settings.data_dir / "evidence"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Store(LocalStore(folder, automatic_cleanup=True), folder.resolve())
    bucket, prefix, options = evidence_options(url)
    insecure = options.get("endpoint", "").startswith("http://")
    backend = S3Store(
        bucket,
        prefix=prefix or None,
        client_options={"allow_http": insecure, "timeout": "60s"},
        **options,  # type: ignore[arg-type]
    )
    return Store(backend)


def _new_key() -> str:
    """Random; the first two characters are a folder, so that none grows too long."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name[2:]}"


def _page(number: int) -> str:
    return f"page-{number:03d}.jpg"


def _write_through(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
