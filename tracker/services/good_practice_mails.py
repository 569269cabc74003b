"""Who is told of a good practice: the other side when it is made or taken back, its makers when it is decided on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import STAFF_ROLES, GoodPracticeState
from tracker.mail import links, outbox
from tracker.mail.messages import good_practices as messages
from tracker.mail.rendering import Rendered
from tracker.models import GoodPractice, User
from tracker.services import recipients
from tracker.services.recipients import Recipient
from tracker.wording import pick

KIND = "practice"
Message = Callable[[str, str, messages.Told], Rendered]


def made(session: Session, record: GoodPractice, *, entry_id: int, actor: Actor, now: datetime) -> None:
    """Tell the side that is asked."""
    if record.state is GoodPracticeState.OFFERED:
        _tell(session, record, messages.offered, to_staff=True, entry_id=entry_id, actor=actor, now=now)
    else:
        _tell(session, record, messages.proposed, to_staff=False, entry_id=entry_id, actor=actor, now=now)


def decided(
    session: Session,
    record: GoodPractice,
    *,
    made: GoodPracticeState,
    entry_id: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Tell the side that made it; of the Secretariat only whoever proposed it."""
    message = messages.agreed if record.state is GoodPracticeState.SHARED else messages.declined
    by_staff = made is GoodPracticeState.PROPOSED
    only = record.proposed_by_id if by_staff else None
    _tell(session, record, message, to_staff=by_staff, only=only, entry_id=entry_id, actor=actor, now=now)


def taken_back(session: Session, record: GoodPractice, *, entry_id: int, actor: Actor, now: datetime) -> None:
    """Tell the side that did not take it back."""
    to_staff = actor.party_id == record.party_id
    _tell(session, record, messages.taken_back, to_staff=to_staff, entry_id=entry_id, actor=actor, now=now)


def _tell(
    session: Session,
    record: GoodPractice,
    message: Message,
    *,
    to_staff: bool,
    only: int | None = None,
    entry_id: int,
    actor: Actor,
    now: datetime,
) -> None:
    site = links.site(session)
    for reader in _readers(session, record, to_staff=to_staff, only=only):
        if reader.user_id == actor.user_id:
            continue
        provision = record.commitment.provision
        told = messages.Told(
            party=pick(record.commitment.party.name, reader.language),
            code=provision.code,
            commitment=pick(provision.title, reader.language),
            title=record.title,
            text=record.text,
            reason=record.reason,
            to_staff=to_staff,
            url=site.managed_practice(record.id),
            public_url=site.practice(record.id),
            account_url=site.my_mail,
        )
        outbox.put(
            session,
            key=f"{KIND}:{entry_id}:{reader.user_id}",
            kind=KIND,
            recipient_id=reader.user_id,
            to_address=reader.email,
            message=message(reader.name, reader.language, told),
            now=now,
            url=told.url,
        )


def _readers(session: Session, record: GoodPractice, *, to_staff: bool, only: int | None) -> list[Recipient]:
    """Who may decide: all of staff but those of the same party; or who writes and signs for the party."""
    if only is not None:
        return recipients.person(session, only)
    if to_staff:
        found = session.execute(
            sa.select(User.id, User.name, User.email, User.language, User.time_zone)
            .where(
                User.active.is_(True),
                User.role.in_(STAFF_ROLES),
                sa.func.coalesce(User.party_id, 0) != record.party_id,
            )
            .order_by(User.id)
        )
        return [Recipient(*row) for row in found]
    party = record.commitment.party
    writers = recipients.writers(session, party.kind, party.id)
    signers = recipients.approvers(session, party.kind, party.id, approval_required=party.approval_required)
    return list({reader.user_id: reader for reader in [*writers, *signers]}.values())
