"""Issuing reports: numbers without gaps, frozen, made in two steps, replaced, withdrawn; on both databases."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE, Cast
from tests.issue_scene import PLAIN, begin, finish, issue, read, withdraw
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.vocabulary import PublicationKind, PublicationState
from tracker.models import AuditEntry, IssuedDocument, IssuedEdition, IssuedReport
from tracker.services import issued_reports, issued_reports_read

ISSUED, REPLACED, WITHDRAWN = PublicationState.ISSUED, PublicationState.REPLACED, PublicationState.WITHDRAWN


def numbers(cast: Cast) -> list[str]:
    with cast.reading() as session:
        rows = session.execute(sa.select(IssuedReport.kind, IssuedReport.sequence, IssuedReport.year))
        return sorted(issued_reports_read.number(*row) for row in rows)


def test_an_issue_holds_four_languages_in_four_formats_with_their_digests(any_cast: Cast) -> None:
    one = issue(any_cast)
    assert (one.number, one.subject, one.state, one.party_code, one.by_clock) == (
        "SR 1/2026", "br-2026", ISSUED, "BR", False,
    )  # fmt: skip
    with any_cast.reading() as session:
        files = issued_reports_read.documents(session, one)
        assert len(files) == 16
        kept = issued_reports_read.document(session, one, "pt", "pdf")
        report = issued_reports_read.report(session, one, "pt")
        assert kept.content is not None
        assert hashlib.sha256(kept.content).hexdigest() == kept.sha256
        assert PLAIN[one.kind]["pdf"](report) == kept.content
        assert (report.issue.number, report.issue.code) == (one.number, one.code)
        assert report.issue.verify_url == f"http://tracker.test/verify/{one.slug}"
        events = session.scalars(sa.select(AuditEntry.event).where(AuditEntry.record_type == "issued_report")).all()
        assert events == ["publication.prepared", "publication.issued"]
        assert issued_reports_read.get(session, one.code) == one
        with pytest.raises(NotVisible):
            issued_reports_read.get(session, "2222-2222")


def test_what_is_frozen_does_not_follow_the_figures_of_today(any_cast: Cast) -> None:
    one = issue(any_cast)
    with any_cast.writing() as session:
        session.execute(sa.text("UPDATE progress_report SET first_submitted_at = opens_on || ' 00:00:00+00:00'")
                        if session.get_bind().dialect.name == "sqlite"
                        else sa.text("UPDATE progress_report SET first_submitted_at = opens_on"))  # fmt: skip
    with any_cast.reading() as session:
        assert issued_reports_read.report(session, one, "en").coverage.reported.count == 0


def test_numbers_begin_anew_each_year_of_the_general_secretariat(any_cast: Cast) -> None:
    any_cast.clock.set(datetime(2027, 1, 1, 4, 30, tzinfo=UTC))
    assert issue(any_cast, "gt-2026").number == "SR 1/2026"
    any_cast.clock.set(datetime(2027, 1, 1, 5, 30, tzinfo=UTC))
    assert issue(any_cast, "br-2026").number == "SR 1/2027"
    assert issue(any_cast, "br").number == "SR 2/2027"


def test_many_at_once_get_numbers_without_gap_and_one_of_a_subject_only(any_cast: Cast) -> None:
    subjects = ["br-2026", "gt-2026", "us-2026", "ht-2026", "br-2026", "br-2026"]
    gate, refused, wrong = threading.Barrier(len(subjects)), [], []

    def act(subject: str) -> None:
        gate.wait()
        try:
            begin(any_cast, subject, None)
        except Unmet as error:
            refused.append(error.problems)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=act, args=(subject,)) for subject in subjects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert refused == [{"subject": "being_prepared"}] * 2
    assert numbers(any_cast) == [f"SR {n}/2026" for n in range(1, 5)]


def test_what_was_broken_off_is_finished_under_its_number(any_cast: Cast) -> None:
    def broken(_report: Any) -> bytes:
        raise OSError("no room on the disk")

    one = begin(any_cast)
    with pytest.raises(OSError, match="no room"):
        finish(any_cast, one, {PublicationKind.STATUS_REPORT: {"pdf": PLAIN[PublicationKind.STATUS_REPORT]["pdf"],
                                                               "docx": broken}})  # fmt: skip
    assert read(any_cast, one).state is PublicationState.PREPARING
    with any_cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count(IssuedDocument.id))) == 0
        assert issued_reports_read.current(session, "br-2026") is None
        assert issued_reports_read.listed(session) == ([], 0)
        now = any_cast.clock.now()
        assert issued_reports.unfinished(session, before=now) == []
        assert issued_reports.unfinished(session, before=now.replace(year=2027)) == [one]
    with pytest.raises(Unmet) as caught:
        begin(any_cast)
    assert caught.value.problems == {"subject": "being_prepared"}
    assert finish(any_cast, one)
    assert not finish(any_cast, one), "the second does nothing"
    assert read(any_cast, one).number == "SR 1/2026"
    assert issue(any_cast, "gt-2026").number == "SR 2/2026"


def test_two_finish_at_once(any_cast: Cast) -> None:
    one, gate, done = begin(any_cast), threading.Barrier(2), []

    def act() -> None:
        gate.wait()
        done.append(finish(any_cast, one))

    threads = [threading.Thread(target=act) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [False, True]
    with any_cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count(IssuedDocument.id))) == 16


def test_a_newer_issue_replaces_the_one_that_was_seen(any_cast: Cast) -> None:
    first = issue(any_cast)
    with pytest.raises(Stale):
        begin(any_cast)
    with pytest.raises(Unmet) as caught:
        begin(any_cast, replaces=first.id)
    assert caught.value.problems == {"reason": "required"}
    with pytest.raises(Unmet) as caught:
        begin(any_cast, replaces=first.id, reason="Asked by rosa@example.com")
    assert caught.value.problems == {"reason": "identifier"}
    second = issue(any_cast, replaces=first.id, reason="A date was corrected.")
    first = read(any_cast, first.id)
    assert (first.state, first.reason, first.replaced_by_code) == (REPLACED, "A date was corrected.", second.code)
    assert (second.state, second.reason, second.replaces_code) == (ISSUED, "", first.code)
    with pytest.raises(Stale):
        begin(any_cast, replaces=first.id, reason="Once more.")
    with any_cast.reading() as session:
        assert issued_reports_read.current(session, "br-2026") == second
        report = issued_reports_read.report(session, second, "en")
        assert report.issue.replaces_number == first.number
        assert report.changes is not None
        assert report.changes.since_number == first.number


def test_withdrawn_while_its_successor_is_being_made_it_stays_withdrawn(any_cast: Cast) -> None:
    first = issue(any_cast)
    second = begin(any_cast, replaces=first.id, reason="A date was corrected.")
    withdraw(any_cast, first, "Wrong from the beginning.")
    assert finish(any_cast, second)
    first = read(any_cast, first.id)
    assert (first.state, first.reason) == (WITHDRAWN, "Wrong from the beginning.")
    assert first.replaced_by_number == "SR 2/2026"
    assert read(any_cast, second).state is ISSUED


def test_as_of_a_date_issues_stand_beside_one_another(any_cast: Cast) -> None:
    first = issue(any_cast, "br")
    with pytest.raises(Unmet) as caught:
        begin(any_cast, "br")  # the same form, sent once more
    assert caught.value.problems == {"subject": "issued_already"}
    any_cast.clock.advance(days=1)
    second = issue(any_cast, "br")
    assert (read(any_cast, first.id).state, second.state, second.is_as_of_date) == (ISSUED, ISSUED, True)
    third = issue(any_cast, "br", replaces=second.id, reason="A date was corrected.")
    assert read(any_cast, second.id).state is REPLACED
    assert read(any_cast, first.id).state is ISSUED
    with any_cast.reading() as session:
        assert issued_reports_read.current(session, "br") == third
        found, total = issued_reports_read.listed(session, party="BR", by_name_in="es")
        assert ([one.number for one in found], total) == (["SR 3/2026", "SR 2/2026", "SR 1/2026"], 3)


def test_withdrawing_asks_for_a_reason_and_for_what_was_seen(any_cast: Cast) -> None:
    one = issue(any_cast)
    with pytest.raises(Unmet):
        withdraw(any_cast, one, "")
    assert withdraw(any_cast, one).state is WITHDRAWN
    with pytest.raises(WrongState):
        withdraw(any_cast, one)
    other = issue(any_cast, "gt-2026")
    issue(any_cast, "gt-2026", replaces=other.id, reason="A date was corrected.")
    with pytest.raises(Stale):
        withdraw(any_cast, other)
    assert issue(any_cast, "br-2026").number == "SR 4/2026", "the subject is free again"


def test_withdrawn_while_being_prepared_its_number_is_not_lost(any_cast: Cast) -> None:
    one = begin(any_cast)
    withdraw(any_cast, read(any_cast, one))
    assert not finish(any_cast, one)
    with any_cast.reading() as session:
        found, _total = issued_reports_read.listed(session)
        assert [(issue.number, issue.state) for issue in found] == [("SR 1/2026", WITHDRAWN)]


@pytest.mark.parametrize(
    "subject", ["zz-2026", "br-1999", "hemispheric-1999", "ica", "bs-2026", "", "br-2026x", "7kqm-4xwp"]
)
def test_what_there_is_nothing_to_issue_of(cast: Cast, subject: str) -> None:
    if subject == "bs-2026":
        party = cast.party_id("BS")
        with cast.writing() as session:
            session.execute(sa.text("DELETE FROM progress_report WHERE party_id = :party"), {"party": party})
    with pytest.raises(NotVisible):
        begin(cast, subject)
    assert numbers(cast) == []


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"admin", "admin2"}))
def test_refused_to_all_others(cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        begin(cast, "br-2026", name)
    one = issue(cast, "gt-2026", None)
    with pytest.raises(NotPermitted):
        withdraw(cast, one, name=name)
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count(IssuedEdition.id))) == 4
