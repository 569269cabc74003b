"""What is loaded is what the services would have written: the rules of the workflow hold for every row."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, joinedload, selectinload

from tests.support.clock import START
from tracker.demo.narratives import narratives
from tracker.domain.compliance import needs_reason_for_strength, roll_up
from tracker.domain.deadlines import ends_at
from tracker.domain.vocabulary import CommentOutcome, PartyKind, Rating, ReportState, Role, Strength
from tracker.domain.workflow import TRANSITIONS, Action
from tracker.models import (
    Accreditation,
    Assessment,
    Assignment,
    Commitment,
    HistoryEntry,
    ProgressReport,
    ReportingCycle,
    ReportingParty,
    User,
)
from tracker.services.history import OTHER_ACTIONS
from tracker.services.report_content import ReportContent, of_draft
from tracker.services.reports import findings

S = ReportState


@pytest.fixture
def reports(demo_app: Flask, session: Session) -> list[ProgressReport]:
    return list(
        session.scalars(
            sa.select(ProgressReport).options(
                joinedload(ProgressReport.commitment).joinedload(Commitment.party),
                joinedload(ProgressReport.commitment).joinedload(Commitment.provision),
                joinedload(ProgressReport.cycle),
                joinedload(ProgressReport.assessment),
                joinedload(ProgressReport.published_assessment),
                selectinload(ProgressReport.answers),
                selectinload(ProgressReport.evidence),
                selectinload(ProgressReport.revisions),
            )
        )
    )


@pytest.fixture
def history(session: Session) -> dict[int, list[HistoryEntry]]:
    found: dict[int, list[HistoryEntry]] = {}
    for entry in session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id)):
        if entry.report_id is not None:
            found.setdefault(entry.report_id, []).append(entry)
    return found


def test_every_report_followed_the_workflow(
    reports: list[ProgressReport], history: dict[int, list[HistoryEntry]]
) -> None:
    for report in reports:
        at, state = report.cycle.opened_at, S.DRAFT
        assert at is not None
        for entry in history.get(report.id, []):
            if entry.action in OTHER_ACTIONS:
                continue
            step = TRANSITIONS[Action(entry.action)]
            assert entry.from_state == state.value
            assert state in step.sources
            assert entry.to_state == step.target.value
            assert entry.visibility is step.visibility
            assert (entry.actor_id is None) == (step.permission is None)
            assert at < entry.at < START
            at, state = entry.at, step.target
        assert report.state is state


def test_history_stands_in_the_order_of_time(demo_app: Flask, session: Session) -> None:
    moments = list(session.scalars(sa.select(HistoryEntry.at).order_by(HistoryEntry.id)))
    assert moments == sorted(moments)


def test_submissions(reports: list[ProgressReport], history: dict[int, list[HistoryEntry]]) -> None:
    for report in reports:
        assert [r.number for r in report.revisions] == list(range(1, report.revision_number + 1))
        submitted = [e for e in history.get(report.id, []) if e.action == Action.SUBMIT]
        assert [e.at for e in submitted] == [r.submitted_at for r in report.revisions]
        if report.first_submitted_at is None:
            assert report.on_time is None
            continue
        assert report.first_submitted_at == report.revisions[0].submitted_at
        due_on = report.cycle.due_on
        assert report.on_time == (report.first_submitted_at < ends_at(due_on, report.commitment.party.time_zone))
        for revision in report.revisions:
            content = ReportContent.from_json(revision.content)
            assert content.to_json() == revision.content
            assert content.sha256() == revision.sha256
            assert revision.self_assessment == roll_up([a.self_assessment for a in content.answers])
            assert all(a.self_assessment and a.narrative for a in content.answers)
        if report.state not in (S.DRAFT, S.RETURNED, S.AWAITING_APPROVAL):
            assert of_draft(report).sha256() == report.revisions[-1].sha256


def test_elements_are_those_the_party_owes(reports: list[ProgressReport]) -> None:
    seen: dict[tuple[PartyKind, str], set[str]] = {}
    for report in reports:
        kind, content = report.commitment.party.kind, of_draft(report)
        for revision in report.revisions:
            elements = [a["element"] for a in revision.content["answers"]]
            assert elements == [a.element for a in content.answers]
            seen.setdefault((kind, report.commitment.provision.code), set()).update(elements)
    assert seen[PartyKind.MEMBER_STATE, "CS-01"] == {"CS-01.b"}
    assert seen[PartyKind.GENERAL_SECRETARIAT, "CS-01"] == {"CS-01.a"}
    assert seen[PartyKind.MEMBER_STATE, "CS-03"] == {"CS-03.a", "CS-03.b", "CS-03.c"}


def test_ratings(reports: list[ProgressReport], session: Session) -> None:
    of_report: dict[int, list[Assessment]] = {}
    for assessment in session.scalars(sa.select(Assessment).order_by(Assessment.number)):
        of_report.setdefault(assessment.report_id, []).append(assessment)
    for report in reports:
        given = of_report.get(report.id, [])
        published = [a for a in given if a.published_at]
        assert report.assessment_id == (given[-1].id if given else None)
        assert report.published_assessment_id == (published[-1].id if published else None)
        assert (report.state is S.PUBLISHED) <= (report.published_assessment_id is not None)
        assert (report.state is S.OPEN_FOR_COMMENT) == (report.window_ends_at is not None)
        if report.window_ends_at is not None:
            assert START < report.window_ends_at < START + timedelta(days=report.cycle.comment_days + 1)
        for assessment in given:
            assert assessment.reasons
            asked = needs_reason_for_strength(assessment.rating, assessment.strength)
            assert bool(assessment.strength_reason) == asked
            assert assessment.proposed_by_id == report.reviewer_id
            assert assessment.revision.report_id == report.id
            assert (assessment.comment_outcome is CommentOutcome.COMMENTED) == bool(assessment.comment)
            assert (assessment.published_at is None) == (assessment.comment_outcome is None)


def test_everything_typed_says_that_it_is_invented(reports: list[ProgressReport], session: Session) -> None:
    marks = tuple(narratives(language).mark for language in ("en", "es", "pt", "fr"))
    for report in reports:
        mark = narratives(report.commitment.party.language).mark
        content = of_draft(report)
        for text in [report.summary, *(a.narrative for a in content.answers)]:
            assert text == "" or text.startswith(mark)
        assert not findings(content), "the personal-data check would have asked for an explanation"
    for assessment in session.scalars(sa.select(Assessment)):
        for text in (assessment.reasons, assessment.strength_reason, assessment.comment):
            assert text == "" or text.startswith(marks)
    for comment in session.scalars(sa.select(HistoryEntry.comment)):
        assert comment == "" or comment.startswith(marks)


def test_every_rating_strength_and_outcome_occurs(reports: list[ProgressReport], session: Session) -> None:
    def of_both(column: object) -> None:
        for cycle in session.scalars(sa.select(ReportingCycle.id)):
            of_cycle = sa.select(ProgressReport.id).where(ProgressReport.cycle_id == cycle)
            yield set(session.scalars(sa.select(column).where(Assessment.report_id.in_(of_cycle))))

    for given in of_both(Assessment.rating):
        assert given == set(Rating)
    for given in of_both(Assessment.strength):
        assert given == set(Strength)
    for given in of_both(Assessment.comment_outcome):
        assert given >= set(CommentOutcome)
    published = [r for r in reports if r.published_assessment]
    differing = [r for r in published if r.self_assessment is not r.published_assessment.rating]  # type: ignore[union-attr]
    assert 0.2 < len(differing) / len(published) < 0.7


def test_work_for_every_role(reports: list[ProgressReport], session: Session) -> None:
    current = [r for r in reports if r.cycle.closes_on >= START.date()]
    closed = [r for r in reports if r not in current]
    assert len(current) == len(closed) == 493
    assert {r.state for r in closed} == {S.DRAFT, S.PUBLISHED}
    assert {r.state for r in current} == set(S)
    states: dict[int, Counter[ReportState]] = {}
    for report in current:
        states.setdefault(report.party_id, Counter())[report.state] += 1
    parties = {p.id: p for p in session.scalars(sa.select(ReportingParty))}
    for party_id, counted in states.items():
        assert counted[S.DRAFT] + counted[S.RETURNED] > 0, f"{parties[party_id].code}: nothing to write"
        if parties[party_id].kind is PartyKind.MEMBER_STATE:
            assert counted[S.AWAITING_APPROVAL] > 0, f"{parties[party_id].code}: nothing to approve"
    commitments = {r.commitment_id: r for r in current}
    work: dict[int, int] = {}
    for user_id, commitment_id in session.execute(sa.select(Assignment.user_id, Assignment.commitment_id)):
        work.setdefault(user_id, 0)
        work[user_id] += commitments[commitment_id].state in (S.DRAFT, S.RETURNED)
    contributors = set(session.scalars(sa.select(User.id).where(User.role == Role.CONTRIBUTOR)))
    assert set(work) == contributors
    assert all(work.values())
    for reviewer in session.scalars(sa.select(User.id).where(User.role == Role.REVIEWER)):
        own = [r for r in current if r.reviewer_id == reviewer]
        assert any(r.state is S.UNDER_REVIEW for r in own)
        assert any(r.state is S.RATING_PROPOSED and r.reviewer_id != reviewer for r in current)
    accredited = set(session.scalars(sa.select(Accreditation.party_id)))
    assert {parties[p].code for p in accredited} == {"BR", "GT", "PE"}
    for party_id in accredited:
        for cycle in (current, closed):
            assert any(r.party_id == party_id and r.published_assessment_id for r in cycle)


def test_states_differ_and_none_stands_out(reports: list[ProgressReport], session: Session) -> None:
    members = set(session.scalars(sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.MEMBER_STATE)))
    reported: dict[int, Counter[int]] = {}
    for report in reports:
        if report.party_id in members and report.first_submitted_at:
            reported.setdefault(report.cycle_id, Counter())[report.party_id] += 1
    for counts in reported.values():
        # one State nothing, several all, the others a part
        assert len(counts) == 31
        assert sum(n == 15 for n in counts.values()) >= 8
    together = Counter(itertools.chain.from_iterable(c.elements() for c in reported.values()))
    assert len(together) == 32
    assert min(together.values()) >= 10, "a State looks worse than the others in both cycles"


def test_due_dates_of_the_open_cycle(reports: list[ProgressReport]) -> None:
    current = [r for r in reports if r.cycle.closes_on >= START.date()]
    assert {r.cycle.due_on - START.date() for r in current} == {timedelta(days=21)}
    returned = [r for r in current if r.state is S.RETURNED]
    assert any(r.due_at < START for r in returned)
    assert any(r.due_at > START and r.due_on < r.cycle.due_on for r in returned)
    for report in reports:
        assert report.due_at == ends_at(report.due_on, report.commitment.party.time_zone)
