"""A new due date: asked for by the party with a reason, decided by the Secretariat. Both dates stay for ever.

Several reports may be asked for, and several requests decided, in one act: each is looked at by itself, and what
cannot be done is said (``Outcome``) while the others are. Rows are never deleted: a request that is taken back, or
that a submission overtakes, ends as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from tracker.domain.deadlines import ends_at, local_date
from tracker.domain.errors import NotPermitted, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import ExtensionDecision, Visibility
from tracker.domain.workflow import WITH_THE_PARTY
from tracker.models import Commitment, Extension, HistoryEntry, ProgressReport
from tracker.services import audit, extension_mails
from tracker.services.history import (
    EXTENSION_ASKED,
    EXTENSION_GRANTED,
    EXTENSION_LAPSED,
    EXTENSION_REFUSED,
    EXTENSION_WITHDRAWN,
)
from tracker.services.personal_data import require_clean
from tracker.services.records import LARGEST_ID, subject_of

MOST = 60
"""Requests in one act: a State owes some 15 reports a cycle."""

NOT_WITH_THE_PARTY = "not_with_the_party"
CYCLE_CLOSED = "cycle_closed"
ASKED_ALREADY = "asked_already"
DECIDED_ALREADY = "decided_already"
PAST = "past"
NOT_LATER = "not_later"
AFTER_CLOSING = "after_closing"


@dataclass(frozen=True)
class Outcome:
    """What became of one report or request; ``problem`` "" where it was done."""

    report_id: int
    code: str
    problem: str = ""


def ask(
    session: Session,
    reports: Sequence[ProgressReport],
    *,
    until: date | None,
    reason: str,
    explanation: str = "",
    actor: Actor,
    now: datetime,
) -> list[Outcome]:
    """Ask for a later due date for each of these reports, before or after the present one has passed.

    ``until`` is a date in the party's time zone. ``explanation``: why what the personal-data check finds in the
    reason is no data about a person. The same request sent again is no second one.
    Raises NotPermitted, Unmet(reports, until, reason).
    """
    for report in reports:
        if not can(actor, Permission.EXTENSION_ASK, subject_of(report, now=now)):
            raise NotPermitted(Permission.EXTENSION_ASK)
    problems = {} if 0 < len(reports) <= MOST else {"reports": "required"}
    if until is None:
        problems["until"] = "required"
    if not reason:
        problems["reason"] = "required"
    if problems or until is None:
        raise Unmet(**problems)
    explained = require_clean(explanation, reason=reason)
    outcomes, asked, entries = [], [], []
    for report in sorted(reports, key=lambda r: r.id):
        _lock(session, report)
        waiting = undecided(session, report.id)
        if waiting is not None and (waiting.asked_by_id, waiting.asked_until, waiting.reason) == (
            actor.user_id,
            until,
            reason,
        ):
            outcomes.append(_outcome(report))
            continue
        problem = _cannot_be_asked(report, now) or (ASKED_ALREADY if waiting else "") or _no_date(report, until, now)
        outcomes.append(_outcome(report, problem))
        if problem:
            continue
        extension = Extension(
            report_id=report.id,
            party_id=report.party_id,
            due_on=report.due_on,
            asked_until=until,
            reason=reason,
            asked_at=now,
            asked_by_id=actor.user_id,
        )
        session.add(extension)
        session.flush()
        details = {"due_on": report.due_on.isoformat(), "until": until.isoformat(), **explained}
        entries.append(_note(session, report, EXTENSION_ASKED, actor, now, comment=reason, details=details))
        _audit(session, "extension.ask", extension, actor, now, {"until": until.isoformat(), **explained})
        asked.append(extension)
    if asked:
        extension_mails.tell_staff(session, asked, entry_id=entries[0], actor=actor, now=now)
    return outcomes


def decide(
    session: Session,
    extensions: Sequence[Extension],
    *,
    decision: ExtensionDecision,
    until: date | None = None,
    reason: str,
    explanation: str = "",
    actor: Actor,
    now: datetime,
) -> list[Outcome]:
    """Grant or refuse each of these requests, for one reason. Nobody decides on what he or she asked for.

    ``until``: the date granted, where it is another than was asked for. A granted date becomes the report's due date.
    Raises NotPermitted, Unmet(requests, decision, reason).
    """
    for extension in extensions:
        subject = subject_of(extension.report, now=now)
        if not can(actor, Permission.EXTENSION_DECIDE, subject) or extension.asked_by_id == actor.user_id:
            raise NotPermitted(Permission.EXTENSION_DECIDE)
    problems = {} if 0 < len(extensions) <= MOST else {"requests": "required"}
    if decision not in (ExtensionDecision.GRANTED, ExtensionDecision.REFUSED):
        problems["decision"] = "required"
    if not reason:
        problems["reason"] = "required"
    if problems:
        raise Unmet(**problems)
    explained = require_clean(explanation, reason=reason)
    granting = decision is ExtensionDecision.GRANTED
    outcomes, decided, entries = [], [], []
    for extension in sorted(extensions, key=lambda e: e.report_id):
        report = extension.report
        _lock(session, report)
        session.refresh(extension, with_for_update={"of": Extension})
        day = (until or extension.asked_until) if granting else None
        if extension.decision is not None:
            same = (extension.decision, extension.granted_until, extension.decided_by_id, extension.decision_reason)
            twice = same == (decision, day, actor.user_id, reason)
            outcomes.append(_outcome(report, "" if twice else DECIDED_ALREADY))
            continue
        problem = (_cannot_be_asked(report, now) or _no_date(report, day, now)) if day else ""
        outcomes.append(_outcome(report, problem))
        if problem:
            continue
        extension.decision, extension.granted_until = decision, day
        extension.decision_reason, extension.decided_at, extension.decided_by_id = reason, now, actor.user_id
        session.flush()
        details = {"due_on": report.due_on.isoformat(), "until": (day or extension.asked_until).isoformat()}
        if day:
            # Everybody may read both dates; the reasons stay between the party and the Secretariat.
            entries.append(_note(session, report, EXTENSION_GRANTED, actor, now, details=details))
            _move(session, report, day)
        else:
            said = {**details, **explained}
            entries.append(_note(session, report, EXTENSION_REFUSED, actor, now, comment=reason, details=said))
        _audit(session, f"extension.{decision.value}", extension, actor, now, {**details, **explained})
        decided.append(extension)
    if decided:
        extension_mails.tell_party(session, decided, entry_id=entries[0], actor=actor, now=now)
    return outcomes


def withdraw(session: Session, extension: Extension, *, actor: Actor, now: datetime) -> None:
    """Take a request back before it is decided; it stays in the file as such.

    Raises NotPermitted; WrongState where it was decided meanwhile.
    """
    report = extension.report
    if not can(actor, Permission.EXTENSION_ASK, subject_of(report, now=now)):
        raise NotPermitted(Permission.EXTENSION_ASK)
    _lock(session, report)
    session.refresh(extension, with_for_update={"of": Extension})
    if extension.decision is ExtensionDecision.WITHDRAWN:
        return
    if extension.decision is not None:
        raise WrongState("withdraw", extension.decision.value)
    _end(extension, ExtensionDecision.WITHDRAWN, actor.user_id, now)
    details = {"until": extension.asked_until.isoformat()}
    _note(session, report, EXTENSION_WITHDRAWN, actor, now, details=details)
    _audit(session, "extension.withdraw", extension, actor, now, details)


def lapse(session: Session, report: ProgressReport, *, actor: Actor, now: datetime) -> None:
    """The report was submitted: a request that nobody has decided has no object any more, and says so.

    Called at the beginning of a submission: it waits for whoever is deciding, so that the due date is the newest.
    """
    _lock(session, report)
    extension = undecided(session, report.id)
    if extension is None:
        return
    _end(extension, ExtensionDecision.LAPSED, None, now)
    details = {"until": extension.asked_until.isoformat()}
    _note(session, report, EXTENSION_LAPSED, None, now, details=details)
    _audit(session, "extension.lapse", extension, actor, now, details)


def has_room(report: ProgressReport, now: datetime) -> bool:
    """Whether some later date could be asked for now."""
    latest = report.cycle.closes_on
    today = local_date(now, report.commitment.party.time_zone)
    return not _cannot_be_asked(report, now) and latest > report.due_on and latest > today


def undecided(session: Session, report_id: int) -> Extension | None:
    """The request that waits, if any: there is one at most."""
    return session.scalar(
        sa.select(Extension)
        .where(Extension.report_id == report_id, Extension.decided_at.is_(None))
        .execution_options(populate_existing=True)
    )


def by_ids(session: Session, ids: Sequence[int]) -> list[Extension]:
    """The requests with their reports, as the policy needs them. Unknown ids are left out."""
    report = joinedload(Extension.report)
    commitment = report.joinedload(ProgressReport.commitment)
    found = session.scalars(
        sa.select(Extension)
        .where(Extension.id.in_([i for i in ids if 0 < i <= LARGEST_ID]))
        .options(
            report.joinedload(ProgressReport.cycle),
            report.joinedload(ProgressReport.assessment),
            commitment.joinedload(Commitment.party),
            commitment.joinedload(Commitment.provision),
            commitment.joinedload(Commitment.assignments),
        )
        .order_by(Extension.id)
        .execution_options(populate_existing=True)
    )
    return list(found.unique())


def _cannot_be_asked(report: ProgressReport, now: datetime) -> str:
    if report.state not in WITH_THE_PARTY:
        return NOT_WITH_THE_PARTY
    cycle, zone = report.cycle, report.commitment.party.time_zone
    if cycle.opened_at is None or now >= ends_at(cycle.closes_on, zone):
        return CYCLE_CLOSED
    return ""


def _no_date(report: ProgressReport, until: date, now: datetime) -> str:
    """Why this day can be no new due date: later than the present one, to come, and in the cycle."""
    if until <= local_date(now, report.commitment.party.time_zone):
        return PAST
    if until <= report.due_on:
        return NOT_LATER
    return AFTER_CLOSING if until > report.cycle.closes_on else ""


def _lock(session: Session, report: ProgressReport) -> None:
    """Wait for whoever asks, decides or submits now, then look at what is stored. Always the report first."""
    session.refresh(report, with_for_update={"of": ProgressReport})


def _move(session: Session, report: ProgressReport, day: date) -> None:
    """Past the report's version: who is writing it now loses nothing because the Secretariat gave more time."""
    session.execute(
        sa.update(ProgressReport)
        .where(ProgressReport.id == report.id)
        .values(due_on=day, due_at=ends_at(day, report.commitment.party.time_zone))
        .execution_options(synchronize_session=False)
    )
    session.refresh(report, ["due_on", "due_at"])


def _end(extension: Extension, decision: ExtensionDecision, by_id: int | None, now: datetime) -> None:
    extension.decision, extension.decided_at, extension.decided_by_id = decision, now, by_id


def _outcome(report: ProgressReport, problem: str = "") -> Outcome:
    return Outcome(report.id, report.commitment.provision.code, problem)


def _note(
    session: Session,
    report: ProgressReport,
    action: str,
    actor: Actor | None,
    now: datetime,
    *,
    comment: str = "",
    details: Mapping[str, str | None],
) -> int:
    entry = HistoryEntry(
        commitment_id=report.commitment_id,
        report_id=report.id,
        party_id=report.party_id,
        at=now,
        action=action,
        actor_id=actor.user_id if actor else None,
        actor_role=actor.role.value if actor else None,
        visibility=Visibility.PUBLIC if action == EXTENSION_GRANTED else Visibility.FILE,
        comment=comment,
        details=dict(details),
    )
    session.add(entry)
    session.flush()
    return entry.id


def _audit(
    session: Session, event: str, extension: Extension, actor: Actor, now: datetime, new: Mapping[str, str | None]
) -> None:
    about = ("progress_report", extension.report_id)
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        party_id=extension.report.party_id,
        internal=False,
        about=about,
        new={"extension": extension.id, **new},
    )
    session.flush()
