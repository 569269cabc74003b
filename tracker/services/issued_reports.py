"""Issuing a report: numbered and frozen in one transaction, its documents made outside of any, then issued.

What is interrupted in between stays "being prepared", with its number, and is finished by the job ``issue-reports``.
While one is being prepared a second one of the same subject is refused. Numbers are given out one at a time (whoever
issues holds the row of the General Secretariat until the number is stored), so there are no gaps and no doubles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain import issue_codes
from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import PublicationKind, PublicationState
from tracker.mail import links
from tracker.models import IssuedDocument, IssuedEdition, IssuedReport, ReportingParty
from tracker.services import audit, frozen_reports, issue_subjects, issued_reports_read, numbering, search_index
from tracker.services.issue_subjects import Subject
from tracker.services.issued_reports_read import Issue, current, listed
from tracker.services.personal_data import require_clean
from tracker.services.search_sources import Kind
from tracker.services.status_report_changes import between
from tracker.services.status_report_content import IssueFacts

__all__ = ["Renderers", "begin", "current", "finish", "listed", "unfinished", "withdraw"]

Renderers = Mapping[PublicationKind, Mapping[str, Callable[[Any], bytes]]]
"""For each kind of report, by format (pdf, docx, xlsx, json): from the report to the bytes (``documents.formats``)."""
Transaction = Callable[[], AbstractContextManager[Session]]
"""Opens a write transaction (``db.transaction``)."""
WITHDRAW = "withdraw"
TRIES = 3
"""Times that documents are made again because what is frozen was changed (a passage erased) meanwhile."""


def begin(
    session: Session,
    kind: PublicationKind,
    subject: str,
    *,
    actor: Actor | None,
    now: datetime,
    period: str = "",
    replaces: int | None = None,
    reason: str = "",
    explanation: str = "",
) -> int:
    """Number and freeze a report in all languages; the id of the issue, which is then being prepared.

    ``actor`` None: the clock. ``period``: what the clock issues it for, once for each subject. ``replaces``: the issue
    that it stands in for, with the reason, which is public. Raises NotPermitted; NotVisible where the subject is
    unknown, owes no reports or takes no part in that cycle; Unmet(subject="being_prepared" or "issued_already",
    reason=…); Stale where ``replaces`` is not what stands now.
    """
    _permit(actor)
    about = issue_subjects.parse(subject)
    if about.kind is not kind:
        raise NotVisible
    reports = issue_subjects.editions(session, about, now)
    any_one = next(iter(reports.values()))
    today = numbering.today(session, now, lock=True)
    before = _replaced(session, about, replaces, period)
    if actor is not None and before is None and _is_of_today(session, about, now):
        raise Unmet(subject="issued_already")
    if actor is not None and before is not None:
        _check_reason(reason, explanation)
    last = session.scalar(
        sa.select(sa.func.max(IssuedReport.sequence)).where(IssuedReport.kind == kind, IssuedReport.year == today.year)
    )
    issue = IssuedReport(
        kind=kind,
        subject=any_one.code,
        party_id=_party_id(session, about),
        cycle_id=issue_subjects.cycle_id(session, any_one.cycle.code),
        is_as_of_date=about.is_as_of_date,
        as_of=any_one.as_of,
        year=today.year,
        sequence=(last or 0) + 1,
        code=_free_code(session),
        state=PublicationState.PREPARING,
        period=period,
        replaces_id=before.id if before else None,
        issued_at=now,
        issued_by_id=actor.user_id if actor else None,
        reason=reason if before else "",
    )
    session.add(issue)
    session.flush()
    number = issued_reports_read.number(kind, issue.sequence, issue.year)
    facts = IssueFacts(
        number=number,
        code=issue.code,
        issued_on=today,
        verify_url=f"{links.site(session).base_url}/verify/{issue_codes.in_address(issue.code)}",
        replaces_number=before.number if before else "",
    )
    last_issue = _last_readable(session, issue)
    for language, report in reports.items():
        whole = replace(report, issue=facts, **_changes(session, last_issue, report, language))
        session.add(IssuedEdition(issue_id=issue.id, language=language, frozen=frozen_reports.freeze(whole)))
    audit.record(
        session,
        "publication.prepared",
        now=now,
        actor=actor,
        party_id=issue.party_id,
        internal=False,
        about=("issued_report", issue.id),
        new={"number": audit.Plain(number), "code": audit.Plain(issue.code), "subject": audit.Plain(issue.subject)},
    )
    session.flush()
    return issue.id


def finish(transaction: Transaction, issue_id: int, renderers: Renderers, *, now: datetime) -> bool:
    """Make the documents of an issue that is being prepared and let it stand; whether this call did.

    Safe to call twice, and by two at once: the second finds it done. Documents are made with no transaction open,
    from what was frozen and nothing else.
    """
    for _try in range(TRIES):
        with transaction() as session:
            task = _task(session, issue_id)
        if task is None:
            return False
        made = [
            (edition, form, render(frozen_reports.thaw(task.kind, frozen)))
            for edition, frozen in task.editions
            for form, render in renderers[task.kind].items()
        ]
        with transaction() as session:
            issue = _locked(session, issue_id)
            if issue.state is not PublicationState.PREPARING:
                return False
            if issue.version == task.version:
                _stand(session, issue, made, now)
                return True
    return False


def unfinished(session: Session, *, before: datetime) -> list[int]:
    """Ids of issues that are being prepared: the clock's own, and those that a person began before that moment."""
    return list(
        session.scalars(
            sa.select(IssuedReport.id)
            .where(
                IssuedReport.state == PublicationState.PREPARING,
                sa.or_(IssuedReport.issued_by_id.is_(None), IssuedReport.issued_at < before),
            )
            .order_by(IssuedReport.id)
        )
    )


def withdraw(
    session: Session,
    issue_id: int,
    *,
    reason: str,
    explanation: str,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Issue:
    """Withdraw an issue, with a public reason; its page and its verification go on saying what it was.

    Also one that was replaced, or is still being prepared. Raises NotPermitted; NotVisible; Stale; WrongState where it
    is withdrawn already; Unmet(reason=…).
    """
    _permit(actor)
    issue = _locked(session, issue_id)
    if issue.state is PublicationState.WITHDRAWN:
        raise WrongState(WITHDRAW, issue.state)
    if issue.version != seen_version:
        raise Stale
    _check_reason(reason, explanation)
    end(session, issue, PublicationState.WITHDRAWN, reason, actor=actor, now=now)
    return issued_reports_read.by_id(session, issue_id)


def end(
    session: Session, issue: IssuedReport, state: PublicationState, reason: str, *, actor: Actor | None, now: datetime
) -> None:
    """It no longer stands: withdrawn, or replaced. ``actor`` None: by the clock."""
    old, issue.state = issue.state, state
    issue.reason, issue.ended_at, issue.ended_by_id = reason, now, actor.user_id if actor else None
    if issue.ready_at is None:
        issue.ready_at = now  # listed with its number, so that no number is missing
    search_index.refresh(session, Kind.STATUS_REPORT, issue.code)
    event = "publication.withdrawn" if state is PublicationState.WITHDRAWN else "publication.replaced"
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=issue.party_id,
        internal=False,
        about=("issued_report", issue.id),
        old={"state": old},
        new={"state": state, "reason": reason},
    )


@dataclass(frozen=True)
class _Task:
    kind: PublicationKind
    version: int
    editions: list[tuple[int, bytes]]


def _task(session: Session, issue_id: int) -> _Task | None:
    issue = session.get(IssuedReport, issue_id, populate_existing=True)
    if issue is None or issue.state is not PublicationState.PREPARING:
        return None
    editions = session.execute(
        sa.select(IssuedEdition.id, IssuedEdition.frozen)
        .where(IssuedEdition.issue_id == issue_id)
        .order_by(IssuedEdition.language)
    )
    return _Task(issue.kind, issue.version, [(row.id, row.frozen) for row in editions])


def _stand(session: Session, issue: IssuedReport, made: list[tuple[int, str, bytes]], now: datetime) -> None:
    session.add_all(
        IssuedDocument(
            edition_id=edition,
            format=form,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content=content,
        )
        for edition, form, content in made
    )
    reason, issue.reason = issue.reason, ""
    issue.state, issue.ready_at = PublicationState.ISSUED, now
    search_index.refresh(session, Kind.STATUS_REPORT, issue.code)
    audit.record(
        session,
        "publication.issued",
        now=now,
        actor_id=issue.issued_by_id,
        party_id=issue.party_id,
        internal=False,
        about=("issued_report", issue.id),
        new={"number": audit.Plain(issued_reports_read.number(issue.kind, issue.sequence, issue.year))},
    )
    if issue.replaces_id is not None:
        older = _locked(session, issue.replaces_id)
        # Withdrawn while this one was being made: it stays withdrawn, and points to this one all the same.
        if older.state is PublicationState.ISSUED:
            end(session, older, PublicationState.REPLACED, reason, actor=None, now=now)
            older.ended_by_id = issue.issued_by_id


def _locked(session: Session, issue_id: int) -> IssuedReport:
    found = session.scalar(
        sa.select(IssuedReport)
        .where(IssuedReport.id == issue_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible
    return found


def _permit(actor: Actor | None) -> None:
    if actor is not None and not can(actor, Permission.STATUS_REPORT_ISSUE):
        raise NotPermitted(Permission.STATUS_REPORT_ISSUE)


def _check_reason(reason: str, explanation: str) -> None:
    if not reason:
        raise Unmet(reason="required")
    require_clean(explanation, reason=reason)


def _replaced(session: Session, about: Subject, replaces: int | None, period: str) -> Issue | None:
    """What the new issue stands in for. Asked while nobody else gets a number."""
    if _is_there(session, about.slug, IssuedReport.state == PublicationState.PREPARING):
        raise Unmet(subject="being_prepared")
    if period and _is_there(session, about.slug, IssuedReport.period == period):
        raise Unmet(subject="issued_already")
    stands = issued_reports_read.current(session, about.slug)
    if replaces is None:
        # As of a date each issue stands beside those of other dates; of a cycle one stands.
        if stands is not None and not about.is_as_of_date:
            raise Stale
        return None
    before = issued_reports_read.by_id(session, replaces)
    if before.subject != about.slug or before.replaced_by_code is not None:
        raise Stale
    if before.state is PublicationState.ISSUED and stands is not None and stands.id != before.id:
        raise Stale
    if before.state is PublicationState.REPLACED:
        raise Stale
    return before


def _is_of_today(session: Session, about: Subject, now: datetime) -> bool:
    """Whether one as of this very day stands: a form that is sent twice makes no second report of the same figures."""
    stands = issued_reports_read.current(session, about.slug) if about.is_as_of_date else None
    if stands is None:
        return False
    zone = stands.time_zone or "UTC"
    return local_date(stands.as_of, zone) == local_date(now, zone)


def _is_there(session: Session, slug: str, wanted: sa.ColumnElement[bool]) -> bool:
    return bool(session.scalar(sa.select(sa.func.count()).where(IssuedReport.subject == slug, wanted)))


def _party_id(session: Session, about: Subject) -> int | None:
    if about.party is None:
        return None
    return session.scalars(sa.select(ReportingParty.id).where(ReportingParty.code == about.party)).one()


def _free_code(session: Session) -> str:
    while True:
        code = issue_codes.make()
        if not session.scalar(sa.select(sa.func.count()).where(IssuedReport.code == code)):
            return code


def _last_readable(session: Session, issue: IssuedReport) -> Issue | None:
    """The report issued last about the same party that can still be read: of the same subject where there is one."""
    if issue.kind is not PublicationKind.STATUS_REPORT:
        return None
    found = session.execute(
        sa.select(IssuedReport.id)
        .where(
            IssuedReport.party_id == issue.party_id,
            IssuedReport.id != issue.id,
            IssuedReport.state.in_([PublicationState.ISSUED, PublicationState.REPLACED]),
        )
        .order_by(
            sa.case((IssuedReport.subject == issue.subject, 0), else_=1),
            IssuedReport.issued_at.desc(),
            IssuedReport.id.desc(),
        )
        .limit(1)
    ).scalar()
    return issued_reports_read.by_id(session, found) if found is not None else None


def _changes(session: Session, last: Issue | None, report: Any, language: str) -> dict[str, Any]:
    if last is None:
        return {}
    return {"changes": between(issued_reports_read.report(session, last, language), report)}
