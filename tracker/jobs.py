"""The timetable (name, how often, what), and ``run_job``, which runs one job now or as if it were another moment.

Every job asks the data what is due, handles one item per transaction, and does nothing the second time. One bad item
is logged and passed over. The shell that keeps time around this is ``tracker.jobs_scheduler``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy.orm import Session

from config import Settings
from tracker.clock import Clock
from tracker.db import db, transaction
from tracker.documents import formats, open_data_files, status_report_pdf
from tracker.logs import log
from tracker.mail.delivery import SmtpTransport, Transport, deliver
from tracker.mail.limits import PerMinute
from tracker.models import Heartbeat
from tracker.services import (
    audit_seal,
    bounces,
    cycles,
    data_releases,
    day_mail,
    day_mail_revision,
    escalations,
    evidence_check,
    issue_rhythm,
    issued_reports,
    participation,
    publication,
    reminder_outcomes,
    search_index,
    sign_in,
    status_report_mail,
    workbook_return,
)
from tracker.services.bounces import Fate
from tracker.services.health import RHYTHMS

ItemT = TypeVar("ItemT")
LEFT_TO_PEOPLE = timedelta(minutes=2)
"""Whoever issues a report by hand makes its documents at once: only what is older was broken off."""


@dataclass
class Run:
    """One run of a job: its moment, and what it came to."""

    app: Flask
    name: str
    now: datetime
    clock: Callable[[], datetime]
    stopping: Callable[[], bool]
    done: int = field(default=0)
    failed: int = field(default=0)

    def each(
        self,
        items: Iterable[ItemT],
        act: Callable[[Session, ItemT], object],
        worth: Callable[[Session, ItemT], bool] = lambda _session, _item: True,
    ) -> None:
        """``act`` on each item in a transaction of its own, where ``worth`` (which only reads) says yes."""
        for item in items:
            if self.stopping():
                return
            try:
                if worth(db.session, item):
                    with transaction() as session:
                        self.done += bool(act(session, item))
            except Exception as error:
                self.failed += 1
                log.error("job.item_failed", job=self.name, item=item, kind=type(error).__name__, exc_info=error)
            finally:
                db.session.rollback()
                db.session.expunge_all()


@dataclass(frozen=True)
class Job:
    """A line of the timetable. ``apart``: runs beside the others, because it may wait for somebody else."""

    name: str
    every: timedelta
    what: str
    work: Callable[[Run], None]
    apart: bool = False


def _open_cycles(run: Run) -> None:
    run.each(cycles.due_to_open(db.session, now=run.now), lambda s, one: cycles.open_cycle(s, one, now=run.now))


def _publish(run: Run) -> None:
    run.each(
        publication.windows_over(db.session, now=run.now),
        lambda s, one: publication.publish_by_clock(s, one, now=run.now),
    )


def _participation(run: Run) -> None:
    run.each(
        participation.out_of_step(db.session, now=run.now),
        lambda s, one: participation.settle_by_clock(s, one, now=run.now),
    )


def _reminders(run: Run) -> None:
    _mail_of_the_day(run, day_mail.due(db.session, run.now))
    missing = reminder_outcomes.missing(db.session, run.now)
    if missing is None:
        return
    # Mails are counted, not the rows that say why there was none.
    ledger = Run(run.app, run.name, run.now, run.clock, run.stopping)
    ledger.each(missing.values(), reminder_outcomes.write)
    if not ledger.failed and not run.stopping():
        ledger.each([run.now], reminder_outcomes.seen)
    run.failed += ledger.failed


def _summaries(run: Run) -> None:
    """Beside the reminders, so that a summary goes even where those came to nothing."""
    _mail_of_the_day(run, day_mail.due_summaries(db.session, run.now))


def _mail_of_the_day(run: Run, people: list[int]) -> None:
    run.each(people, lambda s, one: day_mail.compose(s, one, now=run.now, render=status_report_pdf.render))


def _escalations(run: Run) -> None:
    run.each(escalations.due(db.session, now=run.now), lambda s, one: escalations.settle(s, one, now=run.now))


def _issue_reports(run: Run) -> None:
    """First all are numbered and frozen, then their documents are made: what is broken off is finished next time."""
    run.each(
        issue_rhythm.due(db.session, run.now),
        lambda s, one: issue_rhythm.begin(s, one, run.now),
        issue_rhythm.can_begin,
    )
    waiting = issued_reports.unfinished(db.session, before=run.now - LEFT_TO_PEOPLE)
    db.session.rollback()
    for one in waiting:
        if run.stopping():
            return
        try:
            issued_reports.finish(transaction, one, formats.RENDERERS, now=run.now)
        except Exception as error:
            run.failed += 1
            log.error("job.item_failed", job=run.name, item=one, kind=type(error).__name__, exc_info=error)
        finally:
            db.session.rollback()
            db.session.expunge_all()


def _status_reports(run: Run) -> None:
    run.each(status_report_mail.due(db.session, run.now), lambda s, one: status_report_mail.mail_one(s, *one, run.now))
    run.each(
        status_report_mail.due_on_rhythm(db.session), lambda s, one: status_report_mail.mail_on_rhythm(s, one, run.now)
    )


def _deliver(run: Run) -> None:
    transport = transport_of(run.app)
    if transport is None:
        return
    settings: Settings = run.app.extensions["tracker.settings"]
    outcome = deliver(
        transaction,
        transport,
        mail_from=settings.mail_from,
        clock=run.clock,
        stopping=run.stopping,
        revise=day_mail_revision.revise,
        reply_to=settings.mail_reply_to,
        per_minute=PerMinute(settings.mail_per_minute, settings.mail_per_domain_per_minute),
    )
    run.done = outcome.sent
    if outcome.later or outcome.refused or outcome.stopped:
        log.warning(
            "mail.not_all_delivered",
            sent=outcome.sent,
            later=outcome.later,
            refused=outcome.refused,
            stopped=outcome.stopped,
        )


def _bounces(run: Run) -> None:
    settings: Settings = run.app.extensions["tracker.settings"]
    if settings.bounce_maildir is None:
        return
    for path in bounces.waiting(settings.bounce_maildir):
        failed = run.failed
        run.each([path], lambda s, one: bounces.take(s, bounces.content(one), now=run.now).fate is Fate.RECORDED)
        if run.failed == failed:
            bounces.put_away(path)


def _check_evidence(run: Run) -> None:
    settings: Settings = run.app.extensions["tracker.settings"]
    waiting = evidence_check.waiting_files(db.session)
    db.session.rollback()
    outcome = evidence_check.check_all(
        transaction,
        run.app.extensions["tracker.store"],
        waiting,
        clamd_url=settings.clamd_url,
        clock=run.clock,
        stopping=run.stopping,
    )
    run.done, run.failed = outcome.done, outcome.failed


def _upkeep(run: Run) -> None:
    run.each([0], lambda s, _one: sign_in.sweep(s, now=run.now))
    run.each([0], lambda s, _one: workbook_return.sweep(s, now=run.now))
    run.done += evidence_check.sweep(transaction, run.app.extensions["tracker.store"], now=run.now)


def _seal_audit(run: Run) -> None:
    def act(session: Session, _one: int) -> bool:
        noted = audit_seal.seal(session, now=run.now)
        if noted is not None:
            # Out of the reach of who owns the database; `audit verify --expect` compares with it.
            log.info("audit.sealed", day=str(noted.day), number=noted.number, sha256=noted.sha256)
        return noted is not None

    run.each([0], act, lambda s, _one: audit_seal.is_due(s, now=run.now))


def _open_data(run: Run) -> None:
    settings: Settings = run.app.extensions["tracker.settings"]

    def act(session: Session, _one: int) -> bool:
        made = data_releases.make(
            session,
            now=run.now,
            base_url=settings.base_url,
            maker=open_data_files.files,
            canonical=open_data_files.digest_of,
        )
        return made is not None

    run.each([0], act, lambda s, _one: data_releases.is_due(s, now=run.now))


def _search_index(run: Run) -> None:
    run.each(
        search_index.batches(db.session),
        lambda s, one: search_index.refresh(s, one.kind, *one.keys),
        search_index.is_stale,
    )


TIMETABLE: tuple[Job, ...] = (
    Job("open-cycles", RHYTHMS["open-cycles"], "open the reporting cycles whose opening day has come", _open_cycles),
    Job("publish", RHYTHMS["publish"], "publish ratings whose time for comment has ended", _publish),
    Job("participation", RHYTHMS["participation"], "freeze or resume as a State takes part", _participation),
    Job(
        "reminders",
        RHYTHMS["reminders"],
        "put the mail of the day: what is due or overdue, news that was kept, summaries",
        _reminders,
    ),
    Job("summaries", RHYTHMS["summaries"], "put the mail of the day of those whose summary is due", _summaries),
    Job(
        "escalations",
        RHYTHMS["escalations"],
        "open what waits for staff beyond the focal points, and let lapse what is done",
        _escalations,
    ),
    Job(
        "issue-reports",
        RHYTHMS["issue-reports"],
        "issue reports: at the end of a cycle, on a State's rhythm, and what was broken off",
        _issue_reports,
        apart=True,
    ),
    Job(
        "status-reports",
        RHYTHMS["status-reports"],
        "mail the issued status reports of cycles that ended",
        _status_reports,
    ),
    Job("deliver-mail", RHYTHMS["deliver-mail"], "send what waits in the outbox", _deliver, apart=True),
    Job("bounces", RHYTHMS["bounces"], "read the reports of undeliverable mail, where a Maildir is set", _bounces),
    Job(
        "check-evidence",
        RHYTHMS["check-evidence"],
        "scan, clean and read the files that were sent",
        _check_evidence,
        apart=True,
    ),
    Job("audit-seal", RHYTHMS["audit-seal"], "write the last hash of the audit trail into the log, daily", _seal_audit),
    Job("open-data", RHYTHMS["open-data"], "release the open data where something public changed", _open_data),
    Job("search-index", RHYTHMS["search-index"], "bring what is searched in step with what is public", _search_index),
    Job("upkeep", RHYTHMS["upkeep"], "sweep old sign-in attempts, sessions, links and files without a row", _upkeep),
)
"""Often, and by asking the data: no job hangs on a local midnight, and an outage of any length loses nothing."""

JOBS: dict[str, Job] = {job.name: job for job in TIMETABLE}


def run_job(
    app: Flask,
    name: str,
    at: datetime | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Run:
    """Run one job, as if it were ``at``; what it would do, it does. Running it again does nothing more.

    Raises KeyError for an unknown name, and what makes the job as a whole impossible (no database).
    """
    job = JOBS[name]
    clock: Clock = app.extensions["tracker.clock"]
    with app.app_context():
        run = Run(app, name, at or clock.now(), (lambda: at) if at else clock.now, stopping)
        job.work(run)
        beat(name, clock.now(), ok=not run.failed)
        if run.done or run.failed:
            log.info("job.done", job=name, done=run.done, failed=run.failed)
    return run


def beat(name: str, now: datetime, *, ok: bool) -> None:
    """Write down that this ran to its end: what the health page reads."""
    with transaction() as session:
        session.merge(Heartbeat(name=name, at=now, ok=ok))


def transport_of(app: Flask) -> Transport | None:
    """What carries mail away; None where no mail server is set and mails stay to be read in the outbox."""
    given: Any = app.extensions["tracker.transport"]
    if given is not None:
        return given
    settings: Settings = app.extensions["tracker.settings"]
    return SmtpTransport(settings.smtp_url) if settings.smtp_url else None
