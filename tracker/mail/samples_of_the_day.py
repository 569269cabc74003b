"""Samples of what goes by the calendar: reminders and summaries. They are part of ``samples.SAMPLES``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from tracker.domain.vocabulary import ReminderRhythm, SummaryRhythm
from tracker.domain.workflow import Action
from tracker.mail.day import Section, letter
from tracker.mail.messages import held, reminders, summaries
from tracker.mail.rendering import Rendered
from tracker.mail.sample_facts import Facts, facts

EACH_STEP = ReminderRhythm.EACH_STEP
SAMPLES: dict[str, Callable[[str], Rendered]] = {}


def sample(key: str) -> Callable[[Callable[[str], Rendered]], Callable[[str], Rendered]]:
    """Enter a sample under this key."""

    def enter(made: Callable[[str], Rendered]) -> Callable[[str], Rendered]:
        SAMPLES[key] = made
        return made

    return enter


def _reminded(
    f: Facts, which: int, days_left: int, *, awaits: bool = False, returned: bool = False
) -> reminders.Reminded:
    code, title = f.commitments[which]
    due_on = f.today + timedelta(days=days_left)
    return reminders.Reminded(code, title, f.site.report(which + 1), due_on, days_left, f.time_zone, awaits, returned)


def _day(language: str, *sections: Section) -> Rendered:
    f = facts(language)
    return letter(f.reader, language, sections, settings_url=f.site.my_mail)


def _reminders(f: Facts, language: str, *lines: reminders.Reminded, rhythm: ReminderRhythm = EACH_STEP) -> Section:
    stop_url = f.site.stop("an-invented-key", "reminders")
    return reminders.section(language, lines, dashboard_url=f.site.dashboard, stop_url=stop_url, rhythm=rhythm)


@sample("reminders.one_due")
def _one_due(language: str) -> Rendered:
    f = facts(language)
    return _day(language, _reminders(f, language, _reminded(f, 0, 7)))


@sample("reminders.several_due")
def _several_due(language: str) -> Rendered:
    f = facts(language)
    lines = _reminded(f, 0, 0, returned=True), _reminded(f, 1, 1), _reminded(f, 2, 7, awaits=True)
    return _day(language, _reminders(f, language, *lines))


@sample("reminders.due_on_one_day")
def _due_on_one_day(language: str) -> Rendered:
    f = facts(language)
    return _day(language, _reminders(f, language, _reminded(f, 0, 7), _reminded(f, 1, 7)))


@sample("reminders.overdue")
def _overdue(language: str) -> Rendered:
    f = facts(language)
    return _day(language, _reminders(f, language, _reminded(f, 0, -15), _reminded(f, 1, -1)))


@sample("reminders.overdue_and_due")
def _overdue_and_due(language: str) -> Rendered:
    f = facts(language)
    lines = _reminded(f, 0, -2), _reminded(f, 1, 5, returned=True), _reminded(f, 2, 5, awaits=True)
    return _day(language, _reminders(f, language, *lines))


@sample("reminders.weekly")
def _weekly(language: str) -> Rendered:
    f = facts(language)
    return _day(language, _reminders(f, language, _reminded(f, 0, 7), rhythm=ReminderRhythm.WEEKLY))


def _kept(several: bool, language: str) -> Rendered:
    f = facts(language)
    news = [held.HeldNotice(title, f.site.report(number + 1)) for number, (_code, title) in enumerate(f.commitments)]
    section = held.section(language, news if several else news[:1], inbox_url=f.site.inbox)
    return _day(language, section)


SAMPLES["held.one"] = partial(_kept, False)
SAMPLES["held.several"] = partial(_kept, True)


def _waiting(f: Facts) -> tuple[summaries.Waiting, ...]:
    found = []
    for number, what in enumerate(summaries.Waits):
        which = number % 3
        item = summaries.WaitingItem(
            " ".join(f.commitments[which]),
            f.site.report(which + 1),
            due_on=f.today + timedelta(days=which - 1) if what is summaries.Waits.TO_WRITE else None,
            days_left=which - 1,
            comment_until=f.due_on if what is summaries.Waits.TO_COMMENT else None,
        )
        first = () if what is summaries.Waits.REFUSED_MAIL else (item,)
        found.append(summaries.Waiting(what, 1 if which else 2, first, before=number % 2))
    return tuple(found)


def _changed(f: Facts, *parties: str) -> tuple[summaries.ChangedItem, ...]:
    steps = ((Action.SUBMIT, f.today - timedelta(days=6)), (Action.TAKE_UP, f.today - timedelta(days=2)))
    return tuple(
        summaries.ChangedItem(party, " ".join(f.commitments[number]), f.site.commitment(number + 1), steps, number * 2)
        for number, party in enumerate(parties)
    )


def _summary(f: Facts, language: str, told: summaries.Summary) -> Section:
    stop_url = f.site.stop("an-invented-key", "summary-1")
    return summaries.section(told, language, dashboard_url=f.site.dashboard, unsubscribe_url=stop_url)


@sample("summaries.full")
def _full(language: str) -> Rendered:
    f = facts(language)
    told = summaries.Summary(
        rhythm=SummaryRhythm.WEEKLY,
        about=f.party,
        waiting=_waiting(f),
        changed=_changed(f, f.party, f.other_party),
        further=3,
        counted=summaries.Counted(f.cycle, 480, 212, 180, 97),
        several_parties=True,
        time_zone=f.time_zone,
        trail=(4711, "ab" * 32),
        attached=(f.party, f.other_party),
    )
    return _day(language, _summary(f, language, told))


def _short(rhythm: SummaryRhythm, changed: bool, language: str) -> Rendered:
    f = facts(language)
    told = summaries.Summary(
        rhythm=rhythm,
        about=f.party,
        waiting=(),
        changed=_changed(f, f.party) if changed else (),
        further=0,
        counted=None,
        several_parties=False,
    )
    return _day(language, _summary(f, language, told))


SAMPLES["summaries.monthly"] = partial(_short, SummaryRhythm.MONTHLY, True)
SAMPLES["summaries.quarterly"] = partial(_short, SummaryRhythm.QUARTERLY, True)
SAMPLES["summaries.nothing_changed"] = partial(_short, SummaryRhythm.WEEKLY, False)
SAMPLES["summaries.at_publication"] = partial(_short, SummaryRhythm.AT_PUBLICATION, True)


@sample("summaries.after_reminders")
def _after_reminders(language: str) -> Rendered:
    """The mail of the day with more than one thing to say."""
    f = facts(language)
    title = summaries.title(SummaryRhythm.WEEKLY, f.party, language)
    first, second = (
        summaries.Summary(
            rhythm=rhythm,
            about=f.party,
            waiting=_waiting(f)[:3] if rhythm is SummaryRhythm.WEEKLY else None,
            changed=_changed(f, f.party) if rhythm is SummaryRhythm.WEEKLY else (),
            further=0,
            counted=None,
            several_parties=False,
            stands_above=() if rhythm is SummaryRhythm.WEEKLY else (title,),
        )
        for rhythm in (SummaryRhythm.WEEKLY, SummaryRhythm.MONTHLY)
    )
    due = _reminders(f, language, _reminded(f, 0, -2), _reminded(f, 1, 5))
    return _day(language, due, _summary(f, language, first), _summary(f, language, second))
