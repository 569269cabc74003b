"""The files of the demonstration: checked, attached, and given out to whom their rule gives them."""

from __future__ import annotations

import io
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import FileState
from tracker.files.inspection_child import look
from tracker.files.kinds import KIND_OF, recognise
from tracker.models import Evidence, EvidenceVersion, RevisionEvidence
from tracker.services import evidence_access
from tracker.services.personal_data import in_file


def test_files_for_public_review_and_draft(demo_app: Flask, session: Session) -> None:
    versions = session.scalars(sa.select(EvidenceVersion)).all()
    assert {v.state for v in versions} == {FileState.CLEAN}
    submitted = session.scalars(sa.select(RevisionEvidence)).all()
    assert (len(versions), len(submitted)) == (4, 3)
    open_to_all = 0
    for version in versions:
        try:
            evidence_access.open_version(session, version.evidence.public_id, 1, None)
            open_to_all += 1
        except NotVisible:
            continue
    assert open_to_all == 1
    assert session.scalar(sa.select(sa.func.count()).where(Evidence.is_public.is_(False))) == 1


def test_their_content_would_pass_the_check(tmp_path: Path) -> None:
    from tracker.demo.evidence import _pdf

    content = _pdf("[Invented text]", "CS-03")
    kind = recognise("a.pdf", io.BytesIO(content)).kind
    assert kind in KIND_OF.values()
    (tmp_path / "a").write_bytes(content)
    found = look(kind, tmp_path / "a", tmp_path)
    assert "CS-03" in str(found["texts"])
    assert in_file("a.pdf", found["texts"]) == []  # type: ignore[arg-type]
