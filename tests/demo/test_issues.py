"""The issued reports of the demonstration: one replaced by one that stands, one withdrawn."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from tests.issue_scene import PLAIN
from tests.support.clock import START
from tracker.demo import issues
from tracker.domain.vocabulary import PublicationState
from tracker.services import issued_reports_read


def test_one_replaced_one_that_stands_one_withdrawn(demo_app: Flask, session: Session) -> None:
    for _again in range(2):
        issues.write(session, PLAIN, now=START)
    found, total = issued_reports_read.listed(session)
    assert [(one.number, one.party_code, one.state) for one in found] == [
        ("SR 3/2026", "AR", PublicationState.WITHDRAWN),
        ("SR 2/2026", "GT", PublicationState.ISSUED),
        ("SR 1/2026", "GT", PublicationState.REPLACED),
    ]
    assert total == 3
    assert found[2].replaced_by_code == found[1].code
    assert all("Invented for the demonstration" in one.reason for one in found if one.reason)
