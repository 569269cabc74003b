"""What is printed of a status report: sections made of few kinds of blocks, for PDF and Word alike.

Plain data, ready as JSON. A block is a dictionary with a ``kind``: text, note, headed, head, table, tiles, bars and so
on. Both documents show every block in this order, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker.documents import printed
from tracker.documents.status_report_method import method
from tracker.documents.status_report_printed_lines import commitments
from tracker.documents.status_report_tables import PillarRow, Table
from tracker.documents.status_report_words import MISSING, STRENGTHS, Words
from tracker.services.status_report_content import Stage
from tracker.wording import N_

Block = dict[str, Any]
DRAWN = {"on_time": "implemented", "late": "largely_implemented", "none": "not_reported"}
"""How the parts of a bar of the trend are drawn: the patterns of these ratings."""
WIDTHS: dict[str, tuple[float, ...]] = {
    "trend": (1.6, 1.8, 1.8, 1.8, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3),
    "budget": (1.1, 1.2, 1.6, 1.2, 2.2, 2.2, 1.1),
    "extensions": (1.2, 3.4, 1, 1.1, 1.1, 1.6, 1.6),
    "series": (1, 4.4, 2.8),
    "differing": (1.2, 4, 2.2, 2.6),
    "missing": (1, 5, 2.25),
    "named": (1.2, 8),
    "counts": (4.4, 2.4),
    "changes": (1.2, 3.6, 4.4),
}
"""Parts of the width that the columns of a table take."""
LETTERS, LETTERS_SMALL = 88, 100
"""That surely fit side by side across a table: 482 points in letters of 9 and 8 points, the wide ones too."""


def head(words: Words) -> dict[str, Any]:
    """What stands on the cover and below each page."""
    report, say = words.report, words.say
    return printed.head(
        words,
        report.issue,
        title=words.title,
        document_title=words.document_title,
        name=report.name,
        official_name=words.official_name,
        subject=words.subject,
        cover=[
            (say(N_("As of")), words.as_of),
            (say(N_("Coverage")), words.headline),
            printed.period(words, report.cycle),
            (say(N_("Ratings published")), words.share(report.standing.rated)),
        ],
        foot=(words.title, report.name, words.date(report.as_of_day)),
    )


def sections(words: Words, most_letters: int) -> list[dict[str, Any]]:
    """The sections in order: each with its title and its blocks."""
    say = words.say
    parts: list[tuple[str, list[Block]]] = [
        (say(N_("Summary")), [{"kind": "tiles", "tiles": _tiles(words)}, *map(_text, words.summary())]),
        (say(N_("Coverage and timeliness")), [_counts(words, say(N_("Figure")), say(N_("Number")), _coverage(words))]),
        (say(N_("Ratings by pillar")), _pillars(words)),
        (say(N_("Ratings by theme")), _themes(words)),
        (say(N_("Strength of evidence")), _strengths(words)),
        (say(N_("Where rating and self-assessment differ")), _differing(words)),
        (words.trend_table().title, _trend(words)),
        (say(N_("What is missing")), _missing(words)),
        (say(N_("Commitment by commitment")), commitments(words, most_letters)),
        _of(words.budget_table()),
        _series(words),
        (words.evidence_table().title, _evidence(words)),
        _of(words.extension_table()),
        (say(N_("What changed since the last report")), _changes(words)),
        (say(N_("Method and limits")), _method(words)),
    ]
    return [{"title": title, "blocks": blocks} for title, blocks in parts if blocks]


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _note(text: str) -> Block:
    return {"kind": "note", "text": text}


def _table(key: str, heads: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> Block:
    widths = WIDTHS.get(key) or (2.6, *[1.0] * (len(heads) - 1))
    is_small = len(heads) > 7
    line = LETTERS_SMALL if is_small else LETTERS
    most = [line * width / sum(widths) - 4 for width in widths]
    told = [list(row) for row in rows]
    return {
        "kind": "table",
        "heads": list(heads),
        "rows": told,
        "single": [all(len(text) <= n and "\n" not in text for text, n in zip(row, most, strict=True)) for row in told],
        "widths": widths,
        "right": sorted(right),
        "small": is_small,
    }


def _of(table: Table) -> tuple[str, list[Block]]:
    """A table of ``Words`` as a section: finding, table, note; or what is said where it has no rows."""
    if not table.rows:
        return table.title, [_text(table.empty)]
    made = [_table(table.key, table.head, table.rows, table.numeric)]
    if table.finding:
        made.insert(0, _text(table.finding))
    return table.title, [*made, _note(table.note)] if table.note else made


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


def _counts(words: Words, first: str, second: str, rows: list[tuple[str, str]]) -> Block:
    return _table("counts", (first, second), rows, right=(1,))


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


def _rated(words: Words, first: str, rows: list[PillarRow]) -> Block:
    keys = words.rating_keys()
    heads = (first, *(label for _key, label in keys), words.say(N_("Commitments")))
    cells = [[row.label, *(str(row.counts[key]) for key, _label in keys), str(row.total)] for row in rows]
    return _table("rated", heads, cells, right=range(1, len(heads)))


def _pillars(words: Words) -> list[Block]:
    keys, rows = words.rating_keys(), words.pillar_rows()
    drawn = [
        {
            "label": row.label,
            "counts": [row.counts[key] for key, _label in keys],
            "total_text": words.say_number("%(number)s commitment", "%(number)s commitments", row.total),
        }
        for row in rows
    ]
    told = [
        words.named(row.label, ", ".join(f"{label} {row.counts[key]}" for key, label in keys if row.counts[key]))
        for row in rows
    ]
    bars = {
        "kind": "bars",
        "keys": [{"key": key, "label": label} for key, label in keys],
        "rows": drawn,
        "alt": words.say(N_("Bars: published ratings by pillar. %(rows)s."), rows="; ".join(told)),
    }
    return [bars, _rated(words, words.say(N_("Pillar")), rows), _note(words.overlap)]


def _themes(words: Words) -> list[Block]:
    rows = words.theme_rows()
    return [_rated(words, words.say(N_("Theme")), rows)] if rows else []


def _strengths(words: Words) -> list[Block]:
    standing = words.report.standing
    if not standing.rated.count:
        return [_text(words.say(N_("No rating has been published yet.")))]
    rows = [(words.label(s), str(standing.strengths[s])) for s in STRENGTHS]
    return [_counts(words, words.say(N_("Strength of evidence")), words.say(N_("Ratings")), rows)]


def _differing(words: Words) -> list[Block]:
    rows = [
        (line.code, line.title, words.label(line.rating.self_assessment), words.rating_beside_comment(line.rating))
        for line in words.report.differing
        if line.rating
    ]
    if not rows:
        return [_text(words.differing_sentence)]
    heads = (words.say(N_("Code")), words.say(N_("Commitment")), words.self_assessment, words.say(N_("Rating")))
    return [_text(words.differing_sentence), _table("differing", heads, rows)]


def _trend(words: Words) -> list[Block]:
    """The finding, each cycle as a bar of what was reported in it, and the table."""
    table, say = words.trend_table(), words.say
    if not table.rows:
        return []
    labels = {"on_time": N_("Reported on time"), "late": N_("Reported late"), "none": N_("No report received")}
    rows, told = [], []
    for point in words.report.trend:
        reported, on_time = point.figures.reported, point.figures.on_time.count
        counts = {"on_time": on_time, "late": reported.count - on_time, "none": reported.total - reported.count}
        share = say(N_("%(share)s reported"), share=words.share(reported))
        rows.append({"label": point.code, "counts": list(counts.values()), "total_text": share})
        parts = ", ".join(f"{say(labels[key])} {count}" for key, count in counts.items() if count)
        told.append(words.named(point.code, parts))
    bars = {
        "kind": "bars",
        "keys": [{"key": DRAWN[key], "label": say(label)} for key, label in labels.items()],
        "rows": rows,
        "alt": say(N_("Bars: reports received in each reporting cycle. %(rows)s."), rows="; ".join(told)),
    }
    shown = _table(table.key, table.head, table.rows, table.numeric)
    return [{"kind": "finding", "text": table.finding}, bars, shown, _note(table.note)]


def _missing(words: Words) -> list[Block]:
    say = words.say
    made: list[Block] = []
    for stage in MISSING:
        lines = words.report.at(stage)
        if not lines:
            continue
        is_reported = stage in (Stage.IN_REVIEW, Stage.OPEN_FOR_COMMENT)
        heads = (say(N_("Code")), say(N_("Commitment")), say(N_("Reported on")) if is_reported else say(N_("Due on")))
        rows = [(x.code, x.title, words.date(x.reported_on if is_reported else x.due_on)) for x in lines]
        made += [{"kind": "head", "text": f"{words.stage(stage)} ({len(lines)})"}, _table("missing", heads, rows)]
    if made:
        return [*made, _note(say(N_("What is listed here is not counted as not implemented.")))]
    return [_text(say(N_("Nothing: every commitment was reported on and its rating is published.")))]


def _series(words: Words) -> tuple[str, list[Block]]:
    """An indicator in each row, but for those whose only figure stands with its commitment. So do the periods."""
    table, say = words.series_table(), words.say
    groups = words.series_groups()
    if not groups:
        return table.title, [_text(table.empty)]
    told = {line.code: line.rating.cycle_code for line in words.report.lines if line.rating and line.rating.statement}
    rows = [
        (one.provision, one.label, "\n".join(words.named(cycle, value) for cycle, _period, value in one.points))
        for one in groups
        if [cycle for cycle, _period, _value in one.points] != [told.get(one.provision)]
    ]
    made: list[Block] = []
    if rows:
        made.append(_table(table.key, (say(N_("Code")), say(N_("Indicator")), say(N_("Value"))), rows))
    if len(rows) < len(groups):
        made.append(_text(say(N_("Indicators with figures of one cycle only stand with their commitment."))))
    return table.title, [*made, _note(table.note)]


def _evidence(words: Words) -> list[Block]:
    table = words.evidence_table()
    items = [
        {"number": one.number, "title": one.title, "date": one.date, "where": one.where, "address": one.url}
        for one in words.evidence_rows()
    ]
    return [{"kind": "list", "items": items}, _note(table.note)] if items else [_text(table.empty)]


def _changes(words: Words) -> list[Block]:
    """A table for each kind of change; or that nothing changed, or that there is nothing to compare with."""
    told, groups = words.change_sentences(), words.change_groups()
    if not groups:
        return list(map(_text, told))
    heads = (words.say(N_("Code")), words.say(N_("Commitment")), words.say(N_("What changed")))
    made = [_text(told[0])]
    for group in groups:
        columns = 3 if any(detail for _code, _title, detail in group.items) else 2
        rows = [item[:columns] for item in group.items]
        made.append({"kind": "head", "text": f"{group.heading} ({len(rows)})"})
        made.append(_table("changes" if columns == 3 else "named", heads[:columns], rows))
    return made


def _method(words: Words) -> list[Block]:
    return [{"kind": "headed", "head": note.heading, "text": note.text} for note in method(words)]
