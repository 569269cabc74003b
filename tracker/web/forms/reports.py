"""The form of a progress report, read and shown by hand.

Its fields follow the elements and indicators of the provision and it is the heaviest page of the site: drawing each
field through a component costs ten times as much as the rest of the page (docs/decisions/0012-report-form.md,
0017-report-form-in-depth.md). Reading keeps everything that was typed; ``errors`` names the fields that need
attention, in the order of the page. Links, figures and money have modules of their own beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from tracker.domain.vocabulary import SELF_RATINGS, Rating
from tracker.models.base import TEXT
from tracker.services.reading import Draft, Questions
from tracker.services.report_content import Answer, ReportContent
from tracker.web.forms import report_figures, report_links, report_money
from tracker.web.forms.personal_data import EXPLANATION, PROBLEMS, looks_personal, sentence
from tracker.web.forms.report_figures import TypedFigure
from tracker.web.forms.report_links import TypedLink
from tracker.web.forms.report_money import TypedMoney
from tracker.web.forms.report_problems import sentence as problem
from tracker.web.forms.typed_text import Sent
from tracker.web.languages import gettext as _

TEXTS = ("obstacles", "help_needed", "summary")


@dataclass
class TypedAnswer:
    element: str
    self_assessment: str = ""
    narrative: str = ""


@dataclass
class ReportForm:
    """What stands in the form: as stored, or as typed."""

    version: int
    answers: list[TypedAnswer] = field(default_factory=list)
    links: list[TypedLink] = field(default_factory=list)
    figures: list[TypedFigure] = field(default_factory=list)
    money: list[TypedMoney] = field(default_factory=list)
    summary: str = ""
    obstacles: str = ""
    help_needed: str = ""
    privacy_explanation: str = ""
    comment: str = ""
    """In the forms of a decision: the State comment, or why approval is refused."""
    explanation: str = ""
    """Why what the personal-data check finds in the comment is no data about a person."""
    currency: str = ""
    """The one used in the report, for fields that are empty."""
    errors: dict[str, str] = field(default_factory=dict)
    """Field id to message."""
    given: frozenset[str] = frozenset()
    """The parts that were sent at all: what was not sent stays as stored."""
    confirmed: frozenset[str] = frozenset()
    """Fields carried over of which the person says that they still hold."""
    doubts: list[tuple[str, str]] = field(default_factory=list)
    """Numbers that could have been read in another way: (typed, canonical)."""

    @property
    def has_answers(self) -> bool:
        """Whether this is the form of a report, and not only that of a comment."""
        return bool(self.answers)

    @classmethod
    def of(cls, draft: Draft, version: int) -> ReportForm:
        """As stored."""
        content, asked = draft.content, draft.questions
        before = draft.previous.content if draft.previous else None
        period = (asked.period[0].isoformat(), asked.period[1].isoformat())
        currency = _currency_of(content) or (_currency_of(before) if before else "")
        return cls(
            version=version,
            answers=[TypedAnswer(a.element, a.self_assessment or "", a.narrative) for a in content.answers],
            links=report_links.of(content.evidence),
            figures=[
                report_figures.of(one, content.indicators, period, currency) for one in asked.indicators if one.is_typed
            ],
            money=report_money.of(content.budget),
            summary=content.summary,
            obstacles=content.obstacles,
            help_needed=content.help_needed,
            privacy_explanation=content.privacy_explanation,
            currency=currency,
        )

    @classmethod
    def read(cls, fields: MultiDict[str, str], asked: Questions) -> ReportForm:
        """As typed. Fields that are none of this report's, or of this person's, are not looked at."""
        form = cls(version=version_in(fields))
        sent = Sent(fields, form.errors)
        given = {a.code for a in asked.elements if f"narrative-{a.code}" in sent}
        form.answers = [_answer(sent, one.code) for one in asked.elements]
        form.confirmed = frozenset(sent.all("still"))
        if asked.whole:
            given |= form._read_whole(sent, asked)
        form.given = frozenset(given)
        return form

    def _read_whole(self, sent: Sent, asked: Questions) -> set[str]:
        """What only who answers the whole is asked; the names of the parts that were sent."""
        given = {name for name in (*TEXTS, "privacy_explanation") if name in sent}
        for indicator in asked.indicators:
            figure = report_figures.read(sent, indicator, self.doubts) if indicator.is_typed else None
            if figure:
                self.figures.append(figure)
                given.add(figure.name)
        money = report_money.read(sent, self.doubts) if asked.asks_budget else None
        if money is not None:
            self.money = money
            given.add("budget")
        self.obstacles = sent.text("obstacles", TEXT)
        self.help_needed = sent.text("help_needed", TEXT)
        links = report_links.read(sent)
        if links is not None:
            self.links = links
            given.add("evidence")
        self.summary = sent.text("summary", TEXT)
        self.privacy_explanation = sent.text("privacy_explanation", EXPLANATION)
        return given

    @classmethod
    def read_comment(cls, fields: MultiDict[str, str]) -> ReportForm:
        """The comment of a decision; the answers are not part of it."""
        form = cls(version=version_in(fields))
        sent = Sent(fields, form.errors)
        form.comment = sent.text("comment", TEXT)
        form.explanation = sent.text("explanation", EXPLANATION)
        return form

    def content(self, stored: ReportContent) -> ReportContent:
        """As the services take it. Only for a form without errors."""
        given = self.given
        answers = tuple(
            Answer(a.element, Rating(a.self_assessment) if a.self_assessment else None, a.narrative)
            for a in self.answers
            if a.element in given
        )
        sent = [figure for figure in self.figures if figure.name in given]
        codes = {figure.indicator.code for figure in sent}
        unsent = tuple(v for v in stored.indicators if v.indicator not in codes)
        explained = "privacy_explanation" in given
        return replace(
            stored,
            answers=answers,
            indicators=report_figures.content(sent, stored.indicators) + unsent,
            budget=report_money.content(self.money) if "budget" in given else stored.budget,
            evidence=report_links.content(self.links) if "evidence" in given else stored.evidence,
            summary=self.summary if "summary" in given else stored.summary,
            obstacles=self.obstacles if "obstacles" in given else stored.obstacles,
            help_needed=self.help_needed if "help_needed" in given else stored.help_needed,
            privacy_explanation=self.privacy_explanation if explained else stored.privacy_explanation,
        )

    def fields(self) -> list[tuple[str, str]]:
        """What was sent, as a form sends it once more."""
        found = [("still", name) for name in sorted(self.confirmed)]
        for answer in self.answers:
            if answer.element in self.given:
                if answer.self_assessment:
                    found.append((f"self_assessment-{answer.element}", answer.self_assessment))
                found.append((f"narrative-{answer.element}", answer.narrative))
        for figure in self.figures:
            found += report_figures.fields(figure)
        if "budget" in self.given:
            found += report_money.fields(self.money)
        if "evidence" in self.given:
            found += report_links.fields(self.links)
        return found + [(name, getattr(self, name)) for name in (*TEXTS, "privacy_explanation") if name in self.given]

    def put_problems(self, problems: Mapping[str, str]) -> None:
        """Put what a rule asks for beside its fields."""
        texts = {part: getattr(self, part) for part in ("comment", "explanation", "privacy_explanation")}
        texts |= dict(self.texts())
        for name, code in problems.items():
            found = sentence(texts.get(name, "")) if code in PROBLEMS else ""
            self.errors.setdefault(self._shown_at(name), found or problem(name, code))

    def _shown_at(self, name: str) -> str:
        """The id on the page: rows that the services count in another order are told at their section."""
        if name in ("carry", "nothing_changed"):
            return "report"
        return "budget" if name.startswith("budget-") and name not in dict(self.texts()) else name

    def texts(self) -> list[tuple[str, str]]:
        """What the personal-data check reads, under the names of the fields (``ReportContent.texts``)."""
        found = [(f"narrative-{a.element}", a.narrative) for a in self.answers]
        for figure in self.figures:
            found.append((f"{figure.name}-note", figure.note))
            found += [(f"{figure.name}-{n}-category", row.category) for n, row in enumerate(figure.rows)]
        for n, money in enumerate(self.money):
            found += [(f"budget-{n}-year", money.year), (f"budget-{n}-note", money.note)]
        for n, link in enumerate(self.links):
            found += [(f"evidence-{n}-title", link.title), (f"evidence-{n}-url", link.url)]
        found += [(name, getattr(self, name)) for name in TEXTS]
        return [(name, text) for name, text in found if text]

    @property
    def asks_to_explain(self) -> bool:
        """Whether the comment is only accepted with an explanation."""
        return bool(self.explanation) or looks_personal(self.comment)

    @property
    def listed_errors(self) -> list[tuple[str, str]]:
        """(address of the field, message) in the order of the page."""
        return [(f"#{name}", text) for name, text in self.errors.items()]

    def link_rows(self) -> list[TypedLink]:
        return report_links.with_blank_rows(self.links)

    def money_rows(self) -> list[TypedMoney]:
        return report_money.with_blank_rows(self.money, self.currency)


def version_in(fields: Mapping[str, str], name: str = "version") -> int:
    """The version that the person saw; 0, which is always stale, where it was left out or tampered with."""
    raw = fields.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def _answer(sent: Sent, code: str) -> TypedAnswer:
    chosen = sent.raw(f"self_assessment-{code}")
    if chosen and chosen not in SELF_RATINGS:
        sent.errors[f"self_assessment-{code}"] = _("Choose one of the answers.")
        chosen = ""
    return TypedAnswer(code, chosen, sent.text(f"narrative-{code}", TEXT))


def _currency_of(content: ReportContent) -> str:
    """The first currency in a report."""
    used = [line.currency for line in content.budget] + [value.currency for value in content.indicators]
    return next((one for one in used if one), "")
