"""The front door: what this is, where the current cycle stands, and the pages that explain."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.db import db
from tracker.domain.deadlines import local_date
from tracker.domain.vocabulary import PartyKind
from tracker.services import catalogue_read, public_figures, public_site
from tracker.web.access import public
from tracker.web.feed_words import issued_subject
from tracker.web.languages import choose
from tracker.web.public_lines import lines_of_publications, lines_of_states

blueprint = Blueprint("home", __name__)

ROBOTS = "User-agent: *\nDisallow: /sign-in\nDisallow: /forgot-password\n"
ROBOTS_OF_A_DEMONSTRATION = "User-agent: *\nDisallow: /\n"
"""Invented figures about real States must not turn up in a search."""


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    session = db.session
    cycle = public_figures.current_cycle(session)
    parties = public_figures.parties(session, cycle.id if cycle else None, today=local_date(g.now, "UTC"))
    states = [p for p in parties if p.kind is PartyKind.MEMBER_STATE]
    in_order = public_figures.in_alphabetical_order(states, choose())
    return render_template(
        "pages/home/index.html",
        cycle=cycle,
        states=in_order,
        lines=lines_of_states(in_order),
        whole=public_figures.Coverage.of(p.coverage for p in parties),
        reporting=public_figures.states_reporting(states),
        recommendations=catalogue_read.recommendations(session),
        issued=[(one, issued_subject(one)) for one in public_site.issued(session)],
        latest=lines_of_publications(public_figures.latest_publications(session) if cycle else []),
    )


@blueprint.get("/about")
@public
def about() -> ResponseReturnValue:
    return render_template("pages/home/about.html", instruments=catalogue_read.instruments(db.session))


@blueprint.get("/how-it-works")
@public
def how_it_works() -> ResponseReturnValue:
    return render_template("pages/home/how_it_works.html")


@blueprint.get("/help")
@public
def help() -> ResponseReturnValue:
    return render_template("pages/home/help.html")


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("pages/home/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    settings = current_app.extensions["tracker.settings"]
    return render_template(
        "pages/home/privacy.html",
        idle_hours=settings.session_idle // 3600,
        absolute_hours=settings.session_absolute // 3600,
    )


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    settings = current_app.extensions["tracker.settings"]
    if not settings.is_production:
        return Response(ROBOTS_OF_A_DEMONSTRATION, mimetype="text/plain")
    return Response(f"{ROBOTS}\nSitemap: {settings.base_url}/sitemap.xml\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    return redirect(current_app.jinja_env.globals["asset"]("img/mark.svg"), 302)  # type: ignore[operator]
