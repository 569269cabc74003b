"""Open data: releases with their files, what each column means, how to cite."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from tracker.db import db
from tracker.documents import open_data_files, open_data_words
from tracker.services import data_releases
from tracker.services.open_data_content import SHAPES
from tracker.web import paging, traces
from tracker.web.access import public
from tracker.web.addresses import found

blueprint = Blueprint("open_data", __name__)
FOR_EVER = "public, max-age=31536000, immutable"


@blueprint.get("/data")
@public
def index() -> ResponseReturnValue:
    return _page(None)


@blueprint.get("/data/<version>")
@public
def release(version: str) -> ResponseReturnValue:
    return _page(found(version if data_releases.VERSION.fullmatch(version) else None))


@blueprint.get("/data/latest/<name>")
@public
def latest(name: str) -> ResponseReturnValue:
    """Where the file of this name stands in the newest release."""
    newest, files = found(data_releases.release(db.session, None))
    found(next((one for one in files if one.name == name), None))
    return redirect(url_for("open_data.file", version=newest.version, name=name), 302)


@blueprint.get("/data/<version>/<name>")
@public
def file(version: str, name: str) -> ResponseReturnValue:
    named = data_releases.VERSION.fullmatch(version) and data_releases.FILE.fullmatch(name)
    one = found(data_releases.file(db.session, version, name) if named else None)
    traces.exported("data_release", version, file=name)
    response = Response(one.content, content_type=one.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = FOR_EVER
    response.set_etag(one.sha256)
    response.make_conditional(request)
    return response


def _page(version: str | None) -> ResponseReturnValue:
    session = db.session
    number = paging.asked()
    shown = data_releases.release(session, version)
    if version is not None:
        found(shown)
    releases, total = data_releases.listed(session, number)
    base_url = current_app.extensions["tracker.settings"].base_url
    cited = None
    if shown:
        row = shown[0]
        cited = open_data_files.citation(row.version, row.as_of, f"{base_url}/data/{row.version}")
    return render_template(
        "pages/open_data/index.html",
        shown=shown[0] if shown else None,
        files=shown[1] if shown else (),
        is_newest=version is None,
        cited=cited,
        releases=releases,
        page=paging.page(number, total, data_releases.SHOWN),
        shapes=SHAPES,
        words=open_data_words,
    )
