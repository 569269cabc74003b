"""The audit trail: who did what, when, from where, written in the transaction of the change.

What people typed is never copied here, short or long: a trail that only grows cannot forget, so that what is erased
elsewhere must not have come in. Of such a text its length is kept, and from 32 characters on its hash; a shorter one
could be guessed from its hash.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from tracker import trail
from tracker.domain import vocabulary, workflow
from tracker.domain.policy import Actor
from tracker.trail import source_address

__all__ = ["Plain", "record", "source_address"]


class Plain(str):
    """A text that the trail may keep as it is, because no reporter typed it.

    Codes of the catalogue, languages and zones, names and addresses of accounts (old and new must be seen there),
    kinds and endpoints of the program. Cut at 254 characters.
    """

    __slots__ = ()


def account_field(value: Any) -> Any:
    """A field of an account as the trail keeps it: who got in under which name and address must stay to be seen."""
    return Plain(value) if isinstance(value, str) else value


LONGEST_PLAIN = 254
SHORTEST_HASHED = 32
_WORDS = frozenset(
    member.value
    for kind in (*vars(vocabulary).values(), *vars(workflow).values())
    if isinstance(kind, type) and issubclass(kind, StrEnum)
    for member in kind
)
_PROGRAM_MADE = re.compile(r"[0-9a-f]{64}|\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?")
"""A SHA-256, a date or a moment."""


def record(
    session: Session,
    event: str,
    *,
    now: datetime,
    actor: Actor | None = None,
    actor_id: int | None = None,
    party_id: int | None = None,
    internal: bool | None = None,
    about: tuple[str, object] | None = None,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    """Let one entry be written when this transaction commits.

    ``event`` is a static name; ``about`` is (record type, id). ``party_id``: whose record it is about, where not given
    the actor's own. ``internal``: not shown to that party; where it is not said, what staff do is. Of ``old`` and
    ``new`` numbers, yes and no, dates, words of closed lists and ``Plain`` are kept, of other texts only a digest.
    """
    if party_id is None and actor is not None:
        party_id = actor.party_id
    if internal is None:
        internal = actor is not None and actor.is_staff
    trail.collect(
        session,
        trail.Entry(
            at=now,
            event=event,
            actor_id=actor.user_id if actor else actor_id,
            source_address=source_address.get()[:64],
            record_type=about[0] if about else None,
            record_id=str(about[1]) if about else None,
            party_id=party_id,
            internal=internal,
            old=_fields(old),
            new=_fields(new),
        ),
    )


def _fields(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: _kept(value) for name, value in values.items()}


def _kept(value: Any) -> Any:
    """What the trail keeps of a value."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_kept(one) for one in (sorted(value) if isinstance(value, set | frozenset) else value)]
    text = str(value)
    if isinstance(value, Plain):
        return text[:LONGEST_PLAIN]
    if text in _WORDS or _PROGRAM_MADE.fullmatch(text):
        return text
    said: dict[str, Any] = {"length": len(text)}
    if len(text) >= SHORTEST_HASHED:
        said["sha256"] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return said
