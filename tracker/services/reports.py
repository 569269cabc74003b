"""What a party does with a progress report: ask for approval, refuse, submit, recall, comment, waive."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import is_on_time
from tracker.domain.errors import Unmet
from tracker.domain.policy import Actor
from tracker.domain.privacy import Finding, examine
from tracker.domain.vocabulary import CommentOutcome
from tracker.domain.workflow import Action
from tracker.models import ProgressReport, ReportRevision
from tracker.services import evidence, extensions
from tracker.services.drafts import save as save
from tracker.services.personal_data import require_clean, require_no_identifiers
from tracker.services.publication import publish
from tracker.services.report_content import ReportContent, of_draft
from tracker.services.transitions import perform


def ask_approval(session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """Hand the draft to the national approver. Raises Unmet where an element is unanswered or a file unchecked."""
    _require_complete(report, of_draft(report))
    evidence.require_checked(session, report)
    perform(session, report, Action.ASK_APPROVAL, actor=actor, now=now, seen_version=seen_version)


def refuse(
    session: Session,
    report: ProgressReport,
    *,
    comment: str,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Send the draft back inside the State, with a comment.

    ``explanation``: why what the personal-data check finds in it is no data about a person.
    """
    if not comment:
        raise Unmet(comment="required")
    perform(
        session,
        report,
        Action.REFUSE,
        actor=actor,
        now=now,
        seen_version=seen_version,
        comment=comment,
        details=require_clean(explanation, comment=comment),
    )


def submit(
    session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime
) -> ReportRevision:
    """Send the report to the Secretariat and freeze a revision of it.

    Whether it is in time is decided here, once, at the first submission.
    Raises Unmet where an element is unanswered or a finding of the personal-data check unexplained.
    """
    content = of_draft(report)
    _require_complete(report, content)
    require_explained(content)
    evidence.require_checked(session, report)
    extensions.lapse(session, report, actor=actor, now=now)
    number = (
        session.scalar(sa.select(sa.func.max(ReportRevision.number)).where(ReportRevision.report_id == report.id)) or 0
    ) + 1
    perform(
        session,
        report,
        Action.SUBMIT,
        actor=actor,
        now=now,
        seen_version=seen_version,
        details={"revision": number},
    )
    revision = ReportRevision(
        report_id=report.id,
        number=number,
        content=content.to_json(),
        self_assessment=report.self_assessment,
        sha256=content.sha256(),
        submitted_at=now,
        submitted_by_id=actor.user_id,
    )
    session.add(revision)
    report.revision_number = number
    report.submitted_at = now
    report.submitted_by_id = actor.user_id
    if report.first_submitted_at is None:
        report.first_submitted_at = now
        report.on_time = is_on_time(now, report.due_at)
    session.flush()
    evidence.freeze(session, revision)
    return revision


def recall(session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """Take a submission back before its review begins. The frozen revision stays in the file.

    What was recalled before anybody reviewed it does not count as reported: the next submission decides on time.
    """
    perform(session, report, Action.RECALL, actor=actor, now=now, seen_version=seen_version)
    report.submitted_at = None
    if report.reviewer_id is None:
        report.first_submitted_at = None
        report.on_time = None


def comment(
    session: Session,
    report: ProgressReport,
    *,
    text: str,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """The State comment on a proposed rating; it is published beside it at once. ``explanation`` as for ``refuse``."""
    if not text:
        raise Unmet(comment="required")
    perform(
        session,
        report,
        Action.COMMENT,
        actor=actor,
        now=now,
        seen_version=seen_version,
        quoted=text,
        details=require_clean(explanation, comment=text),
    )
    publish(session, report, CommentOutcome.COMMENTED, text=text, actor=actor, now=now)


def waive(session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """The State has nothing to add; the rating is published at once."""
    perform(session, report, Action.WAIVE, actor=actor, now=now, seen_version=seen_version)
    publish(session, report, CommentOutcome.WAIVED, text="", actor=actor, now=now)


def findings(content: ReportContent) -> list[Finding]:
    """What the personal-data check finds in the content."""
    return findings_in(content.texts())


def findings_in(texts: list[tuple[str, str]]) -> list[Finding]:
    """What the personal-data check finds in (field, text) pairs."""
    return examine(texts)


def _checked(content: ReportContent) -> list[tuple[str, str]]:
    """What may hold no identifier: all that is typed, and the explanation itself."""
    return [*content.texts(), ("privacy_explanation", content.privacy_explanation)]


def lacking(report: ProgressReport, content: ReportContent) -> dict[str, str]:
    """What keeps a draft from leaving the party, by field: "required" (no answer) or "unconfirmed" (carried over)."""
    problems = {}
    for answer in content.answers:
        if answer.self_assessment is None:
            problems[f"self_assessment-{answer.element}"] = "required"
        if not answer.narrative:
            problems[f"narrative-{answer.element}"] = "required"
    for name in report.unconfirmed:
        problems.setdefault(name, "unconfirmed")
    return problems


def require_explained(content: ReportContent) -> None:
    """No identifier of a person, and an explanation for what may be data about one. Raises Unmet by field."""
    require_no_identifiers(_checked(content))
    if findings(content) and not content.privacy_explanation:
        raise Unmet(privacy_explanation="required")


def _require_complete(report: ProgressReport, content: ReportContent) -> None:
    """Every element answered (a self-assessment and a sentence that says why), everything carried over confirmed."""
    problems = lacking(report, content)
    if problems:
        raise Unmet(**problems)
