"""Migrations on both databases, with data in the tables: up, down and up again, and the models match the result."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.cast import Cast
from tracker import create_app
from tracker.db import db
from tracker.domain.vocabulary import ReportState
from tracker.migrate import alembic
from tracker.models import Base


def test_models_and_migrations_agree(any_app: Flask) -> None:
    with any_app.app_context():
        assert alembic.compare_metadata() == []


def test_up_and_down_with_data_in_every_table_of_a_report(any_cast: Cast) -> None:
    any_cast.bring_to(any_cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    with any_cast.app.app_context():
        db.session.rollback()
        alembic.downgrade("base")
        left = set(sa.inspect(db.engine).get_table_names())
        assert left <= {"alembic_version"}
        alembic.upgrade()
        assert set(Base.metadata.tables) <= set(sa.inspect(db.engine).get_table_names())
        assert alembic.compare_metadata() == []


@pytest.mark.both_databases
def test_upgrading_again_keeps_what_is_there(cast: Cast) -> None:
    def counted() -> dict[str, int]:
        with cast.reading() as session:
            return {
                name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for name, table in Base.metadata.tables.items()
            }

    cast.bring_to(cast.report_id("GT", "CS-02"), ReportState.OPEN_FOR_COMMENT, "gt")
    before = counted()
    again = create_app(cast.app.extensions["tracker.settings"], cast.clock)
    with again.app_context():
        alembic.upgrade()
        db.engine.dispose()
    assert counted() == before
    assert before["progress_report"] == 493


@pytest.mark.both_databases
def test_accreditations_of_people_become_those_of_their_organisations(cast: Cast) -> None:
    """Down to what the first release had and up again: the same person is accredited for the same States."""
    before = cast.actor("observer").accredited
    assert before
    with cast.app.app_context():
        db.session.rollback()
        alembic.downgrade("0001")
        people = db.session.execute(sa.text("SELECT user_id, party_id FROM accreditation")).all()
        assert {party for _user, party in people} == before
        db.session.rollback()
        alembic.upgrade()
    assert cast.actor("observer").accredited == before
