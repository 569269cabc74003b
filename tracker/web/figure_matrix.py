"""The matrix: where each commitment stands, State by recommendation. The other parties have a table of their own."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.documents import figure_drawing
from tracker.documents.figure_content import Column, Figure, Row, Table, Value
from tracker.domain.compliance import Share
from tracker.domain.vocabulary import PartyKind, Rating
from tracker.services.figure_board import Board
from tracker.services.public_cells import Cell
from tracker.services.status_report_content import Stage
from tracker.web.figure_map import RATINGS
from tracker.web.figure_speech import Speech, code_of
from tracker.wording import N_


def figure(board: Board, language: str) -> Figure:
    """One table of the States, and one beside it of those who report besides."""
    speech = Speech(board, language)
    of_states = [c for c in board.cells if c.party_kind is PartyKind.MEMBER_STATE]
    others = [c for c in board.cells if c.party_kind is not PartyKind.MEMBER_STATE]
    table = _table(speech, "states", speech.say(N_("States and what they owe a report on")), of_states)
    beside = _table(speech, "others", speech.say(N_("Also reporting")), others)
    if not of_states:
        table, beside = beside, table
    rated = Share(sum(1 for c in board.cells if c.rating), len(board.cells))
    missing = sum(1 for c in board.cells if c.rating is None and c.stage is Stage.NOT_REPORTED)
    return Figure(
        name="matrix",
        language=language,
        heading=speech.say(N_("Matrix")),
        title=speech.say(
            N_("Commitments with a published rating: %(share)s; due and not reported: %(missing)s."),
            share=speech.share(rated),
            missing=speech.shown_share(Share(missing, len(board.cells))).text,
        ),
        scope=speech.scope(),
        codes=speech.codes(),
        reading=tuple(
            speech.say(text)
            for text in (
                N_(
                    "Each square is one commitment: a line is a State, a column a recommendation or mandate. Open one"
                    " for answers, evidence, reasons and comment."
                ),
                N_(
                    "Due and not reported is no rating, and is never counted as not implemented. An empty place: no"
                    " report is asked for."
                ),
            )
        ),
        as_of=board.as_of,
        table=table,
        beside=(beside,) if beside.rows else (),
        drawing=_drawn(speech, table) if table.rows else None,
    )


def _table(speech: Speech, key: str, caption: str, cells: Sequence[Cell]) -> Table:
    owed = {c.provision_code for c in cells}
    codes = [code for code in speech.board.provisions if code in owed]
    owing: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        owing.setdefault(cell.party_code, {})[cell.provision_code] = cell
    standings: dict[Rating | Stage, tuple[str, str, str]] = {}
    nothing = Value("")
    rows: list[Row] = []
    for party in speech.alphabetical(p for p in speech.board.parties if p.code in owing):
        line = [speech.state_value(party, party.code)]
        mine = owing[party.code]
        for code in codes:
            found = mine.get(code)
            if found is None:
                line.append(nothing)
                continue
            said = standings.get(found.rating or found.stage)
            if said is None:
                level, word = speech.standing(found)
                said = standings[found.rating or found.stage] = word, code_of(level), level
            word, plain, level = said
            line.append(Value(word, plain, speech.commitment(party.code, code, found.cycle_code), level))
        rows.append(tuple(line))
    # The code is the name of a column, here and in files; the words stand in its title.
    columns = (
        speech.column("party", N_("State") if key == "states" else N_("Reporting party")),
        *(Column(c, c) for c in codes),
    )
    return Table(key, caption, columns, tuple(rows))


def _drawn(speech: Speech, table: Table) -> figure_drawing.Drawing:
    rows = tuple((row[0].text, tuple(value.mark for value in row[1:])) for row in table.rows)
    used = {key for _name, keys in rows for key in keys}
    legend = tuple((key, word) for key, word in speech.standing_legend(RATINGS) if key in used)
    return figure_drawing.cells(rows, tuple(column.key for column in table.columns[1:]), legend)
