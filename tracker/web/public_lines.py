"""The lines of the public tables, made ready for the template: tables are most of what a public page costs.

The marks of ratings are drawn once per word and language; a template that calls macros for each line takes ten times
as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from flask import Flask
from markupsafe import Markup

from tracker import wording
from tracker.domain.vocabulary import CommentOutcome, Rating
from tracker.services.public_figures import PartyCoverage
from tracker.web.languages import choose, gettext
from tracker.web.said import n_of_m

RATED = (
    '<span class="ct-rating ct-rating--%s"><span class="ct-rating__mark" aria-hidden="true"></span>'
    "<span>%s</span></span>"
)
"""As ``macros/ui.html`` draws a rating; kept per word, because tables show hundreds."""


class Standing(NamedTuple):
    """Where a commitment stands, to the public, ready for a table."""

    name: str
    href: str
    code: str
    standing: Markup
    evidence: str
    own: str
    views: str = ""
    """Of observers; only where the table shows where the voices differ."""


def standing(row: sa.Row) -> Markup:
    """What is published of a commitment: its rating, or that a report came in, or that none did."""
    return _standing(row.rating, row.first_submitted_at is not None, _commented(row), choose())


@lru_cache(maxsize=128)
def _standing(rating: Rating | None, reported: bool, commented: bool, language: str) -> Markup:
    if rating is None and reported:
        return Markup('<span class="ct-standing">%s</span>') % gettext("Reported, under review")
    word = wording.label(rating, language) if rating else gettext("Not reported")
    mark = Markup(RATED) % (rating or "not_reported", word)  # noqa: S704 (escapes what it is given)
    if rating is not None and commented:
        beside = gettext("with a comment of the State")
        return Markup('<span>%s <span class="ct-muted">%s</span></span>') % (mark, beside)
    return mark


def _commented(row: sa.Row) -> bool:
    """Whether the State's comment stands beside the rating: every list that shows a rating says so."""
    return row.comment_outcome == CommentOutcome.COMMENTED


@lru_cache(maxsize=64)
def _word(value: StrEnum | None, language: str) -> str:
    return wording.label(value, language) if value else "–"


def _views(row: sa.Row, views: Mapping[int, Sequence[Rating]] | None, language: str) -> str:
    """``views`` by commitment, where the rows carry its id."""
    if views is None:
        return ""
    return ", ".join(_word(view, language) for view in views.get(row.commitment_id, ())) or "–"


def standings_of_party(
    listed: Sequence[sa.Row], slug: str, query: str, views: Mapping[int, Sequence[Rating]] | None = None
) -> list[Standing]:
    """The lines of a State's table: one for each commitment."""
    language = choose()
    return [
        Standing(
            wording.pick(row.title, language),
            f"/states/{slug}/{row.code}{query}",
            row.code,
            _standing(row.rating, row.first_submitted_at is not None, _commented(row), language),
            _word(row.strength, language),
            _word(row.self_assessment, language),
            _views(row, views, language),
        )
        for row in listed
    ]


def standings_on(
    listed: Sequence[sa.Row], code: str, views: Mapping[int, Sequence[Rating]] | None = None
) -> list[Standing]:
    """The lines of a provision's table: one for each party that owes a report on it."""
    language = choose()
    return [
        Standing(
            wording.pick(row.name, language),
            f"/states/{row.code.lower()}/{code}",
            row.code,
            _standing(row.rating, row.first_submitted_at is not None, _commented(row), language),
            _word(row.strength, language),
            _word(row.self_assessment, language),
            _views(row, views, language),
        )
        for row in listed
    ]


class Publication(NamedTuple):
    """A rating among the newest."""

    name: str
    title: str
    href: str
    rating: Markup
    day: str
    iso_day: str


def lines_of_publications(latest: Sequence[sa.Row]) -> list[Publication]:
    """The newest ratings, for the start page."""
    language = choose()
    return [
        Publication(
            wording.pick(row.party_name, language),
            wording.pick(row.title, language),
            f"/states/{row.party_code.lower()}/{row.provision_code}",
            _standing(row.rating, True, _commented(row), language),
            wording.say_date(row.published_at.date(), language),
            row.published_at.date().isoformat(),
        )
        for row in latest
    ]


class StateLine(NamedTuple):
    """A State in the list of all."""

    name: str
    href: str
    note: str
    """Why no report is asked for; empty where one is."""
    region: str
    owes: bool
    reported: str
    """"12 of 15"."""
    ratings: str
    """Published, of those reported."""


def lines_of_states(
    states: Sequence[PartyCoverage], subregions: Mapping[str, Mapping[str, str]] | None = None
) -> list[StateLine]:
    """The lines of the list of States; without the names of the subregions where the list shows none."""
    language = choose()
    regions = {code: wording.pick(dict(names), language) for code, names in (subregions or {}).items()}
    lines = []
    for code, _kind, name, subregion, note, takes_part, figures in states:
        owed, reported, _on_time, rated = figures
        lines.append(
            StateLine(
                wording.pick(name, language),
                f"/states/{code.lower()}",
                "" if takes_part else wording.pick(note, language),
                regions.get(subregion or "", ""),
                owed > 0,
                n_of_m(reported, owed),
                n_of_m(rated, reported) if reported else "–",
            )
        )
    return lines


def init_app(app: Flask) -> None:
    app.jinja_env.globals["standing"] = standing
