"""The database as the house begins it: durable, and no update is lost between processes (docs/decisions/0003)."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.house.source import ROOT
from tests.support.databases import SECRET
from tracker.db import db, transaction
from tracker.models import Heartbeat

WRITERS, ROUNDS = 3, 40
COUNT = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from config import Settings
from tracker import create_app
from tracker.db import db, transaction
from tracker.models import Classification
app = create_app(Settings(data_dir=Path(sys.argv[2]), database_url=sys.argv[3], secret_key=sys.argv[4]))
with app.app_context():
    for _ in range(int(sys.argv[5])):
        with transaction() as session:
            row = session.get(Classification, 1, with_for_update=True)
            row.position = row.position + 1
"""


def test_sqlite_is_durable_and_minds_foreign_keys(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")
        }
        full = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert asked == {"journal_mode": "wal", "foreign_keys": 1}
    assert full == 2
    assert patience >= 5_000


def test_three_processes_that_read_and_write_lose_nothing(any_catalogue_app: Flask, settings: Settings) -> None:
    with any_catalogue_app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE classification SET position = 0 WHERE id = 1"))
    program = (
        sys.executable,
        "-c",
        COUNT,
        str(ROOT),
        str(settings.data_dir),
        settings.database_url,
        SECRET,
        str(ROUNDS),
    )
    writers = [subprocess.Popen(program, stderr=subprocess.PIPE, text=True) for _ in range(WRITERS)]
    for writer in writers:
        _out, told = writer.communicate(timeout=60)
        assert writer.returncode == 0, told
    with any_catalogue_app.app_context():
        counted = db.session.execute(sa.text("SELECT position FROM classification WHERE id = 1")).scalar()
    assert counted == WRITERS * ROUNDS


def test_what_fails_is_undone_whole(any_app: Flask) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)

    def fail() -> None:
        with transaction() as session:
            session.add(Heartbeat(name="one", at=now, ok=True))
            session.flush()
            raise LookupError

    with any_app.app_context():
        with pytest.raises(LookupError):
            fail()
        assert db.session.get(Heartbeat, "one") is None


def test_a_page_is_answered_while_somebody_writes(any_catalogue_app: Flask) -> None:
    with any_catalogue_app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE classification SET position = 7 WHERE id = 1"))
        assert any_catalogue_app.test_client().get("/provisions").status_code == 200
