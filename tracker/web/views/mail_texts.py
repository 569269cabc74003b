"""The wording of mails in the browser: each mail with its sentences, what is in force, and how it would read."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config import LANGUAGES
from tracker import wording
from tracker.db import db, transaction
from tracker.domain.errors import Stale, Unmet
from tracker.domain.policy import Permission
from tracker.mail.rendering import Rendered
from tracker.mail.samples import SAMPLES
from tracker.services import mail_sentences, mail_texts
from tracker.services.mail_texts import Wording
from tracker.web import errors
from tracker.web.access import actor, requires
from tracker.web.addresses import found
from tracker.web.forms.fields import put_problems
from tracker.web.forms.mail_texts import WordingForm
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.web.views.admin_mail import BODY_POLICY

blueprint = Blueprint("mail_texts", __name__)

KEY = re.compile(r"[0-9a-f]{64}")


@blueprint.get("/admin/mail/texts")
@requires(Permission.MAIL_TEXTS)
def index() -> ResponseReturnValue:
    """Every mail, in one language."""
    asked = request.args.get("language", "")
    language = asked if asked in LANGUAGES else choose()
    return render_template(
        "pages/mail_texts/index.html",
        language=language,
        languages=LANGUAGES,
        groups=[(_group(name), mails) for name, mails in mail_texts.listing(db.session, language)],
        outdated=mail_texts.outdated(db.session),
    )


@blueprint.get("/admin/mail/texts/<language>/<mail>")
@requires(Permission.MAIL_TEXTS)
def show(language: str, mail: str) -> ResponseReturnValue:
    """One mail: how it reads now, and its sentences."""
    _known(language, mail)
    said, others = mail_texts.of_mail(db.session, mail, language)
    return render_template(
        "pages/mail_texts/show.html",
        language=language,
        languages=LANGUAGES,
        mail=mail,
        group=_group(mail_sentences.group(mail)),
        preview=mail_texts.preview(db.session, mail, language, actor=actor()),
        said=said,
        others=others,
    )


@blueprint.get("/admin/mail/texts/<language>/<mail>/html")
@requires(Permission.MAIL_TEXTS)
def html(language: str, mail: str) -> ResponseReturnValue:
    """The mail as its reader would see it, shut in."""
    _known(language, mail)
    return _shut_in(mail_texts.preview(db.session, mail, language, actor=actor()))


@blueprint.get("/admin/mail/texts/<language>/<mail>/<key>")
@requires(Permission.MAIL_TEXTS)
def edit(language: str, mail: str, key: str) -> ResponseReturnValue:
    """One sentence."""
    shown = _wording(language, mail, key)
    return _page(shown, mail, WordingForm.of(shown, sent=False), 200)


@blueprint.post("/admin/mail/texts/<language>/<mail>/<key>")
@requires(Permission.MAIL_TEXTS)
def change(language: str, mail: str, key: str) -> ResponseReturnValue:
    """Put a wording in force, or only look at the mail with it (``do=text``, ``do=html``)."""
    shown = _wording(language, mail, key)
    form = WordingForm.of(shown, sent=True)
    if not form.validate():
        return _page(shown, mail, form, 422)
    if request.form.get("do") in ("text", "html"):
        return _tried(shown, mail, form)
    with transaction() as session:
        mail_texts.change(session, shown, actor=actor(), now=g.now, **form.said())
    flash(_("The wording is in force: mails that are written from now on say it."), "success")
    return redirect(url_for("mail_texts.show", language=language, mail=mail), 303)


@blueprint.post("/admin/mail/texts/<language>/<mail>/<key>/shipped")
@requires(Permission.MAIL_TEXTS)
def shipped(language: str, mail: str, key: str) -> ResponseReturnValue:
    """Back to the shipped text."""
    _wording(language, mail, key)
    _take_out(language, key)
    return redirect(url_for("mail_texts.show", language=language, mail=mail), 303)


@blueprint.post("/admin/mail/texts/<language>/outdated/<key>/remove")
@requires(Permission.MAIL_TEXTS)
def remove(language: str, key: str) -> ResponseReturnValue:
    """Take out a wording that no mail asks for any more."""
    _take_out(language, key)
    return redirect(url_for("mail_texts.index", language=language), 303)


def _take_out(language: str, key: str) -> None:
    found(key if KEY.fullmatch(key) and language in LANGUAGES else None)
    seen = request.form.get("version", type=int) or 0
    with transaction() as session:
        mail_texts.back_to_shipped(session, language, key, seen_version=seen, actor=actor(), now=g.now)
    flash(_("The wording was taken out; the shipped text is in force."), "success")


def _known(language: str, mail: str) -> None:
    found(mail if mail in SAMPLES and language in LANGUAGES else None)


def _wording(language: str, mail: str, key: str) -> Wording:
    _known(language, mail)
    return found(mail_texts.one(db.session, language, key))


def _group(name: str) -> str:
    return wording.translate(mail_sentences.GROUPS.get(name, name), choose())


def _tried(shown: Wording, mail: str, form: WordingForm) -> ResponseReturnValue:
    """The mail with what was typed; nothing is kept."""
    said = form.said()
    made = mail_texts.try_out(db.session, shown, mail, text=said["text"], plural=said["plural"], actor=actor())
    return _shut_in(made) if request.form.get("do") == "html" else _page(shown, mail, form, 200, made)


def _shut_in(made: Rendered) -> Response:
    return Response(made.html, mimetype="text/html", headers={"Content-Security-Policy": BODY_POLICY})


def _page(
    shown: Wording, mail: str, form: WordingForm, status: int, preview: Rendered | None = None
) -> ResponseReturnValue:
    page = render_template(
        "pages/mail_texts/edit.html",
        shown=shown,
        mail=mail,
        form=form,
        group=_group(mail_sentences.group(mail)),
        mails=mail_sentences.mails_with(shown.sentence),
        preview=preview,
        is_stale=status == 409,
    )
    return page, status


def _as_sent() -> tuple[Wording, str, WordingForm]:
    """What is stored now, and the form as sent and validated."""
    where = request.view_args or {}
    shown = _wording(where["language"], where["mail"], where["key"])
    form = WordingForm.of(shown, sent=True)
    form.validate()
    return shown, where["mail"], form


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    shown, mail, form = _as_sent()
    put_problems(form, error.problems)
    return _page(shown, mail, form, 422)


@blueprint.errorhandler(Stale)
def _stale(_error: Stale) -> ResponseReturnValue:
    """What is in force now and what was typed, both; the form now carries the newest version."""
    if request.endpoint != "mail_texts.change":
        return errors.page(409, action=None, state=None)
    shown, mail, form = _as_sent()
    form.version.data = shown.version
    return _page(shown, mail, form, 409)
