"""The mail calendar: every message that the system will send in the coming days, to whom and why."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from tracker import wording
from tracker.db import db
from tracker.domain.policy import Permission
from tracker.domain.text import without_unusable
from tracker.services import mail_plan
from tracker.services.mail_plan import KINDS, REASONS, Filters
from tracker.services.mailbox import KINDS as ALL_KINDS
from tracker.web import paging
from tracker.web.access import requires
from tracker.web.languages import choose

blueprint = Blueprint("mail_plan", __name__)


@blueprint.get("/admin/mail/plan")
@requires(Permission.MAIL_VIEW)
def index() -> ResponseReturnValue:
    """The mails in order of date, with totals by week and by State."""
    number, lang = paging.asked(), choose()
    belongs = mail_plan.belonging(db.session)
    everything = mail_plan.plan(db.session, now=g.now)
    weeks = [monday for monday, _count in mail_plan.by_week(everything)]
    filters = _filters(weeks)
    fitting = mail_plan.fitting(everything, filters, belongs.codes)
    names = {code: wording.pick(name, lang) for code, name in belongs.names.items()}
    return render_template(
        "pages/admin/mail_plan.html",
        rows=mail_plan.page_of(fitting, number),
        page=paging.page(number, len(fitting), mail_plan.PAGE),
        filters=filters,
        days=mail_plan.DAYS,
        total=len(everything),
        kinds=[(kind, wording.translate(words, lang)) for kind, words in KINDS.items()],
        weeks=mail_plan.by_week(fitting),
        all_weeks=[(monday.isoformat(), wording.say_date(monday, lang)) for monday in weeks],
        parties=mail_plan.by_party(fitting, belongs.codes),
        names=names,
        states=sorted(((code.lower(), name) for code, name in names.items()), key=lambda pair: pair[1]),
    )


@blueprint.app_template_filter("planned_kind")
def planned_kind(kind: str) -> str:
    """What kind of mail it is, in the reader's language."""
    known = {**ALL_KINDS, **KINDS}
    return wording.translate(known[kind], choose()) if kind in known else kind


@blueprint.app_template_filter("planned_reason")
def planned_reason(reason: str) -> str:
    """Why it goes, in the reader's language."""
    return wording.translate(REASONS[reason], choose()) if reason in REASONS else ""


@blueprint.app_template_filter("week_end")
def week_end(monday: date) -> date:
    """The Sunday of a week."""
    return monday + timedelta(days=6)


def _filters(weeks: list[date]) -> Filters:
    """What the address asks for; values that do not exist count as not asked."""
    ask = request.args.get
    kind, week = ask("kind", ""), ask("week", "")
    return Filters(
        party=ask("state", "").upper()[:8],
        kind=kind if kind in KINDS else "",
        words=without_unusable(ask("q", ""), multiline=False)[:200],
        week=next((monday for monday in weeks if monday.isoformat() == week), None),
    )
