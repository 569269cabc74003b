"""A few small files of the demonstration: made on the spot, checked as any other, attached to reports.

Two stand beside a published rating (one public, one restricted), one at the review, one in a draft. Each says that it
is invented.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.demo.fates import dice
from tracker.demo.narratives import narratives
from tracker.demo.people import DOMAIN
from tracker.domain.vocabulary import EvidenceKind, FileState, ReportState
from tracker.domain.workflow import EDITABLE
from tracker.files.inspection_child import look
from tracker.files.kinds import MEDIA_TYPES, Kind
from tracker.files.scanning import Scan
from tracker.files.store import Store
from tracker.models import (
    Evidence,
    EvidenceVersion,
    ProgressReport,
    ReportEvidence,
    ReportingParty,
    ReportRevision,
    RevisionEvidence,
    User,
)
from tracker.services.report_content import ReportContent, of_draft

S = ReportState
PLANNED = (
    ("BR", (S.PUBLISHED,), Kind.PDF, True),
    ("GT", (S.PUBLISHED,), Kind.CSV, False),
    ("GT", (S.UNDER_REVIEW, S.SUBMITTED), Kind.PDF, True),
    ("BR", (S.DRAFT, S.RETURNED), Kind.PDF, True),
)
"""(State, where its report stands, kind of file, public)."""


def write(session: Session, store: Store, *, now: datetime) -> int:
    """Make the files and attach them; how many. The reports are there already."""
    made = 0
    taken: set[int] = set()
    for party, states, kind, is_public in PLANNED:
        report = _report(session, party, states, taken)
        if report is None:
            continue
        taken.add(report.id)
        focal = session.scalars(sa.select(User).where(User.email == f"focal.{party.lower()}@{DOMAIN}")).one()
        revision = _revision(session, report)
        at = (revision.submitted_at if revision else now) - timedelta(hours=20)
        piece = _piece(session, store, report, kind, is_public=is_public, sender=focal.id, at=at)
        session.add(ReportEvidence(report_id=report.id, evidence_id=piece.id, attached_at=at, attached_by_id=focal.id))
        session.flush()
        session.expire(report, ["attached"])
        if revision is not None:
            content = replace(ReportContent.from_json(revision.content), attachments=of_draft(report).attachments)
            revision.content, revision.sha256 = content.to_json(), content.sha256()
            session.add(RevisionEvidence(revision_id=revision.id, evidence_id=piece.id, number=1, is_public=is_public))
        made += 1
    session.flush()
    return made


def _report(session: Session, party: str, states: tuple[ReportState, ...], taken: set[int]) -> ProgressReport | None:
    """The State's newest report that stands there, submitted once where it was submitted."""
    submissions = 0 if states[0] in EDITABLE else 1
    return session.scalars(
        sa.select(ProgressReport)
        .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
        .where(
            ReportingParty.code == party,
            ProgressReport.state.in_(states),
            ProgressReport.revision_number == submissions,
            ProgressReport.started_at.is_not(None),
            ProgressReport.id.not_in(taken),
        )
        .order_by(ProgressReport.opens_on.desc(), ProgressReport.id)
        .limit(1)
    ).first()


def _revision(session: Session, report: ProgressReport) -> ReportRevision | None:
    return session.scalars(sa.select(ReportRevision).where(ReportRevision.report_id == report.id)).one_or_none()


def _piece(
    session: Session, store: Store, report: ProgressReport, kind: Kind, *, is_public: bool, sender: int, at: datetime
) -> Evidence:
    texts = narratives(report.commitment.party.language)
    code = report.commitment.provision.code
    content = _pdf(texts.mark, code) if kind is Kind.PDF else f"{texts.mark};{code}\n2024;12\n2025;15\n".encode()
    stored = store.put(io.BytesIO(content))
    with tempfile.TemporaryDirectory() as name:
        source, folder = Path(name) / "source", Path(name) / "out"
        folder.mkdir()
        source.write_bytes(content)
        look(kind, source, folder)
        for number, picture in enumerate(sorted(folder.glob("page-*.jpg")), 1):
            store.put_page(stored.key, number, picture)
    piece = Evidence(
        public_id=hashlib.sha256(f"file {report.party_id} {code} {kind}".encode()).hexdigest()[:32],
        party_id=report.party_id,
        kind=EvidenceKind.FILE,
        title=texts.evidence(dice("file", str(report.party_id), code), 1)[0],
        language=report.commitment.party.language,
        speaks_of=(at - timedelta(days=90)).date(),
        is_public=is_public,
        created_at=at,
        created_by_id=sender,
    )
    session.add(piece)
    session.flush()
    session.add(
        EvidenceVersion(
            evidence_id=piece.id,
            number=1,
            file_name=f"{code.lower()}.{kind.value}",
            media_type=MEDIA_TYPES[kind],
            size=stored.size,
            sha256=stored.sha256,
            store_key=stored.key,
            state=FileState.CLEAN,
            scan=Scan.NOT_SCANNED,
            uploaded_at=at,
            uploaded_by_id=sender,
            checked_at=at + timedelta(seconds=10),
        )
    )
    session.flush()
    return piece


def _pdf(mark: str, code: str) -> bytes:
    """One page that says whose it is and that it is invented."""
    lines = "".join(f"0 -34 Td ({text}) Tj " for text in (code, mark.replace("(", "").replace(")", ""), "- 1 -"))
    drawn = f"BT /F1 22 Tf 70 760 Td {lines}ET".encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    begin = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, begin)
    return bytes(out)
