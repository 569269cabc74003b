"""The public pages of States, and of the others that report."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.deadlines import local_date
from tracker.domain.vocabulary import PartyKind
from tracker.services import (
    catalogue_read,
    closings,
    extension_lists,
    good_practice_lists,
    history,
    measured,
    observations,
    public_commitment,
    public_figures,
    public_site,
    reporting_channels,
)
from tracker.services.status_report_rows import REPORTED_ABOUT
from tracker.web.access import maybe_actor, public
from tracker.web.addresses import chosen, found, page_number, to_canonical
from tracker.web.addresses import code as code_of
from tracker.web.feed_words import issued_subject
from tracker.web.languages import choose
from tracker.web.public_lines import lines_of_states, standings_of_party

blueprint = Blueprint("states", __name__)


@blueprint.get("/states")
@public
def index() -> ResponseReturnValue:
    session = db.session
    cycle = public_figures.current_cycle(session)
    parties = public_figures.parties(session, cycle.id if cycle else None, today=local_date(g.now, "UTC"))
    states = [p for p in parties if p.kind is PartyKind.MEMBER_STATE]
    regions = catalogue_read.words(session, "subregion").of("subregion")
    return render_template(
        "pages/states/index.html",
        cycle=cycle,
        lines=lines_of_states(public_figures.in_alphabetical_order(states, choose()), regions),
        others=[p for p in parties if p.kind is not PartyKind.MEMBER_STATE],
        reporting=public_figures.states_reporting(states),
    )


@blueprint.get("/states/<iso2>")
@public
def show(iso2: str) -> ResponseReturnValue:
    session = db.session
    page = page_number(request.args.get("page"))
    party = found(public_figures.party(session, code_of(iso2), today=local_date(g.now, "UTC")))
    if iso2 != party.code.lower():
        return to_canonical(f"/states/{party.code.lower()}")
    cycles, total = public_figures.cycles_of(session, party.id, page)
    asked = chosen("cycle")
    cycle = public_figures.cycle(session, asked)
    commitments = public_figures.commitments_of(session, party.id, cycle.id) if cycle else []
    listed, views = commitments, None
    differing = chosen("differ") == "1"
    if differing and cycle:
        listed = public_figures.differing_of(session, party.id, cycle.id)
        views = observations.views_on(session, cycle.id, [row.commitment_id for row in listed], None)
    return render_template(
        "pages/states/show.html",
        party=party,
        cycle=found(cycle) if asked else cycle,
        asked_cycle=asked,
        cycles=cycles,
        has_report=total > 0 and party.kind in REPORTED_ABOUT,
        pages=found(public_figures.pages(total, page)),
        page=page,
        lines=standings_of_party(listed, iso2, f"?cycle={cycle.code}" if cycle else "", views),
        differing=differing,
        coverage=public_figures.coverage_of(commitments),
        extensions=extension_lists.counted(session, party.id, cycle.id) if cycle else (0, 0),
        activities=catalogue_read.activities_in(session, party.code) if party.facts else [],
        issued=[(one, issued_subject(one)) for one in public_site.issued_about(session, party.id)],
        practices=public_site.practices_in(session, party.id),
        authority=public_site.authority(session, party.id) if party.facts else None,
        channels=reporting_channels.of(session, party.id) if party.facts else (),
    )


@blueprint.get("/states/<iso2>/<code>")
@public
def commitment(iso2: str, code: str) -> ResponseReturnValue:
    session = db.session
    record = found(public_commitment.commitment(session, code_of(iso2), code_of(code)))
    if (iso2, code) != (record.party_code.lower(), record.provision_code):
        return to_canonical(f"/states/{record.party_code.lower()}/{record.provision_code}")
    reports = public_commitment.reports_on(session, record.id)
    shown = found(public_commitment.shown_report(session, record.id, reports, chosen("cycle")))
    published = public_commitment.published(session, shown.assessment_id) if shown.assessment_id else None
    return render_template(
        "pages/states/commitment.html",
        record=record,
        reports=reports,
        shown=shown,
        published=published,
        voices=public_commitment.voices_of(session, shown, *published) if published else None,
        indicators=measured.measured(session, record.provision_id) if shown.assessment_id else [],
        elements={e.code: e for e in public_commitment.elements(session, record.provision_id)},
        entries=history.of_commitment(session, record.id, None),
        closing=closings.newest(session, record.id) if record.closed_at else None,
        practices=good_practice_lists.of_commitment(session, record.id, choose()),
        person=maybe_actor(),
    )
