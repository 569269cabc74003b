"""The life of a progress report: one table, performed by one function (``services.transitions.perform``).

The table feeds the services, the buttons, the filters, the tests and the diagram in ``docs/workflow.md``.
Source of the rules: the product's specification, "The life of a progress report".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.policy import Permission
from tracker.domain.vocabulary import ReportState as S
from tracker.domain.vocabulary import Visibility as V


class Action(StrEnum):
    ASK_APPROVAL = "ask_approval"
    SUBMIT = "submit"
    REFUSE = "refuse"
    RECALL = "recall"
    TAKE_UP = "take_up"
    TAKE_OVER = "take_over"
    RETURN = "return"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"
    COMMENT = "comment"
    WAIVE = "waive"
    PUBLISH = "publish"
    REOPEN = "reopen"


class Need(StrEnum):
    """What must be there before the step; the service that performs it checks."""

    ANSWERS = "answers"
    """Every element answered."""
    PERSONAL_DATA = "personal_data"
    """The personal-data check passed, or each finding explained."""
    COMMENT = "comment"
    DUE_DATE = "due_date"
    RATING = "rating"
    """Rating, strength of evidence, reasons."""
    ANOTHER_PERSON = "another_person"
    """Somebody else than the one who proposed the rating."""
    WINDOW_OVER = "window_over"
    REASON = "reason"


class Audience(StrEnum):
    """Who is told by e-mail at once."""

    APPROVERS = "approvers"
    FOCAL_POINTS = "focal_points"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Transition:
    action: Action
    sources: frozenset[S]
    target: S
    permission: Permission | None
    """None: performed by the clock."""
    needs: frozenset[Need] = frozenset()
    tells: frozenset[Audience] = frozenset()
    visibility: V = V.FILE


def _t(
    action: Action,
    sources: tuple[S, ...],
    target: S,
    permission: Permission | None,
    *,
    needs: tuple[Need, ...] = (),
    tells: tuple[Audience, ...] = (),
    visibility: V = V.FILE,
) -> Transition:
    return Transition(action, frozenset(sources), target, permission, frozenset(needs), frozenset(tells), visibility)


P = Permission
TRANSITIONS: dict[Action, Transition] = {
    t.action: t
    for t in (
        _t(Action.ASK_APPROVAL, (S.DRAFT, S.RETURNED), S.AWAITING_APPROVAL, P.REPORT_ASK_APPROVAL,
           needs=(Need.ANSWERS,), tells=(Audience.APPROVERS,), visibility=V.PARTY),
        _t(Action.SUBMIT, (S.DRAFT, S.RETURNED, S.AWAITING_APPROVAL), S.SUBMITTED, P.REPORT_SUBMIT,
           needs=(Need.ANSWERS, Need.PERSONAL_DATA)),
        _t(Action.REFUSE, (S.AWAITING_APPROVAL,), S.RETURNED, P.REPORT_APPROVE,
           needs=(Need.COMMENT,), tells=(Audience.FOCAL_POINTS,), visibility=V.PARTY),
        _t(Action.RECALL, (S.SUBMITTED,), S.DRAFT, P.REPORT_RECALL),
        _t(Action.TAKE_UP, (S.SUBMITTED,), S.UNDER_REVIEW, P.REVIEW_TAKE_UP),
        _t(Action.TAKE_OVER, (S.UNDER_REVIEW,), S.UNDER_REVIEW, P.REVIEW_TAKE_OVER, visibility=V.STAFF),
        _t(Action.RETURN, (S.UNDER_REVIEW,), S.RETURNED, P.REVIEW_ASSESS,
           needs=(Need.COMMENT, Need.DUE_DATE), tells=(Audience.FOCAL_POINTS,)),
        _t(Action.PROPOSE, (S.UNDER_REVIEW,), S.RATING_PROPOSED, P.REVIEW_ASSESS,
           needs=(Need.RATING,), visibility=V.STAFF),
        _t(Action.SEND_BACK, (S.RATING_PROPOSED,), S.UNDER_REVIEW, P.REVIEW_CONFIRM,
           needs=(Need.COMMENT, Need.ANOTHER_PERSON), tells=(Audience.REVIEWER,), visibility=V.STAFF),
        _t(Action.CONFIRM, (S.RATING_PROPOSED,), S.OPEN_FOR_COMMENT, P.REVIEW_CONFIRM,
           needs=(Need.ANOTHER_PERSON,), tells=(Audience.FOCAL_POINTS, Audience.APPROVERS)),
        _t(Action.COMMENT, (S.OPEN_FOR_COMMENT,), S.PUBLISHED, P.REPORT_COMMENT,
           needs=(Need.COMMENT,), tells=(Audience.REVIEWER,), visibility=V.PUBLIC),
        _t(Action.WAIVE, (S.OPEN_FOR_COMMENT,), S.PUBLISHED, P.REPORT_COMMENT, visibility=V.PUBLIC),
        _t(Action.PUBLISH, (S.OPEN_FOR_COMMENT,), S.PUBLISHED, None,
           needs=(Need.WINDOW_OVER,), tells=(Audience.FOCAL_POINTS,), visibility=V.PUBLIC),
        _t(Action.REOPEN, (S.PUBLISHED,), S.UNDER_REVIEW, P.REVIEW_REOPEN,
           needs=(Need.REASON,), tells=(Audience.FOCAL_POINTS,)),
    )
}  # fmt: skip

WITH_THE_PARTY = frozenset({S.DRAFT, S.AWAITING_APPROVAL, S.RETURNED})
"""The party has still to act; these are what reminders are about."""
EDITABLE = frozenset({S.DRAFT, S.RETURNED, S.AWAITING_APPROVAL})
WITH_THE_SECRETARIAT = frozenset({S.SUBMITTED, S.UNDER_REVIEW, S.RATING_PROPOSED})


def may_start(action: Action, state: S) -> bool:
    """Whether the step starts from this state."""
    return state in TRANSITIONS[action].sources


def shown_state(state: S, *, inside_party: bool, staff: bool) -> S | None:
    """The state as this reader may know it; None stands for "with the State, nothing submitted".

    A draft is invisible to the Secretariat, and a rating not yet confirmed is invisible to the State.
    """
    if state in (S.DRAFT, S.AWAITING_APPROVAL):
        return state if inside_party else None
    if state is S.RATING_PROPOSED and not staff:
        return S.UNDER_REVIEW
    return state
