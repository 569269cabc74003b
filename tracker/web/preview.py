"""What the head of a public page tells search engines and previews: the one address, other languages, a description.

Addresses are built from the configured base address, never from a request's Host. Pages that need an account, and
those about one person (a key in the address), say nothing: nobody but their reader gets them.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, current_app, request
from markupsafe import Markup, escape

from config import LANGUAGES, Settings
from tracker.web.access import ACCESS, PUBLIC
from tracker.web.frame import here
from tracker.web.languages import choose, gettext
from tracker.web.public_cache import NEVER

KEPT_IN_ADDRESS = ("cycle", "page")
"""What makes another page of it; filters only narrow the same list, which may then have no such page any more."""
PICTURE, WIDTH, HEIGHT = "img/preview.png", 1200, 630
PREVIEW_LOCALES = {"en": "en_US", "es": "es_LA", "pt": "pt_BR", "fr": "fr_FR"}
"""As Open Graph names them."""
DESCRIPTION = 300
"""Characters of a description, at most."""


def links() -> Markup:
    """The links of the head to this page's one address, its languages, and the feed; nothing for an unknown page."""
    if not _is_public():
        return Markup("")
    base = _base()
    bare = base + here().removesuffix("?").removesuffix("&amp;").removesuffix("&")
    lines = [_CANONICAL % _address(base), _ALTERNATE % ("x-default", Markup(bare))]  # noqa: S704 (escaped by frame)
    lines += [_ALTERNATE % (code, Markup(f"{base}{here()}lang={code}")) for code in LANGUAGES]  # noqa: S704
    lines.append(_FEED % (gettext("Publications"), f"{base}/feed.atom?lang={choose()}"))
    return Markup("\n").join(lines)


def preview(title: str, description: str) -> Markup:
    """What a link to this page shows elsewhere. ``title`` and ``description`` are text or markup without tags."""
    if not _is_public():
        return Markup("")
    said = " ".join(Markup(description).striptags().split())  # noqa: S704 (read for its text)
    if len(said) > DESCRIPTION:
        said = said[: DESCRIPTION - 1].rsplit(" ", 1)[0] + "…"
    name = " ".join(Markup(title).striptags().split())  # noqa: S704 (read for its text)
    base = _base()
    picture = base + current_app.jinja_env.globals["asset"](PICTURE)  # type: ignore[operator]
    return _PREVIEW % {
        "description": said,
        "title": name,
        "site": gettext("Commitments Tracker"),
        "address": _address(base),
        "locale": PREVIEW_LOCALES[choose()],
        "picture": picture,
        "width": WIDTH,
        "height": HEIGHT,
        "alt": gettext("A map of the Americas beside the sign of this site"),
    }


_CANONICAL = Markup('<link rel="canonical" href="%s">')
_ALTERNATE = Markup('<link rel="alternate" hreflang="%s" href="%s">')
_FEED = Markup('<link rel="alternate" type="application/atom+xml" title="%s" href="%s">')
_PREVIEW = Markup(
    '<meta name="description" content="%(description)s">\n'
    '<meta property="og:type" content="website">\n'
    '<meta property="og:site_name" content="%(site)s">\n'
    '<meta property="og:title" content="%(title)s">\n'
    '<meta property="og:description" content="%(description)s">\n'
    '<meta property="og:url" content="%(address)s">\n'
    '<meta property="og:locale" content="%(locale)s">\n'
    '<meta property="og:image" content="%(picture)s">\n'
    '<meta property="og:image:width" content="%(width)s">\n'
    '<meta property="og:image:height" content="%(height)s">\n'
    '<meta property="og:image:alt" content="%(alt)s">\n'
    '<meta name="twitter:card" content="summary_large_image">'
)


def _base() -> str:
    settings: Settings = current_app.extensions["tracker.settings"]
    return settings.base_url


def _is_public() -> bool:
    if request.blueprint in NEVER:
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, ACCESS, None) == PUBLIC


def _address(base: str) -> str:
    """The address under which this page is to be known, in the language that was asked for by name."""
    is_narrowed = any(name not in KEPT_IN_ADDRESS and name != "lang" for name in request.args)
    kept = [
        (name, request.args[name])
        for name in KEPT_IN_ADDRESS
        if name in request.args and not (name == "page" and is_narrowed)
    ]
    if request.args.get("lang") in LANGUAGES:
        kept.append(("lang", request.args["lang"]))
    path = Markup.unescape(escape(here())).split("?", 1)[0]
    return f"{base}{path}?{urlencode(kept, errors='replace')}" if kept else f"{base}{path}"


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(link_preview=preview, page_links=links)
