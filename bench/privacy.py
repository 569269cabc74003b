"""Precision and recall of the personal-data check on the invented test set. Alone: ``python -m bench.privacy``.

A sentence counts once per kind: found and expected is right, found only is a false alarm, expected only is a miss.
``-v`` lists what went wrong among the sentences that are not held out; ``-o FILE`` writes the tables into the file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.domain.privacy_sentences import LANGUAGES, Sentence, sentences
from tracker.domain.privacy import Suspicion, examine

ANY = "any"
BEGIN, END = "<!-- personal data -->", "<!-- end of personal data -->"


@dataclass
class Count:
    """``right`` found and expected, ``false`` found only, ``missed`` expected only."""

    right: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def count(chosen: Iterable[Sentence]) -> dict[str, Count]:
    """By kind, and under ``any`` whether a sentence was stopped at all."""
    counts = {kind: Count() for kind in (ANY, *Suspicion)}
    for one in chosen:
        found = {finding.suspicion for finding in examine([("sentence", one.text)])}
        for kind in found | one.expected:
            _add(counts[kind], kind in found, kind in one.expected)
        _add(counts[ANY], bool(found), bool(one.expected))
    return counts


def _add(into: Count, found: bool, expected: bool) -> None:
    into.right += found and expected
    into.false += found and not expected
    into.missed += expected and not found


def tables() -> list[tuple[list[str], list[list[str]]]]:
    """(head, rows) of the two tables of the report: by language, and by kind over all languages."""
    everything = [one for language in LANGUAGES for one in sentences(language)]
    by_language = []
    for language in (*LANGUAGES, "all"):
        own = [one for one in everything if language in ("all", one.language)]
        held = [one for one in own if one.held_out]
        counted, kept = count(own)[ANY], count(held)[ANY]
        by_language.append([language, str(len(own)), *_shares(counted), str(len(held)), *_shares(kept)])
    counted_kinds, kept_kinds = count(everything), count(one for one in everything if one.held_out)
    by_kind = []
    for kind in Suspicion:
        number = counted_kinds[kind].right + counted_kinds[kind].missed
        kept_number = kept_kinds[kind].right + kept_kinds[kind].missed
        by_kind.append(
            [
                kind.value.replace("_", " "),
                str(number),
                *_shares(counted_kinds[kind]),
                str(kept_number),
                *_shares(kept_kinds[kind]),
            ]
        )
    shares = ["precision", "recall", "held out", "precision", "recall"]
    per_language = []
    for kind in Suspicion:
        row = [kind.value.replace("_", " ")]
        for language in LANGUAGES:
            one = count(s for s in everything if s.language == language)[kind]
            row.append(f"{one.precision:.2f} / {one.recall:.2f}")
        per_language.append(row)
    return [
        (["personal-data check: is a sentence stopped?", "sentences", *shares], by_language),
        (["kind, over all languages", "sentences with it", *shares], by_kind),
        (["precision / recall by kind and language", *LANGUAGES], per_language),
    ]


def _shares(counted: Count) -> list[str]:
    return [f"{counted.precision:.3f}", f"{counted.recall:.3f}"]


def faults() -> list[str]:
    """What went wrong, without the sentences held out: nobody should learn from those."""
    lines = []
    for language in LANGUAGES:
        for one in sentences(language):
            found = {finding.suspicion for finding in examine([("sentence", one.text)])}
            if found != one.expected and not one.held_out:
                lines.append(f"{language} wanted {sorted(one.expected)} found {sorted(found)}: {one.text}")
    return lines


def lines() -> list[str]:
    """The tables in Markdown."""
    said: list[str] = []
    for head, rows in tables():
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
        for row in (head, ["-" * (w - 1) + ":" if i else "-" * w for i, w in enumerate(widths)], *rows):
            cells = [c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
            said.append(f"| {' | '.join(cells)} |")
        said.append("")
    return said


def write(path: Path) -> None:
    """Into the file, between its marks (docs/benchmarks.md); a file without them is left alone."""
    before, begin, rest = path.read_text("utf-8").partition(BEGIN) if path.exists() else ("", "", "")
    if begin:
        figures = "\n".join(lines()).strip()
        path.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{rest.partition(END)[2]}", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.privacy", description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="list what went wrong, not what is held out")
    parser.add_argument("-o", "--output", type=Path, help="write the tables into this file, between its marks")
    arguments = parser.parse_args()
    print("\n".join(lines()))
    if arguments.verbose:
        print("\n".join(faults()))
    if arguments.output:
        write(arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
