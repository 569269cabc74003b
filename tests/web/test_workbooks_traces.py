"""Filling in offline: what stays of it in history and audit trail, and what is forgotten."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support.sending import send, statements
from tests.workbook_scene import accept, fill
from tracker.jobs import run_job
from tracker.models import AuditEntry, HistoryEntry, ProgressReport, WorkbookReturn

FOCAL = "focal.us"


@pytest.fixture
def focal(cast: Cast, client: FlaskClient) -> FlaskClient:
    cast.sign_in(client, FOCAL)
    return client


class TestTraces:
    def test_history_and_audit_tell_without_the_text(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, FOCAL)
        answer = fill(client, lambda book: book.put("answers", "CS-03.a", narrative="Words of the ministry."))
        accept(client, answer.location)
        with any_cast.reading() as session:
            events = session.scalars(sa.select(AuditEntry).where(AuditEntry.event.like("workbook.%"))).all()
            told = {one.event: one.new for one in events}
            assert set(told) == {"workbook.made", "workbook.returned", "workbook.applied"}
            assert told["workbook.applied"] == {"accepted": 1, "left": 0, "reports": 1}
            assert "ministry" not in f"{[(one.old, one.new) for one in events]}"
            entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "from_workbook")).one()
            assert entry.details == {"lines": 1}
            kept = session.scalars(sa.select(WorkbookReturn)).one()
            assert "ministry" not in f"{kept.content}", "what was accepted is not kept twice"
        history = client.get(f"/commitments/{any_cast.commitment_id('US', 'CS-03')}").get_data(as_text=True)
        assert "accepted answers from a spreadsheet" in history
        any_cast.sign_in(client, "reviewer")
        history = client.get(f"/commitments/{any_cast.commitment_id('US', 'CS-03')}").get_data(as_text=True)
        assert "spreadsheet" not in history

    def test_forgotten_by_hand_or_by_the_clock(self, any_cast: Cast, client: FlaskClient) -> None:
        any_cast.sign_in(client, FOCAL)
        first = fill(client, lambda book: book.put("answers", "CS-03.a", narrative="One.")).location
        fill(client, lambda book: book.put("answers", "CS-03.a", narrative="Two."))
        assert send(client, f"{first}/discard").status_code == 303
        assert client.get(first).status_code == 404
        any_cast.clock.advance(days=29)
        run_job(any_cast.app, "upkeep")
        assert self.kept(any_cast) == 1
        any_cast.clock.advance(days=2)
        run_job(any_cast.app, "upkeep")
        assert self.kept(any_cast) == 0

    @staticmethod
    def kept(cast: Cast) -> int:
        with cast.reading() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(WorkbookReturn)) or 0

    def test_reading_the_page_changes_nothing(self, focal: FlaskClient, cast: Cast) -> None:
        back = fill(focal, lambda book: book.put("answers", "CS-03.a", narrative="One.")).location
        before = cast.version(cast.report_id("US", "CS-03"))
        focal.get(back)
        assert cast.version(cast.report_id("US", "CS-03")) == before
        with cast.reading() as session:
            assert session.get_one(ProgressReport, cast.report_id("US", "CS-03")).started_at is None


def test_queries_do_not_grow_with_the_reports(cast: Cast, client: FlaskClient) -> None:
    counts = []
    for name in ("contributor.us", FOCAL):
        cast.sign_in(client, name)
        client.get("/workbooks/file.xlsx")
        with statements(cast.app) as found:
            client.get("/workbooks/file.xlsx")
        counts.append(len(found))
    assert counts[1] <= counts[0] + 3, counts
