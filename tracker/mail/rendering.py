"""From a letter (plain data) to the two bodies of an e-mail: text and HTML say the same because both are made from it.

Rendered strictly and without a web request; what people typed is escaped in HTML and cannot enter a header.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from tracker import wording
from tracker.mail import mjml, texts
from tracker.wording import N_

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
WIDTH = 72
LONGEST_SUBJECT = 200
LONGEST_PREVIEW = 140
_CODE = re.compile(r"\b[A-Z]{2,4}-[A-Za-z0-9.-]{1,12}\b")
SENDER = N_("Commitments Tracker")
REPLY = N_("A reply to this mail goes to the Secretariat.")
RARER = N_("Get fewer mails of this kind")
SETTINGS = N_("What mail you get, and when")


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
    """What a mail says. ``why`` tells the reader why it came; ``settings_url`` is where the rhythm is changed.

    ``unsubscribe_url``: the address that makes it rarer with one click, where that may be done.
    """

    subject: str
    greeting: str
    parts: tuple[Part, ...]
    why: str
    settings_url: str = ""
    unsubscribe_url: str = ""

    @property
    def preview(self) -> str:
        """What a list of mails shows beside the subject: the first sentences."""
        said = next((part.text for part in self.parts if isinstance(part, Paragraph)), self.why)
        return said if len(said) <= LONGEST_PREVIEW else said[: LONGEST_PREVIEW - 1].rstrip() + "…"


@dataclass(frozen=True)
class Line:
    """A line under a mail. ``href`` "" where there is nothing to open."""

    text: str
    href: str = ""


class Words:
    """The words of one language: ``_ = Words("es")``, then ``_("Due %(day)s", day=…)``.

    Administrators may have put another wording in the place of the shipped one (``mail.texts``).
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = wording.translations(language)
        self._own = texts.in_force(language)
        self._heard = texts.heard.get()

    def __call__(self, text: str, **values: object) -> str:
        if self._heard is not None:
            self._heard.append((text, ""))
        own = self._own.get(text) if self._own else None
        if own is not None:
            return texts.fill(own.text, values)
        translated = self._catalogue.gettext(text)
        return translated % values if values else translated

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """One or many; ``%(count)s`` is the number."""
        if self._heard is not None:
            self._heard.append((one, many))
        own = self._own.get(texts.shipped(one, many)) if self._own else None
        values = {"count": count, **values}
        if own is not None:
            return texts.fill(own.plural if is_many(self.language, count) else own.text, values)
        return self._catalogue.ngettext(one, many, count) % values


def is_many(language: str, count: int) -> bool:
    """Whether the language says the plural for so many."""
    rule = getattr(wording.translations(language), "plural", None)
    return bool(rule(count)) if rule is not None else count != 1


def render(letter: Letter, language: str) -> Rendered:
    """The letter as a mail in this language."""
    _ = Words(language)
    sender = wording.translate(SENDER, language)
    context = {"letter": letter, "lang": language, "sender": sender, "footer": _footer(letter, _)}
    text = _text_template().render(context)
    return Rendered(
        subject=letter.subject,
        text=text.strip("\n") + "\n",
        html=_html_template().render(context),
        language=language,
    )


def _footer(letter: Letter, _: Words) -> tuple[Line, ...]:
    """Why it came, how to change that, and where a reply goes."""
    lines = [Line(letter.why), Line(_(REPLY))]
    if letter.unsubscribe_url:
        lines.append(Line(_(RARER), letter.unsubscribe_url))
    if letter.settings_url:
        lines.append(Line(_(SETTINGS), letter.settings_url))
    return tuple(lines)


def one_line(text: str) -> str:
    """Without line breaks and controls, cut to the length of a subject."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """The text in lines of 72 characters, its own line breaks kept; an address is never broken."""
    lines = []
    for number, paragraph in enumerate(text.split("\n")):
        start = first if number == 0 else rest
        if len(start) + len(paragraph) <= WIDTH and paragraph.isprintable() and paragraph.strip():
            lines.append(start + paragraph.rstrip())
            continue
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
        autoescape=select_autoescape(["html"]),  # and what is made from a string
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: dict[str, Callable[..., str]] = {"wrap": wrap, "lines": _lines, "codes": _codes}
    environment.filters.update(filters)
    return environment


def _codes(text: str) -> Markup:
    """A heading in which no line ends inside a code: CS-03 stays whole."""
    return Markup(_CODE.sub(r'<span style="white-space:nowrap">\g<0></span>', str(escape(text))))  # noqa: S704  (escaped)


def _lines(text: str) -> Markup:
    """What somebody typed, escaped, its line breaks as Outlook too shows them."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


@cache
def _text_template() -> Template:
    return _environment().get_template("letter.txt")


@cache
def _html_template() -> Template:
    source = mjml.compiled((TEMPLATES / "email" / "letter.mjml").read_text("utf-8"))
    return _environment().from_string(source)
