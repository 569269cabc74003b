"""From a letter (plain data) to the two bodies of an e-mail: text and HTML say the same because both are made from it.

Rendered strictly and without a web request; what people typed is escaped in HTML and cannot enter a header.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker import wording
from tracker.wording import N_

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
WIDTH = 72
LONGEST_SUBJECT = 200
SENDER = N_("Commitments Tracker")


@dataclass(frozen=True)
class Rendered:
    """An e-mail ready for the outbox. The subject is one line, whatever went into it."""

    subject: str
    text: str
    html: str
    language: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", one_line(self.subject))


@dataclass(frozen=True)
class Heading:
    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind: str = "paragraph"


@dataclass(frozen=True)
class Quote:
    """What somebody typed, with its line breaks."""

    text: str
    kind: str = "quote"


@dataclass(frozen=True)
class Button:
    """The one thing to do."""

    text: str
    href: str
    kind: str = "button"


@dataclass(frozen=True)
class Item:
    """A line of a list; ``note`` stands under it. ``href`` "" where there is nothing to open."""

    text: str
    href: str = ""
    note: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Items:
    items: tuple[Item, ...]
    kind: str = "items"


Part = Heading | Paragraph | Quote | Button | Items


@dataclass(frozen=True)
class Letter:
    """What a mail says. ``why`` tells the reader why it came; ``settings_url`` is where the rhythm is changed."""

    subject: str
    greeting: str
    parts: tuple[Part, ...]
    why: str
    settings_url: str = ""


class Words:
    """The words of one language: ``_ = Words("es")``, then ``_("Due %(day)s", day=…)``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = wording.translations(language)

    def __call__(self, text: str, **values: object) -> str:
        translated = self._catalogue.gettext(text)
        return translated % values if values else translated

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """One or many; ``%(count)s`` is the number."""
        return self._catalogue.ngettext(one, many, count) % {"count": count, **values}


def render(letter: Letter, language: str) -> Rendered:
    """The letter as a mail in this language."""
    context = {"letter": letter, "lang": language, "_": Words(language), "sender": wording.translate(SENDER, language)}
    text = _template("letter.txt").render(context)
    return Rendered(
        subject=letter.subject,
        text=text.strip("\n") + "\n",
        html=_template("letter.html").render(context),
        language=language,
    )


def one_line(text: str) -> str:
    """Without line breaks and controls, cut to the length of a subject."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """The text in lines of 72 characters, its own line breaks kept; an address is never broken."""
    lines = []
    for number, paragraph in enumerate(text.split("\n")):
        start = first if number == 0 else rest
        lines.append(
            textwrap.fill(
                paragraph,
                width=WIDTH,
                initial_indent=start,
                subsequent_indent=rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
            or start.rstrip()
        )
    return "\n".join(lines)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "email"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: dict[str, Callable[..., str]] = {"wrap": wrap}
    environment.filters.update(filters)
    return environment


@cache
def _template(name: str):  # type: ignore[no-untyped-def]
    return _environment().get_template(name)
