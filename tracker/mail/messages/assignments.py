"""The mails about parts of a report: to the contributor who is asked, to the focal points when a part is ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker import wording
from tracker.mail.rendering import Button, Item, Items, Letter, Paragraph, Part, Rendered, Words, render


@dataclass(frozen=True)
class Line:
    """One part, in the reader's language. ``due_on`` None where no report waits for it now."""

    code: str
    title: str
    due_on: date | None
    url: str


def asked(name: str, language: str, lines: Sequence[Line], *, time_zone: str, url: str, account_url: str) -> Rendered:
    """Your focal point asks you to answer these parts."""
    _ = Words(language)
    first = _.ngettext(
        "Your focal point asks you to answer %(count)s part of your State's progress reports:",
        "Your focal point asks you to answer %(count)s parts of your State's progress reports:",
        len(lines),
    )
    last = _("When your part is written, say on its page that it is ready: your focal point is then told.")
    return _to_contributor(_, name, _("You are asked to answer: %(codes)s", codes=_codes(lines)), first, last, lines,
                           time_zone, url, account_url)  # fmt: skip


def new_date(
    name: str, language: str, lines: Sequence[Line], *, time_zone: str, url: str, account_url: str
) -> Rendered:
    """Your part has another date."""
    _ = Words(language)
    first = _("Your focal point has set another date for your part:")
    return _to_contributor(_, name, _("New date: %(codes)s", codes=_codes(lines)), first, "", lines,
                           time_zone, url, account_url)  # fmt: skip


def asked_again(
    name: str, language: str, lines: Sequence[Line], *, time_zone: str, url: str, account_url: str
) -> Rendered:
    """You said that your part is ready; your focal point asks you to go on with it."""
    _ = Words(language)
    first = _("You said that your part is ready. Your focal point asks you to go on with it:")
    last = _("When it is done, say again on its page that it is ready.")
    return _to_contributor(_, name, _("Please go on with: %(codes)s", codes=_codes(lines)), first, last, lines,
                           time_zone, url, account_url)  # fmt: skip


def taken_back(name: str, language: str, *, code: str, title: str, url: str, account_url: str) -> Rendered:
    """A part is no longer asked of you."""
    _ = Words(language)
    letter = Letter(
        subject=_("No longer asked of you: %(code)s", code=code),
        greeting=_("Dear %(name)s,", name=name),
        parts=(
            Paragraph(_("Your focal point no longer asks you to answer this part. What you wrote is kept:")),
            Items((Item(f"{code} {title}"),)),
            Button(_("See what is asked of you"), url),
        ),
        why=_("You get this mail because this part was asked of you."),
        settings_url=account_url,
    )
    return render(letter, language)


def ready(
    name: str,
    language: str,
    *,
    code: str,
    title: str,
    elements: Sequence[str],
    person: str,
    institution: str | None,
    url: str,
    account_url: str,
) -> Rendered:
    """To a focal point: a contributor says that his or her part is ready. ``elements`` empty: the whole commitment."""
    _ = Words(language)
    who = f"{person} ({institution})" if institution else person
    parts: tuple[Part, ...] = (
        Paragraph(_("%(who)s says that what was asked for is ready.", who=who)),
        Paragraph(_("Commitment: %(code)s, %(title)s", code=code, title=title)),
        Paragraph(_("Part: %(codes)s", codes=", ".join(elements)) if elements else _("Part: the whole commitment")),
        Paragraph(_("You may go on from there, or ask for the part again.")),
        Button(_("Read the report"), url),
    )
    subject = _("Part ready: %(codes)s", codes=", ".join(elements) or code)
    why = _("You get this mail because your State's reports are yours to bring together.")
    greeting = _("Dear %(name)s,", name=name)
    return render(Letter(subject, greeting, parts, why=why, settings_url=account_url), language)


def _to_contributor(
    _: Words,
    name: str,
    subject: str,
    first: str,
    last: str,
    lines: Sequence[Line],
    time_zone: str,
    url: str,
    account_url: str,
) -> Rendered:
    parts: list[Part] = [
        Paragraph(first),
        Items(tuple(Item(f"{one.code} {one.title}", one.url, note=_due(_, one)) for one in lines)),
        Paragraph(_("Dates end at midnight, time in %(zone)s.", zone=time_zone.replace("_", " "))),
    ]
    if last:
        parts.append(Paragraph(last))
    parts.append(Button(_("See all that is asked of you"), url))
    why = _("You get this mail because your focal point asked you to answer.")
    greeting = _("Dear %(name)s,", name=name)
    return render(Letter(subject, greeting, tuple(parts), why=why, settings_url=account_url), _.language)


def _due(_: Words, line: Line) -> str:
    return _("Due on %(day)s.", day=wording.say_date(line.due_on, _.language)) if line.due_on else ""


def _codes(lines: Sequence[Line]) -> str:
    return ", ".join(line.code for line in lines)
