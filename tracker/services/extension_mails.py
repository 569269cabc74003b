"""Who is told of a request for an extension and of what was decided: one grouped mail per act and person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.policy import Actor
from tracker.domain.vocabulary import STAFF_ROLES, ExtensionDecision
from tracker.mail import links, outbox
from tracker.mail.messages import extensions as messages
from tracker.mail.rendering import Rendered
from tracker.models import Extension, User
from tracker.services import recipients
from tracker.services.recipients import Recipient
from tracker.wording import pick

KIND = "extension"


def tell_staff(session: Session, asked: Sequence[Extension], *, entry_id: int, actor: Actor, now: datetime) -> None:
    """Everybody of the Secretariat who may decide is told. ``asked`` are of one party, with one date and reason."""
    party = asked[0].report.commitment.party
    url = links.site(session).extensions
    rows = session.execute(
        sa.select(User.id, User.name, User.email, User.language, User.time_zone)
        .where(User.active.is_(True), User.role.in_(STAFF_ROLES), User.id != actor.user_id)
        .order_by(User.id)
    )
    for reader in (Recipient(*row) for row in rows):
        message = messages.asked(
            reader.name,
            reader.language,
            [_line(one, reader.language) for one in asked],
            party=pick(party.name, reader.language),
            until=asked[0].asked_until,
            time_zone=party.time_zone,
            reason=asked[0].reason,
            url=url,
            account_url=links.site(session).my_mail,
        )
        _put(session, f"{KIND}_asked:{entry_id}:{reader.user_id}", reader, message, now)


def tell_party(session: Session, decided: Sequence[Extension], *, entry_id: int, actor: Actor, now: datetime) -> None:
    """Who writes for each party is told of all that was decided for it in this act."""
    site = links.site(session)
    parties = {one.party_id: one.report.commitment.party for one in decided}
    for party_id, party in parties.items():
        own = [one for one in decided if one.party_id == party_id]
        for reader in recipients.writers(session, party.kind, party_id):
            if reader.user_id == actor.user_id:
                continue
            message = messages.decided(
                reader.name,
                reader.language,
                [_line(one, reader.language, site) for one in own],
                granted=own[0].decision is ExtensionDecision.GRANTED,
                time_zone=party.time_zone,
                reason=own[0].decision_reason,
                url=site.extensions,
                account_url=site.my_mail,
            )
            _put(session, f"{KIND}_decided:{entry_id}:{reader.user_id}", reader, message, now)


def _line(one: Extension, language: str, site: links.Site | None = None) -> messages.Line:
    provision = one.report.commitment.provision
    return messages.Line(
        code=provision.code,
        title=pick(provision.title, language),
        due_on=one.due_on,
        asked_until=one.asked_until,
        granted_until=one.granted_until,
        url=site.report(one.report_id) if site else "",
    )


def _put(session: Session, key: str, reader: Recipient, message: Rendered, now: datetime) -> None:
    outbox.put(
        session,
        key=key,
        kind=KIND,
        recipient_id=reader.user_id,
        to_address=reader.email,
        message=message,
        now=now,
        url=links.site(session).extensions,
    )
