"""The public figures: each as a picture and as a table, filtered by the address, to be taken away as seen."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.documents import figure_csv, figure_json, figure_svg, figure_xlsx
from tracker.web import figure_page, figure_pictures, paging, traces
from tracker.web.access import public
from tracker.web.addresses import found
from tracker.web.languages import choose

blueprint = Blueprint("figures", __name__)

NAME = "any(map, matrix, trend, voices, 'not-reported', 'review-time')"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "svg": "image/svg+xml",
}


@blueprint.get("/figures")
@public
def index() -> ResponseReturnValue:
    return render_template(
        "pages/figures/index.html",
        figures=figure_page.everything(db.session, g.now),
        summaries=figure_page.SUMMARIES,
        pictures=figure_pictures,
    )


@blueprint.get(f"/figures/<{NAME}:name>")
@public
def show(name: str) -> ResponseReturnValue:
    page = figure_page.build(db.session, name, g.now)
    whole = page.figure.table.rows
    listed = paging.page(paging.asked(), len(whole), figure_page.ROWS)
    first = (listed.number - 1) * figure_page.ROWS
    return render_template(
        "pages/figures/show.html",
        figure=page.figure,
        rows=whole[first : first + figure_page.ROWS],
        page=listed,
        board=page.board,
        steps=figure_page.steps(page),
        fields=figure_page.fields(page),
        query=figure_page.query(page),
        asked=page.asked,
        address=figure_page.address,
        pictures=figure_pictures,
    )


@blueprint.get(f"/figures/<{NAME}:name>.<any(csv, xlsx, json, svg):format>")
@public
def document(name: str, format: str) -> ResponseReturnValue:
    page = figure_page.build(db.session, name, g.now)
    figure = page.figure
    shown = current_app.extensions["tracker.settings"].base_url + figure_page.address(
        name, {**figure_page.query(page), "lang": choose()}
    )
    content = {
        "csv": lambda: figure_csv.render(figure),
        "xlsx": lambda: figure_xlsx.render(figure, shown),
        "json": lambda: figure_json.render(figure, shown),
        "svg": lambda: figure_svg.render(figure, found(figure_pictures.alone(figure)), shown),
    }[format]()
    traces.exported("figure", name, format=format, language=choose())
    response = Response(content, content_type=TYPES[format])
    response.headers["Content-Disposition"] = f'attachment; filename="{figure.file_name(format)}"'
    return response
