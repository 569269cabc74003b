"""The public pages of the catalogue: recommendations and mandates, activities, the library."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.vocabulary import InstrumentKind
from tracker.services import (
    catalogue_read,
    good_practice_lists,
    library_read,
    observations,
    public_commitment,
    public_figures,
)
from tracker.web import activity_lines, paging
from tracker.web.access import maybe_actor, public
from tracker.web.addresses import chosen, found, to_canonical
from tracker.web.addresses import code as code_of
from tracker.web.languages import choose
from tracker.web.public_lines import standings_on
from tracker.web.said import language_name
from tracker.wording import pick

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/provisions")
@public
def provisions() -> ResponseReturnValue:
    session = db.session
    asked = {name: chosen(name) for name in ("instrument", "pillar", "theme")}
    words = catalogue_read.words(session, "pillar", "theme")
    instruments = catalogue_read.instruments(session)
    return render_template(
        "pages/catalogue/provisions.html",
        asked=asked,
        instruments=instruments,
        provisions=catalogue_read.provisions(session, **asked),
        pillars=words.of("pillar"),
        instrument_choices=[
            (i.code, pick(i.title, choose())) for i in instruments if i.kind != InstrumentKind.STRATEGY
        ],
        pillar_choices=words.choices("pillar", choose()),
        theme_choices=words.choices("theme", choose()),
    )


@blueprint.get("/provisions/<code>")
@public
def provision(code: str) -> ResponseReturnValue:
    session = db.session
    record = found(catalogue_read.provision(session, code_of(code)))
    if record.code != code:
        return to_canonical(f"/provisions/{record.code}")
    cycle = public_figures.current_cycle(session) if record.is_scored else None
    owing = public_figures.parties_owing(session, record.id, cycle.id) if cycle else []
    listed, views = owing, None
    differing = chosen("differ") == "1"
    if differing and cycle:
        listed = public_figures.parties_differing(session, record.id, cycle.id)
        views = observations.views_on(session, cycle.id, [row.commitment_id for row in listed], None)
    person = maybe_actor()
    return render_template(
        "pages/catalogue/provision.html",
        record=record,
        words=catalogue_read.words(session, "pillar", "theme"),
        elements=public_commitment.elements(session, record.id),
        indicators=catalogue_read.indicators(session, record.id),
        context=catalogue_read.context_of(session, record.instrument_id, record.code),
        versions=catalogue_read.versions(session, record.id) if record.version_number > 1 else [],
        cycle=cycle,
        lines=standings_on(public_figures.in_alphabetical_order(listed, choose()), record.code, views),
        differing=differing,
        coverage=public_figures.coverage_of(owing),
        practices=good_practice_lists.on_provision(session, record.id),
        notes=record.notes if person and person.is_staff else [],
    )


@blueprint.get("/activities")
@public
def activities() -> ResponseReturnValue:
    session = db.session
    asked = {name: chosen(name) for name in ("year", "type", "state", "pillar")}
    words = catalogue_read.words(session, "activity_type", "pillar")
    names = catalogue_read.state_names(session)
    listed = catalogue_read.activities(
        session,
        year=catalogue_read.year_of(asked["year"]),
        type_=asked["type"],
        iso2=asked["state"].upper(),
        pillar=asked["pillar"],
    )
    places = activity_lines.by_state(listed, names)
    return render_template(
        "pages/catalogue/activities.html",
        asked=asked,
        count=len(listed),
        years=activity_lines.by_year(listed, words.of("activity_type"), words.of("pillar")),
        places=places,
        on_map=activity_lines.on_map(places),
        year_choices=[(str(year), str(year)) for year in catalogue_read.years(session)],
        type_choices=words.choices("activity_type", choose()),
        state_choices=[(c.lower(), name) for c, name in catalogue_read.named_in_order(names, choose())],
        pillar_choices=words.choices("pillar", choose()),
    )


@blueprint.get("/activities/<code>")
@public
def activity(code: str) -> ResponseReturnValue:
    session = db.session
    record = found(catalogue_read.activity(session, code_of(code)))
    if record.code != code:
        return to_canonical(f"/activities/{record.code}")
    person = maybe_actor()
    return render_template(
        "pages/catalogue/activity.html",
        record=record,
        words=catalogue_read.words(session, "pillar", "theme", "activity_type", "oas_role", "document_kind"),
        documents=catalogue_read.documents_of(session, record.id),
        names=catalogue_read.state_names(session),
        for_staff=person is not None and person.is_staff,
    )


@blueprint.get("/library")
@public
def library() -> ResponseReturnValue:
    session = db.session
    asked = {name: chosen(name) for name in ("language", "kind", "year", "activity")}
    words = catalogue_read.words(session, "document_kind")
    number = paging.asked()
    documents, total = library_read.listing(
        session,
        language=asked["language"],
        kind=asked["kind"],
        year=catalogue_read.year_of(asked["year"]),
        activity=asked["activity"].upper(),
        page=number,
    )
    titled = library_read.activities_with_documents(session)
    return render_template(
        "pages/catalogue/library.html",
        asked=asked,
        documents=documents,
        page=paging.page(number, total, library_read.SHOWN),
        kinds=words.of("document_kind"),
        kind_choices=words.choices("document_kind", choose()),
        language_choices=[(code, language_name(code)) for code in library_read.languages(session)],
        year_choices=[(str(year), str(year)) for year in catalogue_read.years(session)],
        activity_choices=[(row.code, pick(row.title, choose())) for row in titled],
    )
