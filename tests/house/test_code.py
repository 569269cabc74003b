"""Habits of the house that a reader of the source can check (docs/house.md)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, Module, modules, tracked

LONGEST = 400
WRITTEN_BY_HAND = {".py", ".html", ".txt", ".mjs", ".scss", ".typ", ".sh"}
# A migration is generated, then frozen: dividing it would not make it clearer.
NOT_OURS = ("migrations/", "tests/browser/vendor/", "tracker/static/", "seed_recommendations/", "requirements/")
NAMELESS = re.compile(r"^(utils?|helpers?|common|base|misc|shared)$")
MAY_BE_NAMELESS = {"tracker/models/base.py"}


def test_no_file_is_longer_than_400_lines() -> None:
    faults = []
    for path in tracked():
        place = path.relative_to(ROOT).as_posix()
        if path.suffix in WRITTEN_BY_HAND and not place.startswith(NOT_OURS):
            lines = len(path.read_text("utf-8").splitlines())
            if lines > LONGEST:
                faults.append(f"{place} has {lines} lines: divide it by use case, not by kind")
    assert not faults, "\n".join(faults)


def test_modules_are_named_for_what_they_hold() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: name it for what it does, in the words of docs/glossary.md"
        for path in tracked()
        if path.suffix in (".py", ".html")
        and NAMELESS.match(path.stem)
        and path.relative_to(ROOT).as_posix() not in MAY_BE_NAMELESS
    ]
    assert not faults, "\n".join(faults)


def test_modules_say_what_they_are_for() -> None:
    faults = [
        f"{module.place} begins without a docstring: one sentence, what it is for"
        for module in modules()
        if module.tree.body and ast.get_docstring(module.tree) is None
    ]
    assert not faults, "\n".join(faults)


def dotted(node: ast.expr) -> str:
    """``db.session.commit`` of an expression, as far as it is plain names."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls_ending(module: Module, *endings: str) -> list[str]:
    return [
        f"{module.place}:{call.lineno} calls {dotted(call.func)}()"
        for call in module.calls()
        if dotted(call.func).endswith(endings)
    ]


@pytest.mark.parametrize(
    ("endings", "homes", "advice"),
    [
        (
            ("datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"),
            {"tracker/clock.py"},
            "take `now` as an argument; the doors ask the clock once",
        ),
        ((".commit",), {"tracker/db.py"}, "the doors commit, with `transaction()`"),
        (
            ("os.getenv", "os.environ.get"),
            {"config.py"},
            "a setting is read once, in config.py, and documented in docs/settings.md",
        ),
    ],
    ids=["the clock", "commit", "the environment"],
)
def test_one_place_does_it(endings: tuple[str, ...], homes: set[str], advice: str) -> None:
    faults = [
        f"{fault}: {advice}"
        for module in modules()
        if module.place not in homes
        for fault in calls_ending(module, *endings)
    ]
    assert not faults, "\n".join(faults)


def test_views_try_nothing() -> None:
    faults = [
        f"{module.place}:{node.lineno} has a try: let the error rise, web/errors.py maps it to a page"
        for module in modules()
        if module.place.startswith("tracker/web/views/")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Try)
    ]
    assert not faults, "\n".join(faults)


INLINE = re.compile(r"""\s(style|on[a-z]+)\s*=\s*["']""")
BARE_SCRIPT = re.compile(r"<script(?![^>]*(src=|nonce=|type=\"application/json\"))[^>]*>")


def pages() -> Iterator[tuple[str, str]]:
    """Each template of a page: where it stands, and its text without comments."""
    for path in tracked():
        place = path.relative_to(ROOT).as_posix()
        if path.suffix == ".html" and place.startswith("templates/") and not place.startswith("templates/email/"):
            yield place, re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_pages_have_no_inline_style_or_script() -> None:
    faults = []
    for place, text in pages():
        for pattern in (INLINE, BARE_SCRIPT):
            faults += [
                f"{place}: {match[0].strip()!r} is refused by the browser (CSP): use a class or a script file"
                for match in pattern.finditer(text)
            ]
    assert not faults, "\n".join(faults)


MARKERS = {"_", "_l", "N_", "gettext", "ngettext", "lazy_gettext"}


def test_colons_are_set_by_the_language() -> None:
    """French has a space before them: ``_("%(label)s:", label=…)``."""
    found = []
    for place, text in pages():
        found += [f"{place}: {hit}" for hit in re.findall(r"(?:\}\}|</a>):(?= |<).{0,40}", text)]
    assert not found, "\n".join(found)


def test_no_text_for_people_hides_in_an_f_string() -> None:
    """Extraction does not look inside f-strings on Python 3.11: such a text would stay English for ever."""
    faults = [
        f"{module.place}:{call.lineno}: put the translated text into a name first, then into the f-string"
        for module in modules()
        for joined in ast.walk(module.tree)
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call)
        and dotted(call.func).rpartition(".")[2] in MARKERS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert not faults, "\n".join(faults)
