"""Evidence on both databases: file and row live and die together (SAFETY D5), quarantine, versions, erasing."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.support import samples
from tracker.db import db, transaction
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.vocabulary import FileState, ReportState
from tracker.files import kinds
from tracker.files.scanning import Scan
from tracker.files.store import Store
from tracker.jobs import run_job
from tracker.models import AuditEntry, Evidence, EvidenceVersion, RevisionEvidence
from tracker.services import evidence, evidence_access, evidence_check, evidence_library, evidence_purge, records
from tracker.services.evidence import About, Sent

NAME = "0123456789abcdef0123456789abcdef"
OWNERS = ("focal.br", "contributor.br", "focal.gt", "secretariat", "observer")
FAR = timedelta(days=365 * 80)


def store(cast: Cast) -> Store:
    return cast.app.extensions["tracker.store"]  # type: ignore[no-any-return]


def keys(cast: Cast) -> set[str]:
    return store(cast).keys(older_than=cast.clock.now() + FAR)


def sent(cast: Cast, content: bytes, name: str) -> Sent:
    return Sent(kinds.recognise(name, io.BytesIO(content)), store(cast).put(io.BytesIO(content)))


def add(
    cast: Cast, who: str = "focal.br", content: bytes = b"a line\n", name: str = "a.txt", piece: str = NAME
) -> None:
    kept, actor = sent(cast, content, name), cast.actor(who)
    with cast.writing() as session:
        evidence.add_file(session, kept, About("An invented act"), name=piece, actor=actor, now=cast.clock.now())


def check(cast: Cast) -> None:
    run_job(cast.app, "check-evidence", cast.clock.now())


def version(cast: Cast, number: int = 1) -> EvidenceVersion:
    with cast.reading() as session:
        found = session.scalars(sa.select(EvidenceVersion).where(EvidenceVersion.number == number)).one()
        session.expunge(found)
        return found


def attach(cast: Cast, report_id: int, who: str = "focal.br") -> bool:
    actor = cast.actor(who)
    with cast.writing() as session:
        report = records.report(session, report_id)
        assert report is not None
        piece = evidence_access.piece(session, NAME)
        return evidence.attach(session, report, piece, actor=actor, now=cast.clock.now())


def test_a_row_is_never_without_its_file_nor_a_file_for_long_without_its_row(any_cast: Cast) -> None:
    cast = any_cast
    kept, actor = sent(cast, b"x", "a.txt"), cast.actor("focal.br")
    with pytest.raises(Unmet), cast.writing() as session:
        evidence.add_file(session, kept, About(""), name=NAME, actor=actor, now=cast.clock.now())
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 0
    add(cast)
    assert len(keys(cast)) == 2
    now = max(cast.clock.now(), datetime.now(cast.clock.now().tzinfo))
    with cast.app.app_context():
        assert evidence_check.sweep(transaction, store(cast), now=now) == 0, "it may still be on its way"
        assert evidence_check.sweep(transaction, store(cast), now=now + timedelta(days=2)) == 1
    assert keys(cast) == {version(cast).store_key}


def test_a_file_waits_until_it_is_checked_and_is_then_as_the_store_has_it(any_cast: Cast) -> None:
    cast = any_cast
    add(cast, content=samples.photograph(), name="foto.jpg")
    before = version(cast)
    assert before.state is FileState.WAITING
    with cast.reading() as session, pytest.raises(NotVisible):
        evidence_access.open_version(session, NAME, 1, cast.actor("focal.br"))
    check(cast)
    after = version(cast)
    assert (after.state, after.scan, after.problem) == (FileState.CLEAN, Scan.NOT_SCANNED, "no_text")
    content = b"".join(store(cast).read(after.store_key))
    assert (len(content), b"INVENTED" in content) == (after.size, False)
    assert after.sha256 != before.sha256
    assert keys(cast) == {after.store_key}
    check(cast)
    assert version(cast).checked_at == after.checked_at, "once"


@pytest.mark.parametrize(
    ("content", "name", "state", "problem"),
    [
        (samples.word("The victim Juana Inventada told the court."), "a.docx", FileState.NEEDS_REASON, ""),
        (b"CPF 529.982.247-25\n", "a.txt", FileState.REFUSED, "identifier"),
        (b"%PDF-1.4\nbroken", "a.pdf", FileState.REFUSED, "damaged"),
        (samples.pdf_with_script(), "a.pdf", FileState.REFUSED, "pdf_program"),
        (samples.pdf(), "a.pdf", FileState.CLEAN, ""),
    ],
    ids=["doubtful", "certain", "damaged", "script", "honest"],
)
def test_what_the_check_comes_to(cast: Cast, content: bytes, name: str, state: FileState, problem: str) -> None:
    add(cast, content=content, name=name)
    check(cast)
    found = version(cast)
    assert (found.state, found.problem) == (state, problem)
    assert "Inventada" not in str(found.findings)
    with cast.reading() as session:
        entries = session.scalars(sa.select(AuditEntry.new).where(AuditEntry.event == "evidence.check")).all()
    assert "Inventada" not in str(entries)
    assert "529" not in str(entries)


def test_a_scanner_that_does_not_answer_keeps_the_file_waiting(cast: Cast) -> None:
    add(cast)
    with cast.app.app_context():
        waiting = evidence_check.waiting_files(db.session)
        db.session.rollback()
        outcome = evidence_check.check_all(
            transaction, store(cast), waiting, clamd_url="unix:///nowhere", clock=cast.clock.now
        )
    assert (outcome.done, outcome.failed) == (0, 1)
    assert version(cast).state is FileState.WAITING


def test_what_the_scanner_finds_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_check, "scan", lambda _chunks, _url: Scan.INFECTED)
    add(cast)
    check(cast)
    assert (version(cast).state, version(cast).problem) == (FileState.REFUSED, "infected")


def test_submissions_name_the_version_they_meant(any_cast: Cast) -> None:
    cast = any_cast
    report = cast.report_id("BR", "CS-03")
    add(cast)
    assert attach(cast, report)
    assert not attach(cast, report)
    check(cast)
    cast.bring_to(report, ReportState.SUBMITTED)
    with pytest.raises(WrongState):
        attach(cast, cast.report_id("BR", "CS-03"))
    newer, actor = sent(cast, b"newer\n", "b.txt"), cast.actor("focal.br")
    with cast.writing() as session:
        piece = evidence_access.own_piece(session, NAME, actor)
        evidence.add_version(session, piece, newer, seen_number=1, actor=actor, now=cast.clock.now())
    check(cast)
    with cast.reading() as session:
        row = session.execute(sa.select(RevisionEvidence.number)).one()
        assert row.number == 1
        reviewer = cast.actor("reviewer")
        assert evidence_access.open_version(session, NAME, 1, reviewer).sha256 != version(cast, 2).sha256
        with pytest.raises(NotVisible):
            evidence_access.open_version(session, NAME, 2, reviewer)
        listed, total = evidence_library.library(session, reviewer)
        assert (total, listed[0].public_id) == (1, NAME)
        uses = evidence_library.uses(session, [listed[0].id], reviewer)[listed[0].id]
        assert [(use.code, use.draft, use.number) for use in uses] == [("CS-03", False, 1)]


@pytest.mark.both_databases
def test_two_newer_versions_at_once_make_one(cast: Cast) -> None:
    add(cast)
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def send(who: str, content: bytes) -> None:
        kept, actor = sent(cast, content, f"{who}.txt"), cast.actor(who)
        gate.wait()
        try:
            with cast.writing() as session:
                piece = evidence_access.own_piece(session, NAME, actor)
                evidence.add_version(session, piece, kept, seen_number=1, actor=actor, now=cast.clock.now())
            outcomes.append("kept")
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=send, args=one) for one in (("focal.br", b"one"), ("alternate.br", b"two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "stale"]


def erase(cast: Cast, who: str, *, broken_off: bool = False) -> int:
    with cast.writing() as session:
        piece, actor = evidence_access.piece(session, NAME), cast.actor(who)
        erased = evidence_purge.purge(session, store(cast), piece, reason="Named.", actor=actor, now=cast.clock.now())
        assert keys(cast), "not before it is committed"
        if broken_off:
            raise RuntimeError
        return erased


def test_erasing_leaves_who_when_why_and_nothing_else(any_cast: Cast) -> None:
    cast = any_cast
    add(cast, content=samples.pdf(), name="name-of-somebody.pdf")
    check(cast)
    with pytest.raises(NotPermitted):
        erase(cast, "reviewer")
    with pytest.raises(RuntimeError):
        erase(cast, "admin", broken_off=True)
    assert keys(cast), "what was rolled back erased nothing"
    assert erase(cast, "admin") == 1
    assert keys(cast) == set(), "pictures of pages too"
    left = version(cast)
    assert (left.state, left.file_name, left.purge_reason) == (FileState.PURGED, "", "Named.")
    with cast.reading() as session, pytest.raises(NotVisible):
        evidence_access.open_version(session, NAME, 1, cast.actor("focal.br"))


def test_lists_and_single_pieces_agree_for_everybody(any_cast: Cast) -> None:
    cast = any_cast
    pieces: Iterator[str] = (f"{n:032x}" for n in range(10))
    for who in OWNERS:
        add(cast, who, piece=next(pieces))
    for who in (
        "focal.br",
        "contributor.br",
        "approver.br",
        "focal.gt",
        "secretariat",
        "observer",
        "reviewer",
        "admin",
    ):
        actor = cast.actor(who)
        with cast.reading() as session:
            listed = {row.public_id for row in evidence_library.library(session, actor)[0]}
            seen = {
                piece.public_id
                for piece in session.scalars(sa.select(Evidence))
                if not evidence_access.reach(session, piece, actor).nothing
            }
        assert listed == seen, who


def test_the_content_is_where_the_settings_say(cast: Cast) -> None:
    add(cast)
    folder = Path(cast.app.extensions["tracker.settings"].data_dir) / "evidence"
    assert (folder / version(cast).store_key / "content").read_bytes() == b"a line\n"
