"""Where texts of people are kept: every column of text there is, but for those named here with the reason.

A new column cannot be forgotten: it is searched and erased from unless it is written down in ``NOT_SEARCHED``
(``tests/services/test_purge.py`` looks that nothing else is left out).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from markupsafe import escape
from sqlalchemy.orm import Session

from tracker.models import Base
from tracker.wording import LABELS

ERASED = "▮▮▮"
"""What stands in the place of what was erased, in every language."""
FEWEST = 4
"""Characters of a passage: fewer would be found in half the words there are."""

_CATALOGUE = "the words of the instruments and of the catalogue: public sources, corrected by a new version"
_ACCOUNT = "names and addresses of accounts: changed and closed under People"
_CODES = "codes of the program, never typed by people"
NOT_SEARCHED: dict[str, str] = {
    "audit_entry": "only grows, and holds lengths and digests of texts, never the texts",
    "audit_head": "the last digest of the trail",
    "activity": _CATALOGUE,
    "activity_document": _CATALOGUE,
    "catalogue_release": _CATALOGUE,
    "classification": _CATALOGUE,
    "context_statement": _CATALOGUE,
    "element": _CATALOGUE,
    "indicator": _CATALOGUE,
    "instrument": _CATALOGUE,
    "member_state": _CATALOGUE,
    "provision": _CATALOGUE,
    "provision_version.title": _CATALOGUE,
    "provision_version.text": _CATALOGUE,
    "provision_version.text_status": _CATALOGUE,
    "reporting_party": _CATALOGUE,
    "user": _ACCOUNT,
    "one_time_link": "digests of links",
    "sign_in_attempt": "digests of addresses",
    "sign_in_session": "digests of sessions",
    "heartbeat": _CODES,
    "mail_pause": "what a mail server said about a whole domain",
    "mail_text.language": _CODES,
    "mail_text.key": "the digest of a sentence as shipped",
    "mail_text.shipped": "a sentence as shipped",
    "message.key": _CODES,
    "message.kind": _CODES,
    "message.to_address": _ACCOUNT,
    "message.language": _CODES,
    "message.message_id": _CODES,
    "message_attachment.content_type": _CODES,
    "reporting_cycle.code": _CODES,
    "history_entry.action": _CODES,
    "history_entry.from_state": _CODES,
    "history_entry.to_state": _CODES,
    "history_entry.actor_role": _CODES,
    "assessment.element_ratings": "ratings by code of element",
    "progress_report.unconfirmed": "names of fields",
    "evidence.public_id": _CODES,
    "evidence.language": _CODES,
    "evidence_link.language": _CODES,
    "evidence_version.media_type": _CODES,
    "evidence_version.sha256": "the digest of a file",
    "evidence_version.store_key": _CODES,
    "evidence_version.scan": _CODES,
    "evidence_version.problem": _CODES,
    "report_revision.sha256": "the digest of what was submitted: it stays, and the submission says that it was purged",
    "budget_line.amount": "an amount",
    "budget_line.currency": _CODES,
    "indicator_value.currency": _CODES,
    "observation.language": _CODES,
    "good_practice.language": _CODES,
    "workbook_return.public_id": _CODES,
    "subscription.party_ids": "numbers of States",
    "summary_entry.figures": "counts, under names of fields",
    "handover.moved": "numbers",
    "office.email": "addresses of offices: changed under Offices",
    "note_verbale": "a paper that left, with its digests: titles of the catalogue, dates and an office, no free text",
    "saved_view.path": _CODES,
    "search_entry": "made from what is searched, and made anew where the passage stood (services.search_index)",
    "search_facet": _CODES,
    "issued_report.subject": _CODES,
    "issued_report.code": _CODES,
    "issued_report.period": _CODES,
    "issued_edition.language": _CODES,
    "issued_document.format": _CODES,
    "issued_document.sha256": "the digest of a document: it stays, so that a copy is recognised",
    "purge.kind": _CODES,
    "purge.places": "numbers",
}
"""Tables and columns ("table.column") that are left out, and why."""
_CODES_IN_JSON = """
element indicator evidence self_assessment rating strength kind purpose stage media_type sha256 currency speaks_of
period_start period_end is_public language state action due_on until comment_until public_id
"""
CODES_IN_JSON = frozenset(_CODES_IN_JSON.split())
"""Keys of stored JSON whose values are codes, dates and digests."""


@dataclass(frozen=True)
class Hit:
    """One row that holds the passage: how often, by column."""

    table: sa.Table
    key: int
    counts: dict[str, int]
    changed: dict[str, Any]
    """The columns as they will be."""
    row: dict[str, Any]
    """Ids that say whose row it is: commitment_id, report_id, party_id, where the table has them."""


@cache
def searched() -> dict[sa.Table, tuple[sa.Column, ...]]:
    """Tables and their columns of text."""
    found = {}
    for table in Base.metadata.sorted_tables:
        columns = tuple(c for c in table.columns if is_text(c) and not _left_out(table, c))
        if columns:
            found[table] = columns
    return found


def is_text(column: sa.Column) -> bool:
    """Whether people's words could stand in it: any text or JSON that is no closed list."""
    kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
    return isinstance(kind, sa.String | sa.JSON) and not isinstance(kind, sa.Enum)


def _left_out(table: sa.Table, column: sa.Column) -> bool:
    return table.name in NOT_SEARCHED or f"{table.name}.{column.name}" in NOT_SEARCHED


def is_too_common(passage: str) -> bool:
    """Whether the passage is too short, or part of a code that the program needs."""
    return len(passage) < FEWEST or any(passage in code for code in LABELS)


def hits(session: Session, passage: str, *, lock: bool = False) -> Iterator[Hit]:
    """The rows that hold the passage, blanks and line breaks in it taken for one another."""
    plain, html = finder(passage), finder(passage, written=lambda word: str(escape(word)))
    anchor = max(re.findall(r"[A-Za-z0-9]+", passage) or [""], key=len)
    for table, columns in searched().items():
        ids = [c for c in table.columns if c.name in ("commitment_id", "report_id", "party_id")]
        wanted = sa.select(table.c.id, *columns, *[c for c in ids if c not in columns])
        if anchor:
            wanted = wanted.where(sa.or_(*(sa.cast(c, sa.Text).contains(anchor, autoescape=True) for c in columns)))
        if lock:
            wanted = wanted.with_for_update()
        for row in session.execute(wanted.order_by(table.c.id)).mappings():
            counts, changed = {}, {}
            for column in columns:
                found = html if column.name == "html" else plain
                value, count = _erased(row[column.name], found)
                if count:
                    counts[column.name], changed[column.name] = count, value
            if counts:
                yield Hit(table, row["id"], counts, changed, {c.name: row[c.name] for c in ids})


def finder(passage: str, written: Callable[[str], str] = str) -> re.Pattern[str]:
    """Finds the passage, however its blanks were broken into lines."""
    return re.compile(r"(?:\s|&nbsp;|<br\s?/?>)+".join(re.escape(written(word)) for word in passage.split()))


def _erased(value: Any, pattern: re.Pattern[str]) -> tuple[Any, int]:
    """The value without the passage, and how often it was there. JSON is walked through."""
    if isinstance(value, str):
        return pattern.subn(ERASED, value)
    if isinstance(value, list):
        done = [_erased(one, pattern) for one in value]
        return [one for one, _count in done], sum(count for _one, count in done)
    if isinstance(value, dict):
        made, total = {}, 0
        for name, one in value.items():
            is_code = name in CODES_IN_JSON and isinstance(one, str)
            kept, count = (one, 0) if is_code else _erased(one, pattern)
            made[name] = kept
            total += count
        return made, total
    return value, 0
