"""The letter to the head of a State's authority: what is overdue, and what is asked. It goes by a click only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.mail.rendering import Button, Item, Items, Letter, Paragraph, Part, Rendered, Words, render
from tracker.wording import say_date

MOST = 40
"""Reports that are named; of the others their number."""


@dataclass(frozen=True)
class OverdueLine:
    """A report, in the letter's language. ``extended``: ``due_on`` is later than the date of the cycle."""

    code: str
    title: str
    due_on: date
    extended: bool
    days: int


@dataclass(frozen=True)
class Said:
    """What the letter speaks of. ``nobody``: the State has no focal point."""

    office: str
    party: str
    cycle: str
    closes_on: date
    lines: tuple[OverdueLine, ...]
    nobody: bool
    url: str


def escalation(language: str, said: Said) -> Rendered:
    """The letter, in this language."""
    _ = Words(language)
    count = len(said.lines)
    parts: list[Part] = [
        Paragraph(_("Dear Sir or Madam,")),
        Paragraph(
            _.ngettext(
                "In the reporting cycle %(cycle)s, %(count)s progress report of %(party)s on the follow-up against"
                " trafficking in persons is overdue:",
                "In the reporting cycle %(cycle)s, %(count)s progress reports of %(party)s on the follow-up against"
                " trafficking in persons are overdue:",
                count,
                cycle=said.cycle,
                party=said.party,
            )
        ),
        Items(tuple(_item(_, line) for line in said.lines[:MOST])),
    ]
    if count > MOST:
        more = count - MOST
        parts.append(Paragraph(_.ngettext("And %(count)s further report.", "And %(count)s further reports.", more)))
    parts.append(
        Paragraph(
            _(
                "They can be submitted until %(day)s. We would be grateful if you would see to it that they are.",
                day=say_date(said.closes_on, language),
            )
        )
    )
    if said.nobody:
        parts.append(
            Paragraph(
                _(
                    "At present no focal point is registered for %(party)s. Please tell us which office answers for it,"
                    " so that we can invite a person of its choice.",
                    party=said.party,
                )
            )
        )
        why = _("You get this mail because nobody is registered who answers for %(party)s.", party=said.party)
    else:
        parts.append(Paragraph(_("The focal points of %(party)s were reminded before.", party=said.party)))
        why = _("You get this mail because the reminders to the focal points of %(party)s brought no report.",
                party=said.party)  # fmt: skip
    parts.append(Button(_("What is followed up, and what is public about it"), said.url))
    subject = _.ngettext(
        "%(party)s: %(count)s progress report is overdue",
        "%(party)s: %(count)s progress reports are overdue",
        count,
        party=said.party,
    )
    letter = Letter(subject=subject, greeting=_("To: %(office)s", office=said.office), parts=tuple(parts), why=why)
    return render(letter, language)


def _item(_: Words, line: OverdueLine) -> Item:
    day = say_date(line.due_on, _.language)
    if line.extended:
        note = _.ngettext(
            "Due on %(day)s, after more time was given; overdue for %(count)s day.",
            "Due on %(day)s, after more time was given; overdue for %(count)s days.",
            line.days,
            day=day,
        )
    else:
        note = _.ngettext(
            "Due on %(day)s, overdue for %(count)s day.",
            "Due on %(day)s, overdue for %(count)s days.",
            line.days,
            day=day,
        )
    return Item(f"{line.code} {line.title}", note=note, urgent=True)
