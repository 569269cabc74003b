"""What is written beside a report goes through the personal-data check as the report itself does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.errors import Unmet
from tracker.domain.privacy import Suspicion
from tracker.domain.vocabulary import Rating, ReportState, Strength
from tracker.models import AuditEntry, HistoryEntry, ProgressReport
from tracker.services import records, reports, reviews
from tracker.services.personal_data import in_file, require_clean, require_no_identifiers

NAMED = "The victim Maria Souza was heard."
WHY = "An invented name of a play. " * 10
PROPOSAL = {"rating": Rating.LARGELY, "strength": Strength.DECLARED_ONLY}

STEPS: list[tuple[ReportState, str, Any, dict[str, Any], str]] = [
    (ReportState.AWAITING_APPROVAL, "approver.br", reports.refuse, {"comment": NAMED}, "comment"),
    (ReportState.OPEN_FOR_COMMENT, "focal.br", reports.comment, {"text": NAMED}, "comment"),
    (
        ReportState.UNDER_REVIEW,
        "reviewer",
        reviews.return_,
        {"comment": NAMED, "due_on": date(2026, 5, 20)},
        "comment",
    ),
    (
        ReportState.UNDER_REVIEW,
        "reviewer",
        reviews.propose,
        {**PROPOSAL, "reasons": NAMED, "strength_reason": "x"},
        "reasons",
    ),
    (
        ReportState.UNDER_REVIEW,
        "reviewer",
        reviews.propose,
        {**PROPOSAL, "reasons": "x", "strength_reason": NAMED},
        "strength_reason",
    ),
    (ReportState.RATING_PROPOSED, "reviewer2", reviews.send_back, {"comment": NAMED}, "comment"),
    (ReportState.PUBLISHED, "admin", reviews.reopen, {"reason": NAMED}, "comment"),
]


def take(cast: Cast, report_id: int, person: str, verb: Any, arguments: dict[str, Any]) -> None:
    actor = cast.actor(person)
    with cast.writing() as session:
        report = records.report(session, report_id)
        assert report is not None
        verb(session, report, seen_version=report.version, actor=actor, now=cast.clock.now(), **arguments)


@pytest.mark.parametrize(("state", "person", "verb", "words", "field"), STEPS)
def test_refused_until_explained_and_then_on_record(
    any_cast: Cast, state: ReportState, person: str, verb: Any, words: dict[str, Any], field: str
) -> None:
    report_id = any_cast.report_id("BR", "CS-02")
    any_cast.bring_to(report_id, state)
    with pytest.raises(Unmet) as error:
        take(any_cast, report_id, person, verb, words)
    assert error.value.problems == {field: "personal_data"}
    with any_cast.reading() as session:
        assert session.scalars(sa.select(ProgressReport.state).where(ProgressReport.id == report_id)).one() is state
    take(any_cast, report_id, person, verb, {**words, "explanation": WHY})
    with any_cast.reading() as session:
        entry = session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id.desc()).limit(1)).one()
        audit = session.scalars(sa.select(AuditEntry).where(AuditEntry.event.like("report.%"))).all()[-1]
    assert entry.details["personal_data_explanation"] == WHY
    assert audit.new is not None
    assert set(audit.new["personal_data_explanation"]) == {"length", "sha256"}, "no text is copied into the audit trail"


def test_clean_words_need_no_explanation_and_keep_none() -> None:
    assert require_clean("", comment="Please say more about the register.") == {}
    assert require_clean("An explanation of nothing", comment="Please say more.") == {}


def test_each_field_is_named() -> None:
    with pytest.raises(Unmet) as error:
        require_clean("", reasons="Call +1 202 555 0143", strength_reason=NAMED)
    assert error.value.problems == {"reasons": "personal_data", "strength_reason": "personal_data"}


def test_what_is_certain_cannot_be_explained_and_names_no_words() -> None:
    with pytest.raises(Unmet) as error:
        require_clean(WHY, reasons="Write to someone@example.com", strength_reason=NAMED)
    assert error.value.problems == {"reasons": "identifier"}
    assert "someone" not in str(error.value)
    with pytest.raises(Unmet) as error:
        require_clean("It is DNI 40.555.123.", reasons=NAMED)
    assert error.value.problems == {"explanation": "identifier"}


def test_a_draft_may_hold_what_is_doubtful_only() -> None:
    require_no_identifiers([("summary", NAMED), ("narrative-CS-02", "tel. 555 123 4567")])
    with pytest.raises(Unmet) as error:
        require_no_identifiers([("summary", NAMED), ("evidence-0-url", "https://example.org/?mail=ana@example.com")])
    assert error.value.problems == {"evidence-0-url": "identifier"}


def test_a_file_is_told_by_place_and_mask() -> None:
    pages = [("page 2", "Correo: rosa@example.com"), ("page 3", "")]
    found = in_file("Testimonio_víctima_Rosa_Inventada 2024.pdf", pages)
    assert [(one.place, one.suspicion, one.certain) for one in found] == [
        ("name", Suspicion.NAMED_PERSON, False),
        ("page 2", Suspicion.EMAIL, True),
    ]
    assert all("sa" not in one.masked for one in found)
    assert in_file("Informe anual 2024.pdf", [("page 1", "Ley N.º 28.950, 118 fiscales")]) == []
