"""Whether a copy of a document is one that was issued: by its code, or by the digest of the file.

The file itself never comes here: its SHA-256 is compared with those of all documents that were ever issued.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import IO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import Unmet
from tracker.domain.vocabulary import PublicationState
from tracker.models import IssuedDocument, IssuedEdition
from tracker.services import issued_reports_read
from tracker.services.issued_reports_read import Issue
from tracker.services.plain_rows import rows

MOST_BYTES = 25 * 1024 * 1024
PIECE = 256 * 1024


class Verdict(StrEnum):
    """What a copy is."""

    EXACT = "exact"
    """A document of the issue that was asked about, or of one that stands where none was named."""
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    ANOTHER = "another"
    """A document of another issue than the one asked about."""
    UNKNOWN = "unknown"
    """Not issued here, or not as it was issued."""


@dataclass(frozen=True)
class Checked:
    """What became of a copy. ``issue``, ``language`` and ``format`` say which document it is, where it is one."""

    verdict: Verdict
    sha256: str
    size: int
    issue: Issue | None = None
    language: str = ""
    format: str = ""


def digest(stream: IO[bytes]) -> tuple[str, int]:
    """(SHA-256, size in bytes) of what is sent. Raises Unmet(file="required") where it is empty, or "too_large"."""
    found, size = sha256(), 0
    for piece in _pieces(stream):
        size += len(piece)
        if size > MOST_BYTES:
            raise Unmet(file="too_large")
        found.update(piece)
    if not size:
        raise Unmet(file="empty")
    return found.hexdigest(), size


def check(session: Session, digest: str, size: int, *, asked: Issue | None) -> Checked:
    """What a file with this digest is. ``asked``: the issue whose page it was sent from, or None."""
    row = rows(session, _BY_DIGEST, {"digest": digest}).first()
    if row is None:
        return Checked(Verdict.UNKNOWN, digest, size)
    issue = issued_reports_read.by_id(session, row.issue_id)
    verdict = _STATES[issue.state]
    if asked is not None and asked.id != issue.id:
        verdict = Verdict.ANOTHER
    return Checked(verdict, digest, size, issue, row.language, row.format)


_STATES = {
    PublicationState.ISSUED: Verdict.EXACT,
    PublicationState.REPLACED: Verdict.REPLACED,
    PublicationState.WITHDRAWN: Verdict.WITHDRAWN,
    PublicationState.PREPARING: Verdict.UNKNOWN,
}
_BY_DIGEST = (
    sa.select(IssuedEdition.issue_id, IssuedEdition.language, IssuedDocument.format)
    .join(IssuedEdition, IssuedEdition.id == IssuedDocument.edition_id)
    .where(IssuedDocument.sha256 == sa.bindparam("digest"))
    .order_by(IssuedEdition.issue_id.desc())
    .limit(1)
)


def _pieces(stream: IO[bytes]) -> Iterable[bytes]:
    while piece := stream.read(PIECE):
        yield piece
