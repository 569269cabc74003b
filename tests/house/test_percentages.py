"""No percentage without its denominator: "n of m" first, the percentage beside it, in one place that says both.

``tracker/documents/shares.py`` says shares; where another place makes a percentage of its own, it is named here with
the reason. ``tests/web/test_figures.py`` and the walk below look at what is rendered.
"""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

from flask.testing import FlaskClient

from tests import status_scene
from tests.cast import Cast
from tests.house.source import ROOT, Module, modules, tracked

SAYS_PERCENTAGES = {
    "tracker/documents/shares.py": "n of m, and the percentage beside it",
    "tracker/wording.py": "a percentage that a State declared as the value of an indicator",
}
KEEPS_PERCENT = {
    "tracker/domain/compliance.py": "works it out",
    "tracker/documents/hemispheric_xlsx.py": "in the column beside number and of",
    "tracker/documents/json_parts.py": "beside count and of, for programs",
    "tracker/documents/status_report_sheets.py": "in the column beside number and of",
    "tracker/documents/status_report_xlsx.py": "in the column beside number and of",
}
"""May ask a share for its percentage without printing it as text."""
PRINTED = re.compile(r"\}\}\s?(%|&#37;|percent)|\|\s?percent\b|%%(?![a-z(])")
BEFORE = re.compile(r"\d[\d.,\u202f\u00a0]*\s(of|de|sur|out of)\s+\d[\d.,\u202f\u00a0]*\s*\(?\s*$")


def _shared(module: Module) -> bool:
    return module.place in SAYS_PERCENTAGES


def test_one_place_writes_percentages() -> None:
    faults = [
        f"{module.place}:{call.lineno} writes a percentage: say the share with documents.shares.say_share"
        for module in modules()
        if not _shared(module)
        for call in module.calls()
        if isinstance(call.func, ast.Attribute | ast.Name)
        and (call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id) == "format_percent"
    ]
    assert not faults, "\n".join(faults)


def test_who_asks_for_a_percentage_shows_its_numbers() -> None:
    faults = [
        f"{module.place}:{node.lineno} asks a share for its percentage: say it with documents.shares.say_share"
        for module in modules()
        if module.place not in SAYS_PERCENTAGES.keys() | KEEPS_PERCENT.keys()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "percent" and _is_of_a_share(node)
    ]
    assert not faults, "\n".join(faults)


def _is_of_a_share(node: ast.Attribute) -> bool:
    """``cell.percent`` of a spreadsheet is a format, ``self.percent`` of such a cell too."""
    return not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cell", "words", "typed"))


def test_templates_print_no_percentage() -> None:
    faults = []
    for path in tracked():
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith("templates/") or path.suffix not in (".html", ".txt", ".mjml"):
            continue
        for number, line in enumerate(_without_drawings(path).splitlines(), 1):
            if PRINTED.search(line) and place not in MAY_PRINT:
                faults.append(f"{place}:{number} prints a percentage: let a share say itself, with its denominator")
    assert not faults, "\n".join(faults)


MAY_PRINT = {
    "templates/macros/evidence.html": "how much of a file was sent",
}


def _without_drawings(path: Path) -> str:
    """Lengths in SVG are percentages of a width."""
    text = path.read_text("utf-8")
    text = re.sub(r"\{#.*?#\}", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    return re.sub(r'(x|width|height|y)="\{\{[^}]*\}\}%"', "", text)


PAGES = (
    "/",
    "/states",
    "/states/br",
    "/provisions/CS-03",
    "/status-reports/br-2026",
    "/status-reports/br-2026.json",
    "/figures",
    "/figures/map",
    "/figures/matrix",
    "/figures/trend",
    "/figures/voices",
    "/figures/not-reported",
    "/hemispheric-report/2026",
)


def test_each_percentage_stands_after_its_numbers(cast: Cast, client: FlaskClient) -> None:
    status_scene.play(cast)
    seen = 0
    for path in PAGES:
        for language in ("en", "fr"):
            answer = client.get(f"{path}?lang={language}")
            assert answer.status_code == 200, path
            for said, before in percentages(answer.get_data(as_text=True)):
                seen += 1
                assert BEFORE.search(before), f"{path} in {language}: {before[-60:]}{said}"
    assert seen > 20


def percentages(page: str) -> list[tuple[str, str]]:
    """(Percentage, what stands before it) in the text that people read."""
    text = re.sub(r"<(style|script|svg)\b[^>]*>.*?</\1>", " ", page, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))
    return [(found[0], text[: found.start()]) for found in re.finditer(r"\d+[\d.,]*\s?%", text)]
