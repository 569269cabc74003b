"""Searches and lists that a person kept under a name. Private: nobody else reads, changes or takes over a view.

A view is the path of one of the lists below and its filters, never an address: what is opened is always a page of
this site, with whatever its reader may see of it now.
"""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import parse_qsl, unquote_plus, urlencode

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.text import fold, without_unusable
from tracker.models import SavedView, User
from tracker.models.base import NAME, URL
from tracker.services import audit
from tracker.services.personal_data import require_no_identifiers
from tracker.services.purge_places import finder
from tracker.services.records import LARGEST_ID

MOST = 50
"""Views of one person."""
PATHS = frozenset(
    {
        "/search",
        "/commitments",
        "/reviews",
        "/provisions",
        "/activities",
        "/library",
        "/good-practices",
        "/figures",
        "/figures/map",
        "/figures/matrix",
        "/figures/trend",
        "/figures/voices",
        "/figures/not-reported",
        "/figures/review-time",
    }
)
"""The lists that can be kept."""
_NAME_OF_FILTER = re.compile(r"[a-z][a-z_]{0,39}")
_NOT_KEPT = frozenset({"lang", "page", "csrf_token", "next"})
_MOST_FILTERS = 40


def listing(session: Session, *, actor: Actor) -> list[SavedView]:
    """The person's own views, by name."""
    _permit(actor)
    found = session.scalars(sa.select(SavedView).where(SavedView.user_id == actor.user_id).limit(MOST))
    return sorted(found, key=lambda view: (fold(view.name), view.id))


def save(session: Session, *, name: str, path: str, query: str, actor: Actor, now: datetime) -> SavedView:
    """Keep a list with its filters (``query``: as in an address).

    Raises NotPermitted; Unmet(name="required", "too_long", "taken", "too_many", or an identifier of a person);
    Unmet(path="unknown") for what is none of ``PATHS``; Unmet(query="too_long").
    """
    _permit(actor)
    if path not in PATHS:
        raise Unmet(path="unknown")
    kept = cleaned(query)
    if len(kept) > URL:
        raise Unmet(query="too_long")
    _hold(session, actor)
    own = listing(session, actor=actor)
    _check_name(name, own)
    if len(own) >= MOST:
        raise Unmet(name="too_many")
    view = SavedView(user_id=actor.user_id, name=name, path=path, query=kept, created_at=now)
    session.add(view)
    session.flush()
    audit.record(session, "view.kept", now=now, actor=actor, internal=True, about=("saved_view", view.id))
    return view


def get(session: Session, view_id: int, *, actor: Actor) -> SavedView:
    """A view of this person. Raises NotVisible for everybody else's."""
    _permit(actor)
    wanted = sa.select(SavedView).where(SavedView.id == view_id, SavedView.user_id == actor.user_id)
    view = session.scalar(wanted) if view_id <= LARGEST_ID else None
    if view is None:
        raise NotVisible
    return view


def rename(session: Session, view_id: int, *, name: str, actor: Actor, now: datetime) -> SavedView:
    """Give it another name. Raises as ``get`` and ``save``."""
    _hold(session, actor)
    view = get(session, view_id, actor=actor)
    _check_name(name, [one for one in listing(session, actor=actor) if one.id != view.id])
    if view.name != name:
        view.name = name
        session.flush()
        audit.record(session, "view.renamed", now=now, actor=actor, internal=True, about=("saved_view", view.id))
    return view


def remove(session: Session, view_id: int, *, actor: Actor, now: datetime) -> None:
    """Forget it. Raises as ``get``."""
    view = get(session, view_id, actor=actor)
    session.delete(view)
    session.flush()
    audit.record(session, "view.removed", now=now, actor=actor, internal=True, about=("saved_view", view_id))


def cleaned(query: str) -> str:
    """The filters of an address as they are kept: names in small letters, no language, no page, nothing unusable."""
    try:
        pairs = parse_qsl(query, errors="replace", max_num_fields=_MOST_FILTERS)
    except ValueError as error:
        raise Unmet(query="too_long") from error
    kept = [
        (name, without_unusable(value, multiline=False))
        for name, value in pairs
        if _NAME_OF_FILTER.fullmatch(name) and name not in _NOT_KEPT
    ]
    return urlencode([(name, value) for name, value in kept if value])


def forget_passage(session: Session, passage: str) -> None:
    """Remove the views that look for a passage that was erased: filters are kept as an address writes them."""
    searched = finder(passage)
    for view in session.scalars(sa.select(SavedView).where(SavedView.query != "")):
        if searched.search(unquote_plus(view.query)):
            session.delete(view)
    session.flush()


def address(view: SavedView) -> str:
    """Where it leads: always a list of this site."""
    path = view.path if view.path in PATHS else "/views"
    return f"{path}?{view.query}" if view.query else path


def _permit(actor: Actor) -> None:
    if not can(actor, Permission.VIEW_SAVE):
        raise NotPermitted(Permission.VIEW_SAVE)


def _hold(session: Session, actor: Actor) -> None:
    """One change of a person's views at a time: two at once could take one name, or be one too many."""
    session.execute(sa.select(User.id).where(User.id == actor.user_id).with_for_update())


def _check_name(name: str, others: list[SavedView]) -> None:
    if not name:
        raise Unmet(name="required")
    if len(name) > NAME:
        raise Unmet(name="too_long")
    if any(fold(one.name) == fold(name) for one in others):
        raise Unmet(name="taken")
    require_no_identifiers([("name", name)])
