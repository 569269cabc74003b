"""The e-mails that go out at once because a report moved: who is told stands in the workflow's table."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.workflow import Action, Audience, Transition
from tracker.mail import links, outbox
from tracker.mail.messages.notices import Moved, notice
from tracker.models import HistoryEntry, ProgressReport
from tracker.services import recipients
from tracker.services.recipients import Recipient
from tracker.wording import pick

KIND = "notice"
BEFORE_SUBMISSION = frozenset({Action.ASK_APPROVAL, Action.REFUSE})


def tell(
    session: Session,
    report: ProgressReport,
    step: Transition,
    *,
    actor: Actor | None,
    comment: str,
    now: datetime,
    entry_id: int,
) -> None:
    """Put a message into the outbox for each person of the step's audiences but the one who acted.

    ``entry_id`` is the history entry of the step: its details hold dates and ratings that the report may not have yet.
    """
    if not step.tells:
        return
    entry = session.get_one(HistoryEntry, entry_id)
    told = {actor.user_id} if actor else set()
    for audience in sorted(step.tells):
        for reader in _members(session, audience, report):
            if reader.user_id in told:
                continue
            told.add(reader.user_id)
            moved = _moved(session, report, step.action, entry, comment, audience, reader.language)
            outbox.put(
                session,
                key=f"{KIND}:{entry_id}:{reader.user_id}",
                kind=KIND,
                recipient_id=reader.user_id,
                to_address=reader.email,
                message=notice(reader.name, reader.language, moved),
                now=now,
                url=moved.url,
            )


def _members(session: Session, audience: Audience, report: ProgressReport) -> list[Recipient]:
    party = report.commitment.party
    if audience is Audience.REVIEWER:
        return recipients.person(session, report.reviewer_id)
    if audience is Audience.APPROVERS:
        return recipients.approvers(session, party.kind, party.id, approval_required=party.approval_required)
    return recipients.writers(session, party.kind, party.id)


def _moved(
    session: Session,
    report: ProgressReport,
    action: Action,
    entry: HistoryEntry,
    comment: str,
    audience: Audience,
    language: str,
) -> Moved:
    site = links.site(session)
    commitment = report.commitment
    rated = report.assessment if action in (Action.PUBLISH, Action.COMMENT) else None
    until = entry.details.get("comment_until") or entry.details.get("due_on")
    return Moved(
        action=action,
        code=commitment.provision.code,
        title=pick(commitment.provision.title, language),
        party=pick(commitment.party.name, language),
        url=site.review(report.id) if audience is Audience.REVIEWER else site.report(report.id),
        account_url=site.my_mail,
        comment=comment,
        rating=rated.rating if rated else entry.details.get("rating"),
        strength=rated.strength if rated else entry.details.get("strength"),
        until=date.fromisoformat(until) if until else report.due_on if action in BEFORE_SUBMISSION else None,
        time_zone=commitment.party.time_zone,
    )
