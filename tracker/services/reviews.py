"""What the Secretariat does with a submission: take up, take over, return, propose, send back, confirm, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.compliance import needs_reason_for_strength, roll_up
from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.errors import Unmet
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Rating, Strength
from tracker.domain.workflow import Action
from tracker.models import Assessment, ProgressReport, ReportRevision
from tracker.services.personal_data import require_clean
from tracker.services.transitions import perform

LONGEST_RETURN = timedelta(days=366)


def take_up(session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """Begin the review. From now on the State cannot recall."""
    perform(session, report, Action.TAKE_UP, actor=actor, now=now, seen_version=seen_version)
    report.reviewer_id = actor.user_id


def take_over(session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """Go on with a review that a colleague began: he or she is absent, or no longer there."""
    before = report.reviewer_id
    perform(
        session,
        report,
        Action.TAKE_OVER,
        actor=actor,
        now=now,
        seen_version=seen_version,
        details={"reviewer_before": before},
    )
    report.reviewer_id = actor.user_id
    session.flush()


def return_(
    session: Session,
    report: ProgressReport,
    *,
    comment: str,
    due_on: date | None,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Give the report back to the State with a comment and a new due date (a date in the State's own zone).

    ``explanation``, here and below: why what the personal-data check finds in the words is no data about a person.
    """
    zone = report.commitment.party.time_zone
    today = local_date(now, zone)
    problems = {}
    if not comment:
        problems["comment"] = "required"
    if due_on is None:
        problems["due_on"] = "required"
    elif due_on <= today:
        problems["due_on"] = "not_in_the_future"
    elif due_on > today + LONGEST_RETURN:
        problems["due_on"] = "too_far"
    if problems or due_on is None:
        raise Unmet(**problems)
    explained = require_clean(explanation, comment=comment)
    perform(
        session,
        report,
        Action.RETURN,
        actor=actor,
        now=now,
        seen_version=seen_version,
        comment=comment,
        details={"due_on": due_on.isoformat(), "due_on_before": report.due_on.isoformat(), **explained},
    )
    report.due_on = due_on
    report.due_at = ends_at(due_on, zone)


def propose(
    session: Session,
    report: ProgressReport,
    *,
    rating: Rating | None,
    strength: Strength | None,
    reasons: str,
    strength_reason: str = "",
    element_ratings: Mapping[str, Rating] | None = None,
    differs_on_purpose: bool = False,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Assessment:
    """Propose a rating of the newest revision. A high rating on "declared only" asks for a reason of its own.

    ``element_ratings``: by the element's code, all of the elements this party answers or none. Where they come to
    another rating (``compliance.roll_up``), the reviewer says that the reasons tell why (``differs_on_purpose``).
    """
    rated = dict(element_ratings or {})
    problems = _wrong_elements(report, rated)
    if rating is None:
        problems["rating"] = "required"
    if strength is None:
        problems["strength"] = "required"
    if not reasons:
        problems["reasons"] = "required"
    if rating and strength and needs_reason_for_strength(rating, strength) and not strength_reason:
        problems["strength_reason"] = "required"
    comes_to = roll_up(list(rated.values()))
    if not problems and comes_to is not None and rating is not comes_to and not differs_on_purpose:
        problems["differs_on_purpose"] = f"comes_to_{comes_to.value}"
    if problems or rating is None or strength is None:
        raise Unmet(**problems)
    explained = require_clean(explanation, reasons=reasons, strength_reason=strength_reason)
    perform(
        session,
        report,
        Action.PROPOSE,
        actor=actor,
        now=now,
        seen_version=seen_version,
        details={
            "rating": rating.value,
            "strength": strength.value,
            "revision": report.revision_number,
            **({"elements_come_to": comes_to.value} if comes_to is not None else {}),
            **explained,
        },
    )
    # Only now is it sure that there is one: who tries this with a draft was refused above.
    revision = session.scalars(
        sa.select(ReportRevision)
        .where(ReportRevision.report_id == report.id)
        .order_by(ReportRevision.number.desc())
        .limit(1)
    ).one()
    number = (
        session.scalar(sa.select(sa.func.max(Assessment.number)).where(Assessment.report_id == report.id)) or 0
    ) + 1
    assessment = Assessment(
        report_id=report.id,
        revision_id=revision.id,
        number=number,
        rating=rating,
        strength=strength,
        reasons=reasons,
        strength_reason=strength_reason,
        element_ratings={code: one.value for code, one in rated.items()},
        proposed_by_id=actor.user_id,
        proposed_at=now,
    )
    session.add(assessment)
    session.flush()
    report.assessment_id = assessment.id
    session.flush()
    session.expire(report, ["assessment"])
    return assessment


def _wrong_elements(report: ProgressReport, rated: Mapping[str, Rating]) -> dict[str, str]:
    """All of the elements that this party answers or none; a provision without parts has nothing to rate by part."""
    if not rated:
        return {}
    kind = report.commitment.party.kind
    owed = [e.code for e in report.commitment.provision.elements if e.is_owed_by(kind) and not e.is_whole]
    unknown = {code: "unknown" for code in rated if code not in owed}
    return unknown or {code: "all_or_none" for code in owed if code not in rated}


def send_back(
    session: Session,
    report: ProgressReport,
    *,
    comment: str,
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """A colleague asks the reviewer to think again. The proposal stays in the file."""
    if not comment:
        raise Unmet(comment="required")
    perform(
        session,
        report,
        Action.SEND_BACK,
        actor=actor,
        now=now,
        seen_version=seen_version,
        comment=comment,
        details=require_clean(explanation, comment=comment),
    )


def confirm(session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime) -> None:
    """A colleague confirms the rating; the State's window for comment opens.

    The window ends at the end of a day in the party's own zone, ``comment_days`` after today.
    """
    assessment = report.assessment
    zone = report.commitment.party.time_zone
    last_day = local_date(now, zone) + timedelta(days=report.cycle.comment_days)
    perform(
        session,
        report,
        Action.CONFIRM,
        actor=actor,
        now=now,
        seen_version=seen_version,
        details={"comment_until": last_day.isoformat()}
        | ({"rating": assessment.rating.value, "strength": assessment.strength.value} if assessment else {}),
    )
    if assessment is None:
        raise Unmet(assessment="required")
    assessment.confirmed_by_id = actor.user_id
    assessment.confirmed_at = now
    report.window_ends_at = ends_at(last_day, zone)
    session.flush()


def reopen(
    session: Session,
    report: ProgressReport,
    *,
    reason: str,
    explanation: str = "",
    reviewer: Actor | None = None,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Open a published report again, with a reason. What was published stays readable until a new rating is."""
    if not reason:
        raise Unmet(comment="required")
    perform(
        session,
        report,
        Action.REOPEN,
        actor=actor,
        now=now,
        seen_version=seen_version,
        comment=reason,
        details=require_clean(explanation, comment=reason),
    )
    if reviewer is not None:
        report.reviewer_id = reviewer.user_id
