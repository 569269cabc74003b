"""The mail of the day: one for each person and working day, put together from sections (docs/mail.md).

Each service that has something to tell makes a ``Contribution``; ``services.day_mail`` collects them in the order of
their urgency, puts one mail, and lets each write its own ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from sqlalchemy.orm import Session

from tracker.mail.outbox import Attachment
from tracker.mail.rendering import Item, Letter, Part, Rendered, Words, render
from tracker.models import Message


@dataclass(frozen=True)
class Section:
    """What one kind of news has to say, in the reader's language.

    ``kind`` is the kind of a mail that this section opens: "reminder", "notice" or "summary". ``subject`` is the
    mail's where this section is the first. ``why`` says why one gets it, in whole sentences. ``unsubscribe_url`` is the
    address that makes it rarer with one click. ``urgency``: the smallest of a mail's sections is the mail's
    (``outbox.URGENCY``). ``url``: the page with the thing to do, where this section is the first.
    """

    kind: str
    subject: str
    parts: tuple[Part, ...]
    why: str
    unsubscribe_url: str = ""
    attachments: tuple[Attachment, ...] = ()
    urgency: int = 50
    url: str = ""


@dataclass(frozen=True)
class Contribution:
    """A section for the mail of the day, and what to write down afterwards.

    ``section`` is None where nothing is to be told, but the ledger has to say so. ``settle`` is called in the
    transaction of the mail with the mail that was put; with None where nothing was sent at all.
    """

    section: Section | None
    settle: Callable[[Session, Message | None], None]


def letter(name: str, language: str, sections: Sequence[Section], *, settings_url: str) -> Rendered:
    """The mail: the sections in the order given, the first one giving the subject; every reason at the end."""
    _ = Words(language)
    return render(
        Letter(
            subject=sections[0].subject,
            greeting=_("Dear %(name)s,", name=name),
            parts=tuple(part for section in sections for part in section.parts),
            why=" ".join(dict.fromkeys(section.why for section in sections if section.why)),
            settings_url=settings_url,
            unsubscribe_url=next((section.unsubscribe_url for section in sections if section.unsubscribe_url), ""),
        ),
        language,
    )


def as_data(section: Section) -> dict[str, Any]:
    """A section as plain data, without its attachments: they are kept with the mail."""
    return {
        "kind": section.kind,
        "subject": section.subject,
        "parts": [{"part": type(part).__name__, **asdict(part)} for part in section.parts],
        "why": section.why,
        "unsubscribe_url": section.unsubscribe_url,
        "urgency": section.urgency,
        "url": section.url,
    }


def from_data(data: Mapping[str, Any]) -> Section:
    """The section that ``as_data`` wrote down."""
    return Section(**{**data, "parts": tuple(_part(one) for one in data["parts"])})


def _part(data: Mapping[str, Any]) -> Part:
    values = dict(data)
    kind = PARTS[values.pop("part")]
    if "items" in values:
        values["items"] = tuple(Item(**one) for one in values["items"])
    return kind(**values)


PARTS: Mapping[str, Callable[..., Part]] = {kind.__name__: kind for kind in get_args(Part)}
