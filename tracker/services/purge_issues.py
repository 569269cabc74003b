"""Issued reports that hold a passage which is to be erased.

The one exception to "an issued report never changes" (docs/publications.md): the passage goes out of the frozen data of
all languages, the documents of that issue lose their content (their digests stay), the issue is withdrawn by the clock
with the reason, and the same subject is issued anew in its place. What is being prepared keeps its number: its
documents are made from what is frozen then.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import DomainError
from tracker.domain.vocabulary import PublicationState
from tracker.models import IssuedDocument, IssuedEdition, IssuedReport
from tracker.services import audit, frozen_reports, issue_reasons, issued_reports
from tracker.services.purge_places import ERASED, finder
from tracker.services.status_report_said import StatedAttachment

PLACE = "issued_edition.frozen"


@dataclass(frozen=True)
class Held:
    """One edition that holds the passage: how often, and what it will say."""

    issue_id: int
    edition_id: int
    count: int
    report: Any


def held(session: Session, passage: str) -> list[Held]:
    """The editions that hold the passage, in the order in which they were issued."""
    pattern = finder(passage)
    anchor = max(re.findall(r"[A-Za-z0-9]+", passage) or [""], key=len)
    return list(
        _changed(
            session,
            anchor,
            lambda report: frozen_reports.rewritten(report, lambda text: pattern.subn(ERASED, text)),
        )
    )


def naming(session: Session, public_id: str, number: int | None) -> list[Held]:
    """The editions that name a file of the evidence, or one version of it (None: all)."""

    def without(piece: StatedAttachment) -> StatedAttachment:
        is_meant = piece.evidence == public_id and number in (None, piece.version) and piece.file_name
        return replace(piece, file_name="") if is_meant else piece

    def change(report: Any) -> tuple[Any, int]:
        lines, count = [], 0
        for line in getattr(report, "lines", ()):
            said = line.rating.statement if line.rating else None
            pieces = tuple(without(piece) for piece in said.attachments) if said else ()
            if said and pieces != said.attachments:
                count += sum(one != other for one, other in zip(pieces, said.attachments, strict=True))
                line = replace(line, rating=replace(line.rating, statement=replace(said, attachments=pieces)))
            lines.append(line)
        return (replace(report, lines=tuple(lines)), count) if count else (report, 0)

    return list(_changed(session, public_id, change))


def erase(session: Session, found: list[Held], *, now: datetime) -> int:
    """Take the passage out of these editions and do what follows from it; how many issues were touched.

    Call it when the passage is gone from everywhere else: the same subject is built anew from what is left.
    """
    anew = []
    for issue_id in sorted({one.issue_id for one in found}):
        issue = session.get_one(IssuedReport, issue_id, with_for_update=True, populate_existing=True)
        editions = [one for one in found if one.issue_id == issue_id]
        for one in editions:
            session.execute(
                sa.update(IssuedEdition)
                .where(IssuedEdition.id == one.edition_id)
                .values(frozen=frozen_reports.freeze(one.report))
            )
        of_issue = sa.select(IssuedEdition.id).where(IssuedEdition.issue_id == issue_id)
        session.execute(
            sa.update(IssuedDocument)
            .where(IssuedDocument.edition_id.in_(of_issue), IssuedDocument.erased_at.is_(None))
            .values(content=None, erased_at=now)
        )
        audit.record(
            session,
            "publication.erased",
            now=now,
            party_id=issue.party_id,
            internal=False,
            about=("issued_report", issue.id),
            new={"places": sum(one.count for one in editions)},
        )
        if issue.state is PublicationState.PREPARING:
            # Whoever is making its documents right now sees another version, and begins again.
            session.execute(
                sa.update(IssuedReport).where(IssuedReport.id == issue_id).values(version=IssuedReport.version + 1)
            )
            continue
        if issue.state is PublicationState.ISSUED:
            anew.append(issue)
        if issue.state is not PublicationState.WITHDRAWN:
            reason = issue_reasons.PASSAGE_ERASED
            issued_reports.end(session, issue, PublicationState.WITHDRAWN, reason, actor=None, now=now)
    session.flush()
    for issue in anew:
        _issue_anew(session, issue, now)
    return len({one.issue_id for one in found})


def _issue_anew(session: Session, issue: IssuedReport, now: datetime) -> None:
    try:
        with session.begin_nested():
            issued_reports.begin(
                session,
                issue.kind,
                issue.subject,
                actor=None,
                now=now,
                replaces=issue.id,
                reason=issue_reasons.PASSAGE_ERASED,
            )
    except DomainError:
        # One is being prepared already, or the party owes nothing any more: then nothing stands in its place.
        return


def _changed(session: Session, anchor: str, change: Callable[[Any], tuple[Any, int]]) -> Iterator[Held]:
    """The editions in which the anchor stands and that ``change`` finds something in."""
    for row in session.execute(
        sa.select(IssuedEdition.id, IssuedEdition.issue_id, IssuedEdition.frozen, IssuedReport.kind)
        .join(IssuedReport, IssuedReport.id == IssuedEdition.issue_id)
        .order_by(IssuedEdition.issue_id, IssuedEdition.id)
    ):
        if anchor.encode() not in zlib.decompress(row.frozen):
            continue
        report, count = change(frozen_reports.thaw(row.kind, row.frozen))
        if count:
            yield Held(row.issue_id, row.id, count, report)
