"""What was issued can be made again: from what is frozen, byte for byte, in every language and format."""

from __future__ import annotations

import hashlib

import pytest

from tests.cast import Cast
from tests.issue_scene import begin, finish, read
from tracker.documents.formats import MEDIA_TYPES, RENDERERS
from tracker.domain.vocabulary import ReportState
from tracker.services import issued_reports_read


@pytest.mark.parametrize("subject", ["br-2026", "hemispheric-2026"])
def test_made_again_the_documents_have_the_digests_that_are_kept(cast: Cast, subject: str) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    one = begin(cast, subject)
    assert finish(cast, one, RENDERERS)
    issue = read(cast, one)
    cast.clock.advance(days=400)
    with cast.reading() as session:
        kept = issued_reports_read.documents(session, issue)
        assert {(file.language, file.format) for file in kept} == {
            (language, form) for language in ("en", "es", "fr", "pt") for form in MEDIA_TYPES
        }
        for file in kept:
            report = issued_reports_read.report(session, issue, file.language)
            again = RENDERERS[issue.kind][file.format](report)
            assert hashlib.sha256(again).hexdigest() == file.sha256, f"{file.format} in {file.language}"
            assert len(again) == file.size
