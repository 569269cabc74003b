"""Pages of visitors, kept once rendered, and answered with "not modified" to whoever has them already.

Only for who carries no session: a GET of a view marked ``public`` that answered 200 without touching the session. A
page is kept for ``TRACKER_PAGE_CACHE_SECONDS`` at most, and only as long as nothing public changed
(``services.public_version``): what was erased is gone from here in the same moment. Browsers and proxies may keep it
too if they ask each time (``no-cache`` with an ETag, docs/publications.md).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from cachetools import TTLCache
from flask import Flask, Response, current_app, g, request, session

from config import Settings
from tracker.clock import Clock
from tracker.db import db
from tracker.services import public_version
from tracker.web.access import ACCESS, PUBLIC
from tracker.web.languages import choose

MOST_BYTES = 8 * 1024 * 1024
"""Of pages, in each process."""
LONGEST = 512 * 1024
"""Bytes of the largest answer that is kept."""
TYPES = ("text/html", "application/atom+xml", "application/xml", "image/svg+xml")
NEVER = frozenset({"account", "calendar_feed", "health", "mail_stop"})
"""Blueprints whose public pages are about one person, or about this very moment."""
OVERHEAD = 500
"""Bytes that an entry takes beside its page."""
KEPT = "tracker.public_cache"
WORKED_OUT = "tracker.public_cache.worked_out"

MOST_THINGS = 32
"""Of what ``worked_out`` keeps, in each process: some 10 MB of status reports."""

Key = tuple[int, str, str, str]
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    headers: tuple[tuple[str, str], ...]
    """Those of the view; what goes with every answer is added again each time."""


class Pages:
    """The pages of one process."""

    def __init__(self, seconds: int, clock: Clock) -> None:
        self._lock = threading.Lock()
        self._pages: TTLCache[Key, Page] = TTLCache(
            MOST_BYTES, seconds, timer=lambda: clock.now().timestamp(), getsizeof=lambda page: len(page.body) + OVERHEAD
        )

    def get(self, key: Key) -> Page | None:
        with self._lock:
            return self._pages.get(key)

    def put(self, key: Key, page: Page) -> None:
        with self._lock:
            self._pages[key] = page


class Things:
    """What was worked out from public data alone, in one process: the same for every reader, signed in or not."""

    def __init__(self, seconds: int, clock: Clock) -> None:
        self._lock = threading.Lock()
        self._things: TTLCache[Hashable, Any] = TTLCache(MOST_THINGS, seconds, timer=lambda: clock.now().timestamp())

    def get(self, key: Hashable) -> Any:
        with self._lock:
            return self._things.get(key)

    def put(self, key: Hashable, thing: Any) -> None:
        with self._lock:
            self._things[key] = thing


def worked_out(key: Hashable, make: Callable[[], Thing]) -> Thing:
    """What ``make`` gives, kept as long as a visitor's page would be: nothing public changed, and a minute at most.

    ``make`` must read what is public and nothing of the person who asks; ``key`` names all else that it depends on.
    """
    things: Things | None = current_app.extensions[WORKED_OUT]
    if things is None:
        return make()
    whole = (public_version.version(db.session), key)
    found: Thing | None = things.get(whole)
    if found is None:
        found = make()
        things.put(whole, found)
    return found


def _is_a_visitors() -> bool:
    """Whether this request may be answered with what everybody gets."""
    if request.method not in ("GET", "HEAD") or request.endpoint is None or request.blueprint in NEVER:
        return False
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return False
    return getattr(current_app.view_functions[request.endpoint], ACCESS, None) == PUBLIC


def _kept() -> Response | None:
    """Before the view: the page, if it was rendered already."""
    pages: Pages | None = current_app.extensions[KEPT]
    if pages is None or not _is_a_visitors():
        return None
    query = request.environ.get("QUERY_STRING", "")
    key = (public_version.version(db.session), request.path, query, choose())
    page = pages.get(key)
    if page is None:
        g.public_cache_key = key
        return None
    return Response(page.body, headers=list(page.headers))


def _keep(response: Response) -> Response:
    """After the view: keep what may be kept, and give it its ETag."""
    if response.status_code != 200 or not _is_a_visitors() or session.modified or response.is_streamed:
        return response
    key: Key | None = g.pop("public_cache_key", None)
    if response.mimetype not in TYPES or response.direct_passthrough:
        return response
    if "ETag" not in response.headers:
        # The language stands in it too: an answer may be asked about under another one.
        digest = hashlib.sha256(response.get_data())
        digest.update(choose().encode())
        response.set_etag(digest.hexdigest()[:32])
    if key is not None and request.method == "GET" and len(response.get_data()) <= LONGEST:
        current_app.extensions[KEPT].put(key, Page(response.get_data(), tuple(response.headers.items())))
    response.make_conditional(request)
    return response


def init_app(app: Flask, settings: Settings) -> None:
    clock: Clock = app.extensions["tracker.clock"]
    app.extensions[KEPT] = Pages(settings.page_cache, clock) if settings.page_cache else None
    app.extensions[WORKED_OUT] = Things(settings.page_cache, clock) if settings.page_cache else None
    app.before_request(_kept)
    app.after_request(_keep)
