"""Where the three voices differ: the State's own assessment, the Secretariat's rating, the views of observers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tracker.documents import figure_drawing
from tracker.documents.figure_content import Column, Figure, Kind, Table, Value
from tracker.domain.compliance import Share
from tracker.domain.vocabulary import CommentOutcome, Rating
from tracker.services.figure_board import Board
from tracker.services.public_cells import Cell
from tracker.web.figure_map import RATINGS
from tracker.web.figure_speech import Speech
from tracker.wording import N_

OWN = N_("The State about itself")
SECRETARIAT = N_("The Secretariat")


def figure(board: Board, language: str, own: str = "", rating: str = "") -> Figure:
    """``own`` and ``rating`` (keys of ratings) narrow the list to one place of the picture, also where both agree."""
    speech = Speech(board, language)
    rated = [c for c in board.cells if c.rating is not None]
    both = [c for c in rated if c.self_assessment is not None]
    pairs = Counter((c.self_assessment, c.rating) for c in both)
    differing = [c for c in rated if c.voices_differ]
    listed = differing
    if own or rating:
        listed = [c for c in both if own in ("", c.self_assessment) and rating in ("", c.rating)]
    counts = tuple(tuple(pairs[own_, rating_] for rating_ in RATINGS) for own_ in RATINGS)
    keys = tuple((r.value, speech.label(r)) for r in RATINGS)
    return Figure(
        name="voices",
        language=language,
        heading=speech.say(N_("Where the three voices differ")),
        title=speech.say(
            N_("Commitments with a published rating on which the voices differ: %(share)s."),
            share=speech.share(Share(len(differing), len(rated))),
        ),
        scope=(*speech.scope(), *_narrowed(speech, own, rating)),
        codes=speech.codes(own=own, rating=rating),
        reading=tuple(
            speech.say(text)
            for text in (
                N_(
                    "On the grey diagonal State and Secretariat say the same. Below it the State rated itself lower"
                    " than the Secretariat did, above it higher; the last two values stand apart from the scale."
                ),
                N_(
                    "The list also holds commitments on which only observers see it otherwise. Words are compared, not"
                    " their distance. Who said nothing does not differ."
                ),
            )
        ),
        as_of=board.as_of,
        table=_listed(speech, listed),
        beside=(_crossed(speech, pairs),) if both else (),
        drawing=figure_drawing.crossed(keys, counts, (speech.say(OWN), speech.say(SECRETARIAT))) if both else None,
    )


def _narrowed(speech: Speech, own: str, rating: str) -> tuple[tuple[str, str], ...]:
    chosen = ((OWN, own), (SECRETARIAT, rating))
    return tuple((speech.say(label), speech.label(value)) for label, value in chosen if value)


def _listed(speech: Speech, cells: Sequence[Cell]) -> Table:
    of: dict[str, list[Cell]] = {}
    for cell in cells:
        of.setdefault(cell.party_code, []).append(cell)
    rows = []
    for party in speech.alphabetical(p for p in speech.board.parties if p.code in of):
        for cell in of[party.code]:
            where = speech.commitment(party.code, cell.provision_code, cell.cycle_code)
            provision = f"{cell.provision_code} {speech.provision(cell.provision_code)}"
            said = ", ".join(speech.label(view) for view in cell.views) or "–"
            commented = cell.comment_outcome is CommentOutcome.COMMENTED
            rows.append(
                (
                    speech.state_value(party, party.code),
                    Value(provision, cell.provision_code, where),
                    speech.rating_value(cell.self_assessment),
                    speech.rating_value(cell.rating),
                    Value(said, ";".join(cell.views) or None),
                    Value(speech.say(N_("Yes")) if commented else "–", int(commented)),
                )
            )
    columns = (
        speech.column("party", N_("State")),
        speech.column("provision", N_("Recommendation or mandate")),
        speech.column("self_assessment", OWN),
        speech.column("rating", SECRETARIAT),
        speech.column("observers", N_("Observers")),
        speech.column("state_comment", N_("State comment")),
    )
    return Table("commitments", speech.say(N_("Commitment by commitment")), columns, tuple(rows))


def _crossed(speech: Speech, pairs: Counter[tuple[Rating | None, Rating | None]]) -> Table:
    rows = []
    for own in RATINGS:
        counted = [(rating, pairs[own, rating]) for rating in RATINGS]
        values = [
            Value(str(count), count, speech.address("voices", {"own": own, "rating": rating}) if count else "")
            for rating, count in counted
        ]
        rows.append((Value(speech.label(own), own.value), *values))
    columns = (
        speech.column("self_assessment", N_("The State about itself, by line; the Secretariat, by column")),
        *(Column(r.value, speech.label(r), Kind.NUMBER) for r in RATINGS),
    )
    return Table("pairs", speech.say(N_("How often State and Secretariat say what")), columns, tuple(rows))
