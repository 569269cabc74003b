"""What a subscription tells of: in words, as States, and which status reports come along; always within the reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.subscriptions import MOST_REPORTS, meant
from tracker.domain.vocabulary import PartyKind, Role, SummaryScope
from tracker.models import Instrument, ReportingParty
from tracker.services.status_report_rows import REPORTED_ABOUT
from tracker.wording import N_, pick, translate

NAMED = 5
"""States named in a heading; the others are counted."""


class Scoped(Protocol):
    """A subscription, or a row with these of its columns."""

    scope: Any
    party_ids: Any
    instrument_id: Any


@dataclass(frozen=True)
class Names:
    """Names in four languages, by id; of States with their code before them."""

    parties: dict[int, tuple[str, dict[str, str]]]
    instruments: dict[int, dict[str, str]]


def names(session: Session, subscriptions: Iterable[Scoped], actor: Actor) -> Names:
    """The names that ``about`` needs for these subscriptions. Two queries."""
    listed = list(subscriptions)
    ids = {number for one in listed for number in one.party_ids} | ({actor.party_id} - {None})
    parties = session.execute(
        sa.select(ReportingParty.id, ReportingParty.code, ReportingParty.name).where(ReportingParty.id.in_(ids))
    )
    wanted = {one.instrument_id for one in listed} - {None}
    titles = session.execute(sa.select(Instrument.id, Instrument.title).where(Instrument.id.in_(wanted)))
    return Names({row.id: (row.code, row.name) for row in parties}, {row.id: row.title for row in titles})


def about(one: Scoped, actor: Actor, known: Names) -> str:
    """What it tells of, in the reader's language, as it works for this reader now."""
    language = actor.language
    scope = meant(actor.role, one.scope)
    if scope is SummaryScope.EVERYTHING:
        return translate(N_("all States"), language)
    if scope is SummaryScope.INSTRUMENT:
        return pick(known.instruments.get(one.instrument_id), language)
    if scope is SummaryScope.OWN:
        return _own(actor, known)
    found = sorted(pick(known.parties[n][1], language) for n in one.party_ids if n in known.parties and sees(actor, n))
    if not found:
        return translate(N_("no State that is open to you"), language)
    text = ", ".join(found[:NAMED])
    if len(found) <= NAMED:
        return text
    return translate(N_("%(states)s and %(count)s more"), language) % {"states": text, "count": len(found) - NAMED}


def _own(actor: Actor, known: Names) -> str:
    if actor.role is Role.OBSERVER:
        return translate(N_("the States you are accredited for"), actor.language)
    if actor.role is Role.CONTRIBUTOR:
        return translate(N_("what you were asked to answer"), actor.language)
    party = known.parties.get(actor.party_id or 0)
    return pick(party[1], actor.language) if party else ""


def sees(actor: Actor, party_id: int) -> bool:
    """Whether this person sees the commitments of this party, or some of them."""
    if actor.is_staff:
        return True
    if actor.role is Role.OBSERVER:
        return party_id in actor.accredited
    return party_id == actor.party_id


def reported_states(scope: SummaryScope, party_ids: Iterable[int], actor: Actor) -> frozenset[int]:
    """The States whose status reports may come along: the own one, the accredited ones, or those that were chosen."""
    meaning = meant(actor.role, scope)
    if meaning is SummaryScope.STATES:
        return frozenset(n for n in party_ids if sees(actor, n))
    if meaning is not SummaryScope.OWN:
        return frozenset()
    if actor.role is Role.OBSERVER:
        return actor.accredited
    return frozenset({actor.party_id} if actor.party_id is not None else ())


def reports(session: Session, one: Scoped, actor: Actor) -> list[str]:
    """The codes of those States, ``MOST_REPORTS`` at most."""
    wanted = reported_states(one.scope, one.party_ids, actor)
    if not wanted:
        return []
    return list(
        session.scalars(
            sa.select(ReportingParty.code)
            .where(ReportingParty.id.in_(wanted), ReportingParty.kind.in_(REPORTED_ABOUT))
            .order_by(ReportingParty.code)
            .limit(MOST_REPORTS)
        )
    )


def states(session: Session, actor: Actor) -> list[sa.Row[Any]]:
    """The States this person may choose from, by code: id, code, name. None for those who see one State only."""
    if not (actor.is_staff or actor.role is Role.OBSERVER):
        return []
    statement: sa.Select = sa.select(ReportingParty.id, ReportingParty.code, ReportingParty.name).where(
        ReportingParty.kind == PartyKind.MEMBER_STATE
    )
    if not actor.is_staff:
        statement = statement.where(ReportingParty.id.in_(actor.accredited))
    return list(session.execute(statement.order_by(ReportingParty.code)))


def instruments(session: Session) -> list[sa.Row[Any]]:
    """The instruments, in the order of the catalogue: id, code, title."""
    statement: sa.Select = sa.select(Instrument.id, Instrument.code, Instrument.title).order_by(Instrument.position)
    return list(session.execute(statement))
