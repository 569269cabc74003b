"""Migration 0005 with data: what the release before held stays, what is issued is kept from then on, and back again."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.db import db
from tracker.domain.vocabulary import IssueRhythm, OfficeKind, ReportState
from tracker.jobs import run_job
from tracker.migrate import alembic
from tracker.models import DataRelease, Office, PublicVersion, ReportingParty, SearchEntry

pytestmark = pytest.mark.both_databases
KEPT = ("reporting_party", "office", "progress_report", "report_revision", "assessment", "message", "audit_entry")


def rows(cast: Cast) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that existed before, by column."""
    with cast.app.app_context(), db.engine.connect() as connection:
        return {
            name: [dict(row._mapping) for row in connection.execute(sa.text(f'SELECT * FROM "{name}" ORDER BY id'))]
            for name in KEPT
        }


@pytest.fixture
def old(cast: Cast) -> Cast:
    """The tables as the release before had them, with an office and a published report."""
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED, "br")
    with cast.app.app_context():
        db.session.rollback()
        alembic.downgrade("0004")
    with cast.app.app_context(), db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO office (party_id, kind, title, email, address, version)"
                " VALUES (:party, 'office_head_of_authority', 'Invented office', 'office@tracker.test', '', 1)"
            ),
            {"party": 1},
        )
    return cast


def upgrade(cast: Cast) -> None:
    with cast.app.app_context():
        db.session.rollback()
        alembic.upgrade()
        assert alembic.compare_metadata() == []


def test_nothing_that_was_there_changes(old: Cast) -> None:
    before = rows(old)
    upgrade(old)
    after = rows(old)
    for name in KEPT:
        narrowed = [{column: row[column] for column in before[name][0]} for row in after[name]]
        assert narrowed == before[name], name
    with old.reading() as session:
        assert set(session.scalars(sa.select(ReportingParty.issue_rhythm))) == {IssueRhythm.NEVER}
        office = session.scalars(sa.select(Office).where(Office.kind == OfficeKind.AUTHORITY)).one()
        assert (office.title, office.url) == ("Invented office", "")


def test_an_old_database_is_searched_and_released_like_a_new_one(old: Cast) -> None:
    upgrade(old)
    for name in ("search-index", "open-data"):
        assert not run_job(old.app, name).failed
    with old.reading() as session:
        found = session.scalar(sa.select(sa.func.count(SearchEntry.id)).where(SearchEntry.kind == "report"))
        assert found
        assert session.scalars(sa.select(DataRelease.version)).all() == ["2026.1"]
        assert session.scalar(sa.select(PublicVersion.number)) is not None


def test_back_to_the_release_before_and_up_again(old: Cast) -> None:
    upgrade(old)
    before = rows(old)
    run_job(old.app, "search-index")
    with old.app.app_context():
        db.session.rollback()
        alembic.downgrade("0004")
        names = set(sa.inspect(db.engine).get_table_names())
    assert not [name for name in names if name.startswith(("issued", "search", "data_", "public_", "saved"))]
    upgrade(old)
    after = rows(old)
    for name in ("progress_report", "report_revision", "assessment"):
        assert after[name] == before[name]
