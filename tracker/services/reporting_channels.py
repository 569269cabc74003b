"""Where a case of trafficking is reported in each State: telephone lines and offices, kept by administrators.

Shown to everybody; never a form, never a person. A number that is out of date does harm, so each carries the day on
which somebody last made sure of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.contacts import dialled, is_old, is_phone, is_web_address
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.offices import names_a_person
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import ChannelKind, PartyKind
from tracker.models import ReportingChannel, ReportingParty
from tracker.services import audit
from tracker.services.personal_data import require_clean
from tracker.services.plain_rows import rows as plain

MOST = 20
"""Of one State."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One place to report a case, as pages show it. ``note`` holds up to four languages."""

    id: int
    kind: ChannelKind
    name: str
    phone: str
    url: str
    note: dict[str, str]
    checked_on: date

    @property
    def dialled(self) -> str:
        return dialled(self.phone)

    def is_old(self, today: date) -> bool:
        return is_old(self.checked_on, today)


@dataclass(frozen=True, slots=True)
class Line:
    """A State with its channels, those for emergencies first."""

    code: str
    name: dict[str, str]
    channels: tuple[Channel, ...]

    @property
    def slug(self) -> str:
        return self.code.lower()

    def old(self, today: date) -> int:
        """How many of them nobody has made sure of for over a year."""
        return sum(channel.is_old(today) for channel in self.channels)


@dataclass(frozen=True, slots=True)
class Said:
    """What an administrator entered about one channel. ``note`` by language, empty ones left out."""

    kind: ChannelKind
    name: str
    phone: str
    url: str
    note: Mapping[str, str]
    checked_on: date


_CHANNEL = (
    ReportingChannel.id,
    ReportingChannel.kind,
    ReportingChannel.name,
    ReportingChannel.phone,
    ReportingChannel.url,
    ReportingChannel.note,
    ReportingChannel.checked_on,
)
_ORDER = {kind: number for number, kind in enumerate(ChannelKind)}


@cache
def _listed() -> sa.Select:
    return (
        sa.select(ReportingParty.code, ReportingParty.name.label("party_name"), *_CHANNEL)
        .outerjoin(ReportingChannel, ReportingChannel.party_id == ReportingParty.id)
        .where(ReportingParty.kind == PartyKind.MEMBER_STATE)
        .order_by(ReportingParty.code, ReportingChannel.id)
    )


def listing(session: Session) -> list[Line]:
    """Every Member State with its channels. One query."""
    names: dict[str, dict[str, str]] = {}
    found: dict[str, list[Channel]] = {}
    for row in plain(session, _listed()):
        names[row.code] = row.party_name
        held = found.setdefault(row.code, [])
        if row.id is not None:
            held.append(Channel(*row[2:]))
    return [Line(code, names[code], _in_order(found[code])) for code in found]


@cache
def _of_party() -> sa.Select:
    return sa.select(*_CHANNEL).where(ReportingChannel.party_id == sa.bindparam("party")).order_by(ReportingChannel.id)


def of(session: Session, party_id: int) -> tuple[Channel, ...]:
    """The channels of one State, those for emergencies first. One query."""
    return _in_order(Channel(*row) for row in plain(session, _of_party(), {"party": party_id}))


def _in_order(channels: Iterable[Channel]) -> tuple[Channel, ...]:
    return tuple(sorted(channels, key=lambda one: _ORDER[one.kind]))


def channel(session: Session, party_id: int, channel_id: int) -> ReportingChannel:
    """The channel of this State with this number, as it is kept now. Raises NotVisible."""
    found = session.scalar(
        sa.select(ReportingChannel)
        .where(ReportingChannel.id == channel_id, ReportingChannel.party_id == party_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible
    return found


def add(
    session: Session, party: ReportingParty, said: Said, *, explanation: str = "", actor: Actor, now: datetime
) -> ReportingChannel:
    """Enter a channel. Raises what ``change`` raises; Unmet(name="taken") where the same is entered already, and
    Unmet(name="too_many")."""
    explained = _check(said, explanation, actor, now)
    # One after the other for each State: a form that is sent twice makes one channel.
    session.execute(sa.select(ReportingParty.id).where(ReportingParty.id == party.id).with_for_update())
    there = of(session, party.id)
    if any((one.kind, one.name, one.phone, one.url) == (said.kind, said.name, said.phone, said.url) for one in there):
        raise Unmet(name="taken")
    if len(there) >= MOST:
        raise Unmet(name="too_many")
    kept = ReportingChannel(party_id=party.id, **_columns(said))
    session.add(kept)
    session.flush()
    _record(session, "channel.added", kept, actor, now, new={**_traced(kept), **explained})
    return kept


def change(
    session: Session,
    kept: ReportingChannel,
    said: Said,
    *,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Change a channel, or only the day on which it was made sure of.

    Raises NotPermitted; Stale; Unmet(phone="bad_phone" or "no_way", url="bad_link", name="a_person",
    checked_on="in_the_future") and what the personal-data check finds in name and notes.
    """
    explained = _check(said, explanation, actor, now)
    _seen(kept, seen_version)
    before = _traced(kept)
    for name, value in _columns(said).items():
        setattr(kept, name, value)
    session.flush()
    _record(session, "channel.changed", kept, actor, now, old=before, new={**_traced(kept), **explained})


def remove(session: Session, kept: ReportingChannel, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """Take a channel away. Raises NotPermitted, Stale."""
    _permit(actor)
    _seen(kept, seen_version)
    _record(session, "channel.removed", kept, actor, now, old=_traced(kept))
    session.delete(kept)
    session.flush()


def _permit(actor: Actor) -> None:
    if not can(actor, Permission.CHANNEL_MANAGE):
        raise NotPermitted(Permission.CHANNEL_MANAGE)


def _seen(kept: ReportingChannel, seen_version: int) -> None:
    if kept.version != seen_version:
        raise Stale


def _check(said: Said, explanation: str, actor: Actor, now: datetime) -> dict[str, str]:
    """Raises as ``change`` says; gives what the audit entry keeps of an explanation."""
    _permit(actor)
    problems: dict[str, str] = {}
    if not said.name:
        problems["name"] = "required"
    elif names_a_person(said.name):
        problems["name"] = "a_person"
    if said.phone and not is_phone(said.phone):
        problems["phone"] = "bad_phone"
    if said.url and not is_web_address(said.url):
        problems["url"] = "bad_link"
    if not said.phone and not said.url:
        problems["phone"] = "no_way"
    # The calendar day may have begun in the Pacific islands already, and nowhere later than a day ahead of UTC.
    if (said.checked_on - now.date()).days > 1:
        problems["checked_on"] = "in_the_future"
    if problems:
        raise Unmet(**problems)
    return require_clean(explanation, name=said.name, **{f"note_{lang}": text for lang, text in said.note.items()})


def _columns(said: Said) -> dict[str, object]:
    return {
        "kind": said.kind,
        "name": said.name,
        "phone": said.phone,
        "url": said.url,
        "note": dict(said.note),
        "checked_on": said.checked_on,
    }


def _traced(kept: ReportingChannel) -> dict[str, object]:
    """What the audit trail keeps: which number was given to the public must stay to be seen."""
    return {
        "kind": kept.kind,
        "name": kept.name,
        "phone": audit.Plain(kept.phone),
        "url": audit.Plain(kept.url),
        "checked_on": kept.checked_on,
    }


def _record(
    session: Session,
    event: str,
    kept: ReportingChannel,
    actor: Actor,
    now: datetime,
    *,
    old: dict[str, object] | None = None,
    new: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=kept.party_id,
        internal=True,
        about=("reporting_channel", kept.id),
        old=old,
        new=new,
    )
