"""What is printed of a hemispheric report: the kinds of blocks of ``status_report_printed``, for PDF and Word alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.documents import printed
from tracker.documents.hemispheric_sections import Section, method
from tracker.documents.hemispheric_sections import sections as parts
from tracker.documents.hemispheric_words import Words
from tracker.documents.status_report_printed import LETTERS, LETTERS_SMALL
from tracker.documents.status_report_tables import Table
from tracker.services.hemispheric_content import PracticeLine
from tracker.wording import N_

Block = dict[str, Any]
LONGEST_LABEL = 88
WIDTHS: dict[str, tuple[float, ...]] = {
    "coverage": (5, 2),
    "states": (5, 2),
    "missing": (1, 3),
    "waiting": (1, 3),
    "strengths": (5, 2),
    "reported": (3.2, 1.5, 1.5, 1.5, 1.5),
    "ratings": (1.1, *[1.0] * 8),
    "mandates": (3, 1.9, 1.5, 1.5, 1.6, 1.5),
    "agencies": (3, 1.9, 1.5, 1.5, 1.6),
    "trend": (1.6, 1.8, 1.8, 1.8, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3),
    "extensions": (3, 1, 1, 3),
}
"""Parts of the width that the columns of a table take, by the beginning of its key."""


def head(words: Words) -> dict[str, Any]:
    """What stands on the cover and below each page."""
    report, say = words.report, words.say
    return printed.head(
        words,
        report.issue,
        title=words.subject,
        document_title=words.document_title,
        name=words.title,
        official_name=words.subtitle,
        subject=report.cycle.title,
        cover=[
            (say(N_("As of")), words.as_of),
            (say(N_("States that reported on at least one commitment")), words.share(report.states_reporting)),
            printed.period(words, report.cycle),
            (say(N_("Commitments reported on")), words.share(report.coverage.reported)),
        ],
        note=say(N_("States stand in alphabetical order. This report holds no score per State and no ranking.")),
        foot=(words.title, report.cycle.code, words.date(report.as_of_day)),
    )


def sections(words: Words) -> list[dict[str, Any]]:
    """The sections in order: each with its title and its blocks."""
    summary = [{"kind": "tiles", "tiles": _tiles(words)}, *map(_text, words.summary())]
    notes = [{"kind": "headed", "head": note.heading, "text": note.text} for note in method(words)]
    return [
        {"title": words.say(N_("Summary")), "blocks": summary},
        *({"title": section.title, "blocks": _blocks(words, section)} for section in parts(words)),
        {"title": words.say(N_("Method and limits")), "blocks": notes},
    ]


def _blocks(words: Words, section: Section) -> list[Block]:
    made = [_text(text) for text in section.text]
    if section.bars:
        made += [{"kind": "finding", "text": section.picture}, _bars(words, section)]
    for listed in section.tables:
        if listed.table.title != section.title:
            made.append({"kind": "head", "text": listed.table.title})
        made += _table(listed.table)
    for practice in section.practices:
        made += _practice(words, practice)
    return made


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _table(table: Table) -> list[Block]:
    """A table and its note; or what is said where it has no rows."""
    if not table.rows:
        return [_text(table.empty)]
    widths = _widths(table.key, table.head)
    is_small = len(table.head) > 6
    most = [(LETTERS_SMALL if is_small else LETTERS) * width / sum(widths) - 4 for width in widths]
    shown = {
        "kind": "table",
        "heads": list(table.head),
        "rows": [list(row) for row in table.rows],
        "single": [all(len(text) <= n for text, n in zip(row, most, strict=True)) for row in table.rows],
        "widths": widths,
        "right": sorted(table.numeric),
        "small": is_small,
    }
    return [shown, {"kind": "note", "text": table.note}] if table.note else [shown]


def _widths(key: str, heads: Sequence[str]) -> tuple[float, ...]:
    found = WIDTHS.get(key) or WIDTHS.get(key.partition("-")[0])
    return found if found and len(found) == len(heads) else (2.2, *[1.0] * (len(heads) - 1))


def _tiles(words: Words) -> list[dict[str, str]]:
    return [
        {"label": label, "value": words.count(share), "note": words.percent(share)} for label, share in words.tiles()
    ]


def _bars(words: Words, section: Section) -> Block:
    keys = words.rating_keys()
    drawn, told = [], []
    for row in section.bars:
        counts = [row.counts[key] for key, _label in keys]
        drawn.append({"label": _short(row.label), "counts": counts, "total_text": words.owed(row, section.of_states)})
        said = ", ".join(f"{label} {row.counts[key]}" for key, label in keys if row.counts[key])
        told.append(words.named(row.label, said))
    return {
        "kind": "bars",
        "keys": [{"key": key, "label": label} for key, label in keys],
        "rows": drawn,
        "alt": words.named(section.picture, "; ".join(told)),
    }


def _short(label: str) -> str:
    """Whole words of a label that stands on one line; the table holds all of it."""
    return label if len(label) <= LONGEST_LABEL else label[:LONGEST_LABEL].rpartition(" ")[0] + " …"


def _practice(words: Words, one: PracticeLine) -> list[Block]:
    about = f"{one.state} · {one.provision_code} {one.provision}"
    shared = words.say(N_("Shared on %(day)s"), day=words.date(one.shared_on))
    lines = [line for line in one.text.split("\n") if line.strip()]
    return [
        {"kind": "finding", "text": one.title},
        {"kind": "lead", "text": about},
        *map(_text, lines),
        {"kind": "note", "text": " · ".join(text for text in (shared, one.url) if text)},
    ]
