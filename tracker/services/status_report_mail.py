"""Who gets a status report by mail: at the end of a cycle, on a party's rhythm, and whoever asks for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.errors import NotPermitted
from tracker.domain.policy import Actor, Permission, Subject, can
from tracker.domain.vocabulary import PublicationState, ReportState, Role
from tracker.domain.workflow import WITH_THE_SECRETARIAT
from tracker.mail import links, messages, outbox
from tracker.models import (
    Commitment,
    IssuedReport,
    ProgressReport,
    ReportingCycle,
    ReportingParty,
    StatusReportMail,
    User,
)
from tracker.services import issued_reports_read
from tracker.services import status_report_rows as rows_of
from tracker.services.issued_reports_read import Issue
from tracker.services.status_report_content import StatusReport

PATIENCE = timedelta(days=60)
"""After a cycle closed its status report waits no longer than this for reviews that are not done."""
FORGOTTEN_AFTER = timedelta(days=365)
"""A cycle that closed longer ago is history: nobody is mailed about it."""
RECEIVERS = (Role.FOCAL_POINT, Role.APPROVER, Role.SECRETARIAT_REPORTER)
"""Who gets the status report of the party when it was issued by the clock."""


def due(session: Session, now: datetime) -> list[tuple[int, int]]:
    """The (party id, cycle id) whose status report is to be mailed now, oldest cycle first.

    That is once all its reports are published; or once the cycle has closed on the party's calendar and nothing is
    with the Secretariat, open for comment, or returned with time left; at the latest 60 days after it closed.
    """
    today = now.date()
    waiting = sa.or_(
        ProgressReport.state.in_([*WITH_THE_SECRETARIAT, ReportState.OPEN_FOR_COMMENT]),
        sa.and_(
            ProgressReport.state.in_([ReportState.RETURNED, ReportState.AWAITING_APPROVAL]),
            ProgressReport.first_submitted_at.is_not(None),
            ProgressReport.due_at > now,
        ),
    )
    mailed = sa.exists().where(
        StatusReportMail.party_id == ProgressReport.party_id, StatusReportMail.cycle_id == ProgressReport.cycle_id
    )
    rows = session.execute(
        sa.select(
            ProgressReport.party_id,
            ProgressReport.cycle_id,
            ReportingParty.time_zone,
            ReportingCycle.closes_on,
            sa.func.sum(sa.case((waiting, 1), else_=0)).label("waiting"),
            sa.func.sum(sa.case((ProgressReport.state == ReportState.PUBLISHED, 0), else_=1)).label("unpublished"),
        )
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .where(
            ReportingCycle.closes_on >= today - FORGOTTEN_AFTER,
            ReportingParty.kind.in_(rows_of.REPORTED_ABOUT),
            Commitment.frozen_at.is_(None),
            ~mailed,
        )
        .group_by(ProgressReport.party_id, ProgressReport.cycle_id, ReportingParty.time_zone, ReportingCycle.closes_on)
        .order_by(ReportingCycle.closes_on, ProgressReport.party_id)
    )
    found = []
    for row in rows:
        closed_at = ends_at(row.closes_on, row.time_zone)
        over = now >= closed_at and (not row.waiting or now >= closed_at + PATIENCE)
        if over or not row.unpublished:
            found.append((row.party_id, row.cycle_id))
    return found


def mail_one(session: Session, party_id: int, cycle_id: int, now: datetime) -> int:
    """Put the issued status report of a party and cycle into the outbox for those who answer for it, once and for all.

    Each gets the PDF of the issue in his or her own language; while none stands (not issued yet, or withdrawn), nothing
    is mailed and the next run looks again. The ledger row stands in the same transaction: a second call puts nothing.
    The number of mails put.
    """
    party = session.get_one(ReportingParty, party_id)
    cycle = session.get_one(ReportingCycle, cycle_id)
    issue = issued_reports_read.at_the_end(session, f"{party.code}-{cycle.code}".lower())
    if issue is None:
        return 0
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    entered = session.scalar(
        insert(StatusReportMail)
        .values(party_id=party_id, cycle_id=cycle_id, at=now)
        .on_conflict_do_nothing(index_elements=["party_id", "cycle_id"])
        .returning(StatusReportMail.id)
    )
    if entered is None:
        return 0
    return _to_all(session, issue, party_id, f"status-report:{cycle_id}:{party_id}", now)


def due_on_rhythm(session: Session) -> list[int]:
    """The issues that a party's rhythm brought about and that were not mailed yet, oldest first."""
    return list(
        session.scalars(
            sa.select(IssuedReport.id)
            .where(
                IssuedReport.state == PublicationState.ISSUED,
                IssuedReport.is_as_of_date,
                IssuedReport.period != "",
                IssuedReport.mailed_at.is_(None),
            )
            .order_by(IssuedReport.id)
        )
    )


def mail_on_rhythm(session: Session, issue_id: int, now: datetime) -> int:
    """Put an issue that a rhythm brought about into the outbox, as ``mail_one`` does; a second call puts nothing."""
    row = session.get_one(IssuedReport, issue_id, with_for_update=True, populate_existing=True)
    if row.mailed_at is not None or row.state is not PublicationState.ISSUED or row.party_id is None:
        return 0
    row.mailed_at = now
    session.flush()
    return _to_all(session, issued_reports_read.by_id(session, issue_id), row.party_id, f"issue:{issue_id}", now)


def _to_all(session: Session, issue: Issue, party_id: int, key: str, now: datetime) -> int:
    """To each who answers for the party, in his or her language."""
    people = session.execute(
        sa.select(User.id, User.name, User.email, User.language)
        .where(User.party_id == party_id, User.role.in_(RECEIVERS), User.active.is_(True))
        .order_by(User.id)
    ).all()
    made: dict[str, tuple[StatusReport, bytes]] = {}
    count = 0
    for person in people:
        if person.language not in made:
            pdf = issued_reports_read.document(session, issue, person.language, "pdf").content
            made[person.language] = (issued_reports_read.report(session, issue, person.language), pdf or b"")
        report, content = made[person.language]
        to = (person.id, person.name, person.email)
        count += _put(session, report, content, key=f"{key}:{person.id}", to=to, now=now, page=issue.slug)
    return count


def mail_to(session: Session, report: StatusReport, pdf: bytes, *, actor: Actor, now: datetime) -> bool:
    """Send the person who asks this report as a PDF; once a day each, so that a double click sends one.

    False where it is on its way already. Raises NotPermitted.
    """
    permit_mail(report, actor)
    day = local_date(now, actor.time_zone).isoformat()
    key = f"status-report:{report.code}:{report.language}:{actor.user_id}:{day}"
    return _put(session, report, pdf, key=key, to=(actor.user_id, actor.name, actor.email), now=now)


def may_mail(report: StatusReport, actor: Actor | None) -> bool:
    """Whether this person may have the report sent."""
    return can(actor, Permission.STATUS_REPORT_MAIL, Subject(report.party_id, report.party_kind))


def permit_mail(report: StatusReport, actor: Actor) -> None:
    """Raise NotPermitted where this person may not have the report sent."""
    if not may_mail(report, actor):
        raise NotPermitted(Permission.STATUS_REPORT_MAIL)


def _put(
    session: Session,
    report: StatusReport,
    pdf: bytes,
    *,
    key: str,
    to: tuple[int, str, str],
    now: datetime,
    page: str = "",
) -> bool:
    """``page``: the code of the issue, in small letters; else the live report is linked to."""
    user_id, name, address = to
    url = f"{links.site(session).base_url}/status-reports/{page or report.code}"
    message = messages.status_report(name, report.language, report.name, report.as_of_day, url)
    put = outbox.put(
        session,
        key=key,
        kind="status_report",
        recipient_id=user_id,
        to_address=address,
        message=message,
        now=now,
        attachments=[(report.file_name("pdf"), "application/pdf", pdf)],
        url=url,
    )
    return put is not None
