"""The lines of long tables, selects and histories, put together here: templates take several times as long for each.

The tables themselves, with caption and head, stand in the templates (``macros/figures.html``, the pages of reports).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Flask
from markupsafe import Markup, escape

from tracker.documents.figure_content import Kind, Row, Table
from tracker.documents.hemispheric_sections import Listed
from tracker.documents.status_report_table import Table as ReportTable
from tracker.web.history_words import Told

LINK = '<a class="govuk-link" href="'
NAME = '<th scope="row" class="govuk-table__header">'
CELL, NUMBER = "govuk-table__cell", "govuk-table__cell govuk-table__cell--numeric"
_NUMERIC = (Kind.NUMBER, Kind.SHARE)


def of_figure(table: Table, rows: Sequence[Row]) -> Markup:
    """``rows`` of a public figure's table; the first column names the line."""
    heads = [
        f'<td class="{NUMBER if column.kind in _NUMERIC else CELL}" data-label="{escape(column.label)}">'
        for column in table.columns[1:]
    ]
    lines: list[str] = []
    for name, *values in rows:
        lines.append(f'<tr class="govuk-table__row">{NAME}{_linked(escape(name.text), name.href)}</th>')
        for head, (text, _plain, href, mark) in zip(heads, values, strict=True):
            shown = marked(text, mark) if mark else escape(text)
            lines.append(f"{head}{_linked(shown, href)}</td>")
        lines.append("</tr>")
    return Markup("".join(lines))  # noqa: S704 (escaped above, as in all that follows)


def of_matrix(table: Table) -> Markup:
    """The matrix: a mark for the eye and a word for everybody else in each place."""
    lines: list[str] = []
    for name, *values in table.rows:
        lines.append(f'<tr>{NAME}{LINK}{escape(name.href)}">{escape(name.text)}</a></th>')
        for text, _plain, href, mark in values:
            lines.append(
                f'<td class="ct-rating--{mark}"><a href="{escape(href)}"><i class="ct-rating__mark"></i>'
                f"<b>{escape(text)}</b></a></td>"
                if href
                else "<td></td>"
            )
        lines.append("</tr>")
    return Markup("".join(lines))  # noqa: S704


def of_hemispheric(listed: Listed, is_code: bool) -> Markup:
    """A table of a hemispheric report; ``is_code``: its first cells are codes of provisions."""
    table = listed.table
    link = '<a class="govuk-link ct-code" href="' if is_code else LINK
    width = len(table.head)
    begins = [f'<td class="{NUMBER if place in table.numeric else CELL}">' for place in range(width)]
    lines: list[str] = []
    for number, row in enumerate(table.rows):
        path = listed.path(number)
        name = f'{link}{escape(path)}">{escape(row[0])}</a>' if path else escape(row[0])
        cells = "".join([f"{begins[place]}{escape(row[place])}</td>" for place in range(1, len(row))])
        lines.append(f"<tr>{NAME}{name}</th>{cells}</tr>")
    return Markup("".join(lines))  # noqa: S704


def of_report(table: ReportTable, column: int, hrefs: Sequence[str], cards: bool) -> Markup:
    """A table of a status report; the text of one column leads somewhere."""
    begins = []
    for place, head in enumerate(table.head):
        label = f' data-label="{escape(head)}"' if cards else ""
        begins.append(f'<td class="{NUMBER if place in table.numeric else CELL}"{label}>')
    lines: list[str] = []
    for row, href in zip(table.rows, hrefs, strict=True):
        cells = [
            f"{begins[place]}{_linked(escape(text), href if place == column else '')}</td>"
            for place, text in enumerate(row)
        ]
        lines.append(f'<tr class="govuk-table__row">{"".join(cells)}</tr>')
    return Markup("".join(lines))  # noqa: S704


def of_select(options: Iterable[tuple[object, str]], value: object) -> Markup:
    """The choices of a filter; ``value``: the one chosen."""
    chosen = str(value)
    lines = [
        f'<option value="{escape(key)}"{" selected" if str(key) == chosen else ""}>{escape(text)}</option>'
        for key, text in options
    ]
    return Markup("".join(lines))  # noqa: S704


def of_history(entries: Iterable[Told]) -> Markup:
    """The entries of a history."""
    lines: list[str] = []
    for title, when, when_text, who, text in entries:
        dated = f'<time datetime="{when.isoformat()}">{escape(when_text)}</time>'
        whose = f" · <bdi>{escape(who)}</bdi>" if who else ""
        said = f'    <p class="ct-history__text ct-prose" dir="auto">{escape(text)}</p>' if text else ""
        lines.append(
            f'  <li class="ct-history__entry">\n    <p class="ct-history__title">{escape(title)}</p>\n'
            f'    <p class="ct-history__meta">{dated}{whose}</p>'
            f"{said}  </li>"
        )
    return Markup("".join(lines))  # noqa: S704


def marked(text: str, mark: str) -> str:
    """A word with the mark of a rating before it."""
    return (
        f'<span class="ct-rating ct-rating--{mark}"><span class="ct-rating__mark" aria-hidden="true"></span>'
        f"<span>{escape(text)}</span></span>"
    )


def _linked(shown: str, href: str) -> str:
    return f'{LINK}{escape(href)}">{shown}</a>' if href else shown


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        lines_of_figure=of_figure,
        lines_of_matrix=of_matrix,
        lines_of_hemispheric=of_hemispheric,
        lines_of_report=of_report,
        lines_of_select=of_select,
        lines_of_history=of_history,
    )
