"""What the mail of the day says about what is due or overdue: a line and a link per report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker import wording
from tracker.domain.vocabulary import ReminderRhythm
from tracker.mail.day import Section, letter
from tracker.mail.rendering import Button, Item, Items, Paragraph, Part, Rendered, Words

OVERDUE, DUE = 40, 50
"""The urgency of a mail of the day (docs/mail.md)."""


@dataclass(frozen=True)
class Reminded:
    """One report, in the reader's language. ``days_left`` on the party's calendar; negative: overdue."""

    code: str
    title: str
    url: str
    due_on: date
    days_left: int
    time_zone: str
    awaits_approval: bool = False
    returned: bool = False


def section(
    language: str,
    reports: Sequence[Reminded],
    *,
    dashboard_url: str,
    stop_url: str = "",
    rhythm: ReminderRhythm = ReminderRhythm.EACH_STEP,
) -> Section:
    """The part of the mail of the day about what is due. ``reports`` come in the order of their due dates.

    ``stop_url``: the address that makes reminders weekly with one click.
    """
    _ = Words(language)
    zones = sorted({r.time_zone.replace("_", " ") for r in reports})
    to_approve = [r for r in reports if r.awaits_approval]
    to_write = [r for r in reports if not r.awaits_approval]
    parts: list[Part] = []
    if to_write:
        parts.append(Paragraph(_("These progress reports are still to be submitted:")))
        parts.append(Items(tuple(_line(_, r) for r in to_write)))
    if to_approve:
        parts.append(Paragraph(_("These progress reports wait for approval before they can be submitted:")))
        parts.append(Items(tuple(_line(_, r) for r in to_approve)))
    parts.append(Paragraph(_("Dates end at midnight, time in %(zone)s.", zone=", ".join(zones))))
    parts.append(Button(_("See everything that waits for you"), dashboard_url))
    weekly = rhythm is ReminderRhythm.WEEKLY
    return Section(
        kind="reminder",
        subject=_subject(_, reports),
        parts=tuple(parts),
        why=_why(_, weekly=weekly),
        unsubscribe_url="" if weekly else stop_url,
        urgency=OVERDUE if any(r.days_left < 0 for r in reports) else DUE,
        url=reports[0].url if len(reports) == 1 else dashboard_url,
    )


def reminder(
    name: str, language: str, reports: Sequence[Reminded], *, dashboard_url: str, account_url: str
) -> Rendered:
    """A mail of the day that says nothing else."""
    return letter(name, language, [section(language, reports, dashboard_url=dashboard_url)], settings_url=account_url)


def _why(_: Words, *, weekly: bool) -> str:
    if weekly:
        return _(
            "You get this mail because these reports are yours to write or to approve. You chose to have it once a"
            " week; what is due tomorrow or overdue comes at once."
        )
    return _(
        "You get this mail because these reports are yours to write or to approve. It comes at most once a day, and you"
        " can have it once a week."
    )


def _subject(_: Words, reports: Sequence[Reminded]) -> str:
    ngettext = _.ngettext
    overdue = [r for r in reports if r.days_left < 0]
    coming = [r for r in reports if r.days_left >= 0]
    if overdue and coming:
        return _("Overdue: %(overdue)s, due soon: %(coming)s", overdue=len(overdue), coming=len(coming))
    if overdue:
        return ngettext("%(count)s report is overdue", "%(count)s reports are overdue", len(overdue))
    day = wording.say_date(coming[0].due_on, _.language)
    if len({r.due_on for r in coming}) == 1:
        return ngettext("%(count)s report is due on %(day)s", "%(count)s reports are due on %(day)s", len(coming),
                        day=day)  # fmt: skip
    return ngettext(
        "%(count)s report is due, on %(day)s",
        "%(count)s reports are due, the first on %(day)s",
        len(coming),
        day=day,
    )


def _line(_: Words, report: Reminded) -> Item:
    notes = [due_text(_, report.due_on, report.days_left)]
    if report.returned:
        notes.append(_("The Secretariat returned it with a comment."))
    return Item(
        text=f"{report.code} {report.title}",
        href=report.url,
        note=" ".join(notes),
        urgent=report.days_left < 0,
    )


def due_text(_: Words, due_on: date, days_left: int) -> str:
    """ "Due on 30 April 2026, 7 days left." or how long it is overdue."""
    ngettext = _.ngettext
    day = wording.say_date(due_on, _.language)
    if days_left < 0:
        return ngettext(
            "Was due on %(day)s, %(count)s day overdue.",
            "Was due on %(day)s, %(count)s days overdue.",
            -days_left,
            day=day,
        )
    if days_left == 0:
        return _("Due today, %(day)s.", day=day)
    return ngettext("Due on %(day)s, %(count)s day left.", "Due on %(day)s, %(count)s days left.", days_left, day=day)
