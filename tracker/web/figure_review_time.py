"""How long reviews take: days from the submission to the publication of its rating, in classes, with the median."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.documents import figure_drawing
from tracker.documents.figure_content import Column, Figure, Kind, Table, Value
from tracker.documents.figure_drawing import Bar
from tracker.domain.compliance import Share
from tracker.services.figure_board import Board
from tracker.services.figure_review_time import CLASSES, Review, median_days
from tracker.web.figure_speech import Speech
from tracker.wording import N_

BY_CYCLE, BY_COMMITMENT = "cycle", "commitment"
KEYS = {f"{least}-{most}" if most else f"{least}-": (least, most) for least, most in CLASSES}
"""As in addresses: 15-30, 181-."""


def figure(board: Board, language: str, found: Sequence[Review], by: str = BY_CYCLE, days: str = "") -> Figure:
    """``found`` of ``services.figure_review_time.reviews``, for the same board; ``days``: a key of ``KEYS``."""
    speech = Speech(board, language)
    listed = [one for one in found if not days or one.class_ == KEYS[days]]
    one_cycle = bool(board.asked.cycle)
    more = ((speech.say(N_("Days")), _class(speech, KEYS[days])),) if days else ()
    return Figure(
        name="review-time",
        language=language,
        heading=speech.say(N_("How long a review takes")),
        title=_finding(speech, found),
        scope=(*speech.scope(cycle=one_cycle), *more),
        codes=speech.codes(cycle=one_cycle, by="" if by == BY_CYCLE else by, days=days),
        reading=tuple(
            speech.say(text)
            for text in (
                N_(
                    "Whole days from the submission that was rated to the publication of its rating. The time in which"
                    " the State may comment is part of it; the time a State took after a report was returned is not."
                ),
                N_(
                    "Only published ratings are counted: in a cycle under review the longest are still to come. The"
                    " median is the number of days within which half of them were published; for fewer than five none"
                    " is given."
                ),
            )
        ),
        as_of=board.as_of,
        table=_one_by_one(speech, listed) if by == BY_COMMITMENT else _per_cycle(speech, found),
        drawing=_drawn(speech, found) if found else None,
    )


def _finding(speech: Speech, found: Sequence[Review]) -> str:
    half = median_days(list(found))
    if half is None:
        return speech.say(N_("Ratings published: %(number)s; too few for a median."), number=len(found))
    return speech.say(N_("Half of %(number)s reviews took %(days)s days or fewer."), number=len(found), days=half)


def _class(speech: Speech, one: tuple[int, int | None]) -> str:
    least, most = one
    if most is None:
        return speech.say(N_("%(days)s days and more"), days=least)
    return speech.say(N_("%(least)s to %(most)s days"), least=least, most=most)


def _per_cycle(speech: Speech, found: Sequence[Review]) -> Table:
    rows = []
    for cycle in speech.board.cycles:
        mine = [one for one in found if one.cycle_id == cycle.id]
        if not mine:
            continue
        behind = {"cycle": cycle.code, "by": BY_COMMITMENT}
        half = median_days(mine)
        values = []
        for key, one in KEYS.items():
            count = sum(1 for review in mine if review.class_ == one)
            href = speech.address("review-time", {**behind, "days": key}, cycle=False) if count else ""
            values.append(Value(str(count), count, href))
        rows.append(
            (
                Value(speech.pick(cycle.title), cycle.code),
                Value(str(len(mine)), len(mine), speech.address("review-time", behind, cycle=False)),
                Value("–" if half is None else str(half), half),
                *values,
            )
        )
    columns = (
        speech.column("cycle", N_("Reporting cycle")),
        speech.column("ratings", N_("Ratings published"), Kind.NUMBER),
        speech.column("median_days", N_("Median, in days"), Kind.NUMBER),
        *(Column(f"days_{key}", _class(speech, one), Kind.NUMBER) for key, one in KEYS.items()),
    )
    return Table(BY_CYCLE, speech.say(N_("Cycle by cycle")), columns, tuple(rows))


def _one_by_one(speech: Speech, found: Sequence[Review]) -> Table:
    titles = {cycle.id: cycle for cycle in speech.board.cycles}
    of: dict[str, list[Review]] = {}
    for one in found:
        of.setdefault(one.party_code, []).append(one)
    rows = []
    for party in speech.alphabetical(p for p in speech.board.parties if p.code in of):
        for one in of[party.code]:
            cycle = titles[one.cycle_id]
            provision = f"{one.provision_code} {speech.provision(one.provision_code)}"
            rows.append(
                (
                    speech.state_value(party, party.code),
                    Value(provision, one.provision_code, speech.commitment(party.code, one.provision_code, cycle.code)),
                    Value(speech.pick(cycle.title), cycle.code),
                    speech.date_value(one.submitted_at),
                    speech.date_value(one.published_at),
                    Value(str(one.days), one.days),
                )
            )
    columns = (
        speech.column("party", N_("State")),
        speech.column("provision", N_("Recommendation or mandate")),
        speech.column("cycle", N_("Reporting cycle")),
        speech.column("submitted_on", N_("Submitted on"), Kind.DATE),
        speech.column("published_on", N_("Published on"), Kind.DATE),
        speech.column("days", N_("Days"), Kind.NUMBER),
    )
    return Table(BY_COMMITMENT, speech.say(N_("Rating by rating")), columns, tuple(rows))


def _drawn(speech: Speech, found: Sequence[Review]) -> figure_drawing.Drawing:
    counts = [sum(1 for one in found if one.class_ == class_) for class_ in CLASSES]
    rows = tuple(
        Bar(_class(speech, class_), (("all", count),), speech.shown_share(Share(count, len(found))).text)
        for class_, count in zip(CLASSES, counts, strict=True)
    )
    return figure_drawing.bars(rows, (("all", speech.say(N_("Published ratings"))),), max(counts) or 1)
