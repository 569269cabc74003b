"""Issued reports as they are kept: the plain data of one edition as compressed JSON, read back as the same dataclass.

Older data stays readable: what it lacks takes the default of its field, what today's dataclasses no longer know is
passed over. A field added to what a report holds must therefore have a default, and a word of a closed list that was
ever published is never taken away.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

from tracker.domain.vocabulary import PublicationKind
from tracker.services.status_report_content import StatusReport

if TYPE_CHECKING:
    from tracker.services.hemispheric_content import HemisphericReport

    Report = StatusReport | HemisphericReport
else:
    Report = StatusReport

LEVEL = 6
LARGEST = 64 * 1024 * 1024
"""Bytes of JSON of one edition that are read back; what is larger was not written here."""
_CATALOGUE = frozenset(
    {
        *("CycleFacts", "IssueFacts", "TrendPoint", "StateLine", "ExtensionLine", "MandateLine"),
        *("RatingChange", "DateChange", "MoneyChange"),
    }
)
"""Parts that hold no words of reporters, reviewers or observers."""
_CODES = frozenset(
    {
        *("code", "language", "party_code", "time_zone", "cycle_code", "data_type", "currency", "state_code"),
        *("bindingness", "pillars", "themes", "cycles", "name", "official_name", "state", "apart"),
        *("asked", "instrument", "reading_note", "label", "provision", "provision_code", "sha256"),
    }
)
"""Fields with words of the catalogue, of the accounts and codes: corrected elsewhere, and no report changes with it."""
_CODES_OF = frozenset(
    {
        *(("CommitmentLine", "title"), ("ProvisionLine", "title"), ("StatedAttachment", "evidence")),
        *(("FigureChange", "title"), ("FigureChange", "indicator")),
        *(("Changes", name) for name in ("reported", "commented", "observed", "joined", "left", "evidenced")),
        *(("Changes", name) for name in ("since_number", "cycle_before", "no_longer_rated")),
    }
)


class Damaged(Exception):
    """What is kept is no report of this kind."""


def freeze(report: Report) -> bytes:
    """The report as it is kept. The same report gives the same bytes."""
    return zlib.compress(msgspec.json.encode(report), LEVEL)


def thaw(kind: PublicationKind, frozen: bytes) -> Any:
    """The StatusReport or HemisphericReport that was frozen. Raises Damaged."""
    try:
        plain = zlib.decompressobj().decompress(frozen, LARGEST)
        return msgspec.json.decode(plain, type=_type_of(kind))
    except (zlib.error, msgspec.MsgspecError) as error:
        raise Damaged(type(error).__name__) from None


def _type_of(kind: PublicationKind) -> Any:
    if kind is PublicationKind.STATUS_REPORT:
        return StatusReport
    from tracker.services.hemispheric_content import HemisphericReport  # large, and seldom asked for

    return HemisphericReport


def rewritten(report: Any, change: Callable[[str], tuple[str, int]]) -> tuple[Any, int]:
    """The report with each text of people put through ``change``, and how often something was found.

    Codes, dates, ratings and the words of the catalogue stay as they are; any other text is looked at, so that a new
    field cannot be forgotten.
    """
    if isinstance(report, Enum):
        return report, 0
    if isinstance(report, str):
        return change(report)
    if isinstance(report, tuple):
        done = [rewritten(one, change) for one in report]
        total = sum(count for _one, count in done)
        return (tuple(one for one, _count in done), total) if total else (report, 0)
    if is_dataclass(report) and not isinstance(report, type):
        return _rewritten_fields(report, change)
    return report, 0


def _rewritten_fields(part: Any, change: Callable[[str], tuple[str, int]]) -> tuple[Any, int]:
    kind = type(part).__name__
    if kind in _CATALOGUE:
        return part, 0
    changed, total = {}, 0
    for field in fields(part):
        if field.name in _CODES or (kind, field.name) in _CODES_OF:
            continue
        value, count = rewritten(getattr(part, field.name), change)
        if count:
            changed[field.name] = value
            total += count
    return (replace(part, **changed), total) if changed else (part, 0)
