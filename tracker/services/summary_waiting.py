"""What waits for the reader of a summary: the same desks as on the dashboard, as plain data for the mail.

What is new since the last summary is named; what was told before and still waits is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import MessageState, ObservationState, Role
from tracker.mail.links import Site
from tracker.mail.messages.summaries import Waiting, WaitingItem, Waits
from tracker.models import Commitment, Extension, HistoryEntry, Message, Observation, ProgressReport, Question
from tracker.models import ReportingCycle as Cycle
from tracker.services import cycles, dashboard, dashboard_staff, history
from tracker.services.dashboard import PartyDesk, Task
from tracker.services.standing import visible_commitments
from tracker.wording import pick

FIRST = 5
"""So many are named of each kind; the list on the site shows all."""
MOST = 1000
"""Reports of one queue that are looked at."""
COMES_BACK_BY = (
    *(history.ASSIGNED, history.HANDED_OVER, history.PART_ASKED_AGAIN, history.EXTENSION_GRANTED),
    *(history.RESUMED, history.FOLLOWED_AGAIN),
)
"""Acts beside the steps of a report after which it waits anew, or until another day."""


def for_reader(
    session: Session, actor: Actor, site: Site, told: datetime | None, *, now: datetime
) -> tuple[tuple[Waiting, ...], str]:
    """What waits for this person, most pressing kind first, and the zone in which due dates end ("" without any).

    ``told``: when a summary last told this person what waits. Nothing waits for observers.
    """
    if actor.role is Role.OBSERVER:
        return (), ""
    if actor.is_staff:
        return tuple(_staff(session, actor, site, told, now)), ""
    desk = dashboard.party_desk(session, actor, cycles.current(session), now=now)
    if desk is None:
        return (), ""
    return tuple(_party(session, desk, actor, site, told)), desk.time_zone


def _party(session: Session, desk: PartyDesk, actor: Actor, site: Site, told: datetime | None) -> Iterable[Waiting]:
    decides = actor.role is Role.APPROVER or (actor.role is Role.FOCAL_POINT and not desk.approval_required)
    kinds: list[tuple[Waits, Sequence[Task]]] = []
    if decides:
        kinds.append((Waits.TO_APPROVE, desk.to_approve))
    if actor.role is not Role.CONTRIBUTOR:
        kinds.append((Waits.TO_COMMENT, desk.to_comment))
    if actor.role is not Role.APPROVER:
        kinds += [(Waits.RETURNED, desk.returned), (Waits.TO_WRITE, desk.drafts)]
    fresh = _fresh(session, [task.report_id for _kind, tasks in kinds for task in tasks], told)
    if actor.role in (Role.FOCAL_POINT, Role.SECRETARIAT_REPORTER):
        yield from _counted(session, Waits.TO_ANSWER, _questions(actor), Question.asked_at, told)
    for kind, tasks in kinds:
        items = [(task.report_id, _task(task, actor, site, to_comment=kind is Waits.TO_COMMENT)) for task in tasks]
        yield from _named(kind, items, fresh, len(items))


def _task(task: Task, actor: Actor, site: Site, *, to_comment: bool) -> WaitingItem:
    return WaitingItem(
        f"{task.code} {pick(task.title, actor.language)}",
        site.report(task.report_id),
        due_on=None if to_comment else task.due_on,
        days_left=task.days_left,
        comment_until=task.comment_until if to_comment else None,
    )


def _staff(session: Session, actor: Actor, site: Site, told: datetime | None, now: datetime) -> Iterable[Waiting]:
    desk = dashboard_staff.staff_desk(session, actor, shown=MOST)
    queues = [(Waits.TO_CONFIRM, desk.to_confirm)]
    if actor.role is Role.REVIEWER:
        queues += [(Waits.TO_TAKE_UP, desk.submitted), (Waits.UNDER_REVIEW, desk.mine)]
    fresh = _fresh(session, [one.report_id for _kind, queue in queues for one in queue.first], told)
    for kind, queue in queues:
        items = [(one.report_id, _queued(one, actor, site)) for one in queue.first]
        yield from _named(kind, items, fresh, queue.count)
    yield from _counted(session, Waits.EXTENSIONS, _extensions(actor), Extension.asked_at, told)
    filed = sa.select(Observation).where(Observation.state == ObservationState.FILED)
    yield from _counted(session, Waits.OBSERVATIONS, filed, Observation.filed_at, told)
    if actor.role is Role.ADMINISTRATOR:
        yield from _administration(session, actor, site, told, now)


def _queued(one: dashboard_staff.Waiting, actor: Actor, site: Site) -> WaitingItem:
    text = f"{pick(one.party_name, actor.language)}: {one.code} {pick(one.title, actor.language)}"
    return WaitingItem(text, site.review(one.report_id))


def _administration(
    session: Session, actor: Actor, site: Site, told: datetime | None, now: datetime
) -> Iterable[Waiting]:
    desk = dashboard_staff.admin_desk(session, cycles.current(session), now=now)
    items = [
        (one.report_id, WaitingItem(f"{one.code} {pick(one.title, actor.language)}", site.report(one.report_id)))
        for one in desk.agencies
    ]
    yield from _named(Waits.TO_WRITE, items, _fresh(session, [i for i, _item in items], told), len(items))
    refused = sa.select(Message).where(Message.state == MessageState.FAILED)
    yield from _counted(session, Waits.REFUSED_MAIL, refused, Message.made_at, told)


def _named(kind: Waits, items: list[tuple[int, WaitingItem]], fresh: set[int], total: int) -> Iterable[Waiting]:
    new = [item for report_id, item in items if report_id in fresh]
    if total:
        yield Waiting(kind, len(new), tuple(new[:FIRST]), before=total - len(new))


def _fresh(session: Session, reports: list[int], told: datetime | None) -> set[int]:
    """Of these reports, those that came to wait since: by a step, by an act of ``COMES_BACK_BY``, with their cycle."""
    if told is None or not reports:
        return set(reports)
    happened = sa.exists().where(
        HistoryEntry.commitment_id == ProgressReport.commitment_id,
        HistoryEntry.at > told,
        sa.or_(
            sa.and_(HistoryEntry.report_id == ProgressReport.id, HistoryEntry.to_state.is_not(None)),
            HistoryEntry.action.in_(COMES_BACK_BY),
        ),
    )
    return set(
        session.scalars(
            sa.select(ProgressReport.id)
            .join(Cycle, Cycle.id == ProgressReport.cycle_id)
            .where(ProgressReport.id.in_(reports), sa.or_(happened, Cycle.opened_at > told))
        )
    )


def _counted(
    session: Session,
    kind: Waits,
    waiting: sa.Select[Any],
    since: sa.orm.InstrumentedAttribute[Any],
    told: datetime | None,
) -> Iterable[Waiting]:
    """What is counted, not named: how many came since the last summary, and how many wait longer."""
    new: sa.ColumnElement[bool] = since > told if told is not None else sa.true()
    counts = sa.func.count().label("total"), sa.func.count(sa.case((new, 1))).label("new")
    row = session.execute(waiting.with_only_columns(*counts, maintain_column_froms=True)).one()
    if row.total:
        yield Waiting(kind, row.new, before=row.total - row.new)


def _questions(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(Question)
        .join(ProgressReport, ProgressReport.id == Question.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(
            Question.answered_at.is_(None),
            Question.withdrawn_at.is_(None),
            Commitment.is_followed,
            visible_commitments(actor),
        )
    )


def _extensions(actor: Actor) -> sa.Select[Any]:
    """Undecided requests; never those that the reader made for the cooperation agencies."""
    return (
        sa.select(Extension)
        .join(ProgressReport, ProgressReport.id == Extension.report_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(Extension.decided_at.is_(None), Extension.asked_by_id != actor.user_id, Commitment.is_followed)
    )
