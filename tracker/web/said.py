"""How pages say what the catalogue and the reports hold: source languages, dates as far as they are known, figures."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale, dates
from flask import Flask

from tracker import wording
from tracker.domain.workflow import Action
from tracker.services.history import CLOSED, COMMITTED, EXTENSION_GRANTED, FOLLOWED_AGAIN
from tracker.web.languages import choose, gettext

N_OF_M = wording.N_("%(number)s of %(total)s")


def source_language(status: dict[str, str]) -> str:
    """The language in which a text is the source's own; English where none is."""
    return next((code for code, kind in status.items() if kind == "source"), "en")


def language_name(code: str | None) -> str:
    """The name of a language (ISO 639-1) in the reader's own; empty where it is not known."""
    if not code:
        return ""
    return Locale.parse(wording.LOCALES[choose()]).languages.get(code, code)


def vague_date(day: date | None, precision: str | None) -> str:
    """A date as far as the source goes: a year, a month of a year, a day."""
    if day is None:
        return ""
    if precision == "year":
        return str(day.year)
    if precision == "month":
        return dates.format_skeleton("yMMMM", day, locale=wording.LOCALES[choose()])
    return wording.say_date(day, choose())


def iso_date(raw: str | None, precision: str | None = "day") -> str:
    """Like ``vague_date``, from ISO text as the catalogue's facts keep it; a bare year stays one."""
    if not raw:
        return ""
    return raw if len(raw) == 4 else vague_date(date.fromisoformat(raw), precision)


def n_of_m(count: int, total: int) -> str:
    """A figure with its denominator."""
    return _n_of_m(count, total, choose())


@lru_cache(maxsize=2048)
def _n_of_m(count: int, total: int, language: str) -> str:
    return wording.translate(N_OF_M, language) % {"number": count, "total": total}


def rfc3339(moment: datetime) -> str:
    """A moment for machines, in UTC to the second: 2026-11-22T13:05:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def public_entry(action: str, details: dict[str, Any]) -> str:
    """A public entry of the history in plain words, without the names of persons."""
    if action == COMMITTED:
        return gettext("Follow-up began with the cycle %(cycle)s") % {"cycle": details.get("cycle", "")}
    if action == CLOSED:
        closing = wording.label(details.get("kind", ""), choose())
        return gettext("Follow-up ended: %(closing)s") % {"closing": closing}
    if action == EXTENSION_GRANTED:
        return gettext("The due date was moved from %(was)s to %(day)s") % {
            "was": wording.say_date(date.fromisoformat(details["due_on"]), choose()),
            "day": wording.say_date(date.fromisoformat(details["until"]), choose()),
        }
    if action == FOLLOWED_AGAIN:
        return gettext("Follow-up began again")
    if action == Action.COMMENT:
        return gettext("The rating was published with a comment of the State")
    if action == Action.WAIVE:
        return gettext("The rating was published; the State waived its comment")
    if action == Action.PUBLISH:
        return gettext("The rating was published; no comment was received in time")
    return wording.label(action, choose()) if action in wording.LABELS else ""


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        source_language=source_language,
        language_name=language_name,
        vague_date=vague_date,
        iso_date=iso_date,
        public_entry=public_entry,
        rfc3339=rfc3339,
    )
    app.jinja_env.globals.update(n_of_m=n_of_m)
