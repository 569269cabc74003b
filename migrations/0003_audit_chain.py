"""Number and chain the audit trail; the database refuses to change or remove an entry."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

START = "0" * 64
BATCH = 1000
TYPED = ("personal_data_explanation", "reason", "text", "title")
"""Of these the trail used to keep short texts as they were typed; from now on it keeps none."""
INTERNAL = ("report.take_over", "report.propose", "report.send_back")


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("party_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("internal", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("previous_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
    _chain(op.get_bind())
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("internal", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("previous_sha256", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("sha256", existing_type=sa.String(length=64), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_audit_entry_number"), ["number"])
        batch_op.create_foreign_key(
            batch_op.f("fk_audit_entry_party_id_reporting_party"), "reporting_party", ["party_id"], ["id"]
        )
        batch_op.create_index("ix_audit_entry_party", ["party_id", "number"], unique=False)
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, name in (
            ("audit_entry", "audit_entry_only_grows"),
            ("audit_entry", "audit_entry_never_emptied"),
            ("audit_head", "audit_head_goes_forward"),
            ("audit_head", "audit_head_never_emptied"),
        ):
            op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute("DROP FUNCTION audit_only_grows()")
        op.execute("DROP FUNCTION audit_head_goes_forward()")
    else:
        for name in (
            "audit_entry_no_update",
            "audit_entry_no_delete",
            "audit_entry_no_replace",
            "audit_head_goes_forward",
            "audit_head_no_delete",
            "audit_head_no_replace",
        ):
            op.execute(f"DROP TRIGGER {name}")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_party")
        batch_op.drop_constraint(batch_op.f("fk_audit_entry_party_id_reporting_party"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_audit_entry_number"), type_="unique")
        batch_op.drop_column("sha256")
        batch_op.drop_column("previous_sha256")
        batch_op.drop_column("internal")
        batch_op.drop_column("party_id")
        batch_op.drop_column("number")
    op.drop_table("audit_head")


# A table made anew (SQLite's way of altering one) loses its triggers: a later migration that alters audit_entry has to
# make them again. tests/migrations/test_audit_triggers.py looks.
SQLITE = (
    """CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
    """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
    # INSERT OR REPLACE removes the old row without asking the trigger on DELETE.
    """CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
    WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id OR number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
    """CREATE TRIGGER audit_head_goes_forward BEFORE UPDATE ON audit_head
    WHEN NEW.number <= OLD.number OR NEW.id <> OLD.id
    BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
    """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
    """CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head
    WHEN EXISTS (SELECT 1 FROM audit_head)
    BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE FUNCTION audit_head_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.number > OLD.number AND NEW.id = OLD.id THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER audit_entry_only_grows BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows()""",
    """CREATE TRIGGER audit_entry_never_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()""",
    """CREATE TRIGGER audit_head_goes_forward BEFORE UPDATE OR DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_goes_forward()""",
    """CREATE TRIGGER audit_head_never_emptied BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()""",
)


def _chain(bind: sa.Connection) -> None:
    """Number and chain what is there, in the order it was written."""
    party_of = {
        "progress_report": _pairs(bind, "SELECT id, party_id FROM progress_report"),
        "commitment": _pairs(bind, "SELECT id, party_id FROM commitment"),
        "user": _pairs(bind, 'SELECT id, party_id FROM "user"'),
        "reporting_party": _pairs(bind, "SELECT id, id FROM reporting_party"),
    }
    number, previous, last_id = 0, START, 0
    while True:
        rows = bind.execute(sa.select(ENTRY).where(ENTRY.c.id > last_id).order_by(ENTRY.c.id).limit(BATCH)).all()
        if not rows:
            break
        changes = []
        for row in rows:
            number += 1
            party_id = party_of.get(row.record_type or "", {}).get(row.record_id)
            if party_id is None and row.actor_id is not None:
                party_id = party_of["user"].get(str(row.actor_id))
            values: dict[str, Any] = {
                "number": number,
                "at": _moment(row.at),
                "event": row.event,
                "actor_id": row.actor_id,
                "source_address": row.source_address,
                "record_type": row.record_type,
                "record_id": row.record_id,
                "party_id": party_id,
                "internal": row.event in INTERNAL,
                "old": _without_typed(row.old),
                "new": _without_typed(row.new),
                "previous_sha256": previous,
            }
            previous = _digest(values)
            changes.append(
                {
                    "b_id": row.id,
                    "b_number": number,
                    "b_party_id": party_id,
                    "b_internal": values["internal"],
                    "b_old": values["old"],
                    "b_new": values["new"],
                    "b_previous": values["previous_sha256"],
                    "b_sha256": previous,
                }
            )
        bind.execute(CHANGE, changes)
        last_id = rows[-1].id
    bind.execute(sa.insert(HEAD).values(id=1, number=number, sha256=previous))


def _pairs(bind: sa.Connection, statement: str) -> dict[str, int | None]:
    return {str(row[0]): row[1] for row in bind.execute(sa.text(statement))}


def _moment(at: datetime) -> str:
    """SQLite keeps moments without a zone, in UTC."""
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")


def _without_typed(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        name: {"length": len(value)} if name in TYPED and isinstance(value, str) else value
        for name, value in values.items()
    }


def _digest(values: dict[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


ENTRY = sa.table(
    "audit_entry",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("event", sa.String),
    sa.column("actor_id", sa.Integer),
    sa.column("source_address", sa.String),
    sa.column("record_type", sa.String),
    sa.column("record_id", sa.String),
    sa.column("party_id", sa.Integer),
    sa.column("internal", sa.Boolean),
    sa.column("old", sa.JSON),
    sa.column("new", sa.JSON),
    sa.column("number", sa.Integer),
    sa.column("previous_sha256", sa.String),
    sa.column("sha256", sa.String),
)
HEAD = sa.table(
    "audit_head", sa.column("id", sa.Integer), sa.column("number", sa.Integer), sa.column("sha256", sa.String)
)
CHANGE = (
    sa.update(ENTRY)
    .where(ENTRY.c.id == sa.bindparam("b_id"))
    .values(
        number=sa.bindparam("b_number"),
        party_id=sa.bindparam("b_party_id"),
        internal=sa.bindparam("b_internal"),
        old=sa.bindparam("b_old", type_=sa.JSON),
        new=sa.bindparam("b_new", type_=sa.JSON),
        previous_sha256=sa.bindparam("b_previous"),
        sha256=sa.bindparam("b_sha256"),
    )
)
