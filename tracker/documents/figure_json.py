"""A public figure as JSON: every table by keys and codes, with what was chosen and how to read it."""

from __future__ import annotations

import json
from typing import Any

from tracker.documents.figure_content import Column, Figure, Table, Value
from tracker.documents.figure_csv import CODED

SCHEMA = "figure/1"
"""Counts up when a key changes its meaning or goes; a new key does not count."""


def render(figure: Figure, address: str) -> bytes:
    """UTF-8, indented; ``address``: of the page that shows the same."""
    return json.dumps(plain(figure, address), ensure_ascii=False, indent=2).encode()


def plain(figure: Figure, address: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "figure": figure.name,
        "title": figure.title,
        "language": figure.language,
        "as_of": figure.as_of.isoformat(),
        "address": address,
        "chosen": dict(figure.codes),
        "reading": list(figure.reading),
        "tables": [_table(table) for table in figure.tables],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "caption": table.caption,
        "columns": [{"key": c.key, "label": c.label, "kind": c.kind.value} for c in table.columns],
        "rows": [{c.key: _value(c, v) for c, v in zip(table.columns, row, strict=True)} for row in table.rows],
    }


def _value(column: Column, value: Value) -> Any:
    if isinstance(value.plain, tuple):
        return {"count": value.plain[0], "of": value.plain[1]}
    if column.key in CODED and isinstance(value.plain, str):
        return {"code": value.plain, "name": value.text.removeprefix(f"{value.plain} ")}
    return value.plain
