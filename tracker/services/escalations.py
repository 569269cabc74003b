"""Escalation beyond the focal points: cases open and lapse by the clock, and only staff write or say why not.

The ladder's steps of the rungs head of authority and Permanent Mission open one case each for a State and cycle when
reports are overdue by so many days (docs/mail.md). Nothing leaves from here without a person who clicks.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.escalations import WRITABLE, Ground, ground, steps_by_hand
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import BY_HAND, EscalationState, OfficeKind, PartyKind, Rung, Visibility
from tracker.mail import links, outbox
from tracker.mail.messages.escalations import OverdueLine, Said, escalation
from tracker.mail.rendering import Rendered
from tracker.models import Escalation, HistoryEntry, Office
from tracker.services import audit, ladder, offices, overdue
from tracker.services.history import ESCALATION_NOT_NOW, ESCALATION_WRITTEN
from tracker.services.overdue import Overdue
from tracker.services.personal_data import require_clean
from tracker.services.records import LARGEST_ID
from tracker.wording import pick

KIND = "escalation"
Case = tuple[int, int, Rung]
"""State, cycle, rung."""
WRITE, NOT_NOW = "write", "not_now"
RUNGS = tuple(rung for rung in Rung if rung in BY_HAND)


def grounds(session: Session, *, now: datetime) -> dict[Case, Ground]:
    """Every case that has a ground at this moment, open or not. Three queries, whatever the number."""
    ladders = ladder.in_force(session)
    nobody = overdue.without_focal_point(session)
    found: dict[Case, Ground] = {}
    for (party_id, cycle_id), days in overdue.longest(session, now=now).items():
        by_hand = steps_by_hand(ladders.of(cycle_id, PartyKind.MEMBER_STATE))
        for rung in by_hand:
            why = ground(rung, by_hand, days, nobody=party_id in nobody)
            if why is not None:
                found[party_id, cycle_id, rung] = why
    return found


def due(session: Session, *, now: datetime) -> list[Case]:
    """The cases to open, to take up again or to let lapse. Four queries."""
    wanted = grounds(session, now=now)
    known: dict[Case, EscalationState] = {
        (row.party_id, row.cycle_id, row.rung): row.state
        for row in session.execute(
            sa.select(Escalation.party_id, Escalation.cycle_id, Escalation.rung, Escalation.state)
        )
    }
    opening = [case for case in wanted if known.get(case, EscalationState.LAPSED) is EscalationState.LAPSED]
    lapsing = [case for case, state in known.items() if state is EscalationState.WAITING and case not in wanted]
    return [*opening, *lapsing]


def settle(session: Session, case: Case, *, now: datetime) -> bool:
    """Open this case, take it up again or let it lapse, as its ground is now; whether anything was done.

    Done twice, or by two at once, it opens one case.
    """
    party_id, cycle_id, rung = case
    has_ground = case in grounds(session, now=now)
    there = session.scalar(
        sa.select(Escalation)
        .where(Escalation.party_id == party_id, Escalation.cycle_id == cycle_id, Escalation.rung == rung)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if there is None:
        made = _open(session, case, now) if has_ground else None
        if made is None:
            return False
        _record(session, "escalation.opened", made, party_id, rung, now=now)
        return True
    if has_ground and there.state is EscalationState.LAPSED:
        there.state, there.opened_at, there.decided_at = EscalationState.WAITING, now, None
        _record(session, "escalation.opened", there.id, party_id, rung, now=now)
        return True
    if not has_ground and there.state is EscalationState.WAITING:
        there.state, there.decided_at = EscalationState.LAPSED, now
        _record(session, "escalation.lapsed", there.id, party_id, rung, now=now)
        return True
    return False


def get(session: Session, escalation_id: int) -> Escalation:
    """The case with its State, cycle and note. Raises NotVisible."""
    found = session.get(Escalation, escalation_id, populate_existing=True) if 0 < escalation_id <= LARGEST_ID else None
    if found is None:
        raise NotVisible
    return found


def letter(
    session: Session, case: Escalation, office: Office | None, items: list[Overdue], language: str, *, nobody: bool
) -> Rendered:
    """The letter to the head of the authority as it would go, in this language."""
    party = case.party
    return escalation(
        language,
        Said(
            office=office.title if office else "–",
            party=pick(party.name, language),
            cycle=pick(case.cycle.title, language),
            closes_on=case.cycle.closes_on,
            lines=tuple(
                OverdueLine(one.code, pick(one.title, language), one.due_on, one.due_on > one.cycle_due_on, one.days)
                for one in items
            ),
            nobody=nobody,
            url=links.site(session).base_url,
        ),
    )


def write(session: Session, escalation_id: int, *, seen_version: int, actor: Actor, now: datetime) -> Escalation:
    """Send the letter to the head of the authority, in the State's language.

    Raises NotPermitted; NotVisible; Stale; WrongState; Unmet(office="no_address", items="nothing_overdue").
    """
    case, items = to_write(session, escalation_id, Rung.AUTHORITY, seen_version=seen_version, actor=actor, now=now)
    office = offices.of(session, case.party_id, OfficeKind.AUTHORITY)
    if office is None or not office.email:
        raise Unmet(office="no_address")
    nobody = case.party_id in overdue.without_focal_point(session)
    message = outbox.put(
        session,
        key=f"{KIND}:{case.id}",
        kind=KIND,
        recipient_id=None,
        to_address=office.email,
        message=letter(session, case, office, items, case.party.language, nobody=nobody),
        now=now,
    )
    if message is None:
        raise WrongState(WRITE, EscalationState.SENT)
    case.message_id = message.id
    decided(case, EscalationState.SENT, actor=actor, now=now)
    on_file(session, case, items, ESCALATION_WRITTEN, {"rung": case.rung.value}, actor=actor, now=now)
    _record(session, "escalation.sent", case.id, case.party_id, case.rung, actor=actor, now=now, reports=len(items))
    return case


def dismiss(
    session: Session,
    escalation_id: int,
    *,
    reason: str,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Escalation:
    """Decide not to write for now. The reason stays on the file, for the Secretariat's eyes.

    Raises NotPermitted; NotVisible; Stale; WrongState; Unmet(reason=…).
    """
    case = locked(session, escalation_id, seen_version=seen_version, actor=actor)
    if case.state is not EscalationState.WAITING:
        raise WrongState(NOT_NOW, case.state)
    if not reason:
        raise Unmet(reason="required")
    explained = require_clean(explanation, reason=reason)
    case.reason = reason
    decided(case, EscalationState.DISMISSED, actor=actor, now=now)
    items = overdue.items(session, case.party_id, case.cycle_id, now=now)
    details = {"rung": case.rung.value, **explained}
    on_file(session, case, items, ESCALATION_NOT_NOW, details, Visibility.STAFF, comment=reason, actor=actor, now=now)
    _record(
        session, "escalation.dismissed", case.id, case.party_id, case.rung, actor=actor, now=now, reason=reason,
        **explained,
    )  # fmt: skip
    return case


def to_write(
    session: Session, escalation_id: int, rung: Rung, *, seen_version: int, actor: Actor, now: datetime
) -> tuple[Escalation, list[Overdue]]:
    """The case of this rung, locked, with what is overdue, where something may be written.

    Raises NotPermitted; NotVisible; Stale; WrongState; Unmet(items="nothing_overdue").
    """
    case = locked(session, escalation_id, seen_version=seen_version, actor=actor)
    if case.rung is not rung:
        raise NotVisible
    if case.state not in WRITABLE:
        raise WrongState(WRITE, case.state)
    items = overdue.items(session, case.party_id, case.cycle_id, now=now)
    if not items:
        raise Unmet(items="nothing_overdue")
    return case, items


def locked(session: Session, escalation_id: int, *, seen_version: int, actor: Actor) -> Escalation:
    """The case, for whoever decides. Raises NotPermitted, NotVisible, and Stale where a colleague was faster."""
    if not can(actor, Permission.ESCALATION_DECIDE):
        raise NotPermitted(Permission.ESCALATION_DECIDE)
    get(session, escalation_id)
    case = session.scalars(
        sa.select(Escalation)
        .where(Escalation.id == escalation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if case.version != seen_version:
        raise Stale
    return case


def decided(case: Escalation, state: EscalationState, *, actor: Actor, now: datetime) -> None:
    """Write down who decided what, and when."""
    case.state, case.decided_at, case.decided_by_id = state, now, actor.user_id


def on_file(
    session: Session,
    case: Escalation,
    items: list[Overdue],
    action: str,
    details: dict[str, str],
    visibility: Visibility = Visibility.FILE,
    *,
    comment: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """An entry in the history of each commitment that is overdue, for its party and the Secretariat."""
    session.add_all(
        HistoryEntry(
            commitment_id=one.commitment_id,
            report_id=one.report_id,
            party_id=case.party_id,
            at=now,
            action=action,
            actor_id=actor.user_id,
            actor_role=actor.role.value,
            visibility=visibility,
            comment=comment,
            details=details,
        )
        for one in items
    )
    session.flush()


def _open(session: Session, case: Case, now: datetime) -> int | None:
    """The id of the new case; None where another run opened it at the same time."""
    party_id, cycle_id, rung = case
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "party_id": party_id,
        "cycle_id": cycle_id,
        "rung": rung,
        "state": EscalationState.WAITING,
        "opened_at": now,
        "reason": "",
        "version": 1,
    }
    opened = insert(Escalation).values(values).on_conflict_do_nothing().returning(Escalation.id)
    return session.scalar(opened)


def _record(
    session: Session,
    event: str,
    escalation_id: int,
    party_id: int,
    rung: Rung,
    *,
    now: datetime,
    actor: Actor | None = None,
    **new: object,
) -> None:
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=party_id,
        internal=True,
        about=("escalation", escalation_id),
        new={"rung": rung, **new},
    )
