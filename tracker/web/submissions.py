"""Handing on many reports at once: each in a transaction of its own, and one bad item blocks no other."""

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
from tracker.domain.workflow import TRANSITIONS, Action
from tracker.services import reports
from tracker.services.personal_data import IDENTIFIER
from tracker.services.submissions import MOST, STATES
from tracker.web import access
from tracker.web.approvals import Result
from tracker.web.forms.extensions import chosen
from tracker.web.forms.reports import version_in
from tracker.web.languages import gettext as _
from tracker.web.languages import ngettext

VERBS: dict[Action, Callable[..., Any]] = {
    Action.ASK_APPROVAL: reports.ask_approval,
    Action.SUBMIT: reports.submit,
}


@dataclass
class Handed:
    """What became of each report. ``error`` is about the form as a whole; then nothing was carried out."""

    step: Action
    error: str = ""
    chosen: frozenset[int] = frozenset()
    results: list[Result] = field(default_factory=list)

    @property
    def all_done(self) -> bool:
        return not self.error and all(not r.problem for r in self.results)

    @property
    def message(self) -> str:
        count = len(self.results)
        if self.step is Action.SUBMIT:
            text = ngettext(
                "%(num)s report is submitted to the Secretariat.",
                "%(num)s reports are submitted to the Secretariat.",
                count,
            )
        else:
            text = ngettext(
                "%(num)s report is with the national approver.",
                "%(num)s reports are with the national approver.",
                count,
            )
        return text % {"num": count}


def hand_on_each(sent: MultiDict[str, str], step: Action) -> Handed:
    """Take the step with each chosen report, on the version that the person saw.

    Raises NotVisible or NotPermitted, before anything is carried out, where one is not this person's to hand on.
    """
    ids = chosen(sent, "report")
    given = Handed(step, chosen=frozenset(ids))
    permission = TRANSITIONS[step].permission
    assert permission is not None  # noqa: S101  (the clock's step has no address)
    if not ids or len(ids) > MOST:
        given.error = _("Choose at least one report.")
        return given
    for report_id in ids:
        access.get_report(report_id, permission)
    given.results = [_hand_on(one, permission, version_in(sent, f"version-{one}"), step) for one in ids]
    return given


def _hand_on(report_id: int, permission: Permission, version: int, step: Action) -> Result:
    code = ""
    try:
        with transaction() as session:
            report = access.get_report(report_id, permission)
            code = report.commitment.provision.code
            if report.state not in STATES:
                raise WrongState(step.value, report.state.value)
            VERBS[step](session, report, seen_version=version, actor=access.actor(), now=g.now)
    except Unmet as error:
        return Result(code, _why(error.problems))
    except WrongState:
        return Result(code, _("It is not with you any more."))
    except (Stale, StaleDataError):
        return Result(code, _("It was changed after you opened this page. Read it again before you hand it on."))
    return Result(code, "")


def _why(problems: dict[str, str]) -> str:
    if "files" in problems:
        return _("A file is not checked yet, or was refused. Open the report.")
    if "privacy_explanation" in problems or IDENTIFIER in problems.values():
        return _("The personal-data check found something that is not explained. Open the report.")
    if "unconfirmed" in problems.values() and "required" not in problems.values():
        return _("What was carried over is not confirmed yet. Open the report.")
    return _("An answer is missing. Open the report.")
