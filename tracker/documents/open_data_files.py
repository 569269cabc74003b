"""The files of a release of the open data: CSV and JSON of the same tables, the dictionary, and all in one archive.

The same tables, version and moment give the same bytes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from tracker import wording
from tracker.documents import csv_file, open_data_words
from tracker.documents.open_data_words import KINDS, LICENCE, LICENCE_URL
from tracker.services.open_data_content import SCHEMA, Column, Table, Value

LANGUAGES = ("en", "es", "pt", "fr")
CSV, JSON, TEXT, ZIP = "text/csv; charset=utf-8", "application/json", "text/plain; charset=utf-8", "application/zip"
TITLE = "Commitments Tracker: follow-up of recommendations against trafficking in persons in the Americas"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    rows: int
    """Lines of data; 0 where it holds none."""
    content: bytes


def files(tables: Sequence[Table], *, version: str, as_of: datetime, url: str) -> list[File]:
    """All files of one release, the archive first. ``url`` is where the release stands."""
    made = [_csv(table) for table in tables]
    made.append(_json(tables, version, as_of, url))
    made.append(_dictionary(tables))
    made.append(File("README.txt", TEXT, 0, _readme(tables, version, as_of, url)))
    archive = File(f"open-data-{version}.zip", ZIP, 0, _archive(made))
    return [archive, *made]


def citation(version: str, as_of: datetime, url: str) -> str:
    """How the release is named in print; in English, as titles of data sets are cited."""
    return (
        f"Organization of American States, Commitments Tracker: open data, release {version},"
        f" as of {as_of.date().isoformat()}. {url} ({LICENCE})."
    )


def digest_of(tables: Sequence[Table]) -> bytes:
    """The tables in one canonical form: equal where nothing in them differs."""
    return json.dumps([SCHEMA, [_plain(table) for table in tables]], ensure_ascii=False, sort_keys=True).encode()


def _csv(table: Table) -> File:
    content = csv_file.write(
        [column.name for column in table.shape.columns], ([_cell(value) for value in row] for row in table.rows)
    )
    return File(f"{table.shape.name}.csv", CSV, len(table.rows), content)


def _cell(value: Value) -> str | int | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(value) if isinstance(value, tuple) else value


def _plain(table: Table) -> dict[str, Any]:
    names = [column.name for column in table.shape.columns]
    return {"name": table.shape.name, "rows": [dict(zip(names, row, strict=True)) for row in table.rows]}


def _json(tables: Sequence[Table], version: str, as_of: datetime, url: str) -> File:
    whole = {
        "schema": SCHEMA,
        "version": version,
        "as_of": as_of.isoformat(),
        "licence": {"name": LICENCE, "url": LICENCE_URL},
        "citation": citation(version, as_of, url),
        "tables": {table.shape.name: _plain(table)["rows"] for table in tables},
    }
    content = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    return File("open-data.json", JSON, sum(len(table.rows) for table in tables), content)


def _dictionary(tables: Sequence[Table]) -> File:

    def meanings(table: Table, column: Column) -> list[str]:
        meaning = open_data_words.meaning(table.shape, column)
        return [wording.translate(meaning, code) for code in LANGUAGES]

    head = ["table", "column", "kind", *(f"meaning_{code}" for code in LANGUAGES)]
    lines = [
        [table.shape.name, column.name, column.kind.value, *meanings(table, column)]
        for table in tables
        for column in table.shape.columns
    ]
    return File("dictionary.csv", CSV, len(lines), csv_file.write(head, lines))


def _readme(tables: Sequence[Table], version: str, as_of: datetime, url: str) -> bytes:
    lines = [
        TITLE,
        "",
        f"Open data, release {version}, as of {as_of.isoformat()}; schema {SCHEMA}.",
        f"Licence: {LICENCE} ({LICENCE_URL}).",
        f"Cite as: {citation(version, as_of, url)}",
        "",
        "Tables (CSV: UTF-8 with byte order mark, commas, one heading line; JSON: open-data.json holds the same rows):",
        *(
            f"  {table.shape.name}.csv  {open_data_words.title(table.shape)} ({len(table.rows)} rows)"
            for table in tables
        ),
        "",
        "dictionary.csv explains each column in English, Spanish, Portuguese and French.",
        "",
        "Not reported is no rating and is never the same as not implemented. Every share needs its denominator: count",
        "the rows that could have been counted. No score per State can be made of these data, and no ranking.",
        "What civil society recommended is not an obligation that States accepted.",
        f"Kinds of columns: {', '.join(f'{kind.value} ({said})' for kind, said in KINDS.items())}.",
        "",
    ]
    return "\r\n".join(lines).encode()


def _archive(made: Sequence[File]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for one in made:
            entry = zipfile.ZipInfo(one.name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, one.content, compresslevel=9)
    return stream.getvalue()
