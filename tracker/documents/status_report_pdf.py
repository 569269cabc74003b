"""The status report as a PDF: from the plain data to what ``typesetting`` sets, in the order of the template."""

from __future__ import annotations

from typing import Any

from tracker.documents.status_report_declared import declared
from tracker.documents.status_report_method import method
from tracker.documents.status_report_words import MISSING, STRENGTHS, Words
from tracker.documents.typesetting import REGIONS, typeset
from tracker.services.status_report_content import CommitmentLine, Stage, Statement, StatusReport
from tracker.wording import N_

TEMPLATE = "status_report.typ"
LONGEST_WHOLE = 700
"""Letters up to which a commitment is kept on one page."""
MOST_LETTERS = 250_000
"""Of narratives, reasons and comments in one document, some 80 pages; beyond it each is shortened, and says so."""


def render(report: StatusReport) -> bytes:
    """The PDF. The same report gives the same bytes."""
    return typeset(TEMPLATE, _data(report), int(report.as_of.timestamp()))


def _data(report: StatusReport) -> dict[str, Any]:
    words = Words(report)
    say, day = words.say, words.date
    return {
        "lang": report.language,
        "region": REGIONS[report.language],
        "document_title": words.document_title,
        "keywords": [report.party_code, report.cycle.code],
        "name": report.name,
        "name_size": 38 if len(report.name) <= 20 else 28,
        "official_name": words.official_name,
        "subject": words.subject,
        "cover": [
            (say(N_("As of")), words.as_of),
            (say(N_("Coverage")), words.headline),
            (
                say(N_("Period reported on")),
                say(N_("%(start)s to %(end)s"), start=day(report.cycle.period_start), end=day(report.cycle.period_end)),
            ),
            (say(N_("Ratings published")), words.share(report.standing.rated)),
        ],
        "cover_notes": [
            say(
                N_(
                    "Follow-up of recommendations made by civil society and of mandates of the Organization of American"
                    " States against trafficking in persons. What civil society recommended is not an obligation that"
                    " States accepted."
                )
            ),
            say(N_("Holds only what is public. How to read the figures stands at the end, under “Method and limits”.")),
        ],
        "footer": f"{words.title} · {report.name} · {day(report.as_of_day)}",
        "words": _words(words),
        "tiles": _tiles(words),
        "summary": words.summary(),
        "coverage": _coverage(words),
        "pillars": _pillars(words),
        "strengths": [
            (words.label(s), str(report.standing.strengths[s])) for s in STRENGTHS if report.standing.rated.count
        ],
        "differing_sentence": words.differing_sentence,
        "differing": [
            (line.code, line.title, words.label(line.rating.self_assessment), words.rating_beside_comment(line.rating))
            for line in report.differing
            if line.rating
        ],
        "missing": _missing(words),
        "instruments": _instruments(words),
        "method": [{"heading": note.heading, "text": note.text} for note in method(words)],
    }


def _words(words: Words) -> dict[str, str]:
    say = words.say
    return {
        "publisher": say(N_("Commitments Tracker")),
        "publisher_line": say(N_("Follow-up of recommendations against trafficking in persons in the Americas")),
        "title": words.title,
        "contents": say(N_("Contents")),
        "summary": say(N_("Summary")),
        "coverage": say(N_("Coverage and timeliness")),
        "figure": say(N_("Figure")),
        "number": say(N_("Number")),
        "ratings": say(N_("Ratings by pillar")),
        "pillar": say(N_("Pillar")),
        "strength": say(N_("Strength of evidence")),
        "ratings_number": say(N_("Ratings")),
        "no_rating": say(N_("No rating has been published yet.")),
        "differing": say(N_("Where rating and self-assessment differ")),
        "provision": say(N_("Code")),
        "title_column": say(N_("Commitment")),
        "self_assessment": words.self_assessment,
        "rating": say(N_("Rating")),
        "missing": say(N_("What is missing")),
        "nothing_missing": say(N_("Nothing: every commitment was reported on and its rating is published.")),
        "not_counted": say(N_("What is listed here is not counted as not implemented.")),
        "commitments": say(N_("Commitment by commitment")),
        "asked": say(N_("What was asked")),
        "unofficial": say(N_("Unofficial translation")),
        "statement": words.statement,
        "observers": words.observers,
        "evidence": say(N_("Evidence made public")),
        "method": say(N_("Method and limits")),
    }


def _tiles(words: Words) -> list[dict[str, str]]:
    of = N_("%(count)s of %(total)s")
    return [
        {
            "label": label,
            "value": words.say(of, count=s.count, total=s.total) if s.total else "–",
            "note": words.percent(s),
        }
        for label, s in words.tiles()
    ]


def _coverage(words: Words) -> list[tuple[str, str]]:
    report, say = words.report, words.say
    rows = [
        (say(N_("Commitments of this cycle")), str(report.coverage.reported.total)),
        (say(N_("Reported")), words.share(report.coverage.reported)),
        (say(N_("On time, of those reported")), words.share(report.coverage.on_time)),
    ]
    rows += [(words.stage(stage), str(len(report.at(stage)))) for stage in (*MISSING, Stage.PUBLISHED)]
    asked, granted = report.extensions
    rows += [(say(N_("Later due dates asked for")), str(asked)), (say(N_("Later due dates granted")), str(granted))]
    rows.append((say(N_("Due date of the cycle")), words.date(report.cycle.due_on)))
    rows.append((say(N_("Last day on which a report may be submitted")), words.date(report.cycle.closes_on)))
    return rows


def _pillars(words: Words) -> dict[str, Any]:
    keys = words.rating_keys()
    rows, table, spoken = [], [], []
    for row in words.pillar_rows():
        counts = [row.counts[key] for key, _label in keys]
        total_text = words.say_number("%(number)s commitment", "%(number)s commitments", row.total)
        rows.append({"label": row.label, "counts": counts, "total_text": total_text})
        table.append([row.label, *(str(n) for n in counts), str(row.total)])
        drawn = ", ".join(f"{label} {row.counts[key]}" for key, label in keys if row.counts[key])
        spoken.append(words.named(row.label, drawn))
    return {
        "keys": [{"key": key, "label": label} for key, label in keys],
        "rows": rows,
        "table": table,
        "head": [*(label for _key, label in keys), words.say(N_("Commitments"))],
        "overlap": words.overlap,
        "alt": words.say(N_("Bars: published ratings by pillar. %(rows)s."), rows="; ".join(spoken)),
    }


def _missing(words: Words) -> list[dict[str, Any]]:
    groups = []
    for stage in MISSING:
        lines = words.report.at(stage)
        if not lines:
            continue
        reported = stage in (Stage.IN_REVIEW, Stage.OPEN_FOR_COMMENT)
        groups.append(
            {
                "title": f"{words.stage(stage)} ({len(lines)})",
                "date_head": words.say(N_("Reported on")) if reported else words.say(N_("Due on")),
                "rows": [(x.code, x.title, words.date(x.reported_on if reported else x.due_on)) for x in lines],
            }
        )
    return groups


def _instruments(words: Words) -> list[dict[str, Any]]:
    longest = _longest_text(words.report)
    return [
        {"title": title, "note": lines[0].reading_note, "lines": [_commitment(words, line, longest) for line in lines]}
        for title, lines in words.report.by_instrument
    ]


def _commitment(words: Words, line: CommitmentLine, longest: int | None) -> dict[str, Any]:
    say, rating = words.say, line.rating

    def cut(text: str) -> str:
        if longest is None or len(text) <= longest:
            return text
        told = say(N_("[Shortened for print; the whole text stands on the page.]"))
        return f"{text[:longest].rstrip()} … {told}"

    pillars = ", ".join(p.name for p in words.report.pillars if p.code and p.code in line.pillars)
    none = words.unrated if line.reported_ever else "–"
    facts = [
        (say(N_("Reporting")), words.timeliness(line)),
        (words.self_assessment, words.label(rating.self_assessment) if rating else none),
        (say(N_("Rating")), words.label(rating.rating) if rating else none),
        (say(N_("Strength of evidence")), words.label(rating.strength) if rating else none),
        (words.observers, words.views(rating) if rating else "–"),
    ]
    made: dict[str, Any] = {
        "code": line.code,
        "title": line.title,
        "kind": " · ".join(
            text
            for text in (
                words.bindingness(line),
                pillars,
                say(N_("Due on %(date)s"), date=words.due(line)),
                words.rated_in(line),
            )
            if text
        ),
        "asked": line.asked,
        "unofficial": line.is_unofficial,
        "facts": facts,
        "parts": [],
        "observed": [],
        "elements": [],
        "evidence": [],
    }
    if rating:
        made["parts"] = [
            {"label": label, "text": cut(text)}
            for label, text in (
                (say(N_("Rating by element")), words.by_element(rating)),
                (say(N_("Reasons for the rating")), rating.reasons),
                (say(N_("On the strength of evidence")), rating.strength_reason),
                (words.comment, rating.comment or words.outcome(rating)),
            )
            if text
        ]
        made["observed"] = [{"head": head, "text": cut(text)} for head, text in words.observed(rating)]
        if rating.statement:
            made["elements"], made["evidence"] = _statement(words, rating.statement, cut)
    texts = [*made["parts"], *made["observed"], *made["elements"]]
    letters = sum(len(p["text"]) for p in texts) + 120 * len(made["evidence"])
    made["keep"] = letters + len(line.asked) <= LONGEST_WHOLE
    return made


def _statement(words: Words, said: Statement, cut: Any) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    elements = []
    for element in said.elements:
        head = ""
        if element.label:
            answer = words.label(element.self_assessment)
            head = f"{element.code} {element.label}"
            head = words.named(head, answer) if answer else head
        elements.append({"head": head, "text": cut(element.narrative)})
    if said.summary:
        elements.append({"head": words.say(N_("On the whole")), "text": cut(said.summary)})
    elements += [{"head": heading, "text": cut(text)} for heading, text in declared(words, said)]
    evidence = [
        {"title": title, "url": url, "address": _address(url), "date": words.date(on)}
        for title, url, on in said.evidence
    ]
    evidence += [
        {
            "title": one.title,
            "url": words.attached(one),
            "address": _address(one.url),
            "date": words.date(one.speaks_of),
        }
        for one in said.attachments
    ]
    return elements, evidence


def _address(url: str) -> str:
    """What a click opens: an address of the web in plain letters, or nothing."""
    return url if url.isascii() and url.startswith(("https://", "http://")) else ""


def _longest_text(report: StatusReport) -> int | None:
    """How many letters of each text are printed; None for all, as nearly always."""
    texts = [len(text) for line in report.lines for text in _typed(line)]
    if sum(texts) <= MOST_LETTERS:
        return None
    return MOST_LETTERS // max(len(texts), 1)


def _typed(line: CommitmentLine) -> list[str]:
    rating = line.rating
    if rating is None:
        return []
    texts = [rating.reasons, rating.strength_reason, rating.comment, *(o.text for o in rating.observed)]
    if rating.statement:
        said = rating.statement
        texts += [said.summary, said.obstacles, said.help_needed, *(e.narrative for e in said.elements)]
    return texts
