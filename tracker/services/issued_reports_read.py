"""Issued reports as they are read: one by its code, those of a subject, the public list, a document's bytes.

What is being prepared is known by its code, and stands in no list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from tracker.domain.errors import NotVisible
from tracker.domain.text import fold
from tracker.domain.vocabulary import PublicationKind, PublicationState
from tracker.models import IssuedDocument, IssuedEdition, IssuedReport, ReportingCycle, ReportingParty
from tracker.services import frozen_reports
from tracker.services.plain_rows import rows
from tracker.wording import pick

PAGE = 50
CYCLE_END = "end-of-cycle"
"""The period of what the clock issues at the end of a cycle."""
PREFIXES = {PublicationKind.STATUS_REPORT: "SR", PublicationKind.HEMISPHERIC_REPORT: "HR"}


def number(kind: PublicationKind, sequence: int, year: int) -> str:
    """SR 12/2026."""
    return f"{PREFIXES[kind]} {sequence}/{year}"


@dataclass(frozen=True, slots=True)
class Issue:
    """An issued report without its content. ``party`` and ``cycle`` are names in all languages."""

    id: int
    kind: PublicationKind
    subject: str
    party_code: str | None
    party: dict[str, str] | None
    time_zone: str | None
    cycle_code: str
    cycle: dict[str, str]
    is_as_of_date: bool
    as_of: datetime
    year: int
    sequence: int
    code: str
    state: PublicationState
    issued_at: datetime
    by_clock: bool
    ended_at: datetime | None
    reason: str
    replaces_code: str | None
    replaces_number: str
    replaced_by_code: str | None
    replaced_by_number: str
    version: int

    @property
    def number(self) -> str:
        return number(self.kind, self.sequence, self.year)

    @property
    def slug(self) -> str:
        """Its code as in addresses."""
        return self.code.lower()

    @property
    def is_readable(self) -> bool:
        """Whether its page and documents are given out."""
        return self.state in (PublicationState.ISSUED, PublicationState.REPLACED)


def known(session: Session, code: str) -> Issue | None:
    """The issue of this code, in capitals; None where there is none."""
    found = _issues(session, IssuedReport.code == code)
    return found[0] if found else None


def get(session: Session, code: str) -> Issue:
    """The issue of this code, in capitals. Raises NotVisible."""
    found = known(session, code)
    if found is None:
        raise NotVisible
    return found


def by_id(session: Session, issue_id: int) -> Issue:
    """Raises NotVisible."""
    found = _issues(session, IssuedReport.id == issue_id)
    if not found:
        raise NotVisible
    return found[0]


def current(session: Session, subject: str) -> Issue | None:
    """The newest issue of a subject that stands."""
    found = _issues(session, IssuedReport.subject == subject, IssuedReport.state == PublicationState.ISSUED, limit=1)
    return found[0] if found else None


def at_the_end(session: Session, subject: str) -> Issue | None:
    """What stands of a subject once the clock has issued it at the end of its cycle; None before."""
    ended = sa.select(IssuedReport.id).where(
        IssuedReport.subject == subject, IssuedReport.period == CYCLE_END, IssuedReport.ready_at.is_not(None)
    )
    return current(session, subject) if session.scalar(ended) is not None else None


def preparing(session: Session, subject: str) -> Issue | None:
    """The issue of a subject that is being prepared."""
    found = _issues(session, IssuedReport.subject == subject, IssuedReport.state == PublicationState.PREPARING)
    return found[0] if found else None


def standing(session: Session) -> dict[str, Issue]:
    """By subject, the newest issue that stands."""
    return {one.subject: one for one in reversed(_issues(session, IssuedReport.state == PublicationState.ISSUED))}


def of_subject(session: Session, subject: str) -> list[Issue]:
    """All issues of a subject that were finished, newest first."""
    return _issues(session, IssuedReport.subject == subject, IssuedReport.ready_at.is_not(None))


def of_party(session: Session, party_code: str) -> list[Issue]:
    """All finished issues about one party, newest first."""
    return _issues(session, ReportingParty.code == party_code, IssuedReport.ready_at.is_not(None))


def listed(
    session: Session,
    *,
    party: str = "",
    kind: PublicationKind | None = None,
    by_name_in: str = "",
    page: int = 1,
    size: int = PAGE,
) -> tuple[list[Issue], int]:
    """(one page of the finished issues, newest first; how many there are).

    ``party``: code in capitals. ``by_name_in``: a language; then in the alphabetical order of the parties in it, those
    about all States at the end, and each party's newest first.
    """
    wanted: list[sa.ColumnElement[bool]] = [IssuedReport.ready_at.is_not(None)]
    if party:
        wanted.append(ReportingParty.code == party)
    if kind is not None:
        wanted.append(IssuedReport.kind == kind)
    if by_name_in:
        named = [(row.id, pick(row.name, by_name_in)) for row in rows(session, _NAMES.where(*wanted))]
        order = sorted(named, key=lambda one: (not one[1], fold(one[1])))
        ids = [issue_id for issue_id, _name in order]
        shown = ids[(page - 1) * size : page * size]
        found = {issue.id: issue for issue in _issues(session, IssuedReport.id.in_(shown))}
        return [found[issue_id] for issue_id in shown], len(ids)
    counted = sa.select(sa.func.count(IssuedReport.id)).outerjoin(
        ReportingParty, ReportingParty.id == IssuedReport.party_id
    )
    total = session.scalar(counted.where(*wanted)) or 0
    return _issues(session, *wanted, limit=size, offset=(page - 1) * size), total


def parties(session: Session) -> list[Any]:
    """(code, name) of the parties that finished issues are about."""
    about = sa.select(IssuedReport.party_id).where(IssuedReport.ready_at.is_not(None))
    return list(rows(session, sa.select(ReportingParty.code, ReportingParty.name).where(ReportingParty.id.in_(about))))


def report(session: Session, issue: Issue, language: str) -> Any:
    """What was frozen, in one language. Raises NotVisible where there is no such edition."""
    frozen = session.scalar(
        sa.select(IssuedEdition.frozen).where(IssuedEdition.issue_id == issue.id, IssuedEdition.language == language)
    )
    if frozen is None:
        raise NotVisible
    return frozen_reports.thaw(issue.kind, frozen)


@dataclass(frozen=True, slots=True)
class Document:
    """One file of an issue. ``content`` is None where it was not asked for, or erased."""

    language: str
    format: str
    sha256: str
    size: int
    erased_at: datetime | None
    content: bytes | None = None


def documents(session: Session, issue: Issue) -> list[Document]:
    """All files of an issue, without their content, by language and format."""
    found = rows(
        session,
        _documents().order_by(IssuedEdition.language, IssuedDocument.format),
        {"issue": issue.id},
    )
    return [Document(*row) for row in found]


def document(session: Session, issue: Issue, language: str, form: str) -> Document:
    """One file with its content. Raises NotVisible."""
    wanted = (
        _documents()
        .add_columns(IssuedDocument.content)
        .where(IssuedEdition.language == language, IssuedDocument.format == form)
    )
    row = rows(session, wanted, {"issue": issue.id}).one_or_none()
    if row is None:
        raise NotVisible
    return Document(*row)


def _documents() -> sa.Select:
    return (
        sa.select(
            IssuedEdition.language,
            IssuedDocument.format,
            IssuedDocument.sha256,
            IssuedDocument.size,
            IssuedDocument.erased_at,
        )
        .join(IssuedEdition, IssuedEdition.id == IssuedDocument.edition_id)
        .where(IssuedEdition.issue_id == sa.bindparam("issue"))
    )


_NAMES = (
    sa.select(IssuedReport.id, ReportingParty.name)
    .outerjoin(ReportingParty, ReportingParty.id == IssuedReport.party_id)
    .order_by(IssuedReport.issued_at.desc(), IssuedReport.id.desc())
)
_BEFORE, _AFTER = aliased(IssuedReport), aliased(IssuedReport)
_LIST = (
    sa.select(
        IssuedReport.id,
        IssuedReport.kind,
        IssuedReport.subject,
        ReportingParty.code.label("party_code"),
        ReportingParty.name.label("party"),
        ReportingParty.time_zone,
        ReportingCycle.code.label("cycle_code"),
        ReportingCycle.title.label("cycle"),
        IssuedReport.is_as_of_date,
        IssuedReport.as_of,
        IssuedReport.year,
        IssuedReport.sequence,
        IssuedReport.code,
        IssuedReport.state,
        IssuedReport.issued_at,
        IssuedReport.issued_by_id,
        IssuedReport.ended_at,
        IssuedReport.reason,
        IssuedReport.version,
        _BEFORE.code.label("before_code"),
        _BEFORE.sequence.label("before_sequence"),
        _BEFORE.year.label("before_year"),
        _AFTER.code.label("after_code"),
        _AFTER.sequence.label("after_sequence"),
        _AFTER.year.label("after_year"),
    )
    .outerjoin(ReportingParty, ReportingParty.id == IssuedReport.party_id)
    .join(ReportingCycle, ReportingCycle.id == IssuedReport.cycle_id)
    .outerjoin(_BEFORE, _BEFORE.id == IssuedReport.replaces_id)
    .outerjoin(_AFTER, sa.and_(_AFTER.replaces_id == IssuedReport.id, _AFTER.ready_at.is_not(None)))
    .order_by(IssuedReport.issued_at.desc(), IssuedReport.id.desc())
)


def _issues(
    session: Session, *wanted: sa.ColumnElement[bool], limit: int | None = None, offset: int = 0
) -> list[Issue]:
    statement = _LIST.where(*wanted)
    if limit is not None:
        statement = statement.limit(limit).offset(offset)
    return [_issue(row) for row in rows(session, statement)]


def _issue(row: Any) -> Issue:
    return Issue(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        party_code=row.party_code,
        party=row.party,
        time_zone=row.time_zone,
        cycle_code=row.cycle_code,
        cycle=row.cycle,
        is_as_of_date=row.is_as_of_date,
        as_of=row.as_of,
        year=row.year,
        sequence=row.sequence,
        code=row.code,
        state=row.state,
        issued_at=row.issued_at,
        by_clock=row.issued_by_id is None,
        ended_at=row.ended_at,
        reason=row.reason,
        replaces_code=row.before_code,
        replaces_number=number(row.kind, row.before_sequence, row.before_year) if row.before_code else "",
        replaced_by_code=row.after_code,
        replaced_by_number=number(row.kind, row.after_sequence, row.after_year) if row.after_code else "",
        version=row.version,
    )
