"""The service navigation: what each role finds at the top of every page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, url_for

from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Role
from tracker.web.languages import gettext
from tracker.wording import N_

VISITOR = (
    (N_("Recommendations"), "catalogue.provisions"),
    (N_("States"), "states.index"),
    (N_("Figures"), "/figures"),
    (N_("Activities"), "catalogue.activities"),
    (N_("Library"), "catalogue.library"),
    (N_("Search"), "/search"),
)
"""An endpoint, or an address."""


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    current: bool


@lru_cache(maxsize=len(Role) + 1)
def _wanted(role: Role | None) -> tuple[tuple[str, str], ...]:
    """(Label, endpoint or address) in the order of use. These permissions depend on the role alone."""
    if role is None:
        return VISITOR
    person = Actor(user_id=0, role=role)
    wanted = [(N_("To do"), "dashboard.index"), (N_("Commitments"), "commitments.index")]
    if can(person, Permission.EVIDENCE_LIBRARY) and not person.is_staff:
        wanted.append((N_("Evidence"), "evidence.index"))
    if can(person, Permission.REVIEW_QUEUE):
        wanted.append((N_("Reviews"), "reviews.index"))
    wanted += [(N_("States"), "states.index"), (N_("Recommendations"), "catalogue.provisions")]
    if can(person, Permission.PEOPLE_MANAGE):
        wanted.append((N_("Administration"), "admin.index"))
    if can(person, Permission.AUDIT_VIEW_OWN):
        wanted.append((N_("Audit trail"), "audit.own"))
    return tuple(wanted)


@lru_cache(maxsize=256)
def addresses(app: Flask, role: Role | None) -> tuple[str, ...]:
    """Where the links of this role lead; worked out once per application."""
    return tuple(where if where.startswith("/") else url_for(where) for _label, where in _wanted(role))


def links(role: Role | None, current: str, hrefs: tuple[str, ...]) -> list[Link]:
    """The links of this role in the reader's language; ``current`` is the address of the one that is marked."""
    return [Link(gettext(label), href, href == current) for (label, _e), href in zip(_wanted(role), hrefs, strict=True)]
