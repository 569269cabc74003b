"""Who has not reported: what was due apart from what is not due yet, by State, by provision or one by one."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.documents import figure_drawing
from tracker.documents.figure_content import Figure, Kind, Table, Value
from tracker.documents.figure_drawing import Bar
from tracker.domain.compliance import Share
from tracker.services.figure_board import Board
from tracker.services.public_cells import Cell
from tracker.services.status_report_content import Stage
from tracker.web.figure_speech import MISSING, NOT_DUE, Speech, code_of
from tracker.wording import N_

BY_STATE, BY_PROVISION, BY_COMMITMENT = "state", "provision", "commitment"
WAYS = {
    BY_STATE: N_("State by State"),
    BY_PROVISION: N_("Recommendation by recommendation"),
    BY_COMMITMENT: N_("One by one"),
}
LEGEND = (("all", N_("Reported")), (MISSING, N_("Due and not reported")), (NOT_DUE, N_("Not due yet")))


def figure(board: Board, language: str, by: str = BY_STATE) -> Figure:
    """``by``: a key of ``WAYS``."""
    speech = Speech(board, language)
    cells = board.cells
    missing = Share(sum(1 for c in cells if c.stage is Stage.NOT_REPORTED), len(cells))
    waiting = sum(1 for c in cells if c.stage is Stage.NOT_DUE)
    groups = _by_provision(speech) if by == BY_PROVISION else _by_party(speech)
    table = _one_by_one(speech) if by == BY_COMMITMENT else _counted(speech, by, groups)
    return Figure(
        name="not-reported",
        language=language,
        heading=speech.say(N_("Who has not reported")),
        title=speech.say(
            N_("Commitments due and not reported: %(share)s; not due yet: %(waiting)s."),
            share=speech.share(missing),
            waiting=speech.shown_share(Share(waiting, len(cells))).text,
        ),
        scope=speech.scope(),
        codes=speech.codes(by="" if by == BY_STATE else by),
        reading=tuple(
            speech.say(text)
            for text in (
                N_(
                    "Each bar is all that a State owes a report on, or all who owe one on a recommendation. A due date"
                    " ends at midnight in the State's own time zone; where more time was given, the later date counts."
                ),
                N_(
                    "Not reported is no rating and is never counted as not implemented; what is not due yet is not"
                    " late."
                ),
            )
        ),
        as_of=board.as_of,
        table=table,
        drawing=_drawn(speech, groups) if cells else None,
    )


Group = tuple[str, Value, list[Cell]]
"""What stands at a bar, what stands in the table, and the commitments."""


def _by_party(speech: Speech) -> list[Group]:
    of: dict[str, list[Cell]] = {}
    for cell in speech.board.cells:
        of.setdefault(cell.party_code, []).append(cell)
    parties = speech.alphabetical(p for p in speech.board.parties if p.code in of)
    return [(speech.pick(p.name), speech.state_value(p, p.code), of[p.code]) for p in parties]


def _by_provision(speech: Speech) -> list[Group]:
    of: dict[str, list[Cell]] = {}
    for cell in speech.board.cells:
        of.setdefault(cell.provision_code, []).append(cell)
    return [(code, speech.provision_value(code), of[code]) for code in speech.board.provisions if code in of]


def _counted(speech: Speech, by: str, groups: Sequence[Group]) -> Table:
    rows = []
    for _label, name, cells in groups:
        mine = {"state": str(name.plain).lower()} if by == BY_STATE else {"provision": str(name.plain)}
        behind = speech.address("not-reported", {"by": BY_COMMITMENT, **mine})
        shares = [
            Share(sum(1 for c in cells if c.reported_at), len(cells)),
            Share(sum(1 for c in cells if c.stage is Stage.NOT_REPORTED), len(cells)),
            Share(sum(1 for c in cells if c.stage is Stage.NOT_DUE), len(cells)),
        ]
        hrefs = [speech.address("matrix", mine), *(behind if s.count else "" for s in shares[1:])]
        rows.append((name, *(speech.shown_share(s, href) for s, href in zip(shares, hrefs, strict=True))))
    first = N_("State") if by == BY_STATE else N_("Recommendation or mandate")
    columns = (
        speech.column("party" if by == BY_STATE else "provision", first),
        speech.column("reported", N_("Reported"), Kind.SHARE),
        speech.column("not_reported", N_("Due and not reported"), Kind.SHARE),
        speech.column("not_due", N_("Not due yet"), Kind.SHARE),
    )
    return Table(by, speech.say(WAYS[by]), columns, tuple(rows))


def _one_by_one(speech: Speech) -> Table:
    rows = []
    for _label, name, cells in _by_party(speech):
        for cell in cells:
            if cell.reported_at is None:
                where = speech.commitment(cell.party_code, cell.provision_code, cell.cycle_code)
                provision = f"{cell.provision_code} {speech.provision(cell.provision_code)}"
                key, word = speech.standing(cell)
                rows.append(
                    (
                        name,
                        Value(provision, cell.provision_code, where),
                        speech.date_value(cell.due_on),
                        Value(word, code_of(key)),
                    )
                )
    columns = (
        speech.column("party", N_("State")),
        speech.column("provision", N_("Recommendation or mandate")),
        speech.column("due_on", N_("Due on"), Kind.DATE),
        speech.column("standing", N_("Where it stands")),
    )
    return Table(BY_COMMITMENT, speech.say(N_("What has not been reported")), columns, tuple(rows))


def _drawn(speech: Speech, groups: Sequence[Group]) -> figure_drawing.Drawing:
    rows = []
    for label, _name, cells in groups:
        reported = Share(sum(1 for c in cells if c.reported_at), len(cells))
        missing = sum(1 for c in cells if c.stage is Stage.NOT_REPORTED)
        parts = (("all", reported.count), (MISSING, missing), (NOT_DUE, len(cells) - reported.count - missing))
        rows.append(Bar(label, parts, speech.shown_share(reported).text))
    return figure_drawing.bars(tuple(rows), tuple((key, speech.say(text)) for key, text in LEGEND))
