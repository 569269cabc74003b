"""The status report of one State or of the General Secretariat: what the public may see, gathered with few queries.

For a cycle, or "as of today": then coverage is that of the cycle opened last, and each commitment carries its newest
published rating of any cycle. The figures are those of ``domain.compliance``; the same for every reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.domain.compliance import Item, by_pillar, figures
from tracker.domain.cycles import CODE as CYCLE_CODE
from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.errors import NotPermitted, NotVisible
from tracker.domain.policy import Actor, Permission, Subject, can
from tracker.domain.vocabulary import Rating, ReportState, Role
from tracker.domain.workflow import WITH_THE_SECRETARIAT
from tracker.mail import links, messages, outbox
from tracker.models import Commitment, ProgressReport, ReportingCycle, ReportingParty, StatusReportMail, User
from tracker.services import issued_reports_read
from tracker.services import status_report_rows as rows_of
from tracker.services.status_report_content import (
    CommitmentLine,
    CycleFacts,
    Observed,
    PillarFigures,
    PublishedRating,
    Stage,
    StatusReport,
)
from tracker.services.status_report_series import series
from tracker.services.status_report_statement import Statements
from tracker.services.status_report_trend import trend

PATIENCE = timedelta(days=60)
"""After a cycle closed its status report waits no longer than this for reviews that are not done."""
FORGOTTEN_AFTER = timedelta(days=365)
"""A cycle that closed longer ago is history: nobody is mailed about it."""
_CODE = re.compile(rf"([a-z]{{2}})(?:-({CYCLE_CODE.pattern}))?")
RECEIVERS = (Role.FOCAL_POINT, Role.APPROVER, Role.SECRETARIAT_REPORTER)
"""Who gets the status report of the party when a cycle ends."""

Render = Callable[[StatusReport], bytes]
"""Makes the PDF (``documents.status_report_pdf.render``)."""


def build(session: Session, party_code: str, cycle_code: str | None, language: str, now: datetime) -> StatusReport:
    """The status report of a party for a cycle, or as of today where ``cycle_code`` is None.

    The number of queries is the same whatever the data: nine. Raises NotVisible where the party is unknown, owes no
    reports, or owed none in that cycle.
    """
    party = rows_of.party(session, party_code, language)
    cycles = rows_of.cycles(session, party.id, cycle_code, language)
    cycle = next((c for c in cycles if cycle_code is None or c.code.lower() == cycle_code.lower()), None)
    if cycle is None:
        raise NotVisible
    rows = rows_of.lines(session, party.id, cycle.id, language, any_cycle=cycle_code is None)
    labels = rows_of.element_labels(session, rows, language)
    observed = rows_of.observed(session, rows)
    indicators = rows_of.indicators(session, rows)
    said = Statements(labels, indicators, language, rows_of.restricted(session, rows))
    lines = tuple(_line(row, party.time_zone, now, observed, said) for row in rows)
    names = rows_of.names(session, language)
    history = rows_of.history(session, party.id, cycle.id, cycle.opens_on, language)
    items = [_item(party.id, line, standing=True) for line in lines]
    by_theme = [replace(item, pillars=line.themes) for item, line in zip(items, lines, strict=True)]
    return StatusReport(
        code=party.code.lower() if cycle_code is None else f"{party.code}-{cycle.code}".lower(),
        language=language,
        party_id=party.id,
        party_code=party.code,
        party_kind=party.kind,
        name=party.name,
        official_name=party.official_name or "",
        time_zone=party.time_zone,
        as_of=now.replace(second=0, microsecond=0),
        cycle=CycleFacts(*cycle[1:]),
        is_as_of_today=cycle_code is None,
        cycles=tuple((c.code, c.title) for c in sorted(cycles, key=lambda c: c.opens_on, reverse=True)),
        lines=lines,
        coverage=figures(_item(party.id, line, standing=False) for line in lines),
        standing=figures(items),
        pillars=_grouped(items, names["pillar"]),
        themes=_grouped(by_theme, names["theme"]),
        trend=trend(party.id, history),
        series=series(history, indicators, language),
    )


def parse_code(code: str) -> tuple[str, str | None]:
    """(party code, cycle code or None) of ``br`` or ``br-2026``. Raises NotVisible for what no code can be."""
    found = _CODE.fullmatch(code.lower()) if code.isascii() else None
    if found is None:
        raise NotVisible
    return found[1].upper(), found[2]


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
        key = f"status-report:{cycle_id}:{party_id}:{person.id}"
        to = (person.id, person.name, person.email)
        count += _put(session, report, content, key=key, to=to, now=now, page=issue.slug)
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


def _line(row: Any, zone: str, now: datetime, observed: dict[int, list[Any]], said: Statements) -> CommitmentLine:
    rating = None
    if row.rating is not None:
        rating = PublishedRating(
            cycle_code=row.rated_in,
            self_assessment=row.self_assessment,
            rating=row.rating,
            strength=row.strength,
            reasons=row.reasons,
            strength_reason=row.strength_reason,
            element_ratings=tuple((code, Rating(given)) for code, given in sorted(row.element_ratings.items())),
            comment=row.comment,
            comment_outcome=row.comment_outcome,
            published_on=local_date(row.published_at, zone),
            statement=said.of(row.code, row.content),
            observed=tuple(Observed(o.name, o.view, o.text, o.language) for o in observed.get(row.assessment_id, ())),
        )
    return CommitmentLine(
        code=row.code,
        title=row.title,
        asked=row.asked,
        is_unofficial=row.text_status == "unofficial",
        instrument=row.instrument,
        reading_note=row.reading_note,
        bindingness=row.bindingness,
        pillars=tuple(row.pillars),
        themes=tuple(row.themes),
        due_on=row.due_on,
        reported_on=local_date(row.first_submitted_at, zone) if row.first_submitted_at else None,
        on_time=row.on_time if row.first_submitted_at else None,
        reported_ever=bool(row.reported_ever),
        stage=_stage(row, now),
        rating=rating,
        extended_from=row.extended_from,
        extended_to=row.extended_to,
        extensions_asked=row.extensions_asked,
        extensions_granted=row.extensions_granted,
        extensions_refused=row.extensions_refused,
    )


def _stage(row: Any, now: datetime) -> Stage:
    if row.first_submitted_at is None:
        return Stage.NOT_REPORTED if now >= row.due_at else Stage.NOT_DUE
    # What was published stays readable while its report is open again; that it is, the public is not told.
    if row.published_assessment_id is not None:
        return Stage.PUBLISHED
    return Stage.OPEN_FOR_COMMENT if row.state is ReportState.OPEN_FOR_COMMENT else Stage.IN_REVIEW


def _item(party_id: int, line: CommitmentLine, *, standing: bool) -> Item:
    rating = line.rating
    return Item(
        party_id=party_id,
        provision_code=line.code,
        pillars=line.pillars,
        reported=line.reported_ever if standing else line.reported_on is not None,
        on_time=bool(line.on_time),
        self_assessment=rating.self_assessment if rating else None,
        rating=rating.rating if rating else None,
        strength=rating.strength if rating else None,
    )


def _grouped(items: Sequence[Item], names: dict[str, str]) -> tuple[PillarFigures, ...]:
    counted = by_pillar(items, list(names))
    return tuple(
        PillarFigures(code, names.get(code, ""), found, found.reported.total)
        for code, found in counted.items()
        if found.reported.total
    )
