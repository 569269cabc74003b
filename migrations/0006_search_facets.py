"""Search counts from narrow rows: beside each entry what it can be narrowed down by, in three short texts.

An entry is pages of text, and a word may be in thousands of them: what is counted is read without it. Kept by triggers,
like the index of words (migration 0005); filled here from the entries that are there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = "kind, key, language, is_only, instrument, cycle_code, rating, year, parties, pillars, themes"
"""Of an entry: where one of them changes, so does its narrow row."""


def values(row: str) -> str:
    """What search_facet holds of this row, a line for each code; the same SQL on both databases."""
    key = f"CASE WHEN {row}.is_only THEN '' ELSE {row}.key END"
    about = [f"{row}.kind", f"{row}.language", key, f"{row}.instrument", f"{row}.pillars", f"{row}.themes"]
    dated = [f"{row}.cycle_code", f"coalesce(CAST({row}.year AS text), '')"]
    rated = [f"{row}.rating", f"{row}.parties"]
    return ", ".join([f"{row}.id", *(" || '\n' || ".join(lines) for lines in (about, dated, rated))])


INSERT = "INSERT INTO search_facet (entry_id, about, dated, rated)"
KEEP = f"DELETE FROM search_facet WHERE entry_id = NEW.id; {INSERT} SELECT {values('NEW')};"


def upgrade() -> None:
    op.create_table(
        "search_facet",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("dated", sa.Text(), nullable=False),
        sa.Column("rated", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["search_entry.id"],
            name=op.f("fk_search_facet_entry_id_search_entry"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_facet")),
    )
    op.execute(f"{INSERT} SELECT {values('e')} FROM search_entry e ORDER BY e.id")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION search_entry_facets() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {KEEP} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER search_entry_facets AFTER INSERT OR UPDATE OF {COLUMNS} ON search_entry"
            " FOR EACH ROW EXECUTE FUNCTION search_entry_facets()"
        )
        # With the words kept beside its rows the table seems short, and all were unpacked where the index knew better.
        op.execute("ALTER TABLE search_word ALTER COLUMN words SET STORAGE MAIN")
        op.execute("UPDATE search_entry SET folded = folded")
    else:
        op.execute(f"CREATE TRIGGER search_entry_facets AFTER INSERT ON search_entry BEGIN {KEEP} END")
        op.execute(
            f"CREATE TRIGGER search_entry_facets_changed AFTER UPDATE OF {COLUMNS} ON search_entry BEGIN {KEEP} END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER search_entry_facets ON search_entry")
        op.execute("DROP FUNCTION search_entry_facets()")
        op.execute("ALTER TABLE search_word ALTER COLUMN words SET STORAGE EXTENDED")
    else:
        op.execute("DROP TRIGGER search_entry_facets")
        op.execute("DROP TRIGGER search_entry_facets_changed")
    op.drop_table("search_facet")
