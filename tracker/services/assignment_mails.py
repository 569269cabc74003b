"""Who is told of parts asked for and of parts that are ready: one grouped mail per act and person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.workflow import WITH_THE_PARTY
from tracker.mail import links, outbox
from tracker.mail.messages import assignments as messages
from tracker.models import Assignment, Element, ProgressReport, ReportingCycle, User
from tracker.services import recipients
from tracker.wording import pick

KIND = "assignment"


def tell_contributor(
    session: Session,
    user: User,
    parts: Sequence[Assignment],
    *,
    entry_id: int,
    dated: bool = False,
    again: bool = False,
    now: datetime,
) -> None:
    """Tell a contributor what is asked for and until when; ``dated``: of a new date; ``again``: that it is not ready.

    ``entry_id``: the first history entry of the act. No mail to an account that is disabled.
    """
    if not user.active:
        return
    open_reports = _open_reports(session, [part.commitment_id for part in parts])
    ids = {part.element_id for part in parts if part.element_id is not None}
    elements = {e.id: e for e in session.scalars(sa.select(Element).where(Element.id.in_(ids)))}
    site, party = links.site(session), parts[0].commitment.party
    lines = []
    for part in parts:
        provision, report = part.commitment.provision, open_reports.get(part.commitment_id)
        element = elements.get(part.element_id or 0)
        lines.append(
            messages.Line(
                code=element.code if element else provision.code,
                title=pick(element.label if element else provision.title, user.language),
                due_on=part.due_on or (report[1] if report else None),
                url=site.report(report[0]) if report else site.commitment(part.commitment_id),
            )
        )
    write = messages.asked_again if again else messages.new_date if dated else messages.asked
    outbox.put(
        session,
        key=f"{KIND}:{entry_id}:{user.id}",
        kind=KIND,
        recipient_id=user.id,
        to_address=user.email,
        message=write(
            user.name,
            user.language,
            lines,
            time_zone=party.time_zone,
            url=site.assignments,
            account_url=site.my_mail,
        ),
        now=now,
        url=site.assignments,
    )


def tell_taken_back(session: Session, user: User, part: Assignment, *, entry_id: int, now: datetime) -> None:
    """Tell a contributor that a part is no longer asked for. No mail to an account that is disabled."""
    if not user.active:
        return
    provision = part.commitment.provision
    element = session.get(Element, part.element_id) if part.element_id is not None else None
    site = links.site(session)
    outbox.put(
        session,
        key=f"{KIND}:{entry_id}:{user.id}",
        kind=KIND,
        recipient_id=user.id,
        to_address=user.email,
        message=messages.taken_back(
            user.name,
            user.language,
            code=element.code if element else provision.code,
            title=pick(element.label if element else provision.title, user.language),
            url=site.assignments,
            account_url=site.my_mail,
        ),
        now=now,
    )


def tell_focal_points(
    session: Session,
    report: ProgressReport,
    codes: Sequence[str],
    *,
    person: str,
    institution: str | None,
    entry_id: int,
    now: datetime,
) -> None:
    """Tell the State's focal points that a part is ready. ``codes``: of its elements; empty: the whole."""
    commitment = report.commitment
    party, site = commitment.party, links.site(session)
    for reader in recipients.writers(session, party.kind, party.id):
        outbox.put(
            session,
            key=f"{KIND}_ready:{entry_id}:{reader.user_id}",
            kind=KIND,
            recipient_id=reader.user_id,
            to_address=reader.email,
            message=messages.ready(
                reader.name,
                reader.language,
                code=commitment.provision.code,
                title=pick(commitment.provision.title, reader.language),
                elements=codes,
                person=person,
                institution=institution,
                url=site.report(report.id),
                account_url=site.my_mail,
            ),
            now=now,
            url=site.report(report.id),
        )


def _open_reports(session: Session, commitment_ids: Sequence[int]) -> dict[int, tuple[int, date]]:
    """The newest report of each that is with the party: (id, due date)."""
    rows = session.execute(
        sa.select(ProgressReport.commitment_id, ProgressReport.id, ProgressReport.due_on)
        .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
        .where(
            ProgressReport.commitment_id.in_(list(commitment_ids)),
            ProgressReport.state.in_(WITH_THE_PARTY),
            ReportingCycle.opened_at.is_not(None),
        )
        .order_by(ProgressReport.opens_on)
    )
    return {row.commitment_id: (row.id, row.due_on) for row in rows}
