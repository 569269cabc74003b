"""The database itself refuses to change the audit trail, whatever migrations came after the one that taught it to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.cast import Cast
from tests.support.clock import START
from tracker.db import db, transaction
from tracker.migrate import alembic
from tracker.models import AuditEntry, AuditHead
from tracker.services import audit, audit_verify

COPIED = "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE number = 1"
FORBIDDEN = [
    "UPDATE audit_entry SET event = 'other' WHERE number = 1",
    "UPDATE audit_entry SET sha256 = sha256",
    "DELETE FROM audit_entry WHERE number = 1",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_head",
    "UPDATE audit_head SET number = number",
    "UPDATE audit_head SET number = number - 1",
    "UPDATE audit_head SET id = 2, number = number + 1",
]
ONLY = {
    "sqlite": [COPIED, "INSERT OR REPLACE INTO audit_head SELECT id, 0, sha256 FROM audit_head"],
    "postgresql": ["TRUNCATE audit_entry", "TRUNCATE audit_head", "TRUNCATE audit_entry CASCADE"],
}


def test_after_all_migrations_nothing_changes_the_trail(any_cast: Cast) -> None:
    with any_cast.app.app_context():
        kind = db.engine.dialect.name
        rows = db.session.execute(sa.select(AuditEntry.__table__).order_by(AuditEntry.number)).all()
        assert rows
        for statement in [*FORBIDDEN, *ONLY[kind]]:
            with pytest.raises(sa.exc.IntegrityError, match="the audit trail only grows"), transaction() as session:
                session.execute(sa.text(statement))
        assert db.session.execute(sa.select(AuditEntry.__table__).order_by(AuditEntry.number)).all() == rows


OLD = sa.table(
    "audit_entry",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("event", sa.String),
    sa.column("actor_id", sa.Integer),
    sa.column("source_address", sa.String),
    sa.column("record_type", sa.String),
    sa.column("record_id", sa.String),
    sa.column("old", sa.JSON),
    sa.column("new", sa.JSON),
)


def test_what_was_there_is_numbered_and_chained(any_cast: Cast) -> None:
    reviewer, focal = any_cast.actor("reviewer"), any_cast.actor("focal.br")
    report_id, gt = any_cast.report_id("GT", "CS-03"), any_cast.party_id("GT")
    common: dict[str, object] = {
        "source_address": "",
        "old": None,
        "new": None,
        "actor_id": None,
        "record_type": None,
        "record_id": None,
    }
    rows: list[dict[str, object]] = [
        {"event": "sign_in.failed"},
        {"event": "sign_in.succeeded", "actor_id": focal.user_id, "source_address": "192.0.2.7"},
        {
            "event": "report.propose",
            "actor_id": reviewer.user_id,
            "record_type": "progress_report",
            "record_id": str(report_id),
            "old": {"state": "under_review"},
            "new": {"state": "rating_proposed", "personal_data_explanation": "São palavras de quem escreveu."},
        },
        {"event": "participation.end", "record_type": "reporting_party", "record_id": str(gt)},
        {"event": "provision.correct", "record_type": "provision", "record_id": "CS-03", "new": {"text": "Words."}},
    ]
    with any_cast.app.app_context():
        alembic.downgrade("0002")
        with transaction() as session:
            before = session.scalar(sa.select(sa.func.max(OLD.c.id))) or 0
            moment = START if session.get_bind().dialect.name == "postgresql" else START.replace(tzinfo=None)
            for number, row in enumerate(rows):
                values = common | row | {"id": before + 10 * (number + 1), "at": moment}
                session.execute(sa.insert(OLD).values(values))
        db.session.rollback()
        alembic.upgrade()
        verdict = audit_verify.verify(db.session)
        assert verdict.broken is None
        assert verdict.number >= len(rows)
        found = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number)).all()
        assert [entry.number for entry in found] == list(range(1, verdict.number + 1))
        of_test = found[-len(rows) :]
        assert [(e.event, e.party_id, e.internal) for e in of_test] == [
            ("sign_in.failed", None, False),
            ("sign_in.succeeded", focal.party_id, False),
            ("report.propose", gt, True),
            ("participation.end", gt, False),
            ("provision.correct", None, False),
        ]
        assert of_test[2].new == {"state": "rating_proposed", "personal_data_explanation": {"length": 30}}
        assert of_test[4].new == {"text": {"length": 6}}
        db.session.rollback()
    with any_cast.writing() as session:
        audit.record(session, "test.after", now=START)
    with any_cast.reading() as session:
        assert audit_verify.verify(session).number == verdict.number + 1


def test_an_empty_trail_begins_with_zeros(any_app: Flask) -> None:
    with any_app.app_context():
        head = db.session.get_one(AuditHead, 1)
        assert (head.number, head.sha256) == (0, "0" * 64)
        assert audit_verify.verify(db.session).broken is None
