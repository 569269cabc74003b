"""What is issued to the public: numbered reports, good practices, where to report, open data; and search.

Nothing that was there changes. Every party begins without a rhythm of reports between the ends of cycles.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RHYTHMS = "issue_rhythm IN ('issue_never', 'issue_quarterly', 'issue_half_yearly', 'issue_yearly')"

# The index of words beside search_entry, kept by triggers. A later migration that makes search_entry anew (SQLite's way
# of altering a table) has to make its triggers again.
SQLITE_WORDS = (
    """CREATE VIRTUAL TABLE search_word USING fts5(folded_title, folded, content='search_entry', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2', prefix='3')""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_word (rowid, folded_title, folded) VALUES (NEW.id, NEW.folded_title, NEW.folded); END""",
    """CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_word (search_word, rowid, folded_title, folded)
    VALUES ('delete', OLD.id, OLD.folded_title, OLD.folded); END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF id, folded_title, folded ON search_entry BEGIN
    INSERT INTO search_word (search_word, rowid, folded_title, folded)
    VALUES ('delete', OLD.id, OLD.folded_title, OLD.folded);
    INSERT INTO search_word (rowid, folded_title, folded) VALUES (NEW.id, NEW.folded_title, NEW.folded); END""",
)
POSTGRESQL_WORDS = (
    """CREATE TABLE search_word (
    entry_id integer PRIMARY KEY REFERENCES search_entry (id) ON DELETE CASCADE, words tsvector NOT NULL)""",
    "CREATE INDEX ix_search_word_words ON search_word USING gin (words)",
    """CREATE FUNCTION search_entry_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_word (entry_id, words) VALUES (NEW.id,
            setweight(to_tsvector('pg_catalog.simple', NEW.folded_title), 'A')
            || setweight(to_tsvector('pg_catalog.simple', NEW.folded), 'D'))
        ON CONFLICT (entry_id) DO UPDATE SET words = EXCLUDED.words;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER search_entry_words AFTER INSERT OR UPDATE OF folded_title, folded ON search_entry
    FOR EACH ROW EXECUTE FUNCTION search_entry_words()""",
)


def upgrade() -> None:
    op.create_table(
        "data_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_release")),
        sa.UniqueConstraint("version", name=op.f("uq_data_release_version")),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("cycle_code", sa.String(length=20), nullable=False),
        sa.Column("rating", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("parties", sa.String(length=500), nullable=False),
        sa.Column("pillars", sa.String(length=500), nullable=False),
        sa.Column("themes", sa.String(length=500), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("folded_title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "key", "language", name=op.f("uq_search_entry_kind_key_language")),
    )
    with op.batch_alter_table("search_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_entry_kind"), ["kind"], unique=False)
    for statement in POSTGRESQL_WORDS if op.get_bind().dialect.name == "postgresql" else SQLITE_WORDS:
        op.execute(statement)

    op.create_table(
        "data_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["data_release.id"], name=op.f("fk_data_file_release_id_data_release")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_file")),
        sa.UniqueConstraint("release_id", "name", name=op.f("uq_data_file_release_id_name")),
    )
    op.create_table(
        "reporting_channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "channel_emergency",
                "channel_hotline",
                "channel_police",
                "channel_prosecution",
                "channel_children",
                "channel_consular",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_reporting_channel_party_id_reporting_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_channel")),
    )
    with op.batch_alter_table("reporting_channel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reporting_channel_party_id"), ["party_id"], unique=False)

    op.create_table(
        "good_practice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "practice_proposed",
                "practice_offered",
                "practice_shared",
                "practice_declined",
                "practice_withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("explanation", sa.String(length=2000), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_good_practice_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_good_practice_decided_by_id_user")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_good_practice_ended_by_id_user")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_good_practice_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_good_practice_proposed_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_good_practice")),
    )
    with op.batch_alter_table("good_practice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_good_practice_commitment_id"), ["commitment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_good_practice_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_good_practice_state"), ["state"], unique=False)

    op.create_table(
        "issued_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "status_report", "hemispheric_report", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("is_as_of_date", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "publication_preparing",
                "publication_issued",
                "publication_withdrawn",
                "publication_replaced",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'status_report') = (party_id IS NOT NULL)", name=op.f("ck_issued_report_party_of_a_status_report")
        ),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_issued_report_sequence")),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["reporting_cycle.id"], name=op.f("fk_issued_report_cycle_id_reporting_cycle")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_issued_report_ended_by_id_user")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_issued_report_issued_by_id_user")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_issued_report_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["issued_report.id"], name=op.f("fk_issued_report_replaces_id_issued_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_report_code")),
        sa.UniqueConstraint("kind", "year", "sequence", name=op.f("uq_issued_report_kind_year_sequence")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_issued_report_replaces_id")),
    )
    with op.batch_alter_table("issued_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_report_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_report_party_id"), ["party_id"], unique=False)
        batch_op.create_index("ix_issued_report_subject", ["subject", "issued_at"], unique=False)
        batch_op.create_index(
            "uq_issued_report_period",
            ["subject", "period"],
            unique=True,
            sqlite_where=sa.text("period <> ''"),
            postgresql_where=sa.text("period <> ''"),
        )
        batch_op.create_index(
            "uq_issued_report_preparing",
            ["subject"],
            unique=True,
            sqlite_where=sa.text("state = 'publication_preparing'"),
            postgresql_where=sa.text("state = 'publication_preparing'"),
        )

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
    )
    op.create_table(
        "issued_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("frozen", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issued_report.id"], name=op.f("fk_issued_edition_issue_id_issued_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_edition")),
        sa.UniqueConstraint("issue_id", "language", name=op.f("uq_issued_edition_issue_id_language")),
    )
    op.create_table(
        "issued_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["issued_edition.id"], name=op.f("fk_issued_document_edition_id_issued_edition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_document")),
        sa.UniqueConstraint("edition_id", "format", name=op.f("uq_issued_document_edition_id_format")),
    )
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_document_sha256"), ["sha256"], unique=False)

    version = op.create_table(
        "public_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_public_version_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_version")),
    )
    op.bulk_insert(version, [{"id": 1, "number": 0}])

    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.add_column(sa.Column("url", sa.String(length=2000), nullable=False, server_default=""))
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.alter_column("url", existing_type=sa.String(length=2000), server_default=None)

    with op.batch_alter_table("reporting_party", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("issue_rhythm", sa.String(length=40), nullable=False, server_default="issue_never")
        )
        batch_op.add_column(sa.Column("issue_rhythm_since", sa.Date(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_reporting_party_issue_rhythm"), RHYTHMS)
    with op.batch_alter_table("reporting_party", schema=None) as batch_op:
        batch_op.alter_column("issue_rhythm", existing_type=sa.String(length=40), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("reporting_party", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_reporting_party_issue_rhythm"), type_="check")
        batch_op.drop_column("issue_rhythm_since")
        batch_op.drop_column("issue_rhythm")

    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.drop_column("url")

    op.drop_table("public_version")
    op.drop_table("issued_document")
    op.drop_table("issued_edition")
    op.drop_table("saved_view")

    op.drop_table("issued_report")

    op.drop_table("good_practice")

    op.drop_table("reporting_channel")
    op.drop_table("data_file")

    # Its triggers go with the table they stand on.
    op.execute("DROP TABLE search_word")
    op.drop_table("search_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION search_entry_words()")
    op.drop_table("data_release")
