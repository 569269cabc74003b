"""What becomes of each report of the demonstration: named courses of steps, dealt evenly so that no State stands out.

A course is a list of (day, step): the day counts from the opening of the cycle, ``None`` saves the draft. Every course
is a legal path of ``domain.workflow``; ``lives.Life`` refuses one that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tracker.domain.vocabulary import Rating, Strength
from tracker.domain.workflow import Action as A

SEED = "tracker-demonstration-1"
Course = tuple[tuple[int, A | None], ...]

OPENED_AGO = 45
"""Days since the open cycle was opened; its courses end before today."""
DUE_AFTER = 66
"""Days from the opening to the due date: three weeks from today in the open cycle."""
CLOSES_AFTER = 111
COMMENT_DAYS = 15
"""Length of the window for comment, in days: short enough for some to have ended in the open cycle."""

_ASKED: Course = ((4, None), (6, A.ASK_APPROVAL))
_REVIEWED: Course = (*_ASKED, (8, A.SUBMIT), (11, A.TAKE_UP))
_CONFIRMED: Course = (*_REVIEWED, (14, A.PROPOSE), (17, A.CONFIRM))
_RETURNED: Course = ((8, None), (11, A.ASK_APPROVAL), (14, A.SUBMIT), (20, A.TAKE_UP), (30, A.RETURN))

OPEN_COURSES: dict[str, Course] = {
    "not_started": (),
    "started": ((31, None),),
    "awaiting": ((28, None), (40, A.ASK_APPROVAL)),
    "refused": ((25, None), (30, A.ASK_APPROVAL), (38, A.REFUSE)),
    "recalled": ((24, None), (28, A.ASK_APPROVAL), (33, A.SUBMIT), (37, A.RECALL)),
    "submitted": ((22, None), (29, A.ASK_APPROVAL), (36, A.SUBMIT)),
    "under_review": ((16, None), (20, A.ASK_APPROVAL), (26, A.SUBMIT), (38, A.TAKE_UP)),
    "returned_overdue": _RETURNED,
    "returned_soon": _RETURNED,
    "awaiting_again": (*_RETURNED, (36, None), (40, A.ASK_APPROVAL)),
    "resubmitted": (*_RETURNED, (34, None), (36, A.ASK_APPROVAL), (39, A.SUBMIT)),
    "proposed": ((12, None), (15, A.ASK_APPROVAL), (19, A.SUBMIT), (26, A.TAKE_UP), (39, A.PROPOSE)),
    "sent_back": (
        (10, None), (13, A.ASK_APPROVAL), (16, A.SUBMIT), (22, A.TAKE_UP), (32, A.PROPOSE), (40, A.SEND_BACK),
    ),
    "open_for_comment": (
        (9, None), (12, A.ASK_APPROVAL), (15, A.SUBMIT), (21, A.TAKE_UP), (30, A.PROPOSE), (37, A.CONFIRM),
    ),
    "commented": (*_CONFIRMED, (24, A.COMMENT)),
    "waived": (*_CONFIRMED, (22, A.WAIVE)),
    "published_by_clock": (*_CONFIRMED, (33, A.PUBLISH)),
    "reopened": (*_CONFIRMED, (24, A.COMMENT), (38, A.REOPEN)),
}  # fmt: skip
"""The open cycle, on its 45th day. A shift of up to two days back and one forward is added."""

_ON_TIME: Course = ((40, None), (46, A.ASK_APPROVAL), (52, A.SUBMIT), (60, A.TAKE_UP))
_LATE: Course = ((60, None), (76, A.ASK_APPROVAL), (82, A.SUBMIT), (90, A.TAKE_UP))
_AGAIN: Course = (
    *_ON_TIME, (66, A.RETURN), (74, None), (77, A.ASK_APPROVAL), (80, A.SUBMIT), (88, A.TAKE_UP),
)  # fmt: skip
_RATED: Course = ((100, A.PROPOSE), (108, A.CONFIRM))
_ENDS: dict[str, Course] = {
    "commented": (*_RATED, (118, A.COMMENT)),
    "waived": (*_RATED, (116, A.WAIVE)),
    "by_clock": (*_RATED, (125, A.PUBLISH)),
    "sent_back": (
        (96, A.PROPOSE), (100, A.SEND_BACK), (104, A.PROPOSE), (110, A.CONFIRM), (120, A.COMMENT),
    ),
    "reopened": (
        *_RATED, (118, A.WAIVE), (140, A.REOPEN), (150, A.PROPOSE), (156, A.CONFIRM), (164, A.COMMENT),
    ),
}  # fmt: skip
CLOSED_COURSES: dict[str, Course] = {
    "not_started": (),
    "started": ((58, None),),
    **{
        f"{begun}_{ended}": (*beginning, *ending)
        for begun, beginning in (("on_time", _ON_TIME), ("late", _LATE), ("again", _AGAIN))
        for ended, ending in _ENDS.items()
    },
}
"""A closed cycle: what was reported is published."""

_EAGER = (
    "returned_overdue", "awaiting_again", "commented", "under_review", "submitted", "open_for_comment",
    "proposed", "published_by_clock", "resubmitted", "returned_soon", "submitted", "waived", "sent_back",
    "under_review", "open_for_comment",
)  # fmt: skip
_MIDDLE = (
    "started", "awaiting", "returned_soon", "not_started", "submitted", "open_for_comment", "refused", "proposed",
    "not_started", "waived", "under_review", "awaiting", "commented", "recalled", "reopened",
)  # fmt: skip
_EARLY = (
    "started", "awaiting", "returned_overdue", "not_started", "submitted", "started", "not_started",
    "open_for_comment", "refused", "not_started", "started", "awaiting", "not_started", "not_started", "started",
)  # fmt: skip
_NOTHING = (
    "started", "awaiting", "refused", "not_started", "started", "awaiting", "not_started", "started", "not_started",
    "not_started", "not_started", "started", "not_started", "not_started", "not_started",
)  # fmt: skip
_SECRETARIAT = (
    "started", "returned_soon", "open_for_comment", "submitted", "under_review", "not_started", "proposed",
    "commented", "returned_overdue", "submitted", "waived", "started",
)  # fmt: skip

_RATINGS = (
    *[Rating.IMPLEMENTED] * 3, *[Rating.LARGELY] * 4, *[Rating.PARTIALLY] * 4, Rating.NOT,
    *[Rating.INSUFFICIENT] * 2, Rating.NO_LONGER_APPLICABLE,
)  # fmt: skip
_STRENGTHS = (
    *[Strength.DECLARED_ONLY] * 3, *[Strength.DOCUMENTED] * 7, *[Strength.CONFIRMED] * 3, *[Strength.MEASURED] * 2,
)  # fmt: skip

ACCREDITED = ("BR", "GT", "PE")
"""The States whose published results the observer follows: they have some in both cycles."""


def dice(*about: str) -> Random:
    """Random numbers that are the same at every load for what they are about."""
    return Random(":".join((SEED, *about)))  # noqa: S311  (repeatable, not secret)


@dataclass(frozen=True)
class Fate:
    """What becomes of one report."""

    name: str
    course: Course
    rating: Rating
    strength: Strength


def deal(cycle: str, parties: dict[str, list[str]], *, is_open: bool) -> dict[tuple[str, str], Fate]:
    """A fate for each (party code, provision code) of a cycle; ``parties`` gives the provisions each owes, in order.

    The same seed, cycle and parties give the same fates, whatever the date. Which State reported how much is decided
    by hash and says nothing about any State.
    """
    order = [code for code in sorted(parties) if len(code) == 2 and code not in ("GS", *ACCREDITED)]
    dice("order" if cycle in ("open", "closed") else cycle, "order").shuffle(order)
    if not is_open:
        # Who has reported little so far in the open cycle had reported all in the closed one.
        order.reverse()
    ranks = {code: rank for rank, code in enumerate(order)}
    fates = {}
    for code, provisions in parties.items():
        rng = dice(cycle, code)
        rank = ranks.get(code, len(order) // 2)
        if code == "GS":
            rank = -1
        names = _open(rank, len(provisions)) if is_open else _closed(rng, rank, len(order), len(provisions))
        courses = OPEN_COURSES if is_open else CLOSED_COURSES
        names = names[: len(provisions)]
        rng.shuffle(names)
        ratings = rng.sample(_RATINGS, len(_RATINGS))
        strengths = rng.sample(_STRENGTHS, len(_STRENGTHS))
        for number, provision in enumerate(provisions):
            name = names[number]
            fates[code, provision] = Fate(
                name, courses[name], ratings[number % len(ratings)], strengths[number % len(strengths)]
            )
    return fates


def _open(rank: int, wanted: int) -> list[str]:
    if wanted == 1:
        return ["returned_soon"]
    if rank == -1:
        deck: Sequence[str] = _SECRETARIAT
    elif rank == 0:
        deck = _NOTHING
    elif rank <= 5:
        deck = _EARLY
    elif rank <= 20:
        deck = _MIDDLE
    else:
        deck = _EAGER
    return [deck[number % len(deck)] for number in range(wanted)]


def _closed(rng: Random, rank: int, ranks: int, wanted: int) -> list[str]:
    """Two thirds of the States reported nearly all, most others a part, one nothing."""
    if wanted == 1:
        return ["on_time_waived"]
    missing = {0: wanted, 1: 7, 2: 6, 3: 5, 4: 4}.get(rank, 0 if rank > ranks // 2 else rng.randint(1, 3))
    names = [rng.choice(("not_started", "started")) for _ in range(missing)]
    while len(names) < wanted:
        begun = rng.choices(("on_time", "late", "again"), (70, 15, 15))[0]
        ended = rng.choices(("commented", "waived", "by_clock", "sent_back", "reopened"), (30, 25, 35, 7, 3))[0]
        names.append(f"{begun}_{ended}")
    return names
