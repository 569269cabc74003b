"""Who has an account: inviting, changing, disabling. Only administrators and the command line come here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from tracker import wording
from tracker.domain.accounts import INVITATION_LASTS, PARTY_OF_ROLE, self_lockout
from tracker.domain.addresses import BadAddress, normal_address
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import PartyKind, Role, SummaryRhythm, SummaryScope
from tracker.mail import messages, outbox
from tracker.models import Institution, LinkPurpose, Organisation, ReportingParty, Subscription, User
from tracker.services import accounts, audit, mail_settings, organisations, sign_in
from tracker.services.records import LARGEST_ID


@dataclass(frozen=True)
class Details:
    """What an administrator decides about an account. What a role does not need is ignored.

    ``party_code`` is a State's code (``BR``). An institution is for contributors, an organisation for observers: one
    that is known, or the name of a new one. Language and time zone come from the State where empty.
    """

    email: str
    name: str
    role: Role
    party_code: str = ""
    is_alternate: bool = False
    institution_id: int | None = None
    institution_name: str = ""
    language: str = ""
    time_zone: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""


def invite(session: Session, details: Details, *, actor: Actor | None, base_url: str, now: datetime) -> User:
    """Make an account without a password and send the invitation. ``actor`` is None for the command line.

    Raises Unmet(email=…, party_code=…, institution_id=…, organisation_id=…).
    """
    user = User(
        fs_uniquifier=secrets.token_hex(16),
        created_at=now,
        password=None,
        active=True,
        email="",
        name="",
        role=details.role,
    )
    _fill(session, user, details, actor=actor, now=now)
    session.add(user)
    session.flush()
    session.add(Subscription(user_id=user.id, rhythm=SummaryRhythm.WEEKLY, scope=SummaryScope.OWN, made_at=now))
    _send_invitation(session, user, actor=actor, base_url=base_url, now=now)
    return user


def invite_again(session: Session, user_id: int, *, actor: Actor, base_url: str, now: datetime) -> None:
    """Send a new invitation; the earlier link is dead. Raises Stale where the account is in use or disabled."""
    user = get(session, user_id)
    if user.password is not None or not user.active:
        raise Stale
    _send_invitation(session, user, actor=actor, base_url=base_url, now=now)


def change(session: Session, user_id: int, details: Details, *, seen: str, actor: Actor, now: datetime) -> None:
    """Change an account; it counts from the person's next request on.

    ``seen`` is the ``accounts.mark`` of what the form showed. Raises Stale, with what is stored, where somebody else
    changed any of it since; the same change sent twice is none. Raises Unmet as ``invite`` does, and
    Unmet(role="own_account") where an administrator would lose his or her own.
    """
    # Wait for whoever is saving now, then look at what is stored.
    session.execute(sa.select(User.id).where(User.id == user_id).with_for_update())
    user = get(session, user_id)
    stored = given(user)
    if self_lockout(is_self=user.id == actor.user_id, role=details.role, active=True):
        raise Unmet(role="own_account")
    old = _described(user)
    _fill(session, user, details, actor=actor, now=now)
    session.flush()
    new = _described(user)
    changed = sorted(name for name in new if new[name] != old[name])
    if not changed:
        return
    if seen != accounts.mark(stored):
        raise Stale(theirs=stored, yours=details)
    if "email" in changed:
        accounts.end_links(session, user.id, now=now)
    audit.record(
        session,
        "user.changed",
        now=now,
        actor=actor,
        party_id=user.party_id,
        internal=False,
        about=("user", user.id),
        old={name: audit.account_field(old[name]) for name in changed},
        new={name: audit.account_field(new[name]) for name in changed},
    )


def disable(session: Session, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Shut the account: its sessions and links end. Raises NotPermitted for one's own."""
    user = get(session, user_id)
    if self_lockout(is_self=user.id == actor.user_id, role=user.role, active=False):
        raise NotPermitted("own account")
    if not user.active:
        return
    user.active = False
    mail_settings.forget_keys(user)
    sign_in.end_sessions(session, user.id, now=now)
    accounts.end_links(session, user.id, now=now)
    audit.record(
        session,
        "user.disabled",
        now=now,
        actor=actor,
        party_id=user.party_id,
        internal=False,
        about=("user", user.id),
    )


def enable(session: Session, user_id: int, *, actor: Actor, now: datetime) -> None:
    """Open a disabled account again, with the password it had."""
    user = get(session, user_id)
    if user.active:
        return
    user.active = True
    audit.record(
        session,
        "user.enabled",
        now=now,
        actor=actor,
        party_id=user.party_id,
        internal=False,
        about=("user", user.id),
    )


def get(session: Session, user_id: int) -> User:
    """The account with its party, institution and organisation. Raises NotVisible where there is none."""
    if not 0 < user_id <= LARGEST_ID:
        raise NotVisible
    user = session.scalar(
        sa.select(User)
        .where(User.id == user_id)
        .options(
            joinedload(User.party),
            joinedload(User.institution),
            joinedload(User.organisation),
        )
    )
    if user is None:
        raise NotVisible
    return user


def demonstration_accounts_exist(session: Session) -> bool:
    """Whether ``demo load`` made accounts here; production refuses to start with them."""
    return session.scalar(sa.select(User.id).where(User.is_demonstration.is_(True)).limit(1)) is not None


def parties(session: Session) -> list[ReportingParty]:
    """The States, by code."""
    return list(
        session.scalars(
            sa.select(ReportingParty).where(ReportingParty.kind == PartyKind.MEMBER_STATE).order_by(ReportingParty.code)
        )
    )


def institutions(session: Session) -> list[sa.Row[Any]]:
    """Every institution as (id, name, party's name in four languages)."""
    return list(
        session.execute(
            sa.select(Institution.id, Institution.name, ReportingParty.name.label("party_name"))
            .join(ReportingParty, ReportingParty.id == Institution.party_id)
            .order_by(ReportingParty.code, Institution.name)
        )
    )


def given(user: User) -> dict[str, Any]:
    """The account as a form shows it, by the names of ``Details``."""
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "party_code": user.party.code if user.party and user.party.kind is PartyKind.MEMBER_STATE else "",
        "is_alternate": user.is_alternate,
        "institution_id": str(user.institution_id or ""),
        "language": user.language,
        "time_zone": user.time_zone,
        "organisation_id": str(user.organisation_id or ""),
    }


def _fill(session: Session, user: User, details: Details, *, actor: Actor | None, now: datetime) -> None:
    problems: dict[str, str] = {}
    try:
        address = normal_address(details.email)
    except BadAddress:
        address, problems["email"] = "", "no_address"
    taken = session.scalar(sa.select(User.id).where(User.email == address, User.id != (user.id or 0)))
    if taken is not None:
        problems["email"] = "taken"
    if not details.name.strip():
        problems["name"] = "required"
    party = _party(session, details, problems)
    institution = _institution(session, details, party, problems)
    organisation = _organisation(session, details, problems)
    if problems:
        raise Unmet(**problems)
    if user.email != address:
        user.email, user.bounced_at = address, None
    user.name = details.name.strip()
    user.role = details.role
    user.party = party
    user.is_alternate = details.is_alternate and details.role is Role.FOCAL_POINT
    if institution is not None:
        session.add(institution)
    user.institution = institution
    if details.role is Role.OBSERVER and organisation is None:
        organisation = organisations.named(session, details.organisation_name.strip(), actor=actor, now=now)
    user.organisation = organisation
    house = party or session.scalar(
        sa.select(ReportingParty).where(ReportingParty.kind == PartyKind.GENERAL_SECRETARIAT)
    )
    user.language = details.language or (house.language if house else "en")
    user.time_zone = details.time_zone or (house.time_zone if house else "UTC")


def _party(session: Session, details: Details, problems: dict[str, str]) -> ReportingParty | None:
    kind = PARTY_OF_ROLE.get(details.role)
    if kind is None:
        return None
    wanted = sa.select(ReportingParty).where(ReportingParty.kind == kind)
    if kind is PartyKind.MEMBER_STATE:
        if not details.party_code:
            problems["party_code"] = "required"
            return None
        wanted = wanted.where(ReportingParty.code == details.party_code.upper())
    party = session.scalar(wanted)
    if party is None:
        problems["party_code"] = "unknown"
    return party


def _institution(
    session: Session, details: Details, party: ReportingParty | None, problems: dict[str, str]
) -> Institution | None:
    """For contributors: the known one, or a new one by name (which may be known by then)."""
    if details.role is not Role.CONTRIBUTOR or party is None:
        return None
    if details.institution_name.strip():
        name = details.institution_name.strip()
        known = session.scalar(sa.select(Institution).where(Institution.party_id == party.id, Institution.name == name))
        return known or Institution(party_id=party.id, name=name)
    if details.institution_id is None:
        problems["institution_id"] = "required"
        return None
    found = session.get(Institution, details.institution_id)
    if found is None or found.party_id != party.id:
        problems["institution_id"] = "of_another_state"
        return None
    return found


def _organisation(session: Session, details: Details, problems: dict[str, str]) -> Organisation | None:
    """For observers: the known one; None where a new one is named (which may be known by then)."""
    if details.role is not Role.OBSERVER or details.organisation_name.strip():
        return None
    found = session.get(Organisation, details.organisation_id) if details.organisation_id is not None else None
    if found is None:
        problems["organisation_id"] = "required" if details.organisation_id is None else "unknown"
    return found


def _described(user: User) -> dict[str, Any]:
    """What the audit trail compares."""
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "party_id": user.party_id,
        "is_alternate": user.is_alternate,
        "institution_id": user.institution_id,
        "language": user.language,
        "time_zone": user.time_zone,
        "organisation_id": user.organisation_id,
    }


def _send_invitation(session: Session, user: User, *, actor: Actor | None, base_url: str, now: datetime) -> None:
    link, url = accounts.make_link(session, user, LinkPurpose.INVITATION, base_url=base_url, now=now)
    user.invited_at = now
    outbox.put(
        session,
        key=f"invitation:{link.id}",
        kind="invitation",
        recipient_id=user.id,
        to_address=user.email,
        message=messages.invitation(
            user.name,
            user.language,
            url,
            INVITATION_LASTS.days,
            actor.name if actor else wording.translate(wording.N_("The Secretariat"), user.language),
            wording.label(user.role, user.language),
        ),
        now=now,
    )
    audit.record(
        session,
        "invitation.sent",
        now=now,
        actor=actor,
        party_id=user.party_id,
        internal=False,
        about=("user", user.id),
        new={"role": user.role, "party_id": user.party_id, "email": audit.account_field(user.email)},
    )
