"""What a progress report says, as plain data: the same shape for the draft, a frozen revision and a document."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from tracker.domain.vocabulary import Rating
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


@dataclass(frozen=True)
class ReportContent:
    """All that a party says in one report."""

    answers: tuple[Answer, ...]
    summary: str = ""
    evidence: tuple[Evidence, ...] = ()
    privacy_explanation: str = field(default="")

    def for_the_public(self) -> ReportContent:
        """Without restricted evidence and without what was explained to the Secretariat."""
        return ReportContent(self.answers, self.summary, tuple(e for e in self.evidence if e.is_public), "")

    def texts(self) -> list[tuple[str, str]]:
        """Everything typed, as (field name, text): what the personal-data check reads."""
        found = [("summary", self.summary)]
        found += [(f"narrative-{a.element}", a.narrative) for a in self.answers]
        for number, evidence in enumerate(self.evidence):
            found.append((f"evidence-{number}-title", evidence.title))
            found.append((f"evidence-{number}-url", evidence.url))
        return [(name, text) for name, text in found if text]

    def to_json(self) -> dict[str, Any]:
        """As kept in a revision."""
        plain = asdict(self)
        for item in plain["evidence"]:
            item["speaks_of"] = item["speaks_of"].isoformat() if item["speaks_of"] else None
        plain["answers"] = list(plain["answers"])
        plain["evidence"] = list(plain["evidence"])
        return plain

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
            evidence=tuple(
                Evidence(
                    e["title"],
                    e["url"],
                    date.fromisoformat(e["speaks_of"]) if e["speaks_of"] else None,
                    e["is_public"],
                )
                for e in plain["evidence"]
            ),
            privacy_explanation=plain.get("privacy_explanation", ""),
        )

    def sha256(self) -> str:
        """Of the content as canonical JSON: the same content has the same digest."""
        canonical = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def of_draft(report: ProgressReport) -> ReportContent:
    """What the report says now, answered or not, element by element in the catalogue's order."""
    kind = report.commitment.party.kind
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
        evidence=tuple(Evidence(e.title, e.url, e.speaks_of, e.is_public) for e in report.evidence),
        privacy_explanation=report.privacy_explanation,
    )
