"""A change sent after the session ended: what was typed is kept, through signing in, and offered again.

Nothing is stored and nothing is carried out: the fields travel as hidden inputs of the sign-in page, and after
signing in the person sees them and decides to send them (SAFETY B14). That last step carries a fresh token.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.web.access import maybe_actor

KEPT_PREFIX = "kept."
KEPT_TARGET = "kept_target"
NEVER_KEPT = frozenset({"csrf_token", "password", "new_password", "repeat_password", KEPT_TARGET})
MOST_FIELDS = 400


def is_inside(target: str) -> bool:
    """Whether an address leads inside this site: a path, without host, scheme, backslash or control character."""
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    if "\\" in target or any(ord(c) < 0x20 or ord(c) == 0x7F for c in target):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc


def sign_in_first() -> str:
    """The address of the sign-in page that comes back here afterwards."""
    here = request.full_path.rstrip("?")
    return f"{url_for('account.sign_in')}?{urlencode({'next': here})}"


def typed_fields() -> list[tuple[str, str]]:
    """What was typed, as (name, value), without tokens and passwords."""
    pairs = list(request.form.items(multi=True))[:MOST_FIELDS]
    return [(name, value) for name, value in pairs if name not in NEVER_KEPT]


def kept_fields() -> list[tuple[str, str]]:
    """What an earlier page kept, as (name, value) under the names of the original form."""
    pairs = list(request.form.items(multi=True))[:MOST_FIELDS]
    return [(name.removeprefix(KEPT_PREFIX), value) for name, value in pairs if name.startswith(KEPT_PREFIX)]


def offer_again() -> ResponseReturnValue:
    """The page that keeps what was typed: sign in first where needed, then look at it and send it again."""
    fields = typed_fields()
    target = request.full_path.rstrip("?")
    if maybe_actor() is None:
        from tracker.web.forms.account import SignInForm

        form = SignInForm(formdata=None)
        page = render_template(
            "pages/account/sign_in.html", form=form, kept=fields, kept_target=target, next="", expired=True
        )
        return page, 401
    return render_template("pages/account/resume.html", kept=fields, kept_target=target), 400
