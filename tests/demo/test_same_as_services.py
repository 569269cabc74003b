"""The rows of the demonstration are those that the services write: the same steps go both ways and are compared."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.clock import START
from tracker.db import writing
from tracker.demo import cycles, people, rows
from tracker.demo.lives import Life, Person, Step
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Role
from tracker.domain.workflow import Action as A
from tracker.models import Assessment, HistoryEntry, ProgressReport, ReportingParty, ReportRevision
from tracker.services import publication, records, reports, reviews
from tracker.services.report_content import of_draft

GIVEN = {"id", "commitment_id", "cycle_id", "party_id", "opens_on"}
"""What a report has from the opening of its cycle."""
APART = {"version", "assessment_id", "published_assessment_id"}
"""The version counts flushes, which is no fact about the report; the others are numbers of rows, compared below."""


class Recorded(Life):
    """A life that remembers its steps."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.steps: list[Step] = []

    def take(self, step: Step) -> None:
        self.steps.append(step)
        super().take(step)


def perform(session: Session, report: ProgressReport, step: Step, actor: Actor | None) -> None:
    """One step through the services."""
    if step.action is A.PUBLISH:
        assert publication.publish_by_clock(session, report.id, now=step.at)
        return
    assert actor is not None
    common: dict[str, Any] = {"seen_version": report.version, "actor": actor, "now": step.at}
    match step.action:
        case None:
            assert step.content is not None
            reports.save(session, report, step.content, **common)
        case A.ASK_APPROVAL:
            reports.ask_approval(session, report, **common)
        case A.SUBMIT:
            reports.submit(session, report, **common)
        case A.REFUSE:
            reports.refuse(session, report, comment=step.comment, **common)
        case A.RECALL:
            reports.recall(session, report, **common)
        case A.TAKE_UP:
            reviews.take_up(session, report, **common)
        case A.RETURN:
            reviews.return_(session, report, comment=step.comment, due_on=step.due_on, **common)
        case A.PROPOSE:
            reviews.propose(
                session,
                report,
                rating=step.rating,
                strength=step.strength,
                reasons=step.reasons,
                strength_reason=step.strength_reason,
                **common,
            )
        case A.SEND_BACK:
            reviews.send_back(session, report, comment=step.comment, **common)
        case A.CONFIRM:
            reviews.confirm(session, report, **common)
        case A.COMMENT:
            reports.comment(session, report, text=step.comment, **common)
        case A.WAIVE:
            reports.waive(session, report, **common)
        case A.REOPEN:
            reviews.reopen(session, report, reason=step.comment, **common)


def test_the_same_steps_give_the_same_rows(
    any_catalogue_app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[Any, Recorded]] = []
    monkeypatch.setattr(cycles, "Life", Recorded)
    monkeypatch.setattr(rows, "write", lambda _session, _cycle, lives: kept.extend(lives))
    with writing(session):
        people.make(session, now=START, since=START)
        for wanted in cycles.planned(START, 1):
            cycles.make(session, wanted, people.read(session), now=START)
    parties = {party.id: party.kind for party in session.scalars(sa.select(ReportingParty))}
    # One report for each course that occurs, of States and of the other parties.
    chosen: dict[tuple[Any, ...], tuple[Any, Recorded]] = {}
    for row, life in kept:
        chosen.setdefault((parties[row.party_id], *(step.action for step in life.steps)), (row, life))
    assert len(chosen) > 30
    for row, life in chosen.values():
        actors = _actors(row.party_id, parties[row.party_id])
        for step in life.steps:
            with writing(session):
                report = records.report(session, row.id)
                assert report is not None
                perform(session, report, step, actors(step.person))
        session.expire_all()
        _compare(session, row.id, life)


def _actors(party_id: int, kind: Any) -> Any:
    def actor(person: Person | None) -> Actor | None:
        if person is None:
            return None
        of_party = person.role not in (Role.REVIEWER, Role.ADMINISTRATOR)
        return Actor(
            person.id, person.role, party_id=party_id if of_party else None, party_kind=kind if of_party else None
        )

    return actor


def _compare(session: Session, report_id: int, life: Life) -> None:
    report = session.get_one(ProgressReport, report_id)
    made = {"privacy_explanation": "", "nothing_changed": False, "unconfirmed": [], **life.report}
    for column in sa.inspect(ProgressReport).columns:
        if column.key not in GIVEN | APART:
            assert made[column.key] == getattr(report, column.key), column.key
    if life.content is not None:
        assert of_draft(report) == life.content
    for model, expected, order in (
        (HistoryEntry, life.history, HistoryEntry.id),
        (ReportRevision, life.revisions, ReportRevision.number),
        (Assessment, [rows._without_revision(row) for row in life.assessments], Assessment.number),
    ):
        found = session.scalars(sa.select(model).where(model.report_id == report_id).order_by(order)).all()
        assert len(found) == len(expected)
        for entry, wanted in zip(found, expected, strict=True):
            assert {name: getattr(entry, name) for name in wanted} == wanted
    newest = [
        (a.id, a.published_at)
        for a in session.scalars(
            sa.select(Assessment).where(Assessment.report_id == report_id).order_by(Assessment.number)
        )
    ]
    assert report.assessment_id == (newest[-1][0] if newest else None)
    assert report.published_assessment_id == next((i for i, at in reversed(newest) if at), None)
