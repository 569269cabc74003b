"""The mails about a later due date: to the Secretariat when it is asked for, to the party when it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker import wording
from tracker.mail.messages.notices import end_of_day
from tracker.mail.rendering import Button, Item, Items, Letter, Paragraph, Part, Quote, Rendered, Words, render


@dataclass(frozen=True)
class Line:
    """One report. ``url`` "" where the reader decides on them all on one page."""

    code: str
    title: str
    due_on: date
    asked_until: date
    granted_until: date | None = None
    url: str = ""


def asked(
    name: str,
    language: str,
    lines: Sequence[Line],
    *,
    party: str,
    until: date,
    time_zone: str,
    reason: str,
    url: str,
    account_url: str,
) -> Rendered:
    """To staff: a party asks for a later due date for these reports, and why."""
    _ = Words(language)
    count = len(lines)
    parts: tuple[Part, ...] = (
        Paragraph(
            _.ngettext(
                "%(party)s asks for a later due date for %(count)s report.",
                "%(party)s asks for a later due date for %(count)s reports.",
                count,
                party=party,
            )
        ),
        Items(tuple(Item(f"{line.code} {line.title}", note=_due(_, line)) for line in lines)),
        Paragraph(_("Asked for: %(until)s. The reason given:", until=end_of_day(until, time_zone, language))),
        Quote(reason),
        Button(_("Read and decide"), url),
    )
    subject = _("Extension asked for: %(party)s", party=party)
    return _letter(_, name, subject, parts, account_url, _("You get this mail because the Secretariat decides on it."))


def decided(
    name: str,
    language: str,
    lines: Sequence[Line],
    *,
    granted: bool,
    time_zone: str,
    reason: str,
    url: str,
    account_url: str,
) -> Rendered:
    """To who writes for the party: what the Secretariat decided for these reports, and why."""
    _ = Words(language)
    codes = ", ".join(line.code for line in lines)
    if granted:
        subject = _("Extension granted: %(codes)s", codes=codes)
        first = _("The Secretariat has granted a later due date. Reminders follow the new date.")
        last = _("Dates end at midnight, time in %(zone)s.", zone=time_zone.replace("_", " "))
    else:
        subject = _("Extension not granted: %(codes)s", codes=codes)
        first = _("The Secretariat has not granted the later due date you asked for. The due date stays as it is.")
        last = _("What is submitted after the due date is accepted and counts as late.")
    parts: tuple[Part, ...] = (
        Paragraph(first),
        Items(tuple(Item(f"{line.code} {line.title}", line.url, note=_outcome(_, line)) for line in lines)),
        Paragraph(_("The reason given:")),
        Quote(reason),
        Paragraph(last),
        Button(_("See your requests"), url),
    )
    why = _("You get this mail because these reports are yours to give.")
    return _letter(_, name, subject, parts, account_url, why)


def _letter(_: Words, name: str, subject: str, parts: tuple[Part, ...], account_url: str, why: str) -> Rendered:
    greeting = _("Dear %(name)s,", name=name)
    return render(Letter(subject, greeting, parts, why=why, settings_url=account_url), _.language)


def _due(_: Words, line: Line) -> str:
    return _("Due on %(day)s.", day=wording.say_date(line.due_on, _.language))


def _outcome(_: Words, line: Line) -> str:
    was = wording.say_date(line.due_on, _.language)
    if line.granted_until is None:
        return _("Due on %(day)s.", day=was)
    day = wording.say_date(line.granted_until, _.language)
    if line.granted_until == line.asked_until:
        return _("New due date: %(day)s, instead of %(was)s.", day=day, was=was)
    asked_for = wording.say_date(line.asked_until, _.language)
    return _("New due date: %(day)s, instead of %(was)s. Asked for: %(asked)s.", day=day, was=was, asked=asked_for)
