"""Searching what is public."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.search_words import LONGEST_QUESTION, question
from tracker.services import search, search_names
from tracker.web import paging, search_page
from tracker.web.access import maybe_actor, public
from tracker.web.languages import choose
from tracker.web.public_cache import worked_out

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@public
def show() -> ResponseReturnValue:
    """The form, and what was found; shareable by its address."""
    typed, asked, number = search_page.typed(), search_page.facets(), paging.asked()
    everywhere = search_page.is_everywhere()
    found = _found(typed, asked, number, everywhere=everywhere)
    names = search_names.of_facets(db.session, choose())
    return render_template(
        "pages/search/show.html",
        typed=typed,
        longest=LONGEST_QUESTION,
        asked=asked,
        everywhere=everywhere,
        has_words=bool(question(typed)),
        found=found,
        page=paging.page(number, found.total, search.PAGE),
        lines=search_page.lines(found, names),
        choices=search_page.choices(found, asked, names),
        kinds=search_page.kinds(found, asked),
        narrowings=search_page.narrowings(asked, names),
        everywhere_url=search_page.everywhere(),
        plain_url=search_page.without_facets(),
    )


def _found(typed: str, asked: search.Facets, number: int, *, everywhere: bool) -> search.Found:
    def find() -> search.Found:
        return search.search(db.session, typed, language=choose(), facets=asked, page=number, all_languages=everywhere)

    # Visitors' pages are kept whole: what robots look for shall not push out what was worked out for people.
    if maybe_actor() is None:
        return find()
    return worked_out(("search", typed, asked, number, everywhere, choose()), find)
