"""The language of a page: as asked for in the address, remembered, the person's own, or what the browser prefers."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from babel import negotiate_locale
from flask import Flask, Response, request
from flask_babel import Babel
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from config import LANGUAGES, Settings
from tracker import wording
from tracker.web.access import maybe_actor

COOKIE = "lang"
YEAR = 365 * 24 * 3600
OWN_NAMES = (("en", "English"), ("es", "Español"), ("pt", "Português"), ("fr", "Français"))


_chosen: ContextVar[str | None] = ContextVar("language", default=None)


def choose() -> str:
    """The language of this request; chosen once. Asked a hundred times for a page, so it is kept close at hand."""
    return _chosen.get() or _remember()


def forget() -> None:
    """At the beginning of a request: the thread may still know the language of the one before."""
    _chosen.set(None)


def _remember() -> str:
    language = _choose()
    _chosen.set(language)
    return language


def _choose() -> str:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    remembered = request.cookies.get(COOKIE, "")
    if remembered in LANGUAGES:
        return remembered
    person = maybe_actor()
    if person is not None:
        return person.language
    preferred = [value for value, quality in request.accept_languages if quality > 0]  # 0: not this one (RFC 9110)
    return (negotiate_locale(preferred, LANGUAGES, sep="-") or "en").split("_")[0].split("-")[0]


def lang_url(code: str) -> str:
    """The address of this same page in another language."""
    query = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return f"{request.path}?{urlencode([*query, ('lang', code)])}"


def gettext(text: str) -> str:
    return wording.translations(choose()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    return wording.translations(choose()).ngettext(one, many, count)


@lru_cache(maxsize=8192)
def _marked(text: str, language: str) -> Markup:
    return Markup(wording.translations(language).gettext(text)) % {}  # noqa: S704 (a text of ours)


def _said(text: str, **values: object) -> Markup:
    """``_("…")`` in templates: a text of ours, with values escaped. Jinja's own takes five times as long."""
    if values:
        return Markup(wording.translations(choose()).gettext(text)) % values  # noqa: S704 (a text of ours)
    return _marked(text, choose())


def _said_of(one: str, many: str, num: int, **values: object) -> Markup:
    """``ngettext("…", "…", n)`` in templates; ``%(num)s`` is the number."""
    return Markup(ngettext(one, many, num)) % {"num": num, **values}  # noqa: S704 (a text of ours)


def init_app(app: Flask, settings: Settings) -> None:
    """Flask-Babel translates the libraries' own words (WTForms); ours go the short way, through ``wording``."""
    app.config.update(BABEL_DEFAULT_LOCALE="en", BABEL_TRANSLATION_DIRECTORIES=str(wording.TRANSLATIONS))
    Babel(app, locale_selector=lambda: wording.LOCALES[choose()])

    def remember(response: Response) -> Response:
        asked = request.args.get("lang", "")
        if asked in LANGUAGES and request.cookies.get(COOKIE) != asked:
            response.set_cookie(COOKIE, asked, max_age=YEAR, secure=settings.is_https, httponly=True, samesite="Lax")
        return response

    app.after_request(remember)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update({"_": _said, "gettext": _said, "ngettext": _said_of})
    env.filters.update(label=_label, pick=_pick, date=_date, moment=_moment)


# Without ``pass_context`` Jinja works out ``"draft" | label`` once, at compiling, in the language of the first reader.


@pass_context
def _label(_context: Context, value: str | None) -> str:
    return wording.label(value, choose()) if value else ""


@pass_context
def _pick(_context: Context, texts: dict[str, str]) -> str:
    return wording.pick(texts, choose())


@pass_context
def _date(_context: Context, day: date | None) -> str:
    return wording.say_date(day, choose()) if day else ""


@pass_context
def _moment(_context: Context, moment: datetime | None) -> str:
    """A moment on the reader's clock; in UTC for visitors."""
    if moment is None:
        return ""
    person = maybe_actor()
    return wording.say_moment(moment, choose(), person.time_zone if person else "UTC")
