"""Which States take part, as periods. Leaving freezes commitments, coming back resumes them; nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import PartyKind, ReportState, Visibility
from tracker.domain.workflow import WITH_THE_PARTY, WITH_THE_SECRETARIAT
from tracker.models import Commitment, HistoryEntry, Participation, ProgressReport, ReportingCycle, ReportingParty
from tracker.services import audit
from tracker.services.history import FROZEN, RESUMED

FURTHEST = timedelta(days=366)
"""How far ahead a period may be entered to begin or end."""


@dataclass(frozen=True)
class Line:
    """A State in the list."""

    code: str
    name: dict[str, str]
    periods: list[Participation]
    takes_part: bool
    frozen: int
    commitments: int


@dataclass(frozen=True)
class Effect:
    """What ending a participation would touch: numbers of commitments and of reports in open cycles."""

    commitments: int
    with_the_state: int
    with_the_secretariat: int
    open_for_comment: int
    """These are published all the same when their window ends."""


def listing(session: Session, *, now: datetime) -> list[Line]:
    """Every Member State with its periods; three queries."""
    periods: dict[int, list[Participation]] = {}
    for period in session.scalars(sa.select(Participation).order_by(Participation.starts_on)):
        periods.setdefault(period.party_id, []).append(period)
    counted = {
        party_id: (total, frozen)
        for party_id, total, frozen in session.execute(
            sa.select(Commitment.party_id, sa.func.count(), sa.func.count(Commitment.frozen_at)).group_by(
                Commitment.party_id
            )
        )
    }
    parties = session.scalars(
        sa.select(ReportingParty).where(ReportingParty.kind == PartyKind.MEMBER_STATE).order_by(ReportingParty.code)
    )
    return [
        Line(
            code=party.code,
            name=party.name,
            periods=periods.get(party.id, []),
            takes_part=_covers(periods.get(party.id, []), local_date(now, party.time_zone)),
            commitments=counted.get(party.id, (0, 0))[0],
            frozen=counted.get(party.id, (0, 0))[1],
        )
        for party in parties
    ]


def state(session: Session, code: str, *, locked: bool = False) -> ReportingParty | None:
    """The Member State of this ISO 3166 alpha-2 code, in any capitals; None where there is none.

    ``locked``: another change of its participation waits until this transaction ends.
    """
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        return None
    wanted = sa.select(ReportingParty).where(
        ReportingParty.code == code.upper(), ReportingParty.kind == PartyKind.MEMBER_STATE
    )
    if locked:
        wanted = wanted.with_for_update()
    return session.scalar(wanted.execution_options(populate_existing=True))


def effect(session: Session, party: ReportingParty, *, now: datetime) -> Effect:
    """What would be touched if this State left now."""
    commitments = session.scalar(
        sa.select(sa.func.count()).where(Commitment.party_id == party.id, Commitment.frozen_at.is_(None))
    )
    rows = session.execute(
        sa.select(ProgressReport.state, sa.func.count())
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            ProgressReport.party_id == party.id,
            Commitment.frozen_at.is_(None),
            ReportingCycle.closes_on >= local_date(now, party.time_zone),
        )
        .group_by(ProgressReport.state)
    )
    states = {row[0]: int(row[1]) for row in rows}
    return Effect(
        commitments=commitments or 0,
        with_the_state=sum(states.get(s, 0) for s in WITH_THE_PARTY),
        with_the_secretariat=sum(states.get(s, 0) for s in WITH_THE_SECRETARIAT),
        open_for_comment=states.get(ReportState.OPEN_FOR_COMMENT, 0),
    )


def end(
    session: Session,
    party: ReportingParty,
    *,
    last_day: date | None,
    reason: str,
    seen_period: int,
    actor: Actor,
    now: datetime,
) -> None:
    """End the period that goes on. Once its last day is over in the State's own zone its commitments are frozen.

    ``seen_period`` is the id of the period that the person saw. Raises NotPermitted, Stale, Unmet by field.
    """
    _permit(actor)
    period = current(party)
    if period is None or period.id != seen_period:
        raise Stale
    problems = {}
    if last_day is None:
        problems["last_day"] = "required"
    elif last_day < period.starts_on:
        problems["last_day"] = "before_start"
    elif last_day > local_date(now, party.time_zone) + FURTHEST:
        problems["last_day"] = "too_far"
    if not reason:
        problems["reason"] = "required"
    if problems or last_day is None:
        raise Unmet(**problems)
    period.ends_on, period.end_reason = last_day, reason
    _record(session, "participation.end", party, actor, now, {"ends_on": last_day, "reason": reason})
    session.flush()
    settle(session, party, now=now, actor=actor)


def begin(
    session: Session,
    party: ReportingParty,
    *,
    first_day: date | None,
    reason: str,
    seen_period: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Begin a new period after the last one; frozen commitments go on from its first day.

    ``seen_period`` is the id of the newest period that the person saw, 0 where there was none. Reports are made when
    the next cycle opens. Raises NotPermitted, Stale, Unmet by field.
    """
    _permit(actor)
    last = party.participations[-1] if party.participations else None
    if (last.id if last else 0) != seen_period:
        raise Stale
    problems = {}
    if first_day is None:
        problems["first_day"] = "required"
    elif last is not None and last.ends_on is None:
        problems["first_day"] = "taking_part"
    elif last is not None and last.ends_on is not None and first_day <= last.ends_on:
        problems["first_day"] = "overlaps"
    elif first_day > local_date(now, party.time_zone) + FURTHEST:
        problems["first_day"] = "too_far"
    if not reason:
        problems["reason"] = "required"
    if problems or first_day is None:
        raise Unmet(**problems)
    party.participations.append(Participation(starts_on=first_day, reason=reason))
    _record(session, "participation.begin", party, actor, now, {"starts_on": first_day, "reason": reason})
    session.flush()
    settle(session, party, now=now, actor=actor)


def current(party: ReportingParty) -> Participation | None:
    """The period without an end."""
    return next((p for p in party.participations if p.ends_on is None), None)


def out_of_step(session: Session, *, now: datetime) -> list[int]:
    """The States whose commitments are not (yet) as their participation says, by id of the party: for the clock."""
    frozen = sa.func.count(Commitment.frozen_at)
    rows = session.execute(
        sa.select(ReportingParty, sa.func.count(), frozen)
        .join(Commitment, Commitment.party_id == ReportingParty.id)
        .where(ReportingParty.kind == PartyKind.MEMBER_STATE)
        .group_by(ReportingParty.id)
        .order_by(ReportingParty.id)
    ).all()
    periods: dict[int, list[Participation]] = {}
    for period in session.scalars(sa.select(Participation)):
        periods.setdefault(period.party_id, []).append(period)
    return [
        party.id
        for party, total, number in rows
        if number != (0 if _covers(periods.get(party.id, []), local_date(now, party.time_zone)) else total)
    ]


def settle_by_clock(session: Session, party_id: int, *, now: datetime) -> int:
    """Bring one State's commitments in step with its participation; how many changed, 0 the second time."""
    party = session.get_one(ReportingParty, party_id, populate_existing=True, with_for_update=True)
    return settle(session, party, now=now, actor=None)


def settle(session: Session, party: ReportingParty, *, now: datetime, actor: Actor | None) -> int:
    """Freeze what is not, or resume what is frozen, as the State takes part today or not. Returns how many changed."""
    today = local_date(now, party.time_zone)
    takes_part = _covers(party.participations, today)
    touched = list(
        session.scalars(
            sa.select(Commitment).where(
                Commitment.party_id == party.id,
                Commitment.frozen_at.is_not(None) if takes_part else Commitment.frozen_at.is_(None),
            )
        )
    )
    if not touched:
        return 0
    past = [p for p in party.participations if p.starts_on <= today]
    period = past[-1] if past else None
    for commitment in touched:
        commitment.frozen_at = None if takes_part else now
        session.add(
            HistoryEntry(
                commitment_id=commitment.id,
                party_id=party.id,
                at=now,
                action=RESUMED if takes_part else FROZEN,
                actor_id=actor.user_id if actor else None,
                actor_role=actor.role.value if actor else None,
                visibility=Visibility.PUBLIC,
                comment=(period.reason if takes_part else period.end_reason) if period else "",
                details=_days(period, takes_part),
            )
        )
    _record(
        session,
        "participation.resume" if takes_part else "participation.freeze",
        party,
        actor,
        now,
        {"commitments": len(touched)},
    )
    session.flush()
    return len(touched)


def freezes_at(period: Participation, party: ReportingParty) -> datetime | None:
    """The moment from which the State's commitments are frozen; None while the period has no end."""
    return ends_at(period.ends_on, party.time_zone) if period.ends_on else None


def _covers(periods: list[Participation], day: date) -> bool:
    return any(p.starts_on <= day and (p.ends_on is None or p.ends_on >= day) for p in periods)


def _days(period: Participation | None, takes_part: bool) -> dict[str, str]:
    if period is None:
        return {}
    if takes_part:
        return {"first_day": period.starts_on.isoformat()}
    return {"last_day": period.ends_on.isoformat()} if period.ends_on else {}


def _permit(actor: Actor) -> None:
    if not can(actor, Permission.PARTICIPATION_MANAGE):
        raise NotPermitted(Permission.PARTICIPATION_MANAGE)


def _record(
    session: Session, event: str, party: ReportingParty, actor: Actor | None, now: datetime, new: dict[str, object]
) -> None:
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=party.id,
        internal=False,
        about=("reporting_party", party.id),
        new=new,
    )
