"""The personal-data check: what must never get in is data about victims, witnesses or suspects.

A check by pattern finds what looks like an identity number, a docket number, a birth date, an e-mail address, a
telephone number, a place or somebody named as a victim. What is certain must be taken out; what is doubtful the author
takes out or explains. Each module says where it draws the line (docs/decisions/0013-personal-data-guard.md). The list
of what must not get in stands in the product's specification ("What must never get in").

All patterns are linear: no repetition without a bound inside another, so that 30,000 characters stay under a second.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from tracker.domain.privacy import contact, identity, persons, places
from tracker.domain.privacy.flat import Flat
from tracker.domain.privacy.kinds import LONGEST_EXCERPT, MASK, Finding, Span, Suspicion

__all__ = ["LONGEST_EXCERPT", "MASK", "Finding", "Suspicion", "around", "examine"]

_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]{3,2000}")
_FIRST = {
    kind: place
    for place, kind in enumerate(
        (
            Suspicion.EMAIL,
            Suspicion.COORDINATES,
            Suspicion.IDENTITY_NUMBER,
            Suspicion.DOCKET,
            Suspicion.BIRTH_DATE,
            Suspicion.AGE_WITH_INITIALS,
            Suspicion.SHELTER_ADDRESS,
            Suspicion.NAMED_PERSON,
            Suspicion.PHONE,
        )
    )
}
"""Where two findings overlap, which one is told, after certain before doubtful."""


def examine(texts: Iterable[tuple[str, str]]) -> list[Finding]:
    """What looks like personal data in (field, text) pairs, in the order of the texts; empty where nothing does.

    Findings do not overlap: of two on the same characters the certain one stays, then the more telling.
    """
    found = []
    for field, text in texts:
        if not text:
            continue
        for span in _spans(text):
            excerpt = text[span.start : span.end][:LONGEST_EXCERPT]
            found.append(Finding(field, span.suspicion, excerpt, span.start, span.end, span.certain))
    return found


MOST_KEPT = 2000
_kept: dict[bytes, tuple[Span, ...]] = {}
"""Places found, by a digest of the text: a form is shown more often than it is changed. No text is kept."""


def _spans(text: str) -> tuple[Span, ...]:
    key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    known = _kept.get(key)
    if known is None:
        flat = Flat.of(text)
        known = tuple(Span(s.suspicion, *flat.in_source(s.start, s.end), s.certain) for s in _chosen(_candidates(flat)))
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = known
    return known


def around(text: str, finding: Finding, reach: int = 50) -> tuple[str, str, str]:
    """(words before, what was found, words after) for showing a finding in its passage; cut at blanks."""
    before, after = text[max(0, finding.start - reach) : finding.start], text[finding.end : finding.end + reach]
    if finding.start > reach:
        before = "…" + before[before.find(" ") + 1 if " " in before else 0 :]
    if finding.end + reach < len(text):
        after = (after[: after.rfind(" ")] if " " in after else after) + "…"
    return " ".join(before.split("\n")), text[finding.start : finding.end], " ".join(after.split("\n"))


def _candidates(flat: Flat) -> Iterator[Span]:
    # The digits and names inside a web address are those of a document; e-mail addresses and places count there too.
    low = _WEB_ADDRESS.sub(lambda match: " " * len(match[0]), flat.low)
    bare = flat.bare if low == flat.low else _WEB_ADDRESS.sub(lambda match: " " * len(match[0]), flat.bare)
    yield from contact.emails(flat)
    yield from places.coordinates(flat)
    if any(char.isdigit() for char in low):
        yield from identity.numbers_after_words(low, bare)
        yield from identity.numbers_by_form(low)
        yield from identity.dockets(low)
        yield from contact.phones(low)
        yield from persons.births(flat)
        yield from persons.ages(flat)
        yield from places.shelters(flat, bare)
    yield from persons.named(flat)


def _chosen(candidates: Iterable[Span]) -> list[Span]:
    """Without overlaps, in the order of the text."""
    kept: list[Span] = []
    ranked = sorted(candidates, key=lambda s: (not s.certain, _FIRST[s.suspicion], s.start, -s.end))
    taken = bytearray(max((s.end for s in ranked), default=0))
    for span in ranked:
        if 1 not in taken[span.start : span.end]:
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
