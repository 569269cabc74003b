"""Commitment by commitment, as PDF and Word print it: what was asked, the three voices, the reasons, the evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracker.documents.status_report_declared import declared
from tracker.documents.status_report_words import Words
from tracker.services.status_report_content import CommitmentLine, Statement, StatusReport
from tracker.wording import N_

LONGEST_WHOLE = 700
"""Letters up to which a commitment is kept on one page."""

Cut = Callable[[str], str]
Headed = dict[str, str]
"""``head`` and ``text``."""


def commitments(words: Words, most_letters: int) -> list[dict[str, Any]]:
    """The blocks of the section: a heading and a note for each instrument, then its commitments.

    ``most_letters``: of narratives, reasons and comments together; beyond it each is shortened, and says so.
    """
    longest = _longest_text(words.report, most_letters)

    def cut(text: str) -> str:
        if longest is None or len(text) <= longest:
            return text
        told = words.say(N_("[Shortened for print; the data (JSON) of this report has the whole text.]"))
        return f"{text[:longest].rstrip()} … {told}"

    pieces: dict[str, list[str]] = {}
    for row in words.evidence_rows():
        pieces.setdefault(row.provision, []).append(row.number)
    made: list[dict[str, Any]] = []
    for title, lines in words.report.by_instrument:
        made += [{"kind": "head", "text": title}, {"kind": "lead", "text": lines[0].reading_note}]
        made += [_commitment(words, line, cut, pieces.get(line.code, [])) for line in lines]
    return made


def _commitment(words: Words, line: CommitmentLine, cut: Cut, pieces: list[str]) -> dict[str, Any]:
    say, rating = words.say, line.rating
    pillars = ", ".join(p.name for p in words.report.pillars if p.code and p.code in line.pillars)
    none = words.unrated if line.reported_ever else "–"
    about = (words.bindingness(line), pillars, say(N_("Due on %(date)s"), date=words.due(line)), words.rated_in(line))
    facts = [
        (say(N_("Reporting")), words.timeliness(line)),
        (words.self_assessment, words.label(rating.self_assessment) if rating else none),
        (say(N_("Rating")), words.label(rating.rating) if rating else none),
        (say(N_("Strength of evidence")), words.label(rating.strength) if rating else none),
        (words.observers, words.views(rating) if rating else "–"),
    ]
    parts: list[dict[str, Any]] = []
    if rating:
        told = (
            (say(N_("Rating by element")), words.by_element(rating)),
            (say(N_("Reasons for the rating")), rating.reasons),
            (say(N_("On the strength of evidence")), rating.strength_reason),
            (words.comment, rating.comment or words.outcome(rating)),
        )
        parts += [{"label": label, "texts": [{"head": "", "text": cut(text)}]} for label, text in told if text]
        observed = [{"head": head, "text": cut(text)} for head, text in words.observed(rating)]
        parts.append({"label": words.observers, "texts": observed})
        if rating.statement:
            parts.append({"label": words.statement, "texts": _statement(words, rating.statement, cut)})
    parts = [part for part in parts if part["texts"]]
    letters = len(line.asked) + sum(len(one["text"]) for part in parts for one in part["texts"])
    return {
        "kind": "commitment",
        "code": line.code,
        "title": line.title,
        "about": " · ".join(text for text in about if text),
        "asked_label": say(N_("What was asked")),
        "asked": line.asked,
        "unofficial": say(N_("Unofficial translation")) if line.is_unofficial else "",
        "facts": facts,
        "parts": parts,
        "evidence": words.named(say(N_("Evidence made public")), ", ".join(pieces)) if pieces else "",
        "keep": letters <= LONGEST_WHOLE,
    }


def _statement(words: Words, said: Statement, cut: Cut) -> list[Headed]:
    told = []
    for element in said.elements:
        head = ""
        if element.label:
            answer = words.label(element.self_assessment)
            head = f"{element.code} {element.label}"
            head = words.named(head, answer) if answer else head
        told.append({"head": head, "text": cut(element.narrative)})
    if said.summary:
        told.append({"head": words.say(N_("On the whole")), "text": cut(said.summary)})
    return told + [{"head": heading, "text": cut(text)} for heading, text in declared(words, said)]


def _longest_text(report: StatusReport, most_letters: int) -> int | None:
    """How many letters of each text are printed; None for all, as nearly always."""
    texts = [len(text) for line in report.lines for text in _typed(line)]
    if sum(texts) <= most_letters:
        return None
    return most_letters // max(len(texts), 1)


def _typed(line: CommitmentLine) -> list[str]:
    rating = line.rating
    if rating is None:
        return []
    texts = [rating.reasons, rating.strength_reason, rating.comment, *(o.text for o in rating.observed)]
    if rating.statement:
        said = rating.statement
        texts += [said.summary, said.obstacles, said.help_needed, *(e.narrative for e in said.elements)]
    return texts
