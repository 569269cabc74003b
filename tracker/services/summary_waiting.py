"""What waits for the reader of a summary: the same desks as on the dashboard, as plain data for the mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Role
from tracker.mail.links import Site
from tracker.mail.messages.summaries import Waiting, WaitingItem, Waits
from tracker.services import cycles, dashboard, dashboard_staff
from tracker.services.dashboard import PartyDesk, Task
from tracker.wording import pick

FIRST = 5
"""So many are named of each kind; the list on the site shows all."""


def for_reader(session: Session, actor: Actor, site: Site, *, now: datetime) -> tuple[tuple[Waiting, ...], str]:
    """What waits for this person, most pressing kind first, and the zone in which due dates end ("" without any).

    Nothing waits for observers.
    """
    if actor.role is Role.OBSERVER:
        return (), ""
    zone, found = "", _staff(session, actor, site, now) if actor.is_staff else []
    if not actor.is_staff:
        desk = dashboard.party_desk(session, actor, cycles.current(session), now=now)
        if desk is not None:
            zone, found = desk.time_zone, _party(desk, actor, site)
    return tuple(waiting for waiting in found if waiting.count), zone


def _party(desk: PartyDesk, actor: Actor, site: Site) -> list[Waiting]:
    decides = actor.role is Role.APPROVER or (actor.role is Role.FOCAL_POINT and not desk.approval_required)
    found = []
    if decides:
        found.append(_tasks(Waits.TO_APPROVE, desk.to_approve, actor, site))
    if actor.role is not Role.APPROVER:
        found.append(_tasks(Waits.RETURNED, desk.returned, actor, site))
        found.append(_tasks(Waits.TO_WRITE, desk.drafts, actor, site))
    if actor.role is not Role.CONTRIBUTOR:
        found.append(_tasks(Waits.TO_COMMENT, desk.to_comment, actor, site, to_comment=True))
    return found


def _tasks(what: Waits, tasks: Sequence[Task], actor: Actor, site: Site, *, to_comment: bool = False) -> Waiting:
    return Waiting(
        what,
        len(tasks),
        tuple(
            WaitingItem(
                f"{task.code} {pick(task.title, actor.language)}",
                site.report(task.report_id),
                due_on=None if to_comment else task.due_on,
                days_left=task.days_left,
                comment_until=task.comment_until if to_comment else None,
            )
            for task in tasks[:FIRST]
        ),
    )


def _staff(session: Session, actor: Actor, site: Site, now: datetime) -> list[Waiting]:
    desk = dashboard_staff.staff_desk(session, actor)
    found = [_queue(Waits.TO_CONFIRM, desk.to_confirm, actor, site)]
    if actor.role is Role.REVIEWER:
        found.append(_queue(Waits.UNDER_REVIEW, desk.mine, actor, site))
        found.append(_queue(Waits.TO_TAKE_UP, desk.submitted, actor, site))
    if actor.role is Role.ADMINISTRATOR:
        found += _administration(session, actor, site, now)
    return found


def _queue(what: Waits, queue: dashboard_staff.Queue, actor: Actor, site: Site) -> Waiting:
    return Waiting(
        what,
        queue.count,
        tuple(
            WaitingItem(
                f"{pick(one.party_name, actor.language)}: {one.code} {pick(one.title, actor.language)}",
                site.review(one.report_id),
            )
            for one in queue.first[:FIRST]
        ),
    )


def _administration(session: Session, actor: Actor, site: Site, now: datetime) -> Iterable[Waiting]:
    desk = dashboard_staff.admin_desk(session, cycles.current(session), now=now)
    agencies = tuple(
        WaitingItem(f"{one.code} {pick(one.title, actor.language)}", site.report(one.report_id))
        for one in desk.agencies[:FIRST]
    )
    return (
        Waiting(Waits.TO_WRITE, len(desk.agencies), agencies),
        Waiting(Waits.REFUSED_MAIL, desk.failed_mails, ()),
    )
