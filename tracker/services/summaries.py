"""Summaries by subscription: what waits, what changed since the last one, and the figures; silent when nothing did.

How far each subscription has told stands in the ledger (``SummaryEntry``), by entry of the history, so that two
summaries never repeat a line and an outage of any length brings one. What is told is what the reader may see now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.deadlines import local_date
from tracker.domain.errors import NotVisible
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.subscriptions import period
from tracker.domain.vocabulary import Role
from tracker.mail import links, outbox
from tracker.mail.day import Contribution, Section, letter
from tracker.mail.messages import summaries as messages
from tracker.mail.messages.summaries import ChangedItem, Counted, Summary
from tracker.mail.outbox import Attachment
from tracker.models import Message, Subscription, SummaryEntry, User
from tracker.services import (
    audit_seal,
    status_reports,
    subscription_scope,
    summary_changes,
    summary_due,
    summary_waiting,
)
from tracker.services.recipients import as_actor
from tracker.services.status_report_content import StatusReport

Render = Callable[[StatusReport], bytes]
"""Makes the PDF of a status report (``documents.status_report_pdf.render``)."""


def due_users(session: Session, now: datetime) -> set[int]:
    """Everybody with a summary to look at now, by id: at most six queries, whatever the number of people."""
    return {row.user_id for row in summary_due.due(session, now)}


@dataclass(frozen=True)
class _Found:
    """What one subscription has to tell, before it is put into words."""

    taken: sa.Row[Any]
    before: SummaryEntry | None
    scope: sa.ColumnElement[bool]
    about: str
    news: sa.ColumnElement[bool]
    all_news: bool
    """Whether anything changed, told under an earlier heading or not."""
    changed: tuple[ChangedItem, ...]
    further: int
    above: tuple[str, ...]


def contribution(session: Session, user: User, *, now: datetime, render: Render | None = None) -> list[Contribution]:
    """The summaries of this person that are due, in the order in which they were taken.

    Of a line that two of them would tell, the first tells it; so with what waits for the reader. ``section`` is None
    where nothing changed and the reader did not ask to be told so. ``render`` makes the PDFs of status reports;
    without it none come along. Writes nothing until ``settle``.
    """
    due = summary_due.due(session, now, user.id)
    if not due:
        return []
    actor = as_actor(session, user, now=now)
    until = summary_due.settled(session, now)
    found: list[_Found] = []
    for taken in due:
        found.append(_look(session, actor, taken, found, until, now))
    figures: list[dict[str, Any]] = []
    made: list[Contribution] = []
    is_first = True
    for one in found:
        told = bool(one.changed) or (one.taken.when_empty and not one.above)
        counted = summary_changes.counted(session, actor, one.scope)
        section = None
        if told:
            shown = _shown(counted, one.before, figures)
            section = _section(session, actor, user, one, shown, is_first=is_first, now=now, render=render)
            is_first = False
        made.append(Contribution(section, _settle(one, user, until, now, _kept(one, counted, told=told))))
    return made


def _look(
    session: Session, actor: Actor, taken: sa.Row[Any], earlier: Sequence[_Found], until: int, now: datetime
) -> _Found:
    """What changed for one subscription, without what stands under the headings before."""
    scope = summary_changes.in_scope(taken.scope, taken.party_ids, taken.instrument_id)
    since = taken.made_at if taken.last_entry_id is None else taken.last_entry_id
    news = sa.and_(summary_changes.news(actor, since, until, now), scope)
    telling = [one for one in earlier if one.changed]
    changed, further = summary_changes.changed(session, actor, news, *(~one.news for one in telling))
    above = tuple(_title(one, actor) for one in telling if summary_changes.overlap(session, news, one.news))
    return _Found(
        taken=taken,
        before=_before(session, taken.id),
        scope=scope,
        about=subscription_scope.about(taken, actor, subscription_scope.names(session, [taken], actor)),
        news=news,
        all_news=bool(changed or above),
        changed=changed,
        further=further,
        above=above,
    )


def _before(session: Session, subscription_id: int) -> SummaryEntry | None:
    """The newest entry of the ledger that stands."""
    return session.scalars(
        sa.select(SummaryEntry)
        .where(SummaryEntry.subscription_id == subscription_id, summary_due.has_been_told())
        .order_by(SummaryEntry.period.desc())
        .limit(1)
    ).one_or_none()


def _title(one: _Found, actor: Actor) -> str:
    return messages.title(one.taken.rhythm, one.about, actor.language)


def _section(
    session: Session,
    actor: Actor,
    user: User,
    one: _Found,
    counted: Counted | None,
    *,
    is_first: bool,
    now: datetime,
    render: Render | None,
) -> Section:
    site = links.site(session)
    waiting, zone = None, ""
    if is_first and actor.role is not Role.OBSERVER:
        waiting, zone = summary_waiting.for_reader(session, actor, site, _last_told(session, user.id), now=now)
    reports = _reports(session, actor, one.taken, now, render)
    return messages.section(
        Summary(
            rhythm=one.taken.rhythm,
            about=one.about,
            waiting=waiting,
            changed=one.changed,
            further=one.further,
            counted=counted,
            several_parties=actor.party_id is None,
            time_zone=zone,
            trail=_trail(session, actor) if is_first else None,
            stands_above=one.above,
            attached=tuple(report.name for report, _file in reports),
        ),
        actor.language,
        dashboard_url=site.dashboard,
        unsubscribe_url=site.stop(user.mail_key, f"summary-{one.taken.id}"),
        attachments=tuple(file for _report, file in reports),
    )


def _last_told(session: Session, user_id: int) -> datetime | None:
    """When a summary of any kind last told this person what waits."""
    return session.scalar(
        sa.select(sa.func.max(SummaryEntry.at)).where(
            SummaryEntry.user_id == user_id, SummaryEntry.message_id.is_not(None), summary_due.has_been_told()
        )
    )


def _reports(
    session: Session, actor: Actor, taken: sa.Row[Any], now: datetime, render: Render | None
) -> list[tuple[StatusReport, Attachment]]:
    """The status reports that come along, as of today, in the reader's language."""
    if render is None or not taken.attach_report:
        return []
    found = []
    for code in subscription_scope.reports(session, taken, actor):
        try:
            report = status_reports.build(session, code, None, actor.language, now)
        except NotVisible:
            continue  # a State that has owed no report yet
        found.append((report, (report.file_name("pdf"), "application/pdf", render(report))))
    return found


def _trail(session: Session, actor: Actor) -> tuple[int, str] | None:
    """The end of the audit trail, for who may read it."""
    if not can(actor, Permission.AUDIT_VIEW):
        return None
    last = audit_seal.last(session)
    return last.number, last.sha256


def _shown(counted: Counted | None, before: SummaryEntry | None, figures: list[dict[str, Any]]) -> Counted | None:
    """The figures, unless the last summary or an earlier heading told the same."""
    if counted is None:
        return None
    said = asdict(counted)
    if said in figures or (before is not None and before.figures == said):
        return None
    figures.append(said)
    return counted


def _kept(one: _Found, counted: Counted | None, *, told: bool) -> dict[str, Any]:
    """The figures as told last: those of now where something is told, else those of before."""
    if told:
        return asdict(counted) if counted is not None else {}
    return one.before.figures if one.before is not None else {}


def _settle(
    one: _Found, user: User, until: int, now: datetime, figures: dict[str, Any]
) -> Callable[[Session, Message | None], None]:
    subscription_id, start = one.taken.id, _period(one.taken, now)
    told = one.all_news or one.taken.when_empty
    last_entry_id = max(until, one.taken.last_entry_id or 0)

    def settle(session: Session, message: Message | None) -> None:
        entry = session.scalars(
            sa.select(SummaryEntry).where(SummaryEntry.subscription_id == subscription_id, SummaryEntry.period == start)
        ).one_or_none()
        if entry is None:
            entry = SummaryEntry(subscription_id=subscription_id, period=start)
            session.add(entry)
        # Where one stands already, its mail was withdrawn before it left.
        entry.user_id, entry.at, entry.last_entry_id = user.id, now, last_entry_id
        entry.message_id = message.id if message is not None and told else None
        entry.figures = figures
        session.flush()

    return settle


def _period(taken: sa.Row[Any], now: datetime) -> date:
    return period(taken.rhythm, local_date(now, taken.time_zone))


def readers(session: Session) -> list[int]:
    """Everybody who takes a summary, by id."""
    running = sa.exists().where(Subscription.user_id == User.id, Subscription.ended_at.is_(None))
    return list(session.scalars(sa.select(User.id).where(User.active.is_(True), running).order_by(User.id)))


def is_due(session: Session, user_id: int, *, now: datetime) -> bool:
    """Whether a summary of this person is to be looked at now. Writes nothing."""
    return bool(summary_due.due(session, now, user_id))


def summarize(session: Session, user_id: int, *, now: datetime) -> Message | None:
    """Put the summaries that are due into a mail of their own; None where nothing is sent."""
    user = session.get_one(User, user_id)
    found = contribution(session, user, now=now)
    sections = [one.section for one in found if one.section is not None]
    message = None
    if sections:
        site = links.site(session)
        message = outbox.put(
            session,
            key=f"summary:{user.id}:{local_date(now, user.time_zone)}",
            kind="summary",
            recipient_id=user.id,
            to_address=user.email,
            message=letter(user.name, user.language, sections, settings_url=site.my_mail),
            now=now,
        )
    for one in found:
        one.settle(session, message)
    return message
