"""Questions about a report and their answers, and the notes that stay inside the Secretariat."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.db import db, transaction
from tracker.domain.errors import NotVisible, Stale, Unmet, WrongState
from tracker.domain.policy import Permission, can
from tracker.domain.vocabulary import Role
from tracker.models import ProgressReport, Question
from tracker.services import notes, question_lists, questions, records
from tracker.web import access, paging
from tracker.web.access import requires
from tracker.web.forms.fields import put_problems
from tracker.web.forms.questions import AnswerForm, NoteForm, WithdrawForm, ask_form
from tracker.web.languages import gettext as _

blueprint = Blueprint("questions", __name__)


@blueprint.get("/questions")
@requires(Permission.COMMITMENT_LIST)
def index() -> ResponseReturnValue:
    """What the Secretariat asks of this person's party; for a reviewer, what he or she asked."""
    actor = access.actor()
    if actor.role is Role.OBSERVER:
        raise NotVisible
    open_only = request.args.get("show") != "all"
    number = paging.asked()
    listed, total = question_lists.listing(db.session, actor, open_only=open_only, number=number)
    page = paging.page(number, total, question_lists.PAGE)
    return render_template("pages/questions/index.html", listed=listed, page=page, open_only=open_only)


@blueprint.get("/questions/<id:question_id>")
@requires(Permission.COMMITMENT_VIEW)
def show(question_id: int) -> ResponseReturnValue:
    """One question, and the form to answer it for those who may."""
    return _answer_page(question_id, None)


@blueprint.post("/questions/<id:question_id>/answer")
@requires(Permission.QUESTION_ANSWER)
def answer(question_id: int) -> ResponseReturnValue:
    g.form = form = AnswerForm()
    _question(question_id, Permission.QUESTION_ANSWER)
    if not form.validate():
        return _answer_page(question_id, form, 422)
    with transaction() as session:
        report, question = _question(question_id, Permission.QUESTION_ANSWER)
        questions.answer(
            session,
            report,
            question,
            text=form.text.data or "",
            explanation=form.explanation.data or "",
            seen_version=form.version.data,
            actor=access.actor(),
            now=g.now,
        )
        report_id = report.id
    flash(_("Your answer is with the Secretariat."), "success")
    return redirect(url_for("reports.show", report_id=report_id, _anchor="questions"), 303)


@blueprint.post("/questions/<id:question_id>/withdraw")
@requires(Permission.QUESTION_ASK)
def withdraw(question_id: int) -> ResponseReturnValue:
    g.form = form = WithdrawForm()
    with transaction() as session:
        report, question = _question(question_id, Permission.QUESTION_ASK)
        questions.withdraw(session, report, question, seen_version=form.version.data, actor=access.actor(), now=g.now)
        report_id = report.id
    flash(_("The question is withdrawn. It stays in the file."), "success")
    return redirect(url_for("reviews.show", report_id=report_id, _anchor="questions"), 303)


@blueprint.get("/reviews/<id:report_id>/questions")
@requires(Permission.QUESTION_ASK)
def ask_page(report_id: int) -> ResponseReturnValue:
    """The form for questions about one report, on a page of its own."""
    report = access.get_report(report_id, Permission.QUESTION_ASK)
    return _ask_page(report, ask_form(questions.elements_of(report), shown_only=True))


@blueprint.post("/reviews/<id:report_id>/questions")
@requires(Permission.QUESTION_ASK)
def ask(report_id: int) -> ResponseReturnValue:
    report = access.get_report(report_id, Permission.QUESTION_ASK)
    g.form = form = ask_form(questions.elements_of(report))
    if not form.validate():
        return _ask_page(report, form, 422)
    with transaction() as session:
        report = access.get_report(report_id, Permission.QUESTION_ASK)
        asked = questions.ask(
            session,
            report,
            texts=form.asked,
            explanation=form.explanation.data or "",
            actor=access.actor(),
            now=g.now,
        )
    flash(
        _("The question is with the State.") if len(asked) == 1 else _("The questions are with the State."), "success"
    )
    return redirect(url_for("reviews.show", report_id=report_id, _anchor="questions"), 303)


@blueprint.post("/reviews/<id:report_id>/notes")
@requires(Permission.NOTE_WRITE)
def note(report_id: int) -> ResponseReturnValue:
    """Add a note that nobody outside the Secretariat ever reads."""
    g.form = form = NoteForm()
    report = access.get_report(report_id, Permission.NOTE_WRITE)
    if not form.validate():
        return _note_page(report, form)
    with transaction() as session:
        report = access.get_report(report_id, Permission.NOTE_WRITE)
        said = {"text": form.note.data or "", "explanation": form.explanation.data or ""}
        notes.write(session, report, **said, actor=access.actor(), now=g.now)
    flash(_("The note is kept inside the Secretariat."), "success")
    return redirect(url_for("reviews.show", report_id=report_id, _anchor="notes"), 303)


def _question(question_id: int, permission: Permission) -> tuple[ProgressReport, Question]:
    """The question with its report, if this person may do this to it."""
    question = db.session.get(Question, question_id, populate_existing=True)
    if question is None:
        raise NotVisible
    report = access.get_report(question.report_id, Permission.COMMITMENT_VIEW)
    _line(report, question_id)
    access.check(permission, records.subject_of(report, now=g.now))
    return report, question


def _line(report: ProgressReport, question_id: int) -> questions.Line:
    """The question as this person reads it; NotVisible where he or she does not."""
    for line in questions.of_report(db.session, report, access.actor(), now=g.now):
        if line.id == question_id:
            return line
    raise NotVisible


def _answer_page(question_id: int, form: AnswerForm | None, status: int = 200) -> ResponseReturnValue:
    report, _found = _question(question_id, Permission.COMMITMENT_VIEW)
    line = _line(report, question_id)
    allowed = can(access.actor(), Permission.QUESTION_ANSWER, records.subject_of(report, now=g.now))
    open_form = None
    if allowed and line.is_open and report.state in questions.ANSWERED_IN:
        open_form = form or AnswerForm(formdata=None, version=line.version)
        open_form.version.data = line.version
    shown: dict[str, Any] = {"report": report, "line": line, "open_form": open_form, "form": form}
    typed = form.text.data if form is not None and open_form is None else ""
    return render_template("pages/questions/show.html", **shown, typed=typed, conflict=status == 409), status


def _ask_page(report: ProgressReport, form: Any, status: int = 200) -> ResponseReturnValue:
    possible = report.state in questions.ASKED_IN
    return render_template("pages/questions/ask.html", report=report, form=form, possible=possible), status


def _note_page(report: ProgressReport, form: NoteForm) -> ResponseReturnValue:
    return render_template("pages/questions/note.html", report=report, form=form), 422


@blueprint.errorhandler(Unmet)
def _unmet(error: Unmet) -> ResponseReturnValue:
    form = g.form
    form.validate()
    put_problems(form, error.problems)
    if isinstance(form, AnswerForm):
        return _answer_page(_asked_id("question_id"), form, 422)
    report = access.get_report(_asked_id("report_id"), Permission.COMMITMENT_VIEW)
    return _note_page(report, form) if isinstance(form, NoteForm) else _ask_page(report, form, 422)


@blueprint.errorhandler(Stale)
@blueprint.errorhandler(StaleDataError)
@blueprint.errorhandler(WrongState)
def _moved_on(_error: Exception) -> ResponseReturnValue:
    """Somebody was faster, or the report has gone on: what stands now, and what was typed."""
    form = g.form
    if isinstance(form, AnswerForm):
        form.validate()
        return _answer_page(_asked_id("question_id"), form, 409)
    if isinstance(form, WithdrawForm):
        return _answer_page(_asked_id("question_id"), None, 409)
    report = access.get_report(_asked_id("report_id"), Permission.COMMITMENT_VIEW)
    return _ask_page(report, form, 409)


def _asked_id(name: str) -> int:
    return int(request.view_args[name])  # type: ignore[index]
