"""The door: who is signed in, what each address asks for, and the only way from a request to a record.

Every view says what it asks for with ``@requires(Permission.X)`` or ``@public``. One that says nothing is refused.
A record is reached through ``get``: not there or not visible is 404, visible but not permitted is 403.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import Flask, current_app, g, request
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from tracker.db import db
from tracker.domain.errors import NotPermitted, NotVisible
from tracker.domain.policy import Actor, Permission, Subject, can
from tracker.models import Commitment, ProgressReport
from tracker.services import records

View = TypeVar("View", bound=Callable[..., Any])
ACCESS = "_tracker_access"
LARGEST_BODY = "_tracker_largest_body"
BY_KEY = "_tracker_by_key"
PUBLIC = "public"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FARTHEST = 200 * 1024 * 1024
"""Bytes of a file beyond the limit that are read before it is refused; somebody who may send files sends it."""
PIECE = 64 * 1024
MOST_FIELDS = 1000
"""No form of this site has as many; Werkzeug limits them for multipart bodies only."""


def requires(permission: Permission) -> Callable[[View], View]:
    """The view is for signed-in people with this permission; where it is about a record, ``get`` asks again."""

    def mark(view: View) -> View:
        setattr(view, ACCESS, permission)
        return view

    return mark


def public(view: View) -> View:
    """The view is for everybody."""
    setattr(view, ACCESS, PUBLIC)
    return view


def by_key(view: View) -> View:
    """The key in the address is the authority, so a change sent here carries no token of a session.

    For RFC 8058 only: the program that presses the button is the reader's mail server, without cookie or form. A forged
    request would have to know the key, and whoever knows it may act anyway; a browser's session counts for nothing.
    """
    setattr(view, BY_KEY, True)
    return view


def large_body(most: int) -> Callable[[View], View]:
    """The view takes bodies of up to ``most`` bytes: files. Everywhere else the limit of the settings holds."""

    def mark(view: View) -> View:
        setattr(view, LARGEST_BODY, most)
        return view

    return mark


ABOUT_A_RECORD = frozenset(
    {
        Permission.COMMITMENT_VIEW,
        Permission.COMMITMENT_ASSIGN,
        Permission.REPORT_VIEW_DRAFT,
        Permission.REPORT_EDIT,
        Permission.REPORT_ASK_APPROVAL,
        Permission.REPORT_SUBMIT,
        Permission.REPORT_APPROVE,
        Permission.REPORT_RECALL,
        Permission.REPORT_COMMENT,
        Permission.REVIEW_TAKE_UP,
        Permission.REVIEW_TAKE_OVER,
        Permission.REVIEW_ASSESS,
        Permission.REVIEW_CONFIRM,
        Permission.REVIEW_REOPEN,
        Permission.STATUS_REPORT_MAIL,
        Permission.PART_HAND_IN,
        Permission.EXTENSION_ASK,
        Permission.EXTENSION_DECIDE,
        Permission.QUESTION_ASK,
        Permission.QUESTION_ANSWER,
        Permission.NOTE_WRITE,
        Permission.OBSERVATION_FILE,
    }
)
"""Asked when the record is known (``get``, ``check``); the door itself only asks for a signed-in person."""


class SignInNeeded(Exception):
    """Nobody is signed in (or no longer)."""


def actor() -> Actor:
    """The person who asks. Raises SignInNeeded where nobody is signed in."""
    person = maybe_actor()
    if person is None:
        raise SignInNeeded
    return person


def maybe_actor() -> Actor | None:
    """The person who asks, or None."""
    return getattr(current_user, "actor", None)


def guard() -> None:
    """Before every request: the address must say what it asks for, the person must have it, a change its token."""
    if request.url_rule is None or request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    wanted = getattr(view, ACCESS, None)
    if wanted is None:
        raise NotPermitted(request.endpoint)
    if hasattr(view, LARGEST_BODY):
        # The body of a stranger, or of somebody who may not, is not even read.
        if wanted != PUBLIC and not can(actor(), wanted) and wanted not in ABOUT_A_RECORD:
            raise NotPermitted(request.endpoint)
        request.max_content_length = getattr(view, LARGEST_BODY)
        if (request.content_length or 0) > request.max_content_length:
            _read_away()
    if request.method not in SAFE_METHODS and sum(1 for _ in request.form.items(multi=True)) > MOST_FIELDS:
        raise RequestEntityTooLarge
    if wanted != PUBLIC:
        person = actor()
        if wanted not in ABOUT_A_RECORD and not can(person, wanted):
            raise NotPermitted(request.endpoint)
    if request.method not in SAFE_METHODS and not hasattr(view, BY_KEY):
        protect = current_app.extensions["tracker.csrf_protect"]
        protect()


def _read_away() -> NoReturn:
    """Refuse a body that is too large after it has been read and dropped: a browser that is still sending reads no
    answer, and would tell of a broken connection instead of the limit."""
    stream, left = request.environ["wsgi.input"], FARTHEST
    while left > 0 and (chunk := stream.read(PIECE)):
        left -= len(chunk)
    raise RequestEntityTooLarge


def check(permission: Permission, subject: Subject | None) -> None:
    """Raise NotVisible where the person may not know of the record, NotPermitted where he or she may not do this."""
    person = maybe_actor()
    if subject is None or not can(person, Permission.COMMITMENT_VIEW, subject):
        raise NotVisible
    if not can(person, permission, subject):
        raise NotPermitted(permission)


def get_report(report_id: int, permission: Permission) -> ProgressReport:
    """The report, if this person may do this to it."""
    report = records.report(db.session, report_id)
    if report is None:
        raise NotVisible
    check(permission, records.subject_of(report, now=g.now))
    return report


def get_commitment(commitment_id: int, permission: Permission) -> Commitment:
    """The commitment, if this person may do this to it."""
    commitment = records.commitment(db.session, commitment_id)
    if commitment is None:
        raise NotVisible
    check(permission, records.subject_of_commitment(commitment))
    return commitment


def init_app(app: Flask) -> None:
    app.before_request(guard)
