"""Where a report stands, as each reader may know it: one rule for the single page, the list and its filters.

Inside the party the state is the state (a rating not yet confirmed reads "under review"). The Secretariat never
knows of a draft or of an approval: it reads "not submitted". Observers and the public know only whether a party
reported and whether a rating is published (docs/house.md, "Who reads what").
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import PartyKind, ReportState, Role
from tracker.domain.workflow import WITH_THE_PARTY, shown_state
from tracker.models import Assignment, Commitment, ProgressReport


class Standing(StrEnum):
    """What is said in the place of a state that the reader may not know."""

    NOT_SUBMITTED = "not_submitted"
    REPORTED = "reported"
    NOT_REPORTED = "not_reported"


class Reader(StrEnum):
    """From where somebody reads a report."""

    INSIDE = "inside"
    STAFF = "staff"
    RECORDER = "recorder"
    """An administrator, who writes for the cooperation agencies: inside and staff at once."""
    OUTSIDE = "outside"


def reader_of(actor: Actor, party_id: int, party_kind: PartyKind) -> Reader:
    """From where this person reads the reports of this party. Whether he or she may at all is the policy's."""
    if actor.is_staff:
        recorded = party_kind is PartyKind.COOPERATION_AGENCIES and actor.role is Role.ADMINISTRATOR
        return Reader.RECORDER if recorded else Reader.STAFF
    return Reader.INSIDE if actor.party_id == party_id else Reader.OUTSIDE


def standing(
    reader: Reader,
    state: ReportState,
    *,
    submitted_at: object,
    first_submitted_at: object,
    published: bool,
) -> str:
    """A ``ReportState`` or a ``Standing`` value. ``published``: whether a published assessment stands.

    Of the two moments only whether there is one (None or not) is looked at.
    """
    if reader is Reader.OUTSIDE:
        if published:
            return ReportState.PUBLISHED
        return Standing.REPORTED if first_submitted_at is not None else Standing.NOT_REPORTED
    shown = shown_state(
        state,
        inside_party=reader in (Reader.INSIDE, Reader.RECORDER),
        staff=reader in (Reader.STAFF, Reader.RECORDER),
    )
    if reader is Reader.STAFF and shown is ReportState.RETURNED and submitted_at is None:
        shown = None  # refused inside the State, or recalled before: the Secretariat has never returned it
    return shown if shown is not None else Standing.NOT_SUBMITTED


CHOICES: dict[Reader, tuple[str, ...]] = {
    Reader.INSIDE: (
        ReportState.DRAFT,
        ReportState.RETURNED,
        ReportState.AWAITING_APPROVAL,
        ReportState.SUBMITTED,
        ReportState.UNDER_REVIEW,
        ReportState.OPEN_FOR_COMMENT,
        ReportState.PUBLISHED,
    ),
    Reader.STAFF: (
        Standing.NOT_SUBMITTED,
        ReportState.RETURNED,
        ReportState.SUBMITTED,
        ReportState.UNDER_REVIEW,
        ReportState.RATING_PROPOSED,
        ReportState.OPEN_FOR_COMMENT,
        ReportState.PUBLISHED,
    ),
    Reader.OUTSIDE: (Standing.NOT_REPORTED, Standing.REPORTED, ReportState.PUBLISHED),
}
"""What a filter by state offers to each reader, in the order of a report's life."""


def stands_at(reader: Reader, choice: str) -> sa.ColumnElement[bool]:
    """The SQL of ``standing(…) == choice``, for every choice of ``CHOICES[reader]``."""
    r = ProgressReport
    if reader is Reader.OUTSIDE:
        return {
            ReportState.PUBLISHED.value: r.published_assessment_id.is_not(None),
            Standing.REPORTED.value: sa.and_(r.published_assessment_id.is_(None), r.first_submitted_at.is_not(None)),
            Standing.NOT_REPORTED.value: sa.and_(r.published_assessment_id.is_(None), r.first_submitted_at.is_(None)),
        }[str(choice)]
    if choice == Standing.NOT_SUBMITTED:
        return sa.or_(
            r.state.in_([ReportState.DRAFT, ReportState.AWAITING_APPROVAL]),
            sa.and_(r.state == ReportState.RETURNED, r.submitted_at.is_(None)),
        )
    state = ReportState(choice)
    if reader is Reader.STAFF and state is ReportState.RETURNED:
        return sa.and_(r.state == state, r.submitted_at.is_not(None))
    if reader is Reader.INSIDE and state is ReportState.UNDER_REVIEW:
        return r.state.in_([ReportState.UNDER_REVIEW, ReportState.RATING_PROPOSED])
    return r.state == state


def is_owed(reader: Reader) -> sa.ColumnElement[bool]:
    """Whether the party has still to give it, as far as this reader may know: what "overdue" is derived from."""
    if reader is Reader.OUTSIDE:
        return ProgressReport.first_submitted_at.is_(None)
    return ProgressReport.state.in_(WITH_THE_PARTY)


def owed(reader: Reader, state: ReportState, first_submitted_at: object) -> bool:
    """The same as ``is_owed``, of one report."""
    return first_submitted_at is None if reader is Reader.OUTSIDE else state in WITH_THE_PARTY


REACH_NAMES = ("reach_party", "reach_parties", "reach_user")
Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]


class Reach(StrEnum):
    """Which commitments somebody may see."""

    ALL = "all"
    ACCREDITED = "accredited"
    OWN = "own"
    ASSIGNED = "assigned"


def reach_of(actor: Actor) -> Reach:
    """How far this person sees."""
    if actor.is_staff:
        return Reach.ALL
    if actor.role is Role.OBSERVER:
        return Reach.ACCREDITED
    return Reach.ASSIGNED if actor.role is Role.CONTRIBUTOR else Reach.OWN


def within(
    reach: Reach, party: Column = Commitment.party_id, commitment: Column = Commitment.id
) -> sa.ColumnElement[bool]:
    """The SQL of ``can(actor, COMMITMENT_VIEW, …)``: lists and single pages agree.

    The actor is handed in with ``reach_values``, so that a statement is put together once per process.
    """
    named: dict[str, Any] = {name: sa.bindparam(name, expanding=name == "reach_parties") for name in REACH_NAMES}
    return _condition(reach, named, party, commitment)


def _condition(reach: Reach, value: Mapping[str, Any], party: Column, commitment: Column) -> sa.ColumnElement[bool]:
    if reach is Reach.ALL:
        return sa.true()
    if reach is Reach.ACCREDITED:
        return party.in_(value["reach_parties"])
    own: sa.ColumnElement[bool] = party == value["reach_party"]
    if reach is Reach.OWN:
        return own
    mine = sa.select(Assignment.commitment_id).where(Assignment.user_id == value["reach_user"])
    return sa.and_(own, commitment.in_(mine.scalar_subquery()))


def reach_values(actor: Actor) -> dict[str, Any]:
    """The values for ``within(reach_of(actor))``."""
    reach = reach_of(actor)
    if reach is Reach.ALL:
        return {}
    if reach is Reach.ACCREDITED:
        return {"reach_parties": sorted(actor.accredited)}
    own = {"reach_party": actor.party_id}
    return own | {"reach_user": actor.user_id} if reach is Reach.ASSIGNED else own


def visible_commitments(actor: Actor) -> sa.ColumnElement[bool]:
    """``within`` with the actor's values in it, for statements that are put together each time."""
    return _condition(reach_of(actor), reach_values(actor), Commitment.party_id, Commitment.id)


def reader_in_lists(actor: Actor) -> Reader:
    """From where this person reads a list, and by which his or her filters go."""
    if actor.is_staff:
        return Reader.STAFF
    return Reader.OUTSIDE if actor.role is Role.OBSERVER else Reader.INSIDE
