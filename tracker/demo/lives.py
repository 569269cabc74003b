"""The life of one report as rows: what the services would have written, step by step, without asking the database.

A test plays the same steps through the services and compares the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tracker.domain.compliance import is_on_time, roll_up
from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.vocabulary import CommentOutcome, Rating, ReportState, Role, Strength
from tracker.domain.workflow import EDITABLE, TRANSITIONS, Action, may_start
from tracker.services.report_content import ReportContent

Row = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Who takes a step."""

    id: int
    role: Role


@dataclass(frozen=True)
class Step:
    """One step of a report: ``action`` None saves the draft with ``content``."""

    at: datetime
    action: Action | None
    person: Person | None
    """None: the clock."""
    content: ReportContent | None = None
    comment: str = ""
    due_on: date | None = None
    rating: Rating | None = None
    strength: Strength | None = None
    reasons: str = ""
    strength_reason: str = ""


@dataclass
class Life:
    """A report, empty when its cycle opens, and what its steps make of it.

    ``report`` holds the columns of ``progress_report`` that change, the lists the rows of the other tables.
    """

    zone: str
    comment_days: int
    due_on: date
    due_at: datetime
    report: Row = field(default_factory=dict)
    content: ReportContent | None = None
    history: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
    assessments: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = ReportState.DRAFT
        self.report = {
            "state": self.state,
            "version": 1,
            "due_on": self.due_on,
            "due_at": self.due_at,
            "self_assessment": None,
            "summary": "",
            "obstacles": "",
            "help_needed": "",
            "started_at": None,
            "edited_at": None,
            "edited_by_id": None,
            "first_submitted_at": None,
            "submitted_at": None,
            "submitted_by_id": None,
            "on_time": None,
            "revision_number": 0,
            "reviewer_id": None,
            "window_ends_at": None,
        }

    def take(self, step: Step) -> None:
        """Go one step. Raises ValueError where the workflow does not allow it."""
        self.report["version"] += 1
        if step.action is None:
            self._save(step)
        else:
            self._perform(step, step.action)

    def _save(self, step: Step) -> None:
        if self.state not in EDITABLE or step.content is None or step.person is None:
            raise ValueError(f"save in {self.state}")
        self.content = step.content
        self.report["summary"] = step.content.summary
        self.report["obstacles"], self.report["help_needed"] = step.content.obstacles, step.content.help_needed
        self.report["self_assessment"] = roll_up([a.self_assessment for a in step.content.answers])
        self.report["started_at"] = self.report["started_at"] or step.at
        self.report["edited_at"] = step.at
        self.report["edited_by_id"] = step.person.id

    def _perform(self, step: Step, action: Action) -> None:
        if not may_start(action, self.state):
            raise ValueError(f"{action} from {self.state}")
        transition = TRANSITIONS[action]
        details = getattr(self, f"_{action.value}", self._nothing_else)(step)
        comment = "" if action is Action.COMMENT else step.comment
        self.history.append(
            {
                "at": step.at,
                "action": action.value,
                "from_state": self.state.value,
                "to_state": transition.target.value,
                "actor_id": step.person.id if step.person else None,
                "actor_role": step.person.role.value if step.person else None,
                "visibility": transition.visibility,
                "comment": comment,
                "details": details,
            }
        )
        self.state = self.report["state"] = transition.target

    # What each step changes beside the state; each gives the details for the history.

    def _nothing_else(self, _step: Step) -> Row:
        return {}

    def _submit(self, step: Step) -> Row:
        if self.content is None or step.person is None:
            raise ValueError("submit of nothing")
        number = len(self.revisions) + 1
        self.revisions.append(
            {
                "number": number,
                "content": self.content.to_json(),
                "self_assessment": self.report["self_assessment"],
                "sha256": self.content.sha256(),
                "submitted_at": step.at,
                "submitted_by_id": step.person.id,
            }
        )
        self.report["revision_number"] = number
        self.report["submitted_at"] = step.at
        self.report["submitted_by_id"] = step.person.id
        if self.report["first_submitted_at"] is None:
            self.report["first_submitted_at"] = step.at
            self.report["on_time"] = is_on_time(step.at, self.report["due_at"])
        return {"revision": number}

    def _recall(self, _step: Step) -> Row:
        self.report["submitted_at"] = None
        if self.report["reviewer_id"] is None:
            self.report["first_submitted_at"] = self.report["on_time"] = None
        return {}

    def _take_up(self, step: Step) -> Row:
        self.report["reviewer_id"] = step.person.id if step.person else None
        return {}

    def _return(self, step: Step) -> Row:
        if step.due_on is None or step.due_on <= local_date(step.at, self.zone):
            raise ValueError(f"a new due date that is not in the future: {step.due_on}")
        details = {"due_on": step.due_on.isoformat(), "due_on_before": self.report["due_on"].isoformat()}
        self.report["due_on"] = step.due_on
        self.report["due_at"] = ends_at(step.due_on, self.zone)
        return details

    def _propose(self, step: Step) -> Row:
        if step.rating is None or step.strength is None or step.person is None:
            raise ValueError("a proposal without a rating")
        self.assessments.append(
            {
                "number": len(self.assessments) + 1,
                "rating": step.rating,
                "strength": step.strength,
                "reasons": step.reasons,
                "strength_reason": step.strength_reason,
                "proposed_by_id": step.person.id,
                "proposed_at": step.at,
                "revision": len(self.revisions),
                "confirmed_by_id": None,
                "confirmed_at": None,
                "comment": "",
                "comment_outcome": None,
                "commented_by_id": None,
                "commented_at": None,
                "published_at": None,
            }
        )
        return {"rating": step.rating.value, "strength": step.strength.value, "revision": len(self.revisions)}

    def _confirm(self, step: Step) -> Row:
        last_day = local_date(step.at, self.zone) + timedelta(days=self.comment_days)
        assessment = self.assessments[-1]
        assessment["confirmed_by_id"] = step.person.id if step.person else None
        assessment["confirmed_at"] = step.at
        self.report["window_ends_at"] = ends_at(last_day, self.zone)
        return {
            "comment_until": last_day.isoformat(),
            "rating": assessment["rating"].value,
            "strength": assessment["strength"].value,
        }

    def _comment(self, step: Step) -> Row:
        return self._published(step, CommentOutcome.COMMENTED)

    def _waive(self, step: Step) -> Row:
        return self._published(step, CommentOutcome.WAIVED)

    def _publish(self, step: Step) -> Row:
        return self._published(step, CommentOutcome.NONE_RECEIVED)

    def _published(self, step: Step, outcome: CommentOutcome) -> Row:
        assessment = self.assessments[-1]
        assessment["comment_outcome"] = outcome
        if outcome is CommentOutcome.COMMENTED:
            assessment["comment"] = step.comment
        if step.person is not None:
            assessment["commented_by_id"] = step.person.id
            assessment["commented_at"] = step.at
        assessment["published_at"] = step.at
        self.report["window_ends_at"] = None
        return {}
