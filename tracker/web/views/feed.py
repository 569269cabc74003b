"""The Atom feed of publications (RFC 4287): issued reports, published ratings, releases of open data."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from config import Settings
from tracker.db import db
from tracker.services import public_site
from tracker.web import feed_words
from tracker.web.access import public
from tracker.web.languages import choose

blueprint = Blueprint("feed", __name__)

SINCE = "2026"
"""The year since which the ids hold (RFC 4151: a day on which the name belonged to who makes them)."""
NOTHING_YET = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without entries was changed: a moment that stays, so that nobody is told of news where there are none."""


@blueprint.get("/feed.atom")
@public
def atom() -> ResponseReturnValue:
    settings: Settings = current_app.extensions["tracker.settings"]
    entries = public_site.news(db.session)
    page = render_template(
        "pages/home/feed.xml",
        base=settings.base_url,
        language=choose(),
        tag=f"tag:{urlsplit(settings.base_url).hostname},{SINCE}",
        updated=max((entry.updated_at for entry in entries), default=NOTHING_YET),
        entries=[(entry, *feed_words.said(entry)) for entry in entries],
    )
    return Response(page, mimetype="application/atom+xml")
