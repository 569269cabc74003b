"""The service navigation: what each role finds at the top of every page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from tracker.domain.policy import Actor, Permission, can
from tracker.web.languages import gettext as _


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    current: bool


def links(person: Actor | None) -> list[Link]:
    """The links this person may follow, in the order of use."""
    if person is None:
        wanted = [
            (_("Recommendations"), "catalogue.provisions"),
            (_("States"), "states.index"),
            (_("Activities"), "catalogue.activities"),
            (_("Library"), "catalogue.library"),
        ]
    else:
        wanted = [(_("To do"), "dashboard.index"), (_("Commitments"), "commitments.index")]
        if can(person, Permission.REVIEW_QUEUE):
            wanted.append((_("Reviews"), "reviews.index"))
        wanted += [(_("States"), "states.index"), (_("Recommendations"), "catalogue.provisions")]
        if can(person, Permission.PEOPLE_MANAGE):
            wanted.append((_("Administration"), "admin.index"))
    path = request.path
    found = []
    for text, endpoint in wanted:
        href = url_for(endpoint)
        found.append(Link(text, href, path == href or path.startswith(href + "/")))
    return found
