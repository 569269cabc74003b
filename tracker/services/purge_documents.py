"""Documents that were mailed (status reports as PDF and spreadsheet) and hold a passage that is to be erased.

They are our own, so they are opened here; such a document is taken out of the mail as a whole.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import Unmet
from tracker.files import texts
from tracker.models import MessageAttachment
from tracker.services.purge_places import ERASED

_READERS = {"application/pdf": ".pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx"}


def in_attachments(session: Session, passage: str) -> list[int]:
    """Ids of the attachments that hold the passage. Line ends and hyphens in a document do not hide it."""
    wanted = _bare(passage)
    found = []
    for row_id, kind, content in session.execute(
        sa.select(MessageAttachment.id, MessageAttachment.content_type, MessageAttachment.content).order_by(
            MessageAttachment.id
        )
    ):
        if kind in _READERS and wanted in _bare(" ".join(_texts(content, _READERS[kind]))):
            found.append(row_id)
    return found


def erase_from_attachments(session: Session, passage: str) -> int:
    """Put a mark in place of each document that holds the passage; how many."""
    ids = in_attachments(session, passage)
    session.execute(
        sa.update(MessageAttachment)
        .where(MessageAttachment.id.in_(ids))
        .values(content=ERASED.encode(), content_type="text/plain", file_name="erased.txt")
    )
    return len(ids)


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00ad-]+", "", text)


def _texts(content: bytes, ending: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"document{ending}"
        path.write_bytes(content)
        try:
            if ending == ".pdf":
                from tracker.files import pdfs  # what reads PDF takes memory: only a worker that erases needs it

                document = pdfs.open_pdf(path)
                yield from (text for _place, text in pdfs.texts(document))
                document.close()
            else:
                yield from (text for _place, text in texts.of_excel(path))
        except (Unmet, ValueError, KeyError, OSError, BadZipFile):
            return  # no document after all: nothing can be read from it
