"""Restricting and making public what was submitted, on both databases: the stricter of then and now."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.services.test_evidence import NAME, add, attach, check
from tracker.domain.errors import NotPermitted, NotVisible, Stale
from tracker.domain.vocabulary import ReportState
from tracker.services import evidence_access, evidence_details
from tracker.services.evidence import About


def correct(
    cast: Cast, *, is_public: bool, version: int, who: str = "focal.br", title: str = "An invented act"
) -> bool:
    actor = cast.actor(who)
    with cast.writing() as session:
        piece, about = evidence_access.piece(session, NAME), About(title, is_public=is_public)
        return evidence_details.correct(session, piece, about, seen_version=version, actor=actor, now=cast.clock.now())


def public_reads(cast: Cast) -> bool:
    with cast.reading() as session:
        try:
            return bool(evidence_access.open_version(session, NAME, 1, None))
        except NotVisible:
            return False


def test_everybody_reads_what_was_submitted_as_public_and_is_public(any_cast: Cast) -> None:
    cast = any_cast
    report = cast.report_id("BR", "CS-03")
    add(cast)
    attach(cast, report)
    check(cast)
    cast.bring_to(report, ReportState.PUBLISHED)
    assert public_reads(cast)
    assert correct(cast, is_public=False, version=1)
    assert not public_reads(cast)
    with pytest.raises(Stale):
        correct(cast, is_public=True, version=1)
    assert correct(cast, is_public=True, version=2)
    assert public_reads(cast), "it was submitted as public"
    assert not correct(cast, is_public=True, version=1), "as it stands already"


def test_what_was_submitted_as_restricted_stays_so(any_cast: Cast) -> None:
    cast = any_cast
    report = cast.report_id("BR", "CS-03")
    add(cast)
    correct(cast, is_public=False, version=1)
    attach(cast, report)
    check(cast)
    cast.bring_to(report, ReportState.PUBLISHED)
    correct(cast, is_public=True, version=2)
    assert not public_reads(cast)
    for who in ("focal.gt", "approver.br", "reviewer", "observer"):
        with pytest.raises(NotPermitted):
            correct(cast, is_public=False, version=3, who=who)
