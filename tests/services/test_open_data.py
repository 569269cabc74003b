"""Releases of the open data: what is in them, when there is a new one, that they stay as they were."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from tests import status_scene
from tests.cast import Cast
from tests.support.queries import counted
from tracker.documents import open_data_files
from tracker.jobs import run_job
from tracker.models import (
    Assessment,
    AuditEntry,
    DataFile,
    DataRelease,
    Observation,
    ProgressReport,
    Provision,
    ReportRevision,
)
from tracker.services import data_releases, open_data


def release(cast: Cast) -> dict[str, bytes]:
    """Run the job, and give the files of the newest release."""
    run = run_job(cast.app, "open-data")
    assert not run.failed
    with cast.reading() as session:
        newest = session.scalars(sa.select(DataRelease).order_by(DataRelease.id.desc()).limit(1)).one()
        return {one.name: one.content for one in newest.files}


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8-sig"))))


@pytest.mark.both_databases
def test_a_release_says_what_is_public_and_nothing_else(any_cast: Cast) -> None:
    cast = any_cast
    status_scene.play(cast, "br")
    files = release(cast)
    lines = table(files, "commitments")
    own = {line["provision"]: line for line in lines if line["party"] == "BR"}
    for code, (rating, self_assessment, strength) in status_scene.PUBLISHED.items():
        said = (
            own[code]["rating"],
            own[code]["self_assessment"],
            own[code]["strength_of_evidence"],
            own[code]["stage"],
        )
        assert said == (rating.value, self_assessment.value, strength.value, "published")
    for code in status_scene.UNPUBLISHED:
        assert own[code]["rating"] == own[code]["self_assessment"] == own[code]["published_on"] == ""
    assert {own[code]["on_time"] for code in status_scene.LATE} == {"false"}
    with cast.reading() as session:
        assert len(lines) == session.scalar(sa.select(sa.func.count(ProgressReport.id)))
    (coverage,) = [line for line in table(files, "coverage") if line["party"] == "BR"]
    assert int(coverage["owed"]) == len(own)
    assert int(coverage["reported"]) == sum(line["reported_on"] != "" for line in own.values())
    assert int(coverage["rated"]) == len(status_scene.PUBLISHED)


def test_no_sentence_of_a_person_is_in_it(cast: Cast) -> None:
    status_scene.play(cast, "br")
    everything = b"".join(release(cast).values()).decode("utf-8", "ignore")
    with cast.reading() as session:
        reasons = session.scalars(sa.select(Assessment.reasons)).all()
        contents = session.scalars(sa.select(ReportRevision.content)).all()
        views = session.scalars(sa.select(Observation.text)).all()
    narratives = [answer["narrative"] for content in contents for answer in content["answers"]]
    said = [text for text in (*reasons, *narratives, *views) if text]
    assert len(said) > 10
    for text in said:
        assert text not in everything


def test_files_hold_the_same_rows_and_the_archive_holds_the_files(cast: Cast) -> None:
    status_scene.play(cast, "br")
    files = release(cast)
    whole = json.loads(files["open-data.json"])
    described = table(files, "dictionary")
    for name, rows in whole["tables"].items():
        assert len(table(files, name)) == len(rows)
        assert [line["column"] for line in described if line["table"] == name] == list(rows[0]) if rows else True
        assert files[f"{name}.csv"].startswith(b"\xef\xbb\xbf")
    assert all(line[f"meaning_{code}"] for line in described for code in ("en", "es", "pt", "fr"))
    with zipfile.ZipFile(io.BytesIO(files[next(iter(files))])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: content for name, content in files.items() if not name.endswith(".zip")
        }
    assert whole["version"] in files["README.txt"].decode()
    assert "CC BY 4.0" in files["README.txt"].decode()


@pytest.mark.both_databases
def test_a_new_one_comes_once_a_day_and_only_where_something_changed(any_cast: Cast) -> None:
    cast = any_cast
    first = release(cast)
    assert run_job(cast.app, "open-data").done == 0
    status_scene.play(cast, "br")  # seventy days pass
    assert release(cast) != first
    cast.clock.advance(days=1)
    assert run_job(cast.app, "open-data").done == 0, "nothing changed"
    with cast.reading() as session:
        releases = session.scalars(sa.select(DataRelease).order_by(DataRelease.id)).all()
        assert [one.version for one in releases] == ["2026.1", "2026.2"]
        assert {one.name: one.content for one in releases[0].files} == first
        assert session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "data.released")) == 2
    cast.clock.advance(days=365)
    with cast.writing() as session:
        session.execute(sa.update(Provision).where(Provision.code == "CS-02").values(number="II"))
    assert run_job(cast.app, "open-data").done == 1
    with cast.reading() as session:
        assert session.scalars(sa.select(DataRelease.version).order_by(DataRelease.id.desc())).first() == "2027.1"


def test_the_same_tables_are_the_same_bytes(cast: Cast) -> None:
    with cast.reading() as session:
        now = cast.clock.now()
        once, again = (
            open_data_files.files(open_data.tables(session, now), version="2026.1", as_of=now, url="http://x")
            for _ in range(2)
        )
    assert once == again


def test_queries_do_not_grow_with_the_data(cast: Cast) -> None:
    def asked() -> int:
        with cast.reading() as session, counted(cast.app) as found:
            open_data.tables(session, cast.clock.now())
        return len(found)

    before = asked()
    status_scene.play(cast, "br")
    assert asked() == before


def test_page_and_files(cast: Cast) -> None:
    visitor = cast.app.test_client()
    assert "Nothing has been released yet" in visitor.get("/data").text
    assert visitor.get("/data/latest/commitments.csv").status_code == 404
    files = release(cast)
    page = visitor.get("/data").text
    for name in files:
        assert f"/data/2026.1/{name}" in page
        answer = visitor.get(f"/data/2026.1/{name}")
        assert answer.data == files[name]
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = visitor.get("/data/2026.1/coverage.csv", headers={"If-None-Match": answer_tag(visitor)})
    assert again.status_code == 304
    assert visitor.get("/data/latest/coverage.csv").headers["Location"] == "/data/2026.1/coverage.csv"
    assert visitor.get("/data/2026.1").status_code == 200
    for path in (
        "2025.9",
        "2026.1/nothing.csv",
        "x",
        "2026.1/..%2fconfig.py",
        "2026.01",
        "latest/x.csv",
        "2026.1?page=9",
    ):
        assert visitor.get(f"/data/{path}").status_code == 404, path


def answer_tag(visitor: object) -> str:
    return str(visitor.get("/data/2026.1/coverage.csv").headers["ETag"])  # type: ignore[attr-defined]


def test_who_takes_a_file_away_signed_in_is_noted(cast: Cast) -> None:
    release(cast)
    person = cast.app.test_client()
    cast.sign_in(person, "focal.br")
    person.get("/data/2026.1/coverage.csv")
    with cast.reading() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "export")).one()
        assert (entry.record_type, entry.record_id, entry.new) == ("data_release", "2026.1", {"file": "coverage.csv"})
        assert session.scalar(sa.select(sa.func.count(DataFile.id))) == len(data_releases.release(session, None)[1])  # type: ignore[index]
