"""The page of the search made ready: what was found line by line, and each way to narrow down or widen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple
from urllib.parse import urlencode

from flask import request
from markupsafe import Markup, escape

from config import LANGUAGES
from tracker import wording
from tracker.domain.search_marks import Marked
from tracker.domain.search_words import LONGEST_QUESTION
from tracker.domain.text import without_unusable
from tracker.domain.vocabulary import Rating
from tracker.services.search import Facets, Found, Hit
from tracker.services.search_names import Names
from tracker.services.search_sources import Kind
from tracker.web.addresses import chosen
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.web.public_lines import RATED
from tracker.web.said import language_name
from tracker.wording import N_

KINDS: dict[str, str] = {
    Kind.PROVISION: N_("Recommendations and mandates"),
    Kind.REPORT: N_("Published reports"),
    Kind.STATUS_REPORT: N_("Issued reports"),
    Kind.GOOD_PRACTICE: N_("Good practices"),
    Kind.ACTIVITY: N_("Activities"),
    Kind.DOCUMENT: N_("Documents"),
}
"""In the order in which they are offered."""
ONE: dict[str, str] = {
    Kind.PROVISION: N_("Recommendation or mandate"),
    Kind.REPORT: N_("Published report"),
    Kind.STATUS_REPORT: N_("Issued report"),
    Kind.GOOD_PRACTICE: N_("Good practice"),
    Kind.ACTIVITY: N_("Activity"),
    Kind.DOCUMENT: N_("Document"),
}
FACETS: dict[str, str] = {
    "state": N_("State"),
    "pillar": N_("Pillar"),
    "theme": N_("Theme"),
    "instrument": N_("Instrument"),
    "rating": N_("Rating"),
    "cycle": N_("Reporting cycle"),
    "year": N_("Year"),
}
"""Those that are chosen from lists; the kind has links of its own."""
EVERYWHERE = "all"


class Line(NamedTuple):
    """Something that was found, ready for the page."""

    kind: str
    href: str
    title: Markup
    title_language: str
    excerpt: Markup
    language: str
    facts: Markup


class Choice(NamedTuple):
    """A way to narrow down: by one facet."""

    name: str
    label: str
    options: list[tuple[str, str]]
    """(code, "name (12)")."""


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    count: int = 0
    is_current: bool = False


def typed() -> str:
    """What was typed, as far as it is read."""
    return without_unusable(request.args.get("q", "")[:LONGEST_QUESTION], multiline=False)


def facets() -> Facets:
    """What the address narrows down to."""
    asked = {one.name: chosen(one.name) for one in fields(Facets)}
    return Facets(**{**asked, "state": asked["state"].upper()})


def is_everywhere() -> bool:
    """Whether all languages are searched."""
    return request.args.get("in") == EVERYWHERE


def lines(found: Found, names: Names) -> list[Line]:
    return [_line(hit, names) for hit in found.hits]


def _line(hit: Hit, names: Names) -> Line:
    # A report is called by its State and provision in the reader's language; its words are the State's.
    title_language = "" if hit.kind is Kind.REPORT else hit.language
    # What is told of an activity beside its title is in English; a document is told by the title of its activity.
    is_english = hit.kind is Kind.ACTIVITY or (hit.kind is Kind.DOCUMENT and hit.language not in LANGUAGES)
    language = "en" if is_english else hit.language
    return Line(
        kind=_(ONE[hit.kind]),
        href=hit.url,
        title=_html(hit.title),
        title_language=title_language,
        excerpt=_html(hit.excerpt),
        language=language,
        facts=Markup(" · ").join(_facts(hit, names)),
    )


def _facts(hit: Hit, names: Names) -> Iterable[Markup | str]:
    if hit.rating:
        yield Markup(RATED) % (hit.rating, wording.label(hit.rating, choose()))  # noqa: S704 (escapes)
        if hit.is_commented:
            yield _("with a comment of the State")
    if hit.kind in (Kind.ACTIVITY, Kind.DOCUMENT, Kind.GOOD_PRACTICE) and hit.parties:
        yield ", ".join(names["state"].get(code, code) for code in hit.parties)
    if hit.instrument:
        yield names["instrument"].get(hit.instrument, hit.instrument)
    if hit.cycle_code:
        yield names["cycle"].get(hit.cycle_code, hit.cycle_code)
    elif hit.year:
        yield str(hit.year)
    if hit.is_foreign:
        yield _("in %(language)s") % {"language": language_name(hit.language)}


def _html(pieces: Marked) -> Markup:
    """Escaped, with what was asked for in <mark>."""
    marked = [f"<mark>{escape(text)}</mark>" if is_hit else escape(text) for text, is_hit in pieces]
    return Markup("".join(marked))  # noqa: S704 (each piece is escaped)


def choices(found: Found, asked: Facets, names: Names) -> list[Choice]:
    """The lists to choose from, with counts; what nothing has is not offered."""
    offered = []
    for name, label in FACETS.items():
        counts, current = found.counts.get(name, {}), getattr(asked, name)
        named = _named(name, counts, names)
        if current and current not in counts:
            named[current] = named.get(current) or _name(name, current, names)
        options = [(code, f"{text} ({counts.get(code, 0)})") for code, text in named.items()]
        if options:
            offered.append(Choice(name, _(label), options))
    return offered


def _named(facet: str, counts: Iterable[str], names: Names) -> dict[str, str]:
    """The codes that were counted, with their names, in order."""
    counted = set(counts)
    if facet == "year":
        return {code: code for code in sorted(counted, reverse=True)}
    known = {rating: wording.label(rating, choose()) for rating in Rating} if facet == "rating" else names[facet]
    return {code: text for code, text in known.items() if code in counted}


def _name(facet: str, code: str, names: Names) -> str:
    if facet == "kind":
        return _(KINDS[code]) if code in KINDS else code
    if facet == "rating":
        return wording.label(code, choose()) if code in list(Rating) else code
    return names.get(facet, {}).get(code, code)


def kinds(found: Found, asked: Facets) -> list[Link]:
    """Links to each kind among what was found, with counts; the first is to all."""
    counts = found.counts.get("kind", {})
    links = [Link(_("Everything"), _address(without="kind"), sum(counts.values()), not asked.kind)]
    for kind, label in KINDS.items():
        if kind in counts or kind == asked.kind:
            links.append(Link(_(label), _address(kind=kind), counts.get(kind, 0), kind == asked.kind))
    return links


def narrowings(asked: Facets, names: Names) -> list[Link]:
    """What was chosen, each with the address without it."""
    labels = {name: _(label) for name, label in (("kind", N_("Kind")), *FACETS.items())}
    before = _("%(label)s:")
    return [
        Link(f"{before % {'label': labels[name]}} {_name(name, code, names)}", _address(without=name))
        for name, code in asked.chosen().items()
    ]


def everywhere() -> str:
    """The address of the same search in all languages."""
    return _address(**{"in": EVERYWHERE})


def without_facets() -> str:
    """The address of the same words, not narrowed down."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name in ("q", "in")]
    return f"{request.path}?{urlencode(kept)}"


def _address(*, without: str = "", **wanted: str) -> str:
    kept = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in ("page", "lang", without, *wanted) and value
    ]
    return f"{request.path}?{urlencode([*kept, *wanted.items()])}"
