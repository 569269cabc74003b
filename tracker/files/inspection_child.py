"""The process that opens a stranger's file: ``python -m tracker.files.inspection_child KIND PATH FOLDER``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tracker.domain.errors import Unmet
from tracker.files import images, pdfs, texts
from tracker.files.inspection import CLEANED, RESULT, limit_this_process
from tracker.files.kinds import PICTURES, Kind

READERS: dict[Kind, Callable[[Path], Iterator[texts.Passage]]] = {
    Kind.WORD: texts.of_word,
    Kind.EXCEL: texts.of_excel,
    Kind.CSV: texts.of_csv,
    Kind.TEXT: texts.of_text,
}


def look(kind: Kind, path: Path, folder: Path) -> dict[str, object]:
    """Read, clean and draw; raises Unmet(file=…) for what must not be kept."""
    found: list[texts.Passage] = []
    truncated = False
    if kind in PICTURES:
        images.strip(path, folder / CLEANED, kind.value)
    elif kind is Kind.PDF:
        document = pdfs.open_pdf(path)
        found, truncated = texts.bounded(pdfs.texts(document))
        pdfs.draw(document, folder)
    else:
        found, truncated = texts.bounded(READERS[kind](path))
    return {"problem": "", "texts": found, "truncated": truncated}


def main(kind: str, path: str, folder: str) -> None:
    limit_this_process()
    try:
        result = look(Kind(kind), Path(path), Path(folder))
    except Unmet as error:
        result = {"problem": error.problems["file"], "texts": [], "truncated": False}
    (Path(folder) / RESULT).write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
