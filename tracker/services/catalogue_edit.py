"""Translations and corrections that a person enters: each is a new version with a reason, and the old ones stay."""

from __future__ import annotations

import re
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from config import LANGUAGES
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.models import Element, Instrument, Provision, ProvisionVersion, User
from tracker.services import audit, search_index
from tracker.services.search_sources import Kind

SOURCE = "source"
STATUSES = ("official", "unofficial")
"""What a person may say of a text that is not the source's own."""
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")


def listing(session: Session) -> list[tuple[sa.Row, list[sa.Row]]]:
    """Each instrument with its provisions, in the catalogue's order; two queries."""
    instruments = session.execute(
        sa.select(Instrument.id, Instrument.code, Instrument.title, Instrument.reading_note).order_by(
            Instrument.position
        )
    ).all()
    provisions: dict[int, list[sa.Row]] = {}
    for row in session.execute(
        sa.select(
            Provision.instrument_id,
            Provision.code,
            Provision.title,
            Provision.text_status,
            Provision.version_number,
            Provision.edited_by_person,
            Provision.is_scored,
        ).order_by(Provision.position)
    ):
        provisions.setdefault(row.instrument_id, []).append(row)
    return [(instrument, provisions.get(instrument.id, [])) for instrument in instruments]


def by_code(session: Session, code: str, *, locked: bool = False) -> Provision | None:
    """The provision with its instrument; None where there is none. ``locked``: other corrections of it wait."""
    if not CODE.fullmatch(code):
        return None
    wanted = sa.select(Provision).where(Provision.code == code.upper()).options(joinedload(Provision.instrument))
    if locked:
        wanted = wanted.with_for_update(of=Provision)
    return session.scalar(wanted.execution_options(populate_existing=True))


def versions(session: Session, provision: Provision) -> list[sa.Row]:
    """Every version, newest first: number, reason, moment and the name of who made it."""
    return list(
        session.execute(
            sa.select(ProvisionVersion.number, ProvisionVersion.reason, ProvisionVersion.made_at, User.name)
            .outerjoin(User, User.id == ProvisionVersion.made_by_id)
            .where(ProvisionVersion.provision_id == provision.id)
            .order_by(ProvisionVersion.number.desc())
        )
    )


def version(session: Session, provision: Provision, number: int) -> ProvisionVersion | None:
    """One version with its texts, as frozen."""
    if number > provision.version_number:
        return None
    return session.scalar(
        sa.select(ProvisionVersion).where(
            ProvisionVersion.provision_id == provision.id, ProvisionVersion.number == number
        )
    )


def correct(
    session: Session,
    provision: Provision,
    *,
    language: str,
    title: str,
    text: str,
    status: str,
    reason: str,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> ProvisionVersion:
    """Enter a title and text in one language as a new version.

    The text of the source stays the source's, whatever ``status`` says: it is corrected where the copy differs from
    the document, never to say it better. Raises NotPermitted; Stale where a newer version exists; Unmet by field.
    """
    if not can(actor, Permission.CATALOGUE_EDIT):
        raise NotPermitted(Permission.CATALOGUE_EDIT)
    if seen_version != provision.version_number:
        raise Stale
    before = provision.text_status.get(language)
    status = SOURCE if before == SOURCE else status
    problems = {name: "required" for name, value in (("title", title), ("text", text), ("reason", reason)) if not value}
    if language not in LANGUAGES:
        problems["language"] = "unknown"
    if before != SOURCE and status not in STATUSES:
        problems["status"] = "unknown"
    if not problems and (title, text, status) == (provision.title.get(language), provision.text.get(language), before):
        problems["text"] = "unchanged"
    if problems:
        raise Unmet(**problems)
    audit.record(
        session,
        "provision.correct",
        now=now,
        actor=actor,
        about=("provision", provision.code),
        old={"version": provision.version_number, "text": provision.text.get(language), "status": _status(before)},
        new={"language": audit.Plain(language), "version": provision.version_number + 1, "text": text}
        | {"status": _status(status), "title": title, "reason": reason},
    )
    provision.title = {**provision.title, language: title}
    provision.text = {**provision.text, language: text}
    provision.text_status = {**provision.text_status, language: status}
    provision.version_number += 1
    provision.edited_by_person = True
    made = ProvisionVersion(
        provision_id=provision.id,
        number=provision.version_number,
        title=provision.title,
        text=provision.text,
        text_status=provision.text_status,
        reason=reason,
        made_at=now,
        made_by_id=actor.user_id,
    )
    session.add(made)
    _carry_over(session, provision)
    search_index.refresh(session, Kind.PROVISION, provision.code)
    return made


def _status(status: str | None) -> audit.Plain | None:
    return audit.Plain(status) if status else None


def _carry_over(session: Session, provision: Provision) -> None:
    """The element that stands for a whole provision says what the provision says."""
    for element in session.scalars(
        sa.select(Element).where(Element.provision_id == provision.id, Element.is_whole.is_(True))
    ):
        element.label = provision.title
        element.fragment = provision.text["en"]
