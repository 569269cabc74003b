"""The accounts of the demonstration: one of each role, and three for every State that takes part."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.fates import ACCREDITED
from tracker.demo.lives import Person
from tracker.demo.narratives import narratives
from tracker.demo.scripts import Staff, Team
from tracker.domain.vocabulary import PartyKind, Role, SummaryRhythm, SummaryScope
from tracker.models import Accreditation, Institution, Organisation, ReportingParty, Subscription, User
from tracker.services import cycles, passwords

PASSWORD = "demo-password-2026"  # noqa: S105  (public: printed beside the accounts)
DOMAIN = "tracker.example"
SECRETARIAT_ZONE = "America/New_York"
NATIONAL = ((Role.FOCAL_POINT, "focal"), (Role.APPROVER, "approver"), (Role.CONTRIBUTOR, "contributor"))
SECRETARIAT: tuple[tuple[str, Role, str], ...] = (
    ("admin", Role.ADMINISTRATOR, "Administrator (demonstration)"),
    ("reviewer", Role.REVIEWER, "First reviewer (demonstration)"),
    ("reviewer2", Role.REVIEWER, "Second reviewer (demonstration)"),
    ("secretariat", Role.SECRETARIAT_REPORTER, "Secretariat reporter (demonstration)"),
    ("observer", Role.OBSERVER, "Observer (demonstration)"),
)
MORE_SUMMARIES: tuple[tuple[str, SummaryRhythm, SummaryScope], ...] = (
    ("reviewer", SummaryRhythm.MONTHLY, SummaryScope.EVERYTHING),
    ("observer", SummaryRhythm.AT_PUBLICATION, SummaryScope.OWN),
    ("focal.br", SummaryRhythm.QUARTERLY, SummaryScope.OWN),
)
"""Beside the weekly one that everybody takes."""
ORGANISATION = "Civil-society organization (demonstration)"


@dataclass(frozen=True)
class People:
    """Who acts in the demonstration."""

    staff: Staff
    teams: dict[int, Team]
    """By party id."""


def make(session: Session, *, now: datetime, since: datetime) -> int:
    """Make the accounts that are missing; the number made. ``since`` is when they are said to have been made."""
    parties = cycles.taking_part(session, now.date())
    codes = {p.code: p for p in parties}
    wanted: list[tuple[str, Role, str, ReportingParty | None]] = [
        (name, role, shown, codes["GS"] if role is Role.SECRETARIAT_REPORTER else None)
        for name, role, shown in SECRETARIAT
    ]
    for party in parties:
        if party.kind is PartyKind.MEMBER_STATE:
            shown = party.name.get(party.language, party.name["en"])
            wanted += [
                (f"{short}.{party.code.lower()}", role, narratives(party.language).person(role, shown), party)
                for role, short in NATIONAL
            ]
    existing = set(session.scalars(sa.select(User.email)))
    hashed = passwords.hashed(PASSWORD)
    made = {}
    for place, (name, role, shown, account_party) in enumerate(wanted):
        email = f"{name}@{DOMAIN}"
        if email in existing:
            continue
        made[name] = User(
            email=email,
            name=shown,
            role=role,
            party_id=account_party.id if account_party else None,
            language=account_party.language if account_party else "en",
            time_zone=account_party.time_zone if account_party else SECRETARIAT_ZONE,
            password=hashed,
            active=True,
            fs_uniquifier=secrets.token_hex(16),
            is_demonstration=True,
            created_at=since,
            last_sign_in_at=now - timedelta(hours=1 + place * 7 % 200),
        )
        if role is Role.CONTRIBUTOR and account_party is not None:
            made[name].institution = _institution(account_party, place)
    session.add_all(made.values())
    session.flush()
    session.add_all(
        Subscription(user_id=made[name].id, rhythm=rhythm, scope=scope, made_at=since)
        for name, rhythm, scope in [
            *((name, SummaryRhythm.WEEKLY, SummaryScope.OWN) for name in made),
            *(one for one in MORE_SUMMARIES if one[0] in made),
        ]
    )
    if "observer" in made:
        made["observer"].organisation = Organisation(
            name=ORGANISATION,
            website="https://organisation.tracker.example/",
            created_at=since,
            accreditations=[
                Accreditation(party_id=codes[code].id, starts_on=since.date(), granted_at=since)
                for code in ACCREDITED
                if code in codes
            ],
        )
        session.flush()
    return len(made)


def _institution(party: ReportingParty, place: int) -> Institution:
    return Institution(party_id=party.id, name=narratives(party.language).institution(place // 3))


def read(session: Session) -> People:
    """The people as they are stored."""
    users = {
        row.email.removesuffix(f"@{DOMAIN}"): Person(row.id, row.role)
        for row in session.execute(sa.select(User.id, User.email, User.role).where(User.is_demonstration))
    }
    teams = {}
    for party in session.scalars(sa.select(ReportingParty)):
        code = party.code.lower()
        if party.kind is PartyKind.MEMBER_STATE:
            if f"focal.{code}" not in users:
                continue
            focal = users[f"focal.{code}"]
        else:
            focal = users["secretariat" if party.kind is PartyKind.GENERAL_SECRETARIAT else "admin"]
        teams[party.id] = Team(
            focal=focal,
            approver=users.get(f"approver.{code}"),
            contributor=users.get(f"contributor.{code}"),
            kind=party.kind,
            code=party.code,
            zone=party.time_zone,
            language=party.language,
        )
    staff = Staff((users["reviewer"], users["reviewer2"]), users["admin"])
    return People(staff, teams)
