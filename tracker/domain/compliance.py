"""Coverage, timeliness and ratings: the rules behind every figure. One function gives a figure to page, mail and PDF.

Three axes, never merged into one grade: did the State report, what was done, how well is it shown. Not reported is
no rating and is never counted as not done; every percentage carries its denominator; below five, a share is a count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

from tracker.domain.vocabulary import HIGH_RATINGS, Rating, Strength

Member = TypeVar("Member", bound=StrEnum)

_RATINGS, _STRENGTHS = tuple(Rating), tuple(Strength)

SMALLEST_SHARE = 5
"""Below this denominator a share is shown as a count."""


@dataclass(frozen=True)
class Share:
    """ "n of m". ``percent`` is None where the denominator is too small for a share (or nothing)."""

    count: int
    total: int

    @property
    def percent(self) -> int | None:
        if self.total < SMALLEST_SHARE:
            return None
        return round(100 * self.count / self.total)


class Item(NamedTuple):
    """What the figures need of one commitment in one cycle."""

    party_id: int
    provision_code: str
    pillars: tuple[str, ...]
    reported: bool
    on_time: bool
    self_assessment: Rating | None
    """As said in the newest submission; None where nothing was submitted."""
    rating: Rating | None
    """Published; None otherwise."""
    strength: Strength | None
    alike: int = 1
    """How many commitments are counted by this one: more where the database has counted those alike."""


@dataclass(frozen=True)
class Figures:
    """The figures of a set of commitments."""

    reported: Share
    on_time: Share
    """Of those reported."""
    rated: Share
    """Of those reported."""
    ratings: Mapping[Rating, int]
    """Published ratings; adds up to ``rated.count``."""
    strengths: Mapping[Strength, int]
    differing: Share
    """Rated otherwise than the State rated itself, of those with both."""

    def __hash__(self) -> int:
        return hash((self.reported, self.on_time, self.rated, *self.ratings.values(), *self.strengths.values()))


def is_on_time(submitted_at: datetime, due_at: datetime) -> bool:
    """Decided once, by the server, when a report is first submitted, and kept."""
    return submitted_at < due_at


def figures(items: Iterable[Item]) -> Figures:
    """Count one set of commitments; in one pass, because a page counts thousands."""
    total = reported = on_time = rated = both = differing = 0
    ratings, strengths = dict.fromkeys(_RATINGS, 0), dict.fromkeys(_STRENGTHS, 0)
    for _party, _code, _pillars, is_reported, was_on_time, own, rating, strength, alike in items:
        total += alike
        if is_reported:
            reported += alike
            if was_on_time:
                on_time += alike
        if rating is None:
            continue
        rated += alike
        ratings[rating] += alike
        if strength is not None:
            strengths[strength] += alike
        if own is not None:
            both += alike
            if own != rating:
                differing += alike
    return Figures(
        reported=Share(reported, total),
        on_time=Share(on_time, reported),
        rated=Share(rated, reported),
        ratings=ratings,
        strengths=strengths,
        differing=Share(differing, both),
    )


def together(parts: Iterable[Figures]) -> Figures:
    """The figures of several sets that share no commitment, as of one set."""
    listed = list(parts)

    def share(of: Callable[[Figures], Share]) -> Share:
        shares = [of(one) for one in listed]
        return Share(sum(s.count for s in shares), sum(s.total for s in shares))

    return Figures(
        reported=share(lambda f: f.reported),
        on_time=share(lambda f: f.on_time),
        rated=share(lambda f: f.rated),
        ratings={rating: sum(f.ratings[rating] for f in listed) for rating in _RATINGS},
        strengths={strength: sum(f.strengths[strength] for f in listed) for strength in _STRENGTHS},
        differing=share(lambda f: f.differing),
    )


def by_pillar(items: Sequence[Item], pillars: Sequence[str]) -> dict[str, Figures]:
    """The figures per pillar; "" for commitments whose source names no pillar.

    A commitment that serves several pillars counts in each, so the columns do not add up to the whole: say so.
    """
    groups: dict[str, list[Item]] = {p: [] for p in pillars}
    groups[""] = []
    for item in items:
        for pillar in item.pillars or ("",):
            groups.setdefault(pillar, []).append(item)
    return {pillar: figures(group) for pillar, group in groups.items()}


def roll_up(answers: Sequence[Rating | None]) -> Rating | None:
    """What the elements of a commitment come to, said by a State or by a reviewer; None while one is unanswered.

    Rule: elements no longer applicable do not count (all so: the commitment is so). All implemented: implemented.
    None implemented at all: not implemented. All at least largely: largely. Otherwise partially. Where information on
    an element is insufficient, so is it for the whole, unless the others make it "partially" whatever that one is.
    """
    if not answers or any(a is None for a in answers):
        return None
    counting = [a for a in answers if a is not Rating.NO_LONGER_APPLICABLE]
    if not counting:
        return Rating.NO_LONGER_APPLICABLE
    known = [a for a in counting if a is not Rating.INSUFFICIENT]
    if len(known) < len(counting):
        open_still = all(a in HIGH_RATINGS for a in known) or all(a is Rating.NOT for a in known)
        return Rating.INSUFFICIENT if open_still else Rating.PARTIALLY
    if all(a is Rating.IMPLEMENTED for a in counting):
        return Rating.IMPLEMENTED
    if all(a is Rating.NOT for a in counting):
        return Rating.NOT
    if all(a in HIGH_RATINGS for a in counting):
        return Rating.LARGELY
    return Rating.PARTIALLY


def disagree(*said: Rating | None) -> bool:
    """Whether the voices on one commitment differ (the State, the Secretariat, observers): two spoke, and not alike.

    Silence is no disagreement; words are compared, not their distance on the scale.
    """
    first: Rating | None = None
    for one in said:
        if one is not None:
            if first is not None and one != first:
                return True
            first = one
    return False


def needs_reason_for_strength(rating: Rating, strength: Strength) -> bool:
    """A high rating on "declared only" asks for a reason of its own."""
    return rating in HIGH_RATINGS and strength is Strength.DECLARED_ONLY
