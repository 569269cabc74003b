"""Good practices as lists: what is shared, for everybody; what State and Secretariat work on, for the two sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.policy import Actor
from tracker.domain.text import fold
from tracker.domain.vocabulary import GoodPracticeState
from tracker.models import Commitment, GoodPractice, Provision, ReportingParty
from tracker.services.plain_rows import rows
from tracker.services.records import LARGEST_ID
from tracker.wording import pick

PAGE = 50
BEGINNING = 400
"""Characters of a text that a list shows."""
_SHARED = GoodPractice.state == GoodPracticeState.SHARED


@dataclass(frozen=True)
class Filters:
    """What the public list is narrowed to, codes in small letters; "": not."""

    state: str = ""
    provision: str = ""
    pillar: str = ""


@dataclass(frozen=True)
class Shared:
    """A good practice as everybody may read it. Title and text in ``language``; the rest in the reader's."""

    id: int
    party_code: str
    party: str
    provision_code: str
    provision: str
    pillars: tuple[str, ...]
    title: str
    text: str
    language: str
    url: str
    shared_on: date
    commitment_id: int

    @property
    def slug(self) -> str:
        """Of the party, as in addresses."""
        return self.party_code.lower()

    @property
    def beginning(self) -> str:
        """Whole words of the text, for a list."""
        if len(self.text) <= BEGINNING:
            return self.text
        return self.text[:BEGINNING].rpartition(" ")[0] + " …"


@dataclass(frozen=True)
class Listing:
    """One page of what is shared, how many there are, and what can be chosen: (code, name)."""

    lines: list[Shared]
    total: int
    states: list[tuple[str, str]]
    provisions: list[tuple[str, str]]
    pillars: frozenset[str]


_COLUMNS = (
    GoodPractice.id,
    ReportingParty.code.label("party_code"),
    ReportingParty.name.label("party"),
    ReportingParty.time_zone,
    Provision.code,
    Provision.title.label("provision"),
    Provision.position,
    Provision.pillars,
    GoodPractice.decided_at,
    GoodPractice.commitment_id,
)
_TEXTS = (GoodPractice.title, GoodPractice.text, GoodPractice.language, GoodPractice.url)


def _select(*columns: Any) -> sa.Select:
    return (
        sa.select(*columns)
        .select_from(GoodPractice)
        .join(ReportingParty, ReportingParty.id == GoodPractice.party_id)
        .join(Commitment, Commitment.id == GoodPractice.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
    )


# Names are sorted as the reader's language writes them: by the program, and so without the texts.
_ALL = _select(*_COLUMNS).where(_SHARED)
_SOME = _select(GoodPractice.id, *_TEXTS).where(GoodPractice.id.in_(sa.bindparam("ids", expanding=True)))
_ONE = _select(*_COLUMNS, *_TEXTS).where(_SHARED, GoodPractice.id == sa.bindparam("id"))
_OF_COMMITMENT = _select(*_COLUMNS, *_TEXTS).where(_SHARED, GoodPractice.commitment_id == sa.bindparam("commitment"))
_ON_PROVISION = _select(sa.func.count()).where(_SHARED, Provision.id == sa.bindparam("provision"))


def shared(session: Session, filters: Filters, language: str, *, number: int) -> Listing:
    """What is shared, by State in the alphabet of the reader's language, the newest of each first. Two queries."""
    everything = rows(session, _ALL).all()
    names = {row.party_code.lower(): pick(row.party, language) for row in everything}
    provisions = {row.code.lower(): (row.position, row.code, pick(row.provision, language)) for row in everything}
    found = [row for row in everything if _matches(row, filters)]
    found.sort(key=lambda row: (row.decided_at, row.id), reverse=True)
    found.sort(key=lambda row: fold(names[row.party_code.lower()]))
    page = found[(number - 1) * PAGE : number * PAGE]
    texts = {row.id: row for row in rows(session, _SOME, {"ids": [row.id for row in page]})} if page else {}
    return Listing(
        lines=[_shared(row, texts[row.id], language) for row in page],
        total=len(found),
        states=sorted(names.items(), key=lambda pair: fold(pair[1])),
        provisions=[
            (slug, f"{code} {title}") for slug, (_at, code, title) in sorted(provisions.items(), key=lambda p: p[1])
        ],
        pillars=frozenset(pillar for row in everything for pillar in row.pillars),
    )


def one(session: Session, practice_id: int, language: str) -> Shared | None:
    """A good practice that is shared; None where there is none, or none any more."""
    if not 0 < practice_id <= LARGEST_ID:
        return None
    row = rows(session, _ONE, {"id": practice_id}).one_or_none()
    return _shared(row, row, language) if row else None


def of_commitment(session: Session, commitment_id: int, language: str) -> list[Shared]:
    """What is shared about one commitment, the newest first. One query."""
    found = rows(session, _OF_COMMITMENT, {"commitment": commitment_id}).all()
    listed = sorted(found, key=lambda row: (row.decided_at, row.id), reverse=True)
    return [_shared(row, row, language) for row in listed]


def on_provision(session: Session, provision_id: int) -> int:
    """How many are shared about one provision. One query."""
    return int(rows(session, _ON_PROVISION, {"provision": provision_id}).scalar_one())


def _matches(row: Any, filters: Filters) -> bool:
    return (
        filters.state in ("", row.party_code.lower())
        and filters.provision in ("", row.code.lower())
        and (not filters.pillar or filters.pillar in row.pillars)
    )


def _shared(row: Any, texts: Any, language: str) -> Shared:
    return Shared(
        id=row.id,
        party_code=row.party_code,
        party=pick(row.party, language),
        provision_code=row.code,
        provision=pick(row.provision, language),
        pillars=tuple(row.pillars),
        title=texts.title,
        text=texts.text,
        language=texts.language,
        url=texts.url,
        shared_on=local_date(row.decided_at, row.time_zone),
        commitment_id=row.commitment_id,
    )


class Tab(StrEnum):
    """The parts of the list of those who work with it."""

    WAITING = "waiting"
    SHARED = "shared"
    PAST = "past"


_STATES: dict[Tab, tuple[GoodPracticeState, ...]] = {
    Tab.WAITING: (GoodPracticeState.PROPOSED, GoodPracticeState.OFFERED),
    Tab.SHARED: (GoodPracticeState.SHARED,),
    Tab.PAST: (GoodPracticeState.DECLINED, GoodPracticeState.WITHDRAWN),
}


@dataclass(frozen=True)
class Managed:
    """One page of a list for the two sides, and how many there are of each part."""

    lines: Sequence[Any]
    """Rows: id, state, title, language, moment, code, provision, party_name."""
    counts: dict[Tab, int]


def managed(session: Session, actor: Actor, tab: Tab, *, number: int) -> Managed:
    """For staff those of all parties, else those of the own one: waiting longest first, else newest. Two queries."""
    own = not actor.is_staff
    values = {"party": actor.party_id or 0, "offset": (number - 1) * PAGE}
    counted = {row[0]: row[1] for row in rows(session, _counts(own), values)}
    return Managed(
        lines=rows(session, _managed(tab, own), values).all(),
        counts={one: sum(counted.get(state, 0) for state in states) for one, states in _STATES.items()},
    )


@cache
def _counts(own: bool) -> sa.Select:
    query = sa.select(GoodPractice.state, sa.func.count()).group_by(GoodPractice.state)
    return query.where(GoodPractice.party_id == sa.bindparam("party")) if own else query


@cache
def _managed(tab: Tab, own: bool) -> sa.Select:
    moment = sa.func.coalesce(GoodPractice.ended_at, GoodPractice.decided_at, GoodPractice.proposed_at)
    query = (
        _select(
            GoodPractice.id,
            GoodPractice.state,
            GoodPractice.title,
            GoodPractice.language,
            sa.type_coerce(moment, GoodPractice.proposed_at.type).label("moment"),
            Provision.code,
            Provision.title.label("provision"),
            ReportingParty.name.label("party_name"),
        )
        .where(GoodPractice.state.in_(_STATES[tab]))
        .limit(PAGE)
        .offset(sa.bindparam("offset"))
    )
    if own:
        query = query.where(GoodPractice.party_id == sa.bindparam("party"))
    if tab is Tab.WAITING:
        return query.order_by(GoodPractice.proposed_at, GoodPractice.id)
    return query.order_by(moment.desc(), GoodPractice.id.desc())
