"""The e-mails about observations: what became of it, to the organisation; that one was accepted, to the State."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import last_day
from tracker.domain.vocabulary import ObservationState
from tracker.mail import links, outbox
from tracker.mail.messages.observations import Outcome, accepted, for_the_state, outcome, published_beside
from tracker.models import Assessment, Observation, Organisation, ProgressReport, User
from tracker.services import recipients
from tracker.services.recipients import Recipient
from tracker.wording import pick

KIND = "observation"


def decided(session: Session, record: Observation, *, entry_id: int, now: datetime) -> None:
    """Tell the organisation's people that it was accepted or declined, and why."""
    for reader in _people(session, record.organisation_id):
        about = _about(session, record, reader.language)
        declined = record.state is ObservationState.DECLINED
        message = outcome(reader.name, reader.language, about) if declined else accepted(
            reader.name, reader.language, about
        )  # fmt: skip
        _put(session, f"{KIND}:{entry_id}:{reader.user_id}", reader, message, about.url, now)


def accepted_for_the_state(session: Session, record: Observation, *, entry_id: int, now: datetime) -> None:
    """Tell who answers for the State, so that it can answer in its comment."""
    report = record.report
    party = report.commitment.party
    until = last_day(report.window_ends_at, party.time_zone) if report.window_ends_at else None
    for reader in recipients.writers(session, party.kind, party.id):
        about = _about(session, record, reader.language)
        message = for_the_state(reader.name, reader.language, about, comment_until=until, time_zone=party.time_zone)
        _put(session, f"{KIND}_state:{entry_id}:{reader.user_id}", reader, message, about.url, now)


def published(session: Session, report: ProgressReport, assessment: Assessment, *, now: datetime) -> None:
    """Tell the organisations whose accepted observations became public with this rating, and which rating it is."""
    records = session.scalars(
        sa.select(Observation)
        .where(Observation.report_id == report.id, Observation.state == ObservationState.ACCEPTED)
        .order_by(Observation.id)
    )
    for record in records:
        for reader in _people(session, record.organisation_id):
            about = _about(session, record, reader.language)
            message = published_beside(
                reader.name, reader.language, about, rating=assessment.rating, strength=assessment.strength
            )
            key = f"{KIND}_published:{record.id}:{assessment.id}:{reader.user_id}"
            _put(session, key, reader, message, about.url, now)


def _people(session: Session, organisation_id: int) -> list[Recipient]:
    found = session.execute(
        sa.select(User.id, User.name, User.email, User.language, User.time_zone)
        .where(User.organisation_id == organisation_id, User.active.is_(True))
        .order_by(User.id)
    )
    return [Recipient(*row) for row in found]


def _about(session: Session, record: Observation, language: str) -> Outcome:
    site = links.site(session)
    commitment = record.report.commitment
    return Outcome(
        organisation=session.get_one(Organisation, record.organisation_id).name,
        code=commitment.provision.code,
        title=pick(commitment.provision.title, language),
        party=pick(commitment.party.name, language),
        cycle=pick(record.report.cycle.title, language),
        view=record.view.value if record.view else "",
        reason=record.moderation_reason,
        url=site.observation(record.id),
        file_url=site.file_observation(record.commitment_id),
        public_url=site.public_commitment(commitment.party.code, commitment.provision.code),
        account_url=site.my_mail,
    )


def _put(session: Session, key: str, reader: Recipient, message: object, url: str, now: datetime) -> None:
    outbox.put(
        session,
        key=key,
        kind=KIND,
        recipient_id=reader.user_id,
        to_address=reader.email,
        message=message,  # type: ignore[arg-type]
        now=now,
        url=url,
    )
