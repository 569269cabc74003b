"""Handing work over: one act moves what a person had in hand to a successor of the same role and party."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from markupsafe import escape
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import REPORTING_ROLES, MessageState, Role, Visibility
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.mail import links, outbox
from tracker.mail.messages import handover as messages
from tracker.models import (
    Assignment,
    Commitment,
    Handover,
    HistoryEntry,
    Institution,
    Message,
    ProgressReport,
    User,
)
from tracker.services import audit, mail_settings, people, subscriptions
from tracker.services.history import HANDED_OVER
from tracker.services.personal_data import require_clean
from tracker.wording import translate

OF_THE_ACCOUNT = frozenset({"password_reset", "password_changed", "invitation"})
"""Kinds of mail that are about an account and never go to anybody else."""


@dataclass(frozen=True)
class InHand:
    """What would move, by number: what the page says before the act."""

    assignments: int
    drafts: int
    """Open reports that this person saved last. They belong to the State and stay where they are."""
    messages: int
    """E-mails that wait to be sent."""


@dataclass(frozen=True)
class Colleague:
    user_id: int
    name: str
    role: Role
    is_alternate: bool
    institution: str | None
    active: bool


def predecessor(session: Session, user_id: int, *, actor: Actor) -> User:
    """The person whose work is to be handed over.

    Administrators: anybody who reports for a party. Focal points: the people of their own State.
    Raises NotVisible for anybody else, NotPermitted for who may not hand over at all.
    """
    if not can(actor, Permission.HANDOVER):
        raise NotPermitted(Permission.HANDOVER)
    user = people.get(session, user_id)
    if user.role not in REPORTING_ROLES or user.party_id is None:
        raise NotVisible
    if actor.role is not Role.ADMINISTRATOR and user.party_id != actor.party_id:
        raise NotVisible
    return user


def of_party(session: Session, party_id: int) -> list[Colleague]:
    """The people who report for a party, by role and name: whose work may be handed over. One query."""
    rows = session.execute(
        sa.select(User.id, User.name, User.role, User.is_alternate, Institution.name.label("institution"), User.active)
        .outerjoin(Institution, Institution.id == User.institution_id)
        .where(User.party_id == party_id, User.role.in_(REPORTING_ROLES))
        .order_by(User.active.desc(), User.role.desc(), User.is_alternate, User.name)
    )
    return [Colleague(*row) for row in rows]


def successors(session: Session, user: User) -> list[Colleague]:
    """Who may take over: active people of the same party in the same role."""
    return [
        one
        for one in of_party(session, user.party_id or 0)
        if one.active and one.role is user.role and one.user_id != user.id
    ]


def in_hand(session: Session, user: User) -> InHand:
    """How much there is to move."""
    return InHand(
        assignments=session.scalar(sa.select(sa.func.count()).where(Assignment.user_id == user.id)) or 0,
        drafts=session.scalar(
            sa.select(sa.func.count()).where(
                ProgressReport.edited_by_id == user.id, ProgressReport.state.in_(WITH_THE_PARTY)
            )
        )
        or 0,
        messages=session.scalar(sa.select(sa.func.count()).select_from(Message).where(*_waiting(user))) or 0,
    )


def hand_over(
    session: Session,
    user_id: int,
    to_user_id: int,
    *,
    note: str,
    explanation: str = "",
    disable: bool = False,
    actor: Actor,
    now: datetime,
) -> Handover:
    """Move assignments, drafts, subscription and waiting mail to the successor, and write it down; all or nothing.

    ``note``: a word for the newcomer, read on the briefing page. ``disable``: shut the predecessor's account
    (administrators only). Raises NotVisible, NotPermitted, Unmet(successor=…, note=…).
    """
    user = predecessor(session, user_id, actor=actor)
    if disable and not can(actor, Permission.PEOPLE_MANAGE):
        raise NotPermitted(Permission.PEOPLE_MANAGE)
    if to_user_id not in {one.user_id for one in successors(session, user)}:
        raise Unmet(successor="unknown")
    explained = require_clean(explanation, note=note)
    ids = sorted((user_id, to_user_id))
    session.execute(sa.select(User.id).where(User.id.in_(ids)).order_by(User.id).with_for_update())
    other = people.get(session, to_user_id)
    drafts = in_hand(session, user).drafts
    moved = {
        "assignments": _assignments(session, user, other, actor=actor, now=now),
        "drafts": drafts,
        "messages": _messages(session, user, other),
        "subscriptions": subscriptions.hand_over(session, user, other, actor=actor, now=now),
    }
    if user.role is Role.FOCAL_POINT and not user.is_alternate and other.is_alternate:
        # The main focal point's successor is the main one now.
        other.is_alternate, user.is_alternate = False, True
    act = Handover(
        party_id=user.party_id,
        from_user_id=user.id,
        to_user_id=other.id,
        note=note,
        moved=moved,
        at=now,
        by_id=actor.user_id,
    )
    session.add(act)
    mail_settings.forget_keys(user)
    session.flush()
    audit.record(
        session,
        "handover.made",
        now=now,
        actor=actor,
        party_id=user.party_id,
        about=("handover", act.id),
        new={"from_user": user.id, "to_user": other.id, "disabled": disable, **moved, **explained},
    )
    if disable and user.id != actor.user_id:
        people.disable(session, user.id, actor=actor, now=now)
    _tell(session, act, user, other, now=now)
    return act


def _waiting(user: User) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Message.recipient_id == user.id,
        Message.state.in_([MessageState.QUEUED, MessageState.HELD]),
        Message.kind.not_in(OF_THE_ACCOUNT),
        Message.key.not_like(f"{outbox.OF_THE_DAY}%"),
    )


def _assignments(session: Session, user: User, other: User, *, actor: Actor, now: datetime) -> int:
    """What the predecessor was asked for is asked of the successor, with its date; what both had stays once."""
    mine = list(session.scalars(sa.select(Assignment).where(Assignment.user_id == user.id).order_by(Assignment.id)))
    theirs = {
        (a.commitment_id, a.element_id)
        for a in session.scalars(sa.select(Assignment).where(Assignment.user_id == other.id))
    }
    for one in mine:
        if (one.commitment_id, one.element_id) in theirs:
            session.delete(one)
        else:
            one.user_id = other.id
    session.flush()
    for commitment_id in dict.fromkeys(one.commitment_id for one in mine):
        session.add(
            HistoryEntry(
                commitment_id=commitment_id,
                party_id=session.get_one(Commitment, commitment_id).party_id,
                at=now,
                action=HANDED_OVER,
                actor_id=actor.user_id,
                actor_role=actor.role.value,
                visibility=Visibility.PARTY,
                details={"before": user.name, "assignee": other.name},
            )
        )
    return len(mine)


def _messages(session: Session, user: User, other: User) -> int:
    """Mail that waits goes to the successor, who is greeted in it. What is about the account itself stays.

    So does a mail of the day: its duties are the successor's now, who gets a mail of the day of his or her own.
    """
    waiting = list(session.scalars(sa.select(Message).where(*_waiting(user)).with_for_update()))
    for one in waiting:
        before, after = (_greeting(person.name, one.language) for person in (user, other))
        one.text = one.text.replace(before, after, 1)
        one.html = one.html.replace(str(escape(before)), str(escape(after)), 1)
        # The links that make mail rarer with one click are each person's own.
        for body in ("text", "html", "unsubscribe_url"):
            setattr(one, body, getattr(one, body).replace(user.mail_key, other.mail_key))
        outbox.redirect(session, one, other)
    session.flush()
    return len(waiting)


def _greeting(name: str, language: str) -> str:
    return translate("Dear %(name)s,", language) % {"name": name}


def _tell(session: Session, act: Handover, user: User, other: User, *, now: datetime) -> None:
    site = links.site(session)
    facts: dict[str, Any] = {"before": user.name, "after": other.name, "moved": act.moved, "note": act.note}
    readers = [(other, messages.to_successor)]
    if user.active and user.id != act.by_id:
        readers.append((user, messages.to_predecessor))
    for reader, message in readers:
        outbox.put(
            session,
            key=f"handover:{act.id}:{reader.id}",
            kind="notice",
            recipient_id=reader.id,
            to_address=reader.email,
            message=message(reader.language, url=site.briefing, account_url=site.my_mail, **facts),
            now=now,
            url=site.briefing,
        )
