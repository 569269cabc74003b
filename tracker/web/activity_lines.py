"""The activities made ready for their page: by year for the timeline, by State for the map and the list beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from flask import Flask
from markupsafe import Markup, escape

from tracker.domain.text import sort_key
from tracker.web.languages import choose, gettext
from tracker.web.said import vague_date
from tracker.wording import pick


class Happening(NamedTuple):
    """One activity on the timeline."""

    code: str
    title: str
    day: str
    """As far as the source goes; empty where it gives none."""
    iso_day: str
    is_uncertain: bool
    kind: str
    place: str
    pillars: str


class Year(NamedTuple):
    """A year of the timeline; ``label`` is empty for what has no date."""

    anchor: str
    label: str
    happenings: list[Happening]


class Place(NamedTuple):
    """A State with how many activities were held there, and how many took place elsewhere with its participation."""

    name: str
    slug: str
    held: int
    elsewhere: int
    said: str

    @property
    def href(self) -> str:
        return f"/activities?state={self.slug}"


def by_year(
    found: Sequence[sa.Row], types: Mapping[str, Mapping[str, str]], pillars: Mapping[str, Mapping[str, str]]
) -> list[Year]:
    """The timeline, newest year first; what has no date comes last."""
    language = choose()
    years: dict[str, Year] = {}
    programme = gettext("Programme")
    named = {code: pick(dict(name), language) for code, name in pillars.items()}
    kinds = {code: pick(dict(name), language) for code, name in types.items()}
    for row in found:
        label = str(row.starts_on.year) if row.starts_on else ""
        year = years.setdefault(label, Year(f"y{label}" if label else "undated", label, []))
        year.happenings.append(
            Happening(
                row.code,
                pick(row.title, language),
                vague_date(row.starts_on, row.date_precision),
                _iso(row),
                row.date_uncertain,
                programme if row.is_programme else kinds.get(row.type, ""),
                row.place or "",
                ", ".join(named[code] for code in row.pillars if code in named),
            )
        )
    return sorted(years.values(), key=lambda year: year.label, reverse=True)


def lines_of_year(happenings: Sequence[Happening], undated: str, uncertain: Markup) -> Markup:
    """The items of one year's list; ``undated``: in place of a date, ``uncertain``: the mark beside one."""
    lines: list[str] = []
    for code, title, day, iso_day, is_uncertain, kind, place, pillars in happenings:
        dated = f'<time datetime="{iso_day}">{escape(day)}</time>' if day else escape(undated)
        about = " · ".join([kind, *filter(None, (place, pillars))])
        lines.append(
            f'    <li>\n      <p class="ct-timeline__date">{dated}{f" {uncertain}" if is_uncertain else ""}</p>\n'
            f'      <a class="govuk-link" href="/activities/{escape(code)}">{escape(title)}</a>\n'
            f'      <p class="ct-provisions__line">{escape(about)}</p>\n    </li>'
        )
    return Markup("".join(lines))  # noqa: S704 (escaped above)


def _iso(row: sa.Row) -> str:
    """As the ``datetime`` attribute writes it, no more exact than the source."""
    if row.starts_on is None:
        return ""
    return row.starts_on.isoformat()[: {"year": 4, "month": 7}.get(row.date_precision or "", 10)]


def by_state(found: Sequence[sa.Row], names: Mapping[str, dict[str, str]]) -> list[Place]:
    """Member States with an activity, by name in the reader's language. ``names`` by code in capitals."""
    language = choose()
    held: dict[str, int] = {}
    elsewhere: dict[str, int] = {}
    for row in found:
        if row.country_iso2 in names:
            held[row.country_iso2] = held.get(row.country_iso2, 0) + 1
        for code in set(row.state_iso2s) & names.keys() - {row.country_iso2}:
            elsewhere[code] = elsewhere.get(code, 0) + 1
    places = []
    for code in held.keys() | elsewhere.keys():
        here, there, name = held.get(code, 0), elsewhere.get(code, 0), pick(names[code], language)
        values = {"state": name, "held": here, "elsewhere": there}
        said = gettext("%(state)s: %(held)s held there, %(elsewhere)s elsewhere with its participation") % values
        places.append(Place(name, code.lower(), here, there, said))
    return sorted(places, key=lambda place: sort_key(place.name))


def on_map(places: Sequence[Place]) -> dict[str, dict[str, str]]:
    """What ``macros/map.html`` draws: where something was held, and where States took part elsewhere."""
    return {
        place.slug: {
            "name": place.name,
            "href": place.href,
            "title": place.said,
            "level": "all" if place.held else "some",
        }
        for place in places
    }


def init_app(app: Flask) -> None:
    app.jinja_env.globals["lines_of_year"] = lines_of_year
