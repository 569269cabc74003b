"""The list of public pages for search engines, each with its address in the four languages."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from config import LANGUAGES, Settings
from tracker.db import db
from tracker.services import site_addresses
from tracker.web.access import public

blueprint = Blueprint("sitemap", __name__)


@blueprint.get("/sitemap.xml")
@public
def show() -> ResponseReturnValue:
    settings: Settings = current_app.extensions["tracker.settings"]
    page = render_template(
        "pages/home/sitemap.xml",
        base=settings.base_url,
        paths=list(site_addresses.paths(db.session)),
        codes=LANGUAGES,
    )
    return Response(page, mimetype="application/xml")
