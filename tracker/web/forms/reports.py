"""The form of a progress report, read and shown by hand.

Its fields follow the elements of the provision and it is the heaviest page of the site: drawing each field through
a component costs ten times as much as the rest of the page (docs/decisions/0012-report-form.md). Reading keeps
everything that was typed; ``errors`` names the fields that need attention, in the order of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlsplit

from tracker.domain.text import UnusableText, clean, without_unusable
from tracker.domain.vocabulary import SELF_RATINGS, Rating
from tracker.models.base import NAME, TEXT, URL
from tracker.services.draft_rows import MOST_EVIDENCE
from tracker.services.report_content import Answer, Evidence, ReportContent
from tracker.web.forms.personal_data import EXPLANATION, PROBLEMS, looks_personal, sentence
from tracker.web.languages import gettext as _

BLANK_ROWS = 3
PUBLIC, RESTRICTED = "public", "restricted"


@dataclass
class TypedAnswer:
    element: str
    self_assessment: str = ""
    narrative: str = ""


@dataclass
class TypedLink:
    title: str = ""
    url: str = ""
    speaks_of: str = ""
    access: str = PUBLIC

    @property
    def is_blank(self) -> bool:
        return not (self.title or self.url or self.speaks_of)


@dataclass
class ReportForm:
    """What stands in the form: as stored, or as typed."""

    version: int
    answers: list[TypedAnswer]
    links: list[TypedLink]
    summary: str = ""
    privacy_explanation: str = ""
    comment: str = ""
    """In the forms of a decision: the State comment, or why approval is refused."""
    explanation: str = ""
    """Why what the personal-data check finds in the comment is no data about a person."""
    errors: dict[str, str] = field(default_factory=dict)
    """Field id to message."""
    given: frozenset[str] = frozenset()
    """The parts that were sent at all: what was not sent stays as stored."""

    @classmethod
    def of(cls, content: ReportContent, version: int) -> ReportForm:
        """As stored."""
        return cls(
            version=version,
            answers=[TypedAnswer(a.element, a.self_assessment or "", a.narrative) for a in content.answers],
            links=[
                TypedLink(
                    e.title,
                    e.url,
                    e.speaks_of.isoformat() if e.speaks_of else "",
                    PUBLIC if e.is_public else RESTRICTED,
                )
                for e in content.evidence
            ],
            summary=content.summary,
            privacy_explanation=content.privacy_explanation,
        )

    @classmethod
    def read(cls, sent: Mapping[str, str], elements: Iterable[str]) -> ReportForm:
        """As typed. Fields that are none of this report's are not looked at."""
        form = cls(version=version_in(sent), answers=[], links=[])
        given = {name for name in ("summary", "privacy_explanation") if name in sent}
        for code in elements:
            name = f"narrative-{code}"
            if name in sent:
                given.add(code)
            chosen = sent.get(f"self_assessment-{code}", "")
            if chosen and chosen not in SELF_RATINGS:
                form.errors[f"self_assessment-{code}"] = _("Choose one of the answers.")
                chosen = ""
            form.answers.append(TypedAnswer(code, chosen, form._text(sent, name, TEXT)))
        for row in range(MOST_EVIDENCE + BLANK_ROWS):
            if f"evidence-{row}-url" not in sent:
                continue
            given.add("evidence")
            form._link(sent, row)
        form.summary = form._text(sent, "summary", TEXT)
        form.privacy_explanation = form._text(sent, "privacy_explanation", EXPLANATION)
        form.given = frozenset(given)
        return form

    @classmethod
    def read_comment(cls, sent: Mapping[str, str]) -> ReportForm:
        """The comment of a decision; the answers are not part of it."""
        form = cls(version=version_in(sent), answers=[], links=[])
        form.comment = form._text(sent, "comment", TEXT)
        form.explanation = form._text(sent, "explanation", EXPLANATION)
        return form

    def content(self, stored: ReportContent) -> ReportContent:
        """As the services take it. Only for a form without errors."""
        content = replace(
            stored,
            answers=tuple(
                Answer(a.element, Rating(a.self_assessment) if a.self_assessment else None, a.narrative)
                for a in self.answers
                if a.element in self.given
            ),
        )
        if "summary" in self.given:
            content = replace(content, summary=self.summary)
        if "privacy_explanation" in self.given:
            content = replace(content, privacy_explanation=self.privacy_explanation)
        if "evidence" in self.given:
            content = replace(
                content,
                evidence=tuple(
                    Evidence(
                        e.title, e.url, date.fromisoformat(e.speaks_of) if e.speaks_of else None, e.access == PUBLIC
                    )
                    for e in self.links
                ),
            )
        return content

    def put_problems(self, problems: Mapping[str, str]) -> None:
        """Put what a rule asks for beside its fields."""
        for name, code in problems.items():
            if code in PROBLEMS:
                self.errors.setdefault(name, sentence(self._typed(name)))
                continue
            if name.startswith("self_assessment-"):
                text = _("Say how far this is carried out.")
            elif name.startswith("narrative-"):
                text = _("Say in a sentence or more what was done, or why nothing was.")
            elif name == "privacy_explanation":
                text = _("Take out what looks like data about a person, or explain why it is none.")
            elif name == "comment":
                text = _("Write a comment.")
            else:
                text = _("This is not accepted as it is.")
            self.errors.setdefault(name, text if code == "required" else _("This is not accepted as it is."))

    def _typed(self, name: str) -> str:
        """What was typed into a field that the personal-data check refuses."""
        own = {name: getattr(self, name) for name in ("comment", "explanation", "privacy_explanation")}
        return (own | dict(self.texts())).get(name, "")

    def texts(self) -> list[tuple[str, str]]:
        """What the personal-data check reads, under the names of ``ReportContent.texts``."""
        found = [("summary", self.summary)]
        found += [(f"narrative-{a.element}", a.narrative) for a in self.answers]
        for number, link in enumerate(self.links):
            found += [(f"evidence-{number}-title", link.title), (f"evidence-{number}-url", link.url)]
        return [(name, text) for name, text in found if text]

    @property
    def asks_to_explain(self) -> bool:
        """Whether the comment is only accepted with an explanation."""
        return bool(self.explanation) or looks_personal(self.comment)

    @property
    def listed_errors(self) -> list[tuple[str, str]]:
        """(address of the field, message) in the order of the page."""
        return [(f"#{name}", text) for name, text in self.errors.items()]

    def rows(self) -> list[TypedLink]:
        """The links and some blank rows for more."""
        room = min(BLANK_ROWS, MOST_EVIDENCE - len(self.links))
        return self.links + [TypedLink() for _n in range(room)]

    def _text(self, sent: Mapping[str, str], name: str, longest: int, *, multiline: bool = True) -> str:
        raw = sent.get(name, "")
        try:
            text = clean(raw, multiline=multiline)
        except UnusableText:
            self.errors[name] = _("The text holds a character that cannot be kept. It was replaced: look at it.")
            return without_unusable(raw, multiline=multiline)
        if len(text) > longest:
            self.errors[name] = _("The text has %(length)s characters; at most %(most)s are possible.") % {
                "length": len(text),
                "most": longest,
            }
        return text

    def _link(self, sent: Mapping[str, str], row: int) -> None:
        number = len(self.links)
        name = f"evidence-{number}"
        kept = {
            f"{name}-{part}": sent.get(f"evidence-{row}-{part}", "") for part in ("title", "url", "speaks_of", "access")
        }
        link = TypedLink(
            self._text(kept, f"{name}-title", NAME, multiline=False),
            self._text(kept, f"{name}-url", URL, multiline=False),
            without_unusable(kept[f"{name}-speaks_of"], multiline=False)[:20],
            kept[f"{name}-access"] or PUBLIC,
        )
        if link.is_blank:
            return
        self.links.append(link)
        if link.access not in (PUBLIC, RESTRICTED):
            link.access = RESTRICTED
            self.errors[f"{name}-access"] = _("Choose who may read this link.")
        if not link.title:
            self.errors.setdefault(f"{name}-title", _("Say what this link shows."))
        if not is_web_address(link.url):
            self.errors.setdefault(f"{name}-url", _("Enter a full web address that begins with https:// or http://."))
        if link.speaks_of and not _is_day(link.speaks_of):
            self.errors.setdefault(f"{name}-speaks_of", _("Enter the date as year-month-day."))
        if number >= MOST_EVIDENCE:
            self.errors.setdefault(f"{name}-url", _("At most %(most)s links can be kept.") % {"most": MOST_EVIDENCE})


def version_in(sent: Mapping[str, str], name: str = "version") -> int:
    """The version that the person saw; 0, which is always stale, where it was left out or tampered with."""
    raw = sent.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def is_web_address(text: str) -> bool:
    """A full http or https address, without spaces and without a name and password in it."""
    if not text or any(c.isspace() for c in text) or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def _is_day(text: str) -> bool:
    if len(text) != 10 or not text.isascii():
        return False
    try:
        return 1900 <= date.fromisoformat(text).year <= 2199
    except ValueError:
        return False
