"""Samples of what goes by the calendar: reminders and summaries. They are part of ``samples.SAMPLES``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from tracker.domain.workflow import Action
from tracker.mail.messages import reminders, summaries
from tracker.mail.rendering import Rendered
from tracker.mail.sample_facts import Facts, facts

SAMPLES: dict[str, Callable[[str], Rendered]] = {}


def _reminded(
    f: Facts, which: int, days_left: int, *, awaits: bool = False, returned: bool = False
) -> reminders.Reminded:
    code, title = f.commitments[which]
    due_on = f.today + timedelta(days=days_left)
    return reminders.Reminded(code, title, f.site.report(which + 1), due_on, days_left, f.time_zone, awaits, returned)


def _reminder(lines: Callable[[Facts], list[reminders.Reminded]], language: str) -> Rendered:
    f = facts(language)
    url, account_url = f.site.dashboard, f.site.account
    return reminders.reminder(f.reader, language, lines(f), dashboard_url=url, account_url=account_url)


SAMPLES["reminders.one_due"] = partial(_reminder, lambda f: [_reminded(f, 0, 7)])
SAMPLES["reminders.several_due"] = partial(
    _reminder, lambda f: [_reminded(f, 0, 0, returned=True), _reminded(f, 1, 1), _reminded(f, 2, 7, awaits=True)]
)
SAMPLES["reminders.due_on_one_day"] = partial(_reminder, lambda f: [_reminded(f, 0, 7), _reminded(f, 1, 7)])
SAMPLES["reminders.overdue"] = partial(_reminder, lambda f: [_reminded(f, 0, -15), _reminded(f, 1, -1)])
SAMPLES["reminders.overdue_and_due"] = partial(
    _reminder, lambda f: [_reminded(f, 0, -2), _reminded(f, 1, 5, returned=True), _reminded(f, 2, 5, awaits=True)]
)


def _week(f: Facts, *, full: bool) -> summaries.Week:
    waiting: list[summaries.Waiting] = []
    for what in summaries.Waits if full else ():
        which = len(waiting) % 3
        item = summaries.WaitingItem(
            " ".join(f.commitments[which]),
            f.site.report(which + 1),
            due_on=f.today + timedelta(days=which - 1) if what is summaries.Waits.TO_WRITE else None,
            days_left=which - 1,
            comment_until=f.due_on if what is summaries.Waits.TO_COMMENT else None,
        )
        refused = what is summaries.Waits.REFUSED_MAIL
        waiting.append(summaries.Waiting(what, 1 if which else 2, () if refused else (item,)))
    changed = [
        summaries.ChangedItem(
            party,
            " ".join(f.commitments[number]),
            f.site.commitment(number + 1),
            ((Action.SUBMIT, f.today - timedelta(days=6)), (Action.TAKE_UP, f.today - timedelta(days=2))),
        )
        for number, party in enumerate((f.party, f.other_party) if full else (f.party,))
    ]
    return summaries.Week(
        waiting=tuple(waiting),
        changed=tuple(changed),
        further=3 if full else 0,
        counted=summaries.Counted(f.cycle, 480, 212, 180, 97) if full else None,
        several_parties=full,
        time_zone=f.time_zone if full else "",
        trail=(4711, "ab" * 32) if full else None,
    )


def _summary(full: bool, language: str) -> Rendered:
    f = facts(language)
    url, account_url = f.site.dashboard, f.site.account
    return summaries.summary(f.reader, language, _week(f, full=full), dashboard_url=url, account_url=account_url)


SAMPLES["summaries.full"] = partial(_summary, True)
SAMPLES["summaries.short"] = partial(_summary, False)
