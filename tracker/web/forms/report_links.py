"""The links of a progress report as typed: rows of a title, an address, a date, a language and who may read it."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.contacts import is_web_address
from tracker.models.base import NAME, URL
from tracker.services.draft_rows import MOST_EVIDENCE
from tracker.services.report_content import Evidence
from tracker.web.forms.typed_text import Sent, as_day
from tracker.web.languages import gettext as _

BLANK_ROWS = 2
PUBLIC, RESTRICTED = "public", "restricted"
LANGUAGES = ("es", "en", "pt", "fr", "nl", "ht")
"""The official languages of the Member States (ISO 639-1)."""
PARTS = ("title", "url", "speaks_of", "language", "access")


@dataclass
class TypedLink:
    title: str = ""
    url: str = ""
    speaks_of: str = ""
    access: str = PUBLIC
    language: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.title or self.url or self.speaks_of)


def of(links: tuple[Evidence, ...]) -> list[TypedLink]:
    """As stored."""
    return [
        TypedLink(
            e.title,
            e.url,
            e.speaks_of.isoformat() if e.speaks_of else "",
            PUBLIC if e.is_public else RESTRICTED,
            e.language,
        )
        for e in links
    ]


def read(sent: Sent) -> list[TypedLink] | None:
    """As typed, without blank rows; None where the form had no links. Errors stand at the rows as they are shown."""
    rows = [row for row in range(MOST_EVIDENCE + BLANK_ROWS) if f"evidence-{row}-url" in sent]
    links: list[TypedLink] = []
    for row in rows:
        _read_row(sent, f"evidence-{row}", links)
    return links if rows else None


def content(links: list[TypedLink]) -> tuple[Evidence, ...]:
    """As the services take them. Only for links without errors."""
    return tuple(Evidence(e.title, e.url, as_day(e.speaks_of), e.access == PUBLIC, e.language) for e in links)


def fields(links: list[TypedLink]) -> list[tuple[str, str]]:
    """The rows as a form sends them: for sending what was typed once more."""
    return [
        (f"evidence-{n}-{part}", getattr(link, part)) for n, link in enumerate(links or [TypedLink()]) for part in PARTS
    ]


def with_blank_rows(links: list[TypedLink]) -> list[TypedLink]:
    """The links and some rows for more."""
    room = min(1 if links else BLANK_ROWS, MOST_EVIDENCE - len(links))
    return links + [TypedLink() for _n in range(room)]


def _read_row(sent: Sent, name: str, links: list[TypedLink]) -> None:
    number = len(links)
    at = f"evidence-{number}"
    link = TypedLink(
        sent.text(f"{name}-title", NAME, multiline=False, at=f"{at}-title"),
        sent.text(f"{name}-url", URL, multiline=False, at=f"{at}-url"),
        sent.day(f"{name}-speaks_of", at=f"{at}-speaks_of"),
        sent.raw(f"{name}-access") or PUBLIC,
        sent.raw(f"{name}-language"),
    )
    if link.is_blank:
        return
    links.append(link)
    errors = sent.errors
    if link.access not in (PUBLIC, RESTRICTED):
        link.access = RESTRICTED
        errors[f"{at}-access"] = _("Choose who may read this link.")
    if link.language and link.language not in LANGUAGES:
        link.language = ""
        errors[f"{at}-language"] = _("Choose one of the languages.")
    if not link.title:
        errors.setdefault(f"{at}-title", _("Say what this link shows."))
    if not is_web_address(link.url):
        errors.setdefault(f"{at}-url", _("Enter a full web address that begins with https:// or http://."))
    if number >= MOST_EVIDENCE:
        errors.setdefault(f"{at}-url", _("At most %(most)s links can be kept.") % {"most": MOST_EVIDENCE})
