"""Offices of a State that the Secretariat writes to: the head of the authority and the Permanent Mission.

An office, never a person: its title, its public page, an address for e-mail and one for paper. Administrators keep
them; of the authority everybody sees title and page (``public_site.authority``), of the addresses nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.addresses import BadAddress, normal_address
from tracker.domain.contacts import is_web_address
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.offices import names_a_person
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import OfficeKind, PartyKind
from tracker.models import Office, ReportingParty
from tracker.services import audit
from tracker.services.personal_data import require_clean
from tracker.services.plain_rows import rows as plain


@dataclass(frozen=True)
class Line:
    """A State in the list, with its offices as far as they are known."""

    code: str
    name: dict[str, str]
    offices: dict[OfficeKind, sa.Row]
    """Rows with title, email, address."""


def listing(session: Session) -> list[Line]:
    """Every Member State with its offices. One query."""
    found: dict[str, Line] = {}
    for row in plain(session, _listed()):
        line = found.setdefault(row.code, Line(row.code, row.name, {}))
        if row.kind is not None:
            line.offices[row.kind] = row
    return list(found.values())


def state(session: Session, code: str) -> ReportingParty:
    """The Member State with this code. Raises NotVisible."""
    found = session.scalar(
        sa.select(ReportingParty).where(
            ReportingParty.code == code.upper(), ReportingParty.kind == PartyKind.MEMBER_STATE
        )
    )
    if found is None:
        raise NotVisible
    return found


def of(session: Session, party_id: int, kind: OfficeKind) -> Office | None:
    """The office of this State as it is kept; None where it was never entered."""
    return session.scalar(
        sa.select(Office)
        .where(Office.party_id == party_id, Office.kind == kind)
        .execution_options(populate_existing=True)
    )


def save(
    session: Session,
    party: ReportingParty,
    kind: OfficeKind,
    *,
    title: str,
    email: str,
    address: str,
    url: str = "",
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Office:
    """Enter the office or change it. ``seen_version``: 0 where none was there.

    Raises NotPermitted; Stale; Unmet(title="required" or "a_person", email="bad_address", url="bad_link") and what the
    personal-data check finds in title and postal address.
    """
    if not can(actor, Permission.OFFICE_MANAGE):
        raise NotPermitted(Permission.OFFICE_MANAGE)
    office = of(session, party.id, kind)
    if (office.version if office else 0) != seen_version:
        raise Stale
    if not title:
        raise Unmet(title="required")
    if names_a_person(title):
        raise Unmet(title="a_person")
    if url and not is_web_address(url):
        raise Unmet(url="bad_link")
    try:
        email = normal_address(email) if email else ""
    except BadAddress:
        raise Unmet(email="bad_address") from None
    explained = require_clean(explanation, title=title, address=address)
    before = (
        {"title": office.title, "email": audit.Plain(office.email), "url": audit.Plain(office.url)} if office else None
    )
    if office is None:
        office = Office(party_id=party.id, kind=kind, title=title, email=email, address=address, url=url)
        session.add(office)
    else:
        office.title, office.email, office.address, office.url = title, email, address, url
    session.flush()
    audit.record(
        session,
        "office.saved",
        now=now,
        actor=actor,
        party_id=party.id,
        internal=True,
        about=("office", office.id),
        old=before,
        new={"kind": kind, "title": title, "email": audit.Plain(email), "url": audit.Plain(url), **explained},
    )
    return office


@cache
def _listed() -> sa.Select:
    return (
        sa.select(ReportingParty.code, ReportingParty.name, Office.kind, Office.title, Office.email, Office.address)
        .outerjoin(Office, Office.party_id == ReportingParty.id)
        .where(ReportingParty.kind == PartyKind.MEMBER_STATE)
        .order_by(ReportingParty.code, Office.kind)
    )
