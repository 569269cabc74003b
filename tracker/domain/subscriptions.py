"""Summaries by subscription: periods, when one is due, and what each role may choose (docs/mail.md, "Summaries")."""

from __future__ import annotations

from datetime import date, timedelta

from tracker.domain.vocabulary import STAFF_ROLES, Role, SummaryRhythm, SummaryScope
from tracker.domain.working_days import WorkCalendar

MOST = 10
"""Running subscriptions of one person."""
MOST_REPORTS = 5
"""Status reports that come with one summary: one for each State in scope."""


def period(rhythm: SummaryRhythm, day: date) -> date:
    """The first day of the week, month or quarter that holds this day; at publication the day itself."""
    if rhythm is SummaryRhythm.WEEKLY:
        return day - timedelta(days=day.weekday())
    if rhythm is SummaryRhythm.MONTHLY:
        return day.replace(day=1)
    if rhythm is SummaryRhythm.QUARTERLY:
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day


def following(rhythm: SummaryRhythm, start: date) -> date:
    """The first day of the next period."""
    if rhythm is SummaryRhythm.WEEKLY:
        return start + timedelta(days=7)
    if rhythm is SummaryRhythm.AT_PUBLICATION:
        return start + timedelta(days=1)
    months = 3 if rhythm is SummaryRhythm.QUARTERLY else 1
    year, month = divmod(start.month - 1 + months, 12)
    return date(start.year + year, month + 1, 1)


def is_open(rhythm: SummaryRhythm, today: date, told: date | None, made_on: date) -> bool:
    """Whether the summary of the present period is still to be told.

    ``told`` is the period that was looked at last. A new subscription begins with the period after the one in which it
    was made; one at publication at once. All days are the reader's.
    """
    if told is not None:
        return told < period(rhythm, today)
    return rhythm is SummaryRhythm.AT_PUBLICATION or period(rhythm, made_on) < period(rhythm, today)


def next_day(
    rhythm: SummaryRhythm, today: date, told: date | None, made_on: date, calendar: WorkCalendar
) -> date | None:
    """The day on which the next summary is due; None at publication, which nobody knows before."""
    if rhythm is SummaryRhythm.AT_PUBLICATION:
        return None
    first = today if is_open(rhythm, today, told, made_on) else following(rhythm, period(rhythm, today))
    return calendar.on_or_after(first)


def scopes(role: Role) -> tuple[SummaryScope, ...]:
    """What this role is offered, the widest first.

    Staff see every State, so that "what concerns me" is everything. Observers may choose among the States they are
    accredited for. For everybody else there is one State only.
    """
    if role in STAFF_ROLES:
        return (SummaryScope.EVERYTHING, SummaryScope.STATES, SummaryScope.INSTRUMENT)
    if role is Role.OBSERVER:
        return (SummaryScope.OWN, SummaryScope.STATES, SummaryScope.INSTRUMENT)
    return (SummaryScope.OWN, SummaryScope.INSTRUMENT)


def meant(role: Role, scope: SummaryScope) -> SummaryScope:
    """The scope as it works for this role now: everything is everything that the reader may open."""
    if role in STAFF_ROLES and scope is SummaryScope.OWN:
        return SummaryScope.EVERYTHING
    if role not in STAFF_ROLES and scope is SummaryScope.EVERYTHING:
        return SummaryScope.OWN
    return scope
