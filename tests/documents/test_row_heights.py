"""The heights of rows that are reckoned beforehand: never lower than Typst itself makes them."""

from __future__ import annotations

import pytest
import typst

from tracker.documents.row_heights import CAPITAL, LEADING, REGULAR, SEMIBOLD, lines_of
from tracker.documents.typesetting import _fonts

TEXTS = (
    "Not reported",
    "Prevention, protection-oriented measures and well-being of victims/survivors (all age groups)",
    "Évaluer la disponibilité de lois, de politiques et d’instruments juridiques : « 1 234 »",
    "El Estado asume sus responsabilidades en materia de prevención\nCP-2: 3 de 15\nCP-1: –",
    "WWWWW MMMMM wwwww mmmmm @@@@ %%%% ÁÉÍÕÇ iiiii lllll fi ffl AVAVAV To Te 1111",
)


@pytest.mark.parametrize(("face", "weight"), [(REGULAR, "regular"), (SEMIBOLD, "semibold")])
def test_a_row_is_never_lower_than_its_text(face: str, weight: str) -> None:
    cases = [(text, width) for text in TEXTS for width in (60, 75, 131, 260)]
    told = [(t, w, lines) for t, w in cases if (lines := lines_of(t, (w - 0.5) / 9, face)) is not None]
    assert len(told) > 12
    checks = "\n".join(
        f"#context assert(measure(block(width: {w}pt, sys.inputs.t{n})).height"
        f" <= {lines * CAPITAL * 9 + (lines - 1) * LEADING * 9 + 0.01}pt, message: sys.inputs.t{n})"
        for n, (_t, w, lines) in enumerate(told)
    )
    source = (
        f'#set text(font: "Public Sans", weight: "{weight}", size: 9pt, kerning: false, ligatures: false,'
        f" hyphenate: false)\n#set par(leading: 0.55em)\n{checks}\nx"
    )
    typst.compile(
        source.encode(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={f"t{n}": text for n, (text, _w, _l) in enumerate(told)},
    )


def test_unsure_is_said_so() -> None:
    assert lines_of("one two", 20, REGULAR) == 1
    assert lines_of("one two", 2.5, REGULAR) == 2
    assert lines_of("unbreakable", 2, REGULAR) is None
    assert lines_of("שלום", 20, REGULAR) is None
