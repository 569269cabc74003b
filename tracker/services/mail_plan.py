"""The mail calendar: every message that the system will send in the coming days, as things stand. Reads only.

"As things stand" means that nobody submits, decides or writes anything meanwhile; what the clock does (cycles that
open, ratings that are published, cycles that end) is in it. What people cause leaves at once and cannot be foreseen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.mail_plan import PlannedMail
from tracker.domain.vocabulary import Rung, SummaryRhythm
from tracker.models import ReportingParty, User
from tracker.services import mail_plan_ahead as ahead
from tracker.services import mail_plan_sources as sources
from tracker.services.plain_rows import rows
from tracker.wording import N_

DAYS = 90
"""How far the plan looks ahead."""
MOST_DAYS = 400
PAGE = 50
KINDS: dict[str, str] = {
    "reminder": N_("Reminder"),
    "notice": N_("News of a report"),
    "observation": N_("News of an observation"),
    "summary": N_("Summary"),
    "status_report": N_("Status report"),
    "escalation": N_("Letter that waits for staff"),
}
REASONS: dict[str, str] = {
    "reminder": N_("Something is due or overdue"),
    "due": N_("Something is due"),
    "overdue": N_("Something is overdue"),
    SummaryRhythm.WEEKLY.value: N_("Weekly summary, if something changes"),
    SummaryRhythm.MONTHLY.value: N_("Monthly summary, if something changes"),
    SummaryRhythm.QUARTERLY.value: N_("Quarterly summary, if something changes"),
    "publication": N_("The time for comment ends, and the rating is published"),
    "cycle_ends": N_("The cycle ends, and the status report goes out"),
    "issue_rhythm": N_("The rhythm of reports: a status report as of this day goes out"),
    Rung.AUTHORITY.value: N_("To the head of the authority, if staff decide so"),
    Rung.MISSION.value: N_("To the Permanent Mission, if staff decide so"),
    "at_once": N_("Leaves as soon as it is saved"),
}
"""Why a planned mail goes, by its ``reason``."""


@dataclass(frozen=True)
class Filters:
    """What the page asks for; "" and None ask for nothing."""

    party: str = ""
    """Code of a State: mails that name an item of it, or go to somebody of it."""
    kind: str = ""
    words: str = ""
    """In the name or address."""
    week: date | None = None
    """Its Monday."""


def plan(session: Session, *, now: datetime, days: int = DAYS) -> list[PlannedMail]:
    """Every mail of the coming days, in order of date, moment and address."""
    people = sources.readers(session)
    until = now + timedelta(days=days)
    found = [
        *ahead.reminders(session, ahead.turns(session, now=now, until=until), now=now, days=days),
        *sources.summaries(session, people, now=now, until=until),
        *sources.publications(session, people, now=now, until=until),
        *sources.documents(session, people, now=now, until=until),
        *sources.letters(session, now=now, until=until),
    ]
    return sorted(found, key=lambda mail: (mail.day, mail.at, mail.email, mail.kind))


@dataclass(frozen=True)
class Belonging:
    """To which party each reader belongs (its code, by user id), and what the parties are called (by code)."""

    codes: dict[int, str]
    names: dict[str, dict[str, str]]


@cache
def _belonging() -> sa.Select:
    return sa.select(User.id, ReportingParty.code).join(ReportingParty, ReportingParty.id == User.party_id)


@cache
def _parties() -> sa.Select:
    return sa.select(ReportingParty.code, ReportingParty.name).order_by(ReportingParty.code)


def belonging(session: Session) -> Belonging:
    """Two queries."""
    return Belonging(
        codes={row.id: row.code for row in rows(session, _belonging())},
        names={row.code: row.name for row in rows(session, _parties())},
    )


def fitting(mails: Iterable[PlannedMail], filters: Filters, parties: dict[int, str]) -> list[PlannedMail]:
    """The mails that fit; ``parties`` says by user id to which party (its code) a reader belongs."""
    words = filters.words.casefold()

    def fits(mail: PlannedMail) -> bool:
        if filters.kind and mail.kind != filters.kind:
            return False
        if filters.week and not filters.week <= mail.day < filters.week + timedelta(days=7):
            return False
        if words and words not in mail.name.casefold() and words not in mail.email.casefold():
            return False
        return not filters.party or filters.party in of_parties(mail, parties)

    return [mail for mail in mails if fits(mail)]


def of_parties(mail: PlannedMail, parties: dict[int, str]) -> set[str]:
    """The codes of the parties a mail is about: of its items; else the reader's own."""
    named = {item.party_code for item in mail.items}
    own = parties.get(mail.user_id) if mail.user_id is not None else None
    return named or ({own} if own else set())


def by_week(mails: Iterable[PlannedMail]) -> list[tuple[date, int]]:
    """How many mails in each week, by its Monday."""
    return sorted(Counter(mail.day - timedelta(days=mail.day.weekday()) for mail in mails).items())


def by_party(mails: Iterable[PlannedMail], parties: dict[int, str]) -> list[tuple[str, int]]:
    """How many mails about each party, most first; one that is about several counts for each."""
    counted = Counter(code for mail in mails for code in of_parties(mail, parties))
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def page_of(mails: Sequence[PlannedMail], number: int) -> Sequence[PlannedMail]:
    """The mails of one page of the list, from 1."""
    return mails[(number - 1) * PAGE : number * PAGE]
