"""Reporting and review in depth: parts of a commitment, typed values, evidence as files, questions, extensions.

Also observers' organisations and observations, handovers, closings, purges and spreadsheets that come back. Existing
rows get the value that says "nothing of the kind": empty texts, no carried-over fields. Each observer known so far gets
an organisation of its own name, because an observation is an organisation's.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FILLED = {
    "assessment": ("element_ratings",),
    "evidence_link": ("language",),
    "indicator": ("counts_persons",),
    "progress_report": ("obstacles", "help_needed", "nothing_changed", "unconfirmed"),
    "provision": ("asks_budget",),
}
"""Columns that existing rows need a value for; the default is taken away again afterwards."""


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "superseded",
                "merged",
                "overtaken",
                "fulfilled",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_closing_by_id_user")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_closing_commitment_id_commitment")),
        sa.ForeignKeyConstraint(["successor_id"], ["commitment.id"], name=op.f("fk_closing_successor_id_commitment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closing_commitment_id"), ["commitment_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("file", "link", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("speaks_of", sa.Date(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("explanation", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'link') = (url <> '')", name=op.f("ck_evidence_links_have_an_address")),
        sa.CheckConstraint("(party_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_evidence_one_owner")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_evidence_created_by_id_user")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_evidence_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_evidence_party_id_reporting_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_party_id"), ["party_id"], unique=False)

    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("from_user_id", sa.Integer(), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=20000), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_user_id <> to_user_id", name=op.f("ck_handover_to_another")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_handover_by_id_user")),
        sa.ForeignKeyConstraint(["from_user_id"], ["user.id"], name=op.f("fk_handover_from_user_id_user")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_handover_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(["to_user_id"], ["user.id"], name=op.f("fk_handover_to_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_to_user_id"), ["to_user_id"], unique=False)

    op.create_table(
        "purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("commitment_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20000), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_purge_by_id_user")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_purge_commitment_id_commitment")),
        sa.ForeignKeyConstraint(["party_id"], ["reporting_party.id"], name=op.f("fk_purge_party_id_reporting_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge")),
    )
    with op.batch_alter_table("purge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purge_party_id"), ["party_id"], unique=False)

    op.create_table(
        "workbook_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_workbook_return_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_workbook_return_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workbook_return")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workbook_return_public_id")),
    )
    with op.batch_alter_table("workbook_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workbook_return_party_id"), ["party_id"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "anti_trafficking", "anti_drug", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum("allocated", "executed", name="stage", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("amount", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("fiscal_year", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_budget_line_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_line_report_id"), ["report_id"], unique=False)

    op.create_table(
        "evidence_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("store_key", sa.String(length=100), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "needs_reason",
                "clean",
                "file_refused",
                "purged",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scan", sa.String(length=40), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.String(length=2000), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_by_id", sa.Integer(), nullable=True),
        sa.Column("purge_reason", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_version_not_empty")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_version_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["purged_by_id"], ["user.id"], name=op.f("fk_evidence_version_purged_by_id_user")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user.id"], name=op.f("fk_evidence_version_uploaded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_version")),
        sa.UniqueConstraint("evidence_id", "number", name=op.f("uq_evidence_version_evidence_id_number")),
        sa.UniqueConstraint("store_key", name=op.f("uq_evidence_version_store_key")),
    )
    with op.batch_alter_table("evidence_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_version_state"), ["state"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "granted",
                "refused",
                "withdrawn",
                "lapsed",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.String(length=20000), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(decision = 'granted') = (granted_until IS NOT NULL)", name=op.f("ck_extension_granted_until_a_day")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL)", name=op.f("ck_extension_decision_with_its_date")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_extension_asked_by_id_user")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_extension_decided_by_id_user")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_extension_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_extension_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index("ix_extension_party", ["party_id", "decision"], unique=False)
        batch_op.create_index("ix_extension_report", ["report_id", "id"], unique=False)
        batch_op.create_index(
            "uq_extension_undecided",
            ["report_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("axis", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("not_available", sa.Boolean(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "NOT (not_available AND value <> '')", name=op.f("ck_indicator_value_value_or_not_available")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_indicator_value_indicator_id_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_indicator_value_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
        sa.UniqueConstraint(
            "report_id",
            "indicator_id",
            "axis",
            "category",
            name=op.f("uq_indicator_value_report_id_indicator_id_axis_category"),
        ),
    )
    op.create_table(
        "internal_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_internal_note_by_id_user")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_internal_note_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_note")),
    )
    with op.batch_alter_table("internal_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_internal_note_report_id"), ["report_id"], unique=False)

    op.create_table(
        "observation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "observation_draft",
                "observation_filed",
                "observation_accepted",
                "observation_declined",
                "observation_withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "view",
            sa.Enum(
                "implemented",
                "largely_implemented",
                "partially_implemented",
                "not_implemented",
                "insufficient_information",
                "no_longer_applicable",
                name="view",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("explanation", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moderated_by_id", sa.Integer(), nullable=True),
        sa.Column("moderation_reason", sa.String(length=20000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_observation_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(["edited_by_id"], ["user.id"], name=op.f("fk_observation_edited_by_id_user")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user.id"], name=op.f("fk_observation_filed_by_id_user")),
        sa.ForeignKeyConstraint(["moderated_by_id"], ["user.id"], name=op.f("fk_observation_moderated_by_id_user")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_observation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_observation_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_observation_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("report_id", "organisation_id", name=op.f("uq_observation_report_id_organisation_id")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index("ix_observation_commitment", ["commitment_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_party_id"), ["party_id"], unique=False)
        batch_op.create_index("ix_observation_state", ["state", "filed_at"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=True),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=20000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_question_answer_with_its_date")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_question_answered_by_id_user")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_question_asked_by_id_user")),
        sa.ForeignKeyConstraint(["element_id"], ["element.id"], name=op.f("fk_question_element_id_element")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_question_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_report", ["report_id", "id"], unique=False)

    op.create_table(
        "report_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attached_by_id"], ["user.id"], name=op.f("fk_report_evidence_attached_by_id_user")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_report_evidence_evidence_id_evidence")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_report_evidence_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_evidence")),
        sa.UniqueConstraint("report_id", "evidence_id", name=op.f("uq_report_evidence_report_id_evidence_id")),
    )
    with op.batch_alter_table("report_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_evidence_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "revision_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_revision_evidence_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_revision_evidence_revision_id_report_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_evidence")),
        sa.UniqueConstraint("revision_id", "evidence_id", name=op.f("uq_revision_evidence_revision_id_evidence_id")),
    )
    with op.batch_alter_table("revision_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_evidence_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "observation_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("observation_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_observation_evidence_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_observation_evidence_observation_id_observation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_evidence")),
        sa.UniqueConstraint(
            "observation_id", "evidence_id", name=op.f("uq_observation_evidence_observation_id_evidence_id")
        ),
    )
    with op.batch_alter_table("observation_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observation_evidence_evidence_id"), ["evidence_id"], unique=False)

    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("granted_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_accreditation_granted_by_id_user"), "user", ["granted_by_id"], ["id"]
        )

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("element_ratings", sa.JSON(), nullable=False, server_default="{}"))

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("element_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_assignment_commitment_id_user_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_assignment_commitment_id"), ["commitment_id"], unique=False)
        batch_op.create_index(
            "uq_assignment_element",
            ["commitment_id", "user_id", "element_id"],
            unique=True,
            sqlite_where=sa.text("element_id IS NOT NULL"),
            postgresql_where=sa.text("element_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_assignment_whole",
            ["commitment_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("element_id IS NULL"),
            postgresql_where=sa.text("element_id IS NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_assignment_element_id_element"), "element", ["element_id"], ["id"])

    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("evidence_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=2), nullable=False, server_default=""))

    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counts_persons", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("obstacles", sa.String(length=20000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("help_needed", sa.String(length=20000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("nothing_changed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("unconfirmed", sa.JSON(), nullable=False, server_default="[]"))

    with op.batch_alter_table("provision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asks_budget", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_user_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_user_organisation_id_organisation"), "organisation", ["organisation_id"], ["id"]
        )

    for table, columns in FILLED.items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
    _organisations_of_observers()
    _accreditations_of_organisations()


def _organisations_of_observers() -> None:
    connection = op.get_bind()
    user = sa.table(
        "user",
        sa.column("id", sa.Integer),
        sa.column("name", sa.String),
        sa.column("role", sa.String),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("organisation_id", sa.Integer),
    )
    organisation = sa.table(
        "organisation",
        sa.column("id", sa.Integer),
        sa.column("name", sa.String),
        sa.column("website", sa.String),
        sa.column("version", sa.Integer),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    observers = connection.execute(
        sa.select(user.c.id, user.c.name, user.c.created_at).where(user.c.role == "observer").order_by(user.c.id)
    ).all()
    made: dict[str, int] = {}
    for one in observers:
        if one.name not in made:
            connection.execute(
                organisation.insert().values(name=one.name, website="", version=1, created_at=one.created_at)
            )
            made[one.name] = connection.execute(
                sa.select(organisation.c.id).where(organisation.c.name == one.name)
            ).scalar_one()
        connection.execute(user.update().where(user.c.id == one.id).values(organisation_id=made[one.name]))


def _accreditations_of_organisations() -> None:
    """An accreditation was a person's; now all people of an organisation share it."""
    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE accreditation SET organisation_id ="
        ' (SELECT u.organisation_id FROM "user" u WHERE u.id = accreditation.user_id)'
    )
    op.execute("DELETE FROM accreditation WHERE organisation_id IS NULL")
    op.execute(
        "DELETE FROM accreditation WHERE id NOT IN"
        " (SELECT min(id) FROM accreditation GROUP BY organisation_id, party_id)"
    )
    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_accreditation_user_id_party_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_accreditation_user_id_user"), type_="foreignkey")
        batch_op.drop_column("user_id")
        batch_op.alter_column("organisation_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_accreditation_organisation_id_organisation"), "organisation", ["organisation_id"], ["id"]
        )
        batch_op.create_index("ix_accreditation_organisation", ["organisation_id", "party_id"], unique=False)
        batch_op.create_check_constraint(batch_op.f("ck_accreditation_period"), "starts_on <= ends_on")


def _accreditations_of_people() -> None:
    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_accreditation_period"), type_="check")
        batch_op.drop_index("ix_accreditation_organisation")
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE accreditation SET user_id ="
        ' (SELECT min(u.id) FROM "user" u WHERE u.organisation_id = accreditation.organisation_id)'
    )
    op.execute("DELETE FROM accreditation WHERE user_id IS NULL")
    op.execute(
        "DELETE FROM accreditation WHERE id NOT IN (SELECT min(id) FROM accreditation GROUP BY user_id, party_id)"
    )
    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_accreditation_organisation_id_organisation"), type_="foreignkey")
        batch_op.drop_column("organisation_id")
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_accreditation_user_id_user"), "user", ["user_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_accreditation_user_id_party_id"), ["user_id", "party_id"])


def downgrade() -> None:
    _accreditations_of_people()
    op.execute("DELETE FROM assignment WHERE element_id IS NOT NULL")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_user_organisation_id_organisation"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_user_organisation_id"))
        batch_op.drop_column("organisation_id")

    with op.batch_alter_table("provision", schema=None) as batch_op:
        batch_op.drop_column("asks_budget")

    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.drop_column("unconfirmed")
        batch_op.drop_column("nothing_changed")
        batch_op.drop_column("help_needed")
        batch_op.drop_column("obstacles")

    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_column("counts_persons")

    with op.batch_alter_table("evidence_link", schema=None) as batch_op:
        batch_op.drop_column("language")

    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_column("closed_at")

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_assignment_element_id_element"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_assignment_commitment_id"))
        batch_op.drop_index(
            "uq_assignment_whole",
            sqlite_where=sa.text("element_id IS NULL"),
            postgresql_where=sa.text("element_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_assignment_element",
            sqlite_where=sa.text("element_id IS NOT NULL"),
            postgresql_where=sa.text("element_id IS NOT NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_assignment_commitment_id_user_id"), ["commitment_id", "user_id"]
        )
        batch_op.drop_column("done_at")
        batch_op.drop_column("due_on")
        batch_op.drop_column("element_id")

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_column("element_ratings")

    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_accreditation_granted_by_id_user"), type_="foreignkey")
        batch_op.drop_column("granted_by_id")
        batch_op.drop_column("granted_at")
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")

    with op.batch_alter_table("observation_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_observation_evidence_evidence_id"))

    op.drop_table("observation_evidence")
    with op.batch_alter_table("revision_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_evidence_evidence_id"))

    op.drop_table("revision_evidence")
    with op.batch_alter_table("report_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_evidence_evidence_id"))

    op.drop_table("report_evidence")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("ix_question_report")

    op.drop_table("question")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index("ix_observation_state")
        batch_op.drop_index(batch_op.f("ix_observation_party_id"))
        batch_op.drop_index(batch_op.f("ix_observation_organisation_id"))
        batch_op.drop_index("ix_observation_commitment")

    op.drop_table("observation")
    with op.batch_alter_table("internal_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_internal_note_report_id"))

    op.drop_table("internal_note")
    op.drop_table("indicator_value")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_extension_undecided",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index("ix_extension_report")
        batch_op.drop_index("ix_extension_party")

    op.drop_table("extension")
    with op.batch_alter_table("evidence_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_version_state"))

    op.drop_table("evidence_version")
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_line_report_id"))

    op.drop_table("budget_line")
    with op.batch_alter_table("workbook_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workbook_return_party_id"))

    op.drop_table("workbook_return")
    with op.batch_alter_table("purge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purge_party_id"))

    op.drop_table("purge")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_to_user_id"))
        batch_op.drop_index(batch_op.f("ix_handover_party_id"))

    op.drop_table("handover")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_party_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_organisation_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_closing_commitment_id"))

    op.drop_table("closing")
    op.drop_table("organisation")
