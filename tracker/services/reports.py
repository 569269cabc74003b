"""What a party does with a progress report: save, ask for approval, refuse, submit, recall, comment, waive."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import is_on_time, roll_up
from tracker.domain.errors import NotPermitted, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.privacy import Finding, examine
from tracker.domain.vocabulary import CommentOutcome
from tracker.domain.workflow import EDITABLE, Action
from tracker.models import ElementAnswer, EvidenceLink, ProgressReport, ReportRevision
from tracker.services import audit
from tracker.services.personal_data import require_clean
from tracker.services.publication import publish
from tracker.services.records import subject_of
from tracker.services.report_content import ReportContent, of_draft
from tracker.services.transitions import perform

MOST_EVIDENCE = 50


def save(
    session: Session,
    report: ProgressReport,
    content: ReportContent,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what was typed. Nothing has to be complete in a draft.

    Raises NotPermitted; WrongState once it left the party; Stale, with both contents, where somebody else saved
    since ``seen_version``. The same content sent twice is saved once and no error.
    """
    if not can(actor, Permission.REPORT_EDIT, subject_of(report, now=now)):
        raise NotPermitted(Permission.REPORT_EDIT)
    # Wait for whoever is saving now, then look at what is stored: the same text sent twice is then seen to be so.
    session.refresh(report, with_for_update={"of": ProgressReport})
    if report.state not in EDITABLE:
        raise WrongState("edit", report.state.value)
    stored = of_draft(report)
    content = _in_catalogue_order(stored, content)
    if content == stored:
        if report.started_at is None:
            _touch(report, actor, now)
            _note_saved(session, report, stored, content, actor, now)
        return
    if seen_version != report.version:
        raise Stale(theirs=stored, yours=content)
    _write(report, content)
    _touch(report, actor, now)
    _note_saved(session, report, stored, content, actor, now)
    session.flush()


def ask_approval(session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """Hand the draft to the national approver. Raises Unmet where an element is unanswered."""
    _require_answers(of_draft(report))
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
    _require_answers(content)
    if findings(content) and not content.privacy_explanation:
        raise Unmet(privacy_explanation="required")
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


def _require_answers(content: ReportContent) -> None:
    """Every element answered: a self-assessment and a sentence that says why."""
    problems = {}
    for answer in content.answers:
        if answer.self_assessment is None:
            problems[f"self_assessment-{answer.element}"] = "required"
        if not answer.narrative:
            problems[f"narrative-{answer.element}"] = "required"
    if problems:
        raise Unmet(**problems)


def _in_catalogue_order(stored: ReportContent, content: ReportContent) -> ReportContent:
    """Only elements this party owes, in their order; what the form does not name stays as stored."""
    given = {a.element: a for a in content.answers}
    return replace(content, answers=tuple(given.get(a.element, a) for a in stored.answers))


def _write(report: ProgressReport, content: ReportContent) -> None:
    ids = {e.code: e.id for e in report.commitment.provision.elements}
    existing = {a.element_id: a for a in report.answers}
    for answer in content.answers:
        row = existing.get(ids[answer.element])
        if row is None:
            row = ElementAnswer(element_id=ids[answer.element])
            report.answers.append(row)
        row.self_assessment = answer.self_assessment
        row.narrative = answer.narrative
    kept = report.evidence
    for position, item in enumerate(content.evidence[:MOST_EVIDENCE]):
        if position < len(kept):
            link = kept[position]
        else:
            link = EvidenceLink(position=position)
            report.evidence.append(link)
        link.position = position
        link.title, link.url = item.title, item.url
        link.speaks_of, link.is_public, link.language = item.speaks_of, item.is_public, item.language
    for link in kept[len(content.evidence) :]:
        report.evidence.remove(link)
    report.summary = content.summary
    report.obstacles, report.help_needed = content.obstacles, content.help_needed
    report.privacy_explanation = content.privacy_explanation
    report.self_assessment = roll_up([a.self_assessment for a in content.answers])


def _note_saved(
    session: Session, report: ProgressReport, stored: ReportContent, content: ReportContent, actor: Actor, now: datetime
) -> None:
    audit.record(
        session,
        "report.save",
        now=now,
        actor=actor,
        party_id=report.party_id,
        about=("progress_report", report.id),
        old={"sha256": stored.sha256()},
        new={"sha256": content.sha256()},
    )


def _touch(report: ProgressReport, actor: Actor, now: datetime) -> None:
    report.started_at = report.started_at or now
    report.edited_at = now
    report.edited_by_id = actor.user_id
