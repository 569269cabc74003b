"""From an error to a page, once for all views. A refusal is 4xx, never a redirect with a message."""

from __future__ import annotations

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from tracker.db import db
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.text import UnusableText
from tracker.domain.vocabulary import ReportState
from tracker.logs import log
from tracker.web import traces
from tracker.web.access import SAFE_METHODS, SignInNeeded
from tracker.web.resume import offer_again, sign_in_first, typed_texts

PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})
REPORT_STATES = frozenset(state.value for state in ReportState)
TOO_LARGE = 413
"""What was sent was not read, and is not to be."""


def page(status: int, **context: object) -> ResponseReturnValue:
    """The page for a status: what happened, what to do, what was typed, the way back."""
    known = status if status in PAGES else 500 if status >= 500 else 400
    typed = [] if status == TOO_LARGE else typed_texts()
    return render_template(f"errors/{known}.html", status=status, typed=typed, **context), status


def init_app(app: Flask) -> None:
    """Register one handler per kind of error."""

    @app.errorhandler(SignInNeeded)
    def _sign_in(_error: SignInNeeded) -> ResponseReturnValue:
        if request.method in SAFE_METHODS:
            return redirect(sign_in_first())
        return offer_again()

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> ResponseReturnValue:
        return offer_again()

    @app.errorhandler(NotVisible)
    def _not_visible(_error: NotVisible) -> ResponseReturnValue:
        traces.refused(404)
        return page(404)

    @app.errorhandler(NotPermitted)
    def _not_permitted(_error: NotPermitted) -> ResponseReturnValue:
        traces.refused(403)
        return page(403)

    @app.errorhandler(WrongState)
    def _wrong_state(error: WrongState) -> ResponseReturnValue:
        # The page's sentence speaks of a report; of anything else it says that it was changed meanwhile.
        state = error.state if error.state in REPORT_STATES else None
        return page(409, action=error.action, state=state)

    @app.errorhandler(Stale)
    @app.errorhandler(StaleDataError)
    @app.errorhandler(IntegrityError)
    def _stale(_error: Exception) -> ResponseReturnValue:
        # A unique key that was taken meanwhile is the same story: somebody, or a second click, was faster.
        db.session.rollback()
        return page(409, action=None, state=None)

    @app.errorhandler(Unmet)
    def _unmet(error: Unmet) -> ResponseReturnValue:
        return page(422, problems=error.problems)

    @app.errorhandler(UnusableText)
    def _unusable(_error: UnusableText) -> ResponseReturnValue:
        return page(400)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or (error.code or 500) < 400:
            return error
        return page(error.code or 500)

    @app.errorhandler(DataError)
    def _unfit(error: DataError) -> ResponseReturnValue:
        # A value that no column can hold is the asker's fault, wherever it slipped through.
        log.warning("database.unfit_value", endpoint=request.endpoint)
        db.session.rollback()
        return page(400)

    @app.errorhandler(DBAPIError)
    def _database(error: DBAPIError) -> ResponseReturnValue:
        log.error("database.failed", kind=type(error.orig).__name__)
        db.session.rollback()
        return page(503)

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> ResponseReturnValue:
        log.error("request.failed", kind=type(error).__name__, endpoint=request.endpoint, exc_info=error)
        db.session.rollback()
        return page(500)
