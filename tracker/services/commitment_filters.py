"""What the filters of the list of commitments offer, as statements put together once per process."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from tracker.domain.vocabulary import PartyKind, Role
from tracker.models import (
    Classification,
    Institution,
    Instrument,
    Participation,
    Provision,
    ReportingCycle,
    ReportingParty,
    User,
)

Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]
NEWEST_CYCLES = 20
"""How many cycles the filter offers; older ones are reached by their code in the address."""


@cache
def words_for(offer: str) -> sa.CompoundSelect:
    """The words of all filters in one statement: kind, code, name (JSON, or plain for people), position."""
    text = sa.Text

    def words(kind: str, code: Column, name: Column, position: Column) -> sa.Select:
        return sa.select(
            sa.literal_column(f"'{kind}'").label("kind"),
            code.label("code"),
            sa.cast(name, text).label("name"),
            position.label("position"),
        )

    parts = [
        words("pillar", Classification.code, Classification.name, Classification.position).where(
            Classification.axis == "pillar"
        ),
        words("instrument", Instrument.code, Instrument.title, Instrument.position).where(
            sa.exists().where(Provision.instrument_id == Instrument.id, Provision.is_scored.is_(True))
        ),
    ]
    party = words(
        "party", sa.func.lower(ReportingParty.code), ReportingParty.name, sa.cast(ReportingParty.id, sa.Integer)
    )
    if offer == "every_party":
        takes_part = ReportingParty.id.in_(sa.select(Participation.party_id))
        parts.append(party.where(sa.or_(ReportingParty.kind != PartyKind.MEMBER_STATE, takes_part)))
    elif offer == "some_parties":
        parts.append(party.where(ReportingParty.id.in_(sa.bindparam("parties", expanding=True))))
    elif offer == "assignees":
        own: sa.BindParameter[int] = sa.bindparam("party")
        parts += [
            words("i", sa.cast(Institution.id, text), Institution.name, sa.literal_column("0")).where(
                Institution.party_id == own,
                sa.exists().where(User.institution_id == Institution.id, User.role == Role.CONTRIBUTOR),
            ),
            words("u", sa.cast(User.id, text), User.name, sa.literal_column("1")).where(
                User.party_id == own, User.role == Role.CONTRIBUTOR, User.institution_id.is_(None)
            ),
        ]
    return sa.union_all(*parts)


@cache
def opened_cycles(one_is_asked: bool) -> sa.Select:
    # The one that was asked for first, so that an old one is offered too; else as an index has them.
    asked = [(sa.func.lower(ReportingCycle.code) == sa.bindparam("asked")).desc()] if one_is_asked else []
    return (
        sa.select(ReportingCycle.id, ReportingCycle.code, ReportingCycle.title, ReportingCycle.opens_on)
        .where(ReportingCycle.opened_at.is_not(None))
        .order_by(*asked, ReportingCycle.opens_on.desc())
        .limit(NEWEST_CYCLES)
    )
