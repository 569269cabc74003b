"""A change sent after the session ended: what was typed is kept, through signing in, and offered again.

Nothing is stored and nothing is carried out: the fields travel as hidden inputs of the sign-in page, and after
signing in the person sees them and decides to send them (SAFETY B14). That last step carries a fresh token. What
another site sent here is never offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from tracker import wording
from tracker.domain.text import without_unusable
from tracker.logs import log
from tracker.web.access import ACCESS, PUBLIC, maybe_actor
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.wording import N_

KEPT_PREFIX = "kept."
KEPT_TARGET = "kept_target"
NEVER_KEPT = frozenset(
    {"csrf_token", "password", "present_password", "new_password", "repeat_password", "next", KEPT_TARGET}
)
MOST_FIELDS = 1000
LONGEST_TARGET = 2000

UNSEEN = frozenset(
    {"version", "seen", "action", "decision", "report", "content", "more", "language", "lang"}
    | {"still", "carry", "unchanged", "line", "accept"}
)
"""Sent again with the rest, but not worth reading; also with something behind a dash (``version-12``)."""
LABELS: dict[str, str] = {
    "narrative": N_("Narrative"),
    "summary": N_("Summary"),
    "obstacles": N_("Obstacles"),
    "help_needed": N_("Help asked for"),
    "indicator": N_("Indicator"),
    "budget": N_("Budget line"),
    "self_assessment": N_("Self-assessment"),
    "comment": N_("Comment"),
    "text": N_("Text"),
    "reasons": N_("Reasons"),
    "rating": N_("Rating"),
    "strength": N_("Strength of evidence"),
    "strength_reason": N_("Reason for a high rating on what is declared only"),
    "reason": N_("Reason"),
    "privacy_explanation": N_("Explanation about personal data"),
    "explanation": N_("Explanation about personal data"),
    "title": N_("Title"),
    "url": N_("Address of the link"),
    "name": N_("Name"),
    "email": N_("E-mail address"),
    "due_on": N_("Due date"),
    "role": N_("Role"),
    "party_code": N_("State"),
    "organisation_name": N_("Name of a new organization"),
    "institution_name": N_("Name of a new institution"),
    "first_day": N_("First day of the participation"),
    "last_day": N_("Last day of the participation"),
    "speaks_of": N_("Date the evidence speaks of"),
    "time_zone": N_("Time zone"),
}
"""What a field is called where its form is not at hand; others read as their name."""


@dataclass(frozen=True)
class Kept:
    """What was typed and where it was going. ``fields`` in the order and number of the original form."""

    target: str
    fields: tuple[tuple[str, str], ...]

    @property
    def readable(self) -> list[tuple[str, str]]:
        """The typed texts with their labels; empty ones and technical ones are left out."""
        return [
            (field_label(name), _value_label(value))
            for name, value in self.fields
            if value.strip() and _is_worth_reading(name)
        ]


def is_inside(target: str) -> bool:
    """Whether an address leads inside this site: a path, without host, scheme, backslash or control character."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or len(target) > LONGEST_TARGET:
        return False
    if "\\" in target or any(ord(c) < 0x20 or ord(c) == 0x7F for c in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def inside_or(target: str | None, otherwise: str) -> str:
    """The address where it leads inside this site, else the other."""
    return target if target and is_inside(target) else otherwise


def takes_posts(target: str) -> bool:
    """Whether the address is inside this site and one that changes are sent to."""
    if not is_inside(target):
        return False
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        endpoint, _values = adapter.match(urlsplit(target).path, method="POST")
    except (HTTPException, RequestRedirect):
        return False
    return getattr(current_app.view_functions[endpoint], ACCESS, PUBLIC) != PUBLIC


def _is_worth_reading(name: str) -> bool:
    return name.partition("-")[0] not in UNSEEN and not (name.startswith("evidence-") and name.endswith("-access"))


def field_label(name: str) -> str:
    """A field's name in words: ``narrative-CS-03.a`` → "Narrative CS-03.a", ``evidence-0-url`` → "Evidence 1 (…)"."""
    stem, _dash, rest = name.partition("-")
    number, _dash, part = rest.partition("-")
    if stem == "evidence" and number.isdecimal() and len(number) < 4 and part in LABELS:
        words, what = _("Evidence"), _(LABELS[part])
        return f"{words} {int(number) + 1} ({what})"
    known = LABELS.get(stem)
    words = _(known) if known else stem.replace("_", " ").strip().capitalize()
    return f"{words} {rest}".strip()


def _value_label(value: str) -> str:
    """A choice as people read it; anything else as typed."""
    return wording.label(value, choose()) if value in wording.LABELS else value


def sign_in_first() -> str:
    """The address of the sign-in page that comes back here afterwards."""
    here = request.full_path.rstrip("?")
    return f"{url_for('account.sign_in')}?{urlencode({'next': here})}"


def typed() -> Kept | None:
    """What this request brought, without tokens and passwords; None where another site sent it, or too much of it."""
    target = request.full_path.rstrip("?")
    if not _is_from_here() or not takes_posts(target):
        return None
    try:
        pairs = list(request.form.items(multi=True))[:MOST_FIELDS]
    except RequestEntityTooLarge:  # a file that nobody signed in sends is not read
        return None
    return Kept(target, tuple((name, value) for name, value in pairs if name not in NEVER_KEPT))


def kept() -> Kept | None:
    """What an earlier page kept, under the names of the original form; None where nothing was."""
    target = request.form.get(KEPT_TARGET, "")
    if not takes_posts(target):
        return None
    pairs = list(request.form.items(multi=True))[: MOST_FIELDS + 10]
    fields = ((name.removeprefix(KEPT_PREFIX), value) for name, value in pairs if name.startswith(KEPT_PREFIX))
    return Kept(target, tuple((name, value) for name, value in fields if name not in NEVER_KEPT))


def typed_texts() -> list[tuple[str, str]]:
    """What a refused or failed request brought, as (label, text) to read and copy; never fails, errors stand on it.

    Empty where nothing was typed, where another site sent it, or where it could not be read.
    """
    if request.method != "POST":
        return []
    try:
        what = typed()
        found = what.readable if what is not None else []
        return [(label, without_unusable(text, multiline=True)) for label, text in found]
    except Exception as error:  # the page of an error must come whatever happens here
        log.error("resume.unreadable", kind=type(error).__name__)
        return []


def _is_from_here() -> bool:
    """Browsers say where a form comes from; who says nothing is believed, since nothing is carried out."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def offer_again() -> ResponseReturnValue:
    """The page that keeps what was typed: sign in first where needed, then look at it and send it again."""
    if request.endpoint == "account.sign_in":
        return sign_in_page(kept(), status=400, notice=_("The page was open for too long. Please sign in again."))
    if _is_public():
        return render_template("pages/account/expired.html", again=request.path), 400
    what = typed()
    if maybe_actor() is None:
        return sign_in_page(
            what,
            status=401,
            notice=_("You were signed out. What you typed is kept: sign in and it will be shown to you again.")
            if what is not None and what.readable
            else _("You were signed out. Sign in to go on."),
        )
    return (
        resume_page(what, 400)
        if what is not None
        else (
            render_template("pages/account/expired.html", again=url_for("dashboard.index")),
            400,
        )
    )


def sign_in_page(
    what: Kept | None, *, status: int, notice: str = "", form: object = None, next_: str = ""
) -> ResponseReturnValue:
    """The sign-in page with what is kept in it."""
    from tracker.web.forms.account import SignInForm

    form = form or SignInForm(formdata=None)
    next_ = next_ if is_inside(next_) else ""
    page = render_template("pages/account/sign_in.html", form=form, kept=what, next=next_, notice_text=notice)
    return page, status


def resume_page(what: Kept, status: int = 200) -> ResponseReturnValue:
    """The page that shows what was typed, with one button that sends it."""
    return render_template("pages/account/resume.html", kept=what), status


def _is_public() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, ACCESS, None) == PUBLIC
