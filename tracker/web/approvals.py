"""One decision for many reports: each is carried out in a transaction of its own, and one bad item blocks no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import g
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from tracker.db import transaction
from tracker.domain.errors import Stale, Unmet, WrongState
from tracker.domain.policy import Permission
from tracker.domain.vocabulary import ReportState
from tracker.models import ProgressReport
from tracker.services import reports
from tracker.services.approvals import MOST
from tracker.services.personal_data import IDENTIFIER
from tracker.web import access
from tracker.web.forms.personal_data import is_refused, looks_personal, sentence
from tracker.web.forms.reports import ReportForm, version_in
from tracker.web.languages import gettext as _
from tracker.web.languages import ngettext

APPROVE, REFUSE = "approve", "refuse"


@dataclass(frozen=True)
class Result:
    """What became of one report; ``problem`` "" where it was carried out."""

    code: str
    problem: str


@dataclass
class Decided:
    """What became of the decision. ``error`` is about the form as a whole; then nothing was carried out."""

    comment: str = ""
    explanation: str = ""
    error: str = ""
    refusing: bool = False
    chosen: frozenset[int] = frozenset()
    results: list[Result] = field(default_factory=list)

    @property
    def asks_to_explain(self) -> bool:
        """Whether the comment is only accepted with an explanation."""
        return bool(self.explanation) or looks_personal(self.comment)

    @property
    def all_done(self) -> bool:
        return not self.error and all(not r.problem for r in self.results)

    @property
    def message(self) -> str:
        count = len(self.results)
        if self.refusing:
            text = ngettext(
                "%(num)s report went back with your comment.", "%(num)s reports went back with your comment.", count
            )
        else:
            text = ngettext(
                "%(num)s report is submitted to the Secretariat.",
                "%(num)s reports are submitted to the Secretariat.",
                count,
            )
        return text % {"num": count}


def decide_each(sent: MultiDict[str, str]) -> Decided:
    """Approve or refuse each chosen report on the version that the approver saw.

    Raises NotVisible or NotPermitted, before anything is carried out, where one is not this person's to decide.
    """
    form = ReportForm.read_comment(sent)
    given = Decided(form.comment, form.explanation, refusing=sent.get("decision") == REFUSE)
    ids = dict.fromkeys(int(i) for i in sent.getlist("report") if i.isascii() and i.isdigit() and len(i) < 10)
    given.chosen = frozenset(ids)
    permission = Permission.REPORT_APPROVE if given.refusing else Permission.REPORT_SUBMIT
    if sent.get("decision") not in (APPROVE, REFUSE):
        given.error = _("Choose whether to approve or to refuse.")
    elif not ids or len(ids) > MOST:
        given.error = _("Choose at least one report.")
    elif form.errors:
        given.error = next(iter(form.errors.values()))
    elif given.refusing and not form.comment:
        given.error = _("Write a comment that says what should be changed.")
    elif given.refusing and is_refused(form.comment, form.explanation):
        given.error = sentence(form.comment)
    if given.error:
        return given
    for report_id in ids:
        access.get_report(report_id, permission)
    for report_id in ids:
        version = version_in(sent, f"version-{report_id}")
        given.results.append(_decide(report_id, permission, version, given))
    return given


def _decide(report_id: int, permission: Permission, version: int, given: Decided) -> Result:
    code = ""
    try:
        with transaction() as session:
            report = access.get_report(report_id, permission)
            code = report.commitment.provision.code
            step: Callable[..., Any] = reports.refuse if given.refusing else reports.submit
            more = {"comment": given.comment, "explanation": given.explanation} if given.refusing else {}
            _require_awaiting(report)
            step(session, report, seen_version=version, actor=access.actor(), now=g.now, **more)
    except Unmet as error:
        if "privacy_explanation" in error.problems or IDENTIFIER in error.problems.values():
            return Result(code, _("The personal-data check found something that is not explained. Open the report."))
        return Result(code, _("An answer is missing. Open the report."))
    except WrongState:
        return Result(code, _("It no longer waits for your approval."))
    except (Stale, StaleDataError):
        return Result(code, _("It was changed after you opened this page. Read it again before you decide."))
    return Result(code, "")


def _require_awaiting(report: ProgressReport) -> None:
    """This page decides on what waits for approval and on nothing else."""
    if report.state is not ReportState.AWAITING_APPROVAL:
        raise WrongState("approve", report.state.value)
