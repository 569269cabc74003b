"""News that was kept for the mail of the day: its subjects, each with its link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.mail.day import Section
from tracker.mail.rendering import Heading, Item, Items, Words


@dataclass(frozen=True)
class HeldNotice:
    """A notice as its mail would have said it. ``url`` "" where there is nothing to open."""

    subject: str
    url: str


def section(language: str, notices: Sequence[HeldNotice], *, inbox_url: str) -> Section:
    """The part of the mail of the day about the news since the last one, oldest first."""
    _ = Words(language)
    return Section(
        kind="notice",
        subject=_subject(_, notices),
        parts=(
            Heading(_("News since the last mail")),
            Items(tuple(Item(one.subject, one.url) for one in notices)),
        ),
        why=_("The news comes once a day because you chose so; each can be read whole on the site."),
        url=notices[0].url if len(notices) == 1 and notices[0].url else inbox_url,
    )


def _subject(_: Words, notices: Sequence[HeldNotice]) -> str:
    if len(notices) == 1:
        return notices[0].subject
    return _.ngettext("%(count)s piece of news", "%(count)s pieces of news", len(notices))
