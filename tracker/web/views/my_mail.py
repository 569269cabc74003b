"""My mail: what will come, what came, how often, and the address of one's own calendar."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import wording
from tracker.db import db, transaction
from tracker.domain.errors import Stale
from tracker.domain.policy import Permission
from tracker.services import accounts, calendar_feed, inbox, mail_settings, my_mail
from tracker.web import errors
from tracker.web.access import actor, requires
from tracker.web.forms.differences import Difference, differences
from tracker.web.forms.fields import problems_into
from tracker.web.forms.my_mail import MyMailForm
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.web.views.inbox import kind_words

blueprint = Blueprint("my_mail", __name__)
NEWEST = 5
"""Messages of the inbox that the page shows."""


@blueprint.route("/account/mail", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def show() -> ResponseReturnValue:
    """The page with its one form."""
    form = _form()
    if form.validate_on_submit():
        with problems_into(form), transaction() as session:
            mail_settings.change(session, **form.values(), actor=actor(), now=g.now)
        if not form.errors:
            flash(_("Your choices are saved."), "success")
            return redirect(url_for("my_mail.show"), 303)
    return _page(form, None), 422 if form.is_submitted() else 200


@blueprint.post("/account/mail/new-links")
@requires(Permission.ACCOUNT_MANAGE)
def new_links() -> ResponseReturnValue:
    """Make the one-click links of earlier mails invalid."""
    with transaction() as session:
        mail_settings.new_mail_key(session, actor=actor(), now=g.now)
    flash(_("The links in your earlier mails do not change anything any more."), "success")
    return redirect(url_for("my_mail.show"), 303)


@blueprint.errorhandler(Stale)
def _changed_meanwhile(error: Stale) -> ResponseReturnValue:
    """The choices changed while the form was open: what is stored now and what was typed, and nothing is lost."""
    if error.theirs is None:
        return errors.page(409, state=None)
    form = _form()
    form.seen.data = accounts.mark(error.theirs)
    return _page(form, differences(form, error.theirs)), 409


def _form() -> MyMailForm:
    stored = mail_settings.stored(db.session, actor().user_id, now=g.now)
    return MyMailForm.of(stored, accounts.mark(stored))


def _page(form: MyMailForm, differing: list[Difference] | None) -> str:
    person = actor()
    words: dict[str, Any] = {key: wording.translate(text, choose()) for key, text in my_mail.REASONS.items()}
    return render_template(
        "pages/account/my_mail.html",
        form=form,
        differing=differing,
        coming=my_mail.coming(db.session, person, now=g.now),
        by_date=my_mail.items_by_date,
        reasons=words,
        days=my_mail.DAYS,
        messages=inbox.newest(db.session, person, most=NEWEST),
        kinds=kind_words(),
        holidays=my_mail.holidays(db.session, person, now=g.now),
        bounced=my_mail.bounced(db.session, person),
        calendar=calendar_feed.address(db.session, person),
    )
