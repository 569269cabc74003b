"""The State's commitments: the list with its filters, one commitment, and who was asked to answer it."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from tracker import wording
from tracker.db import db
from tracker.domain.policy import Permission
from tracker.domain.text import fold
from tracker.services import commitments
from tracker.web import access, languages, paging

blueprint = Blueprint("commitments", __name__)


@blueprint.get("/commitments")
@access.requires(Permission.COMMITMENT_LIST)
def index() -> ResponseReturnValue:
    """The commitments this person may see, in one cycle."""
    actor = access.actor()
    number = paging.asked()
    filters = _filters()
    choices = commitments.choices(db.session, actor, asked_cycle=filters.cycle)
    unknown = choices.unknown(filters)
    cycle = filters.cycle or next(iter(choices.cycles), "")
    listed = commitments.Listing([], 0)
    if cycle and not unknown:
        listed = commitments.listing(
            db.session, actor, filters, cycle_id=choices.cycle_ids[cycle], number=number, now=g.now
        )
    page = paging.page(number, listed.total, commitments.PAGE)
    shown = {"filters": filters, "choices": choices, "cycle": cycle, "listed": listed, "page": page, "unknown": unknown}
    answer = render_template("pages/commitments/index.html", **shown, options=_options(choices))
    return answer, 400 if unknown else 200


def _filters() -> commitments.Filters:
    ask = request.args.get
    return commitments.Filters(
        pillar=ask("pillar", ""),
        instrument=ask("instrument", ""),
        standing=ask("state", ""),
        due=ask("due", ""),
        assigned=ask("assigned", ""),
        party=ask("party", ""),
        cycle=ask("cycle", ""),
    )


def _options(choices: commitments.Choices) -> dict[str, list[tuple[str, str]]]:
    """The choices in the reader's language, as (value, text)."""
    lang = languages.choose()

    def texts(named: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
        return [(code, wording.pick(name, lang)) for code, name in named.items()]

    return {
        "pillar": texts(choices.pillars),
        "instrument": texts(choices.instruments),
        "state": [(value, wording.label(value, lang)) for value in choices.standings],
        "party": sorted(texts(choices.parties), key=lambda pair: fold(pair[1])),
        "cycle": texts(choices.cycles),
        "assigned": list(choices.assigned.items()),
    }
