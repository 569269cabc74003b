"""A page of the audit trail: what the address asks for, and each entry as a line in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import request

from tracker import wording
from tracker.domain.deadlines import ends_at
from tracker.domain.policy import Actor
from tracker.domain.text import without_unusable
from tracker.domain.vocabulary import STAFF_ROLES
from tracker.services.audit_read import ACCOUNTS, Filters
from tracker.services.mailbox import KINDS
from tracker.web.audit_words import EVENTS, FIELDS, RECORDS
from tracker.web.languages import choose
from tracker.web.languages import gettext as _

RECORD = re.compile(r"([a-z_]{1,40})(?::(.{0,200}))?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
SHORT_HASH = 12


@dataclass(frozen=True)
class Change:
    """One field of an entry: before and after, "" where there is nothing."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """What ``templates/pages/audit/_entries.html`` reads."""

    number: int
    when: datetime
    what: str
    who: str
    whose: str
    source_address: str
    record: str
    record_filter: str
    """The record as the address of a filtered list names it; "" where the entry is about none."""
    changes: tuple[Change, ...]


def asked(zone: str) -> Filters:
    """What the address asks for; values that do not exist count as not asked. Days are those of ``zone``."""
    ask = request.args.get
    event, party = ask("event", ""), ask("party", "").upper()
    record = RECORD.fullmatch(without_unusable(ask("record", ""), multiline=False))
    first, last = _day(ask("since", "")), _day(ask("until", ""))
    return Filters(
        event=event if event in EVENTS else "",
        words=without_unusable(ask("q", ""), multiline=False)[:200],
        party_code=party if re.fullmatch(r"[A-Z]{2,3}", party) else "",
        record=(record[1], record[2] or "") if record else None,
        since=ends_at(first - timedelta(days=1), zone) if first else None,
        before=ends_at(last, zone) if last else None,
    )


def events(offered: Iterable[str] = EVENTS) -> list[tuple[str, str]]:
    """(Name, words) of events to filter by, in the order of the words."""
    lang = choose()
    return sorted(((name, wording.translate(EVENTS[name], lang)) for name in offered), key=lambda e: e[1].casefold())


Names = Mapping[tuple[str, str], str]
"""What records are called (``services.audit_read.names``)."""


def lines(rows: Iterable[Any], actor: Actor, names: Names) -> list[Line]:
    """Entries in words. Names and addresses of staff are for staff, those of a party's people for it and for staff."""
    lang = choose()
    return [_line(row, actor, names, lang) for row in rows]


def _line(row: Any, actor: Actor, names: Names, lang: str) -> Line:
    known = actor.is_staff or (row.actor_party_id is not None and row.actor_party_id == actor.party_id)
    words = EVENTS.get(row.event)
    return Line(
        number=row.number,
        when=row.at,
        what=wording.translate(words, lang) if words else row.event,
        who=_who(row, known, lang),
        whose=wording.pick(row.party_name, lang) if row.party_name else "",
        # Of a sign-in that failed nobody knows who it was: its address is what the party has to look at.
        source_address=row.source_address if known or row.actor_role is None else "",
        record=_record(row, names, lang),
        record_filter=f"{row.record_type}:{row.record_id}" if row.record_type else "",
        changes=tuple(_changes(row.old or {}, row.new or {}, names, lang)),
    )


def _who(row: Any, known: bool, lang: str) -> str:
    if row.actor_role is None:
        return _("Somebody not signed in") if row.source_address else _("The site itself")
    role = wording.label(row.actor_role, lang)
    if known:
        return f"{row.actor_name} ({role})"
    if row.actor_role not in STAFF_ROLES:
        return role
    secretariat = _("The Secretariat")
    return f"{secretariat} ({role})"


def _record(row: Any, names: Names, lang: str) -> str:
    if not row.record_type:
        return ""
    words = RECORDS.get(row.record_type)
    kind = wording.translate(words, lang) if words else row.record_type.replace("_", " ")
    name = names.get((row.record_type, row.record_id))
    return f"{kind}: {name}" if name else f"{kind} {row.record_id}"


def _changes(old: dict[str, Any], new: dict[str, Any], names: Names, lang: str) -> Iterable[Change]:
    for name in sorted(old.keys() | new.keys()):
        words = FIELDS.get(name)
        field = wording.translate(words, lang) if words else name.replace("_", " ")
        before, after = (_value(values.get(name), name, names, lang) for values in (old, new))
        yield Change(field, before, after)


def _value(value: Any, field: str, names: Names, lang: str) -> str:
    """One value; of a text that was not kept, its length."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field in ACCOUNTS:
        return names.get(("user", str(value)), str(value))
    if isinstance(value, list):
        return ", ".join(_value(one, field, names, lang) for one in value)
    if isinstance(value, dict):
        said = _("text of %(count)s characters") % {"count": value.get("length", "?")}
        return f"{said} ({value['sha256'][:SHORT_HASH]}…)" if "sha256" in value else said
    if field == "kind" and value in KINDS:
        return wording.translate(KINDS[value], lang)
    if value in wording.LABELS:
        return wording.label(value, lang)
    return str(value)


def _day(text: str) -> date | None:
    if not DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 9000 else None
