"""What a progress report says, as plain data: the same shape for the draft, a frozen revision and a document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from tracker.domain import small_counts
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage, EvidenceKind, Rating
from tracker.models import Evidence as Piece
from tracker.models import ProgressReport


@dataclass(frozen=True)
class Answer:
    """What is said about one element."""

    element: str
    """The element's code."""
    self_assessment: Rating | None
    narrative: str


@dataclass(frozen=True)
class Evidence:
    title: str
    url: str
    speaks_of: date | None
    is_public: bool
    language: str = ""
    """Code of the language of what is linked to; empty: not said."""


@dataclass(frozen=True)
class IndicatorAnswer:
    """What is said of one indicator: of the whole (``axis`` 0), or of one category of one disaggregation."""

    indicator: str
    """The indicator's code."""
    value: str = ""
    """Canonical text for its data type (``domain.measures``); empty with ``not_available``, which is not zero."""
    currency: str = ""
    not_available: bool = False
    axis: int = 0
    category: str = ""
    period_start: date | None = None
    period_end: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Budget:
    """One budget line: canonical decimal, in the currency and fiscal year in which it was declared."""

    purpose: BudgetPurpose
    stage: BudgetStage
    amount: str
    currency: str
    fiscal_year: str
    note: str = ""


@dataclass(frozen=True)
class Attachment:
    """A piece of evidence kept in versions, as it was when the report was submitted."""

    evidence: str
    """Its public id."""
    kind: EvidenceKind
    title: str
    is_public: bool
    language: str = ""
    speaks_of: date | None = None
    url: str = ""
    version: int = 0
    """Number of the file's version; 0 for a link."""
    file_name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class ReportContent:
    """All that a party says in one report."""

    answers: tuple[Answer, ...]
    summary: str = ""
    evidence: tuple[Evidence, ...] = ()
    privacy_explanation: str = field(default="")
    indicators: tuple[IndicatorAnswer, ...] = ()
    budget: tuple[Budget, ...] = ()
    obstacles: str = ""
    help_needed: str = ""
    nothing_changed: bool = False
    """The party says that the last report still holds as it stands."""
    attachments: tuple[Attachment, ...] = ()
    erased: bool = False
    """Something was erased from this kept revision later (``services.purge``): its digest is that of what was sent."""

    def for_the_public(self, counting: Collection[str] | None = None) -> ReportContent:
        """Without restricted evidence, what was explained to the Secretariat, and small counts of persons.

        ``counting``: codes of the indicators that count persons (``services.measured.counting_persons``); None leaves
        all figures of indicators out.
        """
        return replace(
            self,
            indicators=() if counting is None else small_counts.for_the_public(self.indicators, counting),
            evidence=tuple(e for e in self.evidence if e.is_public),
            attachments=tuple(a for a in self.attachments if a.is_public),
            privacy_explanation="",
        )

    def without_public(self, pieces: Collection[str]) -> ReportContent:
        """With these attachments, named by their public ids, restricted: what was restricted since it was submitted."""
        if not pieces:
            return self
        kept = tuple(replace(a, is_public=False) if a.evidence in pieces else a for a in self.attachments)
        return replace(self, attachments=kept)

    def texts(self) -> list[tuple[str, str]]:
        """Everything typed, as (field name, text): what the personal-data check reads."""
        found = [("summary", self.summary), ("obstacles", self.obstacles), ("help_needed", self.help_needed)]
        found += [(f"narrative-{a.element}", a.narrative) for a in self.answers]
        for number, evidence in enumerate(self.evidence):
            found.append((f"evidence-{number}-title", evidence.title))
            found.append((f"evidence-{number}-url", evidence.url))
        rows: dict[str, int] = {}
        for answer in self.indicators:
            name = f"indicator-{answer.indicator}"
            if answer.axis:
                rows[name] = rows.get(name, -1) + 1
                name = f"{name}-{rows[name]}"
            found += [(f"{name}-category", answer.category), (f"{name}-note", answer.note)]
        found += [(f"budget-{number}-note", line.note) for number, line in enumerate(self.budget)]
        found += [(f"budget-{number}-year", line.fiscal_year) for number, line in enumerate(self.budget)]
        return [(name, text) for name, text in found if text]

    def to_json(self) -> dict[str, Any]:
        """As kept in a revision. What a report does not use is left out, so that the digest of older ones holds."""
        plain: dict[str, Any] = {
            "answers": [asdict(a) for a in self.answers],
            "summary": self.summary,
            "evidence": [_plain(e, OPTIONAL_OF_EVIDENCE) for e in self.evidence],
            "privacy_explanation": self.privacy_explanation,
        }
        more = {
            "indicators": [_plain(a) for a in self.indicators],
            "budget": [_plain(b) for b in self.budget],
            "obstacles": self.obstacles,
            "help_needed": self.help_needed,
            "nothing_changed": self.nothing_changed,
            "attachments": [_plain(a) for a in self.attachments],
            "erased": self.erased,
        }
        return plain | {name: value for name, value in more.items() if value}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> ReportContent:
        """From a kept revision."""
        return cls(
            answers=tuple(
                Answer(
                    a["element"],
                    Rating(a["self_assessment"]) if a["self_assessment"] else None,
                    a["narrative"],
                )
                for a in plain["answers"]
            ),
            summary=plain["summary"],
            evidence=tuple(Evidence(**_dated(e, "speaks_of")) for e in plain["evidence"]),
            privacy_explanation=plain.get("privacy_explanation", ""),
            indicators=indicator_answers(plain.get("indicators", ())),
            budget=tuple(
                Budget(**{**b, "purpose": BudgetPurpose(b["purpose"]), "stage": BudgetStage(b["stage"])})
                for b in plain.get("budget", ())
            ),
            obstacles=plain.get("obstacles", ""),
            help_needed=plain.get("help_needed", ""),
            nothing_changed=plain.get("nothing_changed", False),
            attachments=tuple(
                Attachment(**{**_dated(a, "speaks_of"), "kind": EvidenceKind(a["kind"])})
                for a in plain.get("attachments", ())
            ),
            erased=plain.get("erased", False),
        )

    def sha256(self) -> str:
        """Of the content as canonical JSON: the same content has the same digest."""
        canonical = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def indicator_answers(plain: Iterable[dict[str, Any]]) -> tuple[IndicatorAnswer, ...]:
    """From that part of a kept revision."""
    return tuple(IndicatorAnswer(**_dated(a, "period_start", "period_end")) for a in plain)


OPTIONAL_OF_EVIDENCE = frozenset({"language"})


def _plain(item: Any, optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A part of the content as JSON has it: dates as text, closed lists as their value."""
    plain = {}
    for name, value in asdict(item).items():
        if name in optional and not value:
            continue
        plain[name] = value.isoformat() if isinstance(value, date) else value
    return plain


def _dated(plain: dict[str, Any], *names: str) -> dict[str, Any]:
    made = plain.copy()
    for name in names:
        raw = made.get(name)
        made[name] = date.fromisoformat(raw) if raw else None
    return made


def of_draft(report: ProgressReport) -> ReportContent:
    """What the report says now, answered or not, element by element in the catalogue's order."""
    kind = report.commitment.party.kind
    codes = {i.id: i.code for i in report.commitment.provision.indicators} if report.indicator_values else {}
    given = {a.element_id: a for a in report.answers}
    answers = []
    for element in report.commitment.provision.elements:
        if not element.is_owed_by(kind):
            continue
        answer = given.get(element.id)
        answers.append(
            Answer(
                element.code,
                answer.self_assessment if answer else None,
                answer.narrative if answer else "",
            )
        )
    return ReportContent(
        answers=tuple(answers),
        summary=report.summary,
        evidence=tuple(Evidence(e.title, e.url, e.speaks_of, e.is_public, e.language) for e in report.evidence),
        privacy_explanation=report.privacy_explanation,
        indicators=tuple(
            IndicatorAnswer(
                indicator=codes[v.indicator_id],
                value=v.value,
                currency=v.currency,
                not_available=v.not_available,
                axis=v.axis,
                category=v.category,
                period_start=v.period_start,
                period_end=v.period_end,
                note=v.note,
            )
            for v in report.indicator_values
        ),
        budget=tuple(
            Budget(b.purpose, b.stage, b.amount, b.currency, b.fiscal_year, b.note) for b in report.budget_lines
        ),
        obstacles=report.obstacles,
        help_needed=report.help_needed,
        nothing_changed=report.nothing_changed,
        attachments=tuple(_attachment(a.evidence) for a in report.attached),
    )


def _attachment(evidence: Piece) -> Attachment:
    """The piece as it is now, with its newest version."""
    newest = evidence.versions[-1] if evidence.versions else None
    return Attachment(
        evidence=evidence.public_id,
        kind=evidence.kind,
        title=evidence.title,
        is_public=evidence.is_public,
        language=evidence.language,
        speaks_of=evidence.speaks_of,
        url=evidence.url,
        version=newest.number if newest else 0,
        file_name=newest.file_name if newest else "",
        media_type=newest.media_type if newest else "",
        size=newest.size if newest else 0,
        sha256=newest.sha256 if newest else "",
    )
