"""First tables: parties, catalogue, people, cycles, commitments, reports, review, mail, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("default",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_programme", sa.Boolean(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("title_status", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("date_precision", sa.String(length=10), nullable=True),
        sa.Column("date_uncertain", sa.Boolean(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=True),
        sa.Column("country_iso2", sa.String(length=2), nullable=True),
        sa.Column("state_iso2s", sa.JSON(), nullable=False),
        sa.Column("pillars", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("seed_digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("code", name=op.f("uq_activity_code")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_starts_on"), ["starts_on"], unique=False)

    op.create_table(
        "catalogue_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_release")),
    )
    op.create_table(
        "classification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("axis", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classification")),
        sa.UniqueConstraint("axis", "code", name=op.f("uq_classification_axis_code")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "civil_society_recommendations",
                "work_plan",
                "strategy",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("symbol", sa.String(length=80), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("period_start_year", sa.Integer(), nullable=True),
        sa.Column("period_end_year", sa.Integer(), nullable=True),
        sa.Column("original_language", sa.String(length=2), nullable=True),
        sa.Column("is_paraphrase", sa.Boolean(), nullable=False),
        sa.Column("reading_note", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seed_digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("code", name=op.f("uq_instrument_code")),
    )
    op.create_table(
        "reporting_cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("comment_days", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("comment_days BETWEEN 1 AND 365", name=op.f("ck_reporting_cycle_comment_days")),
        sa.CheckConstraint(
            "opens_on <= due_on AND due_on <= closes_on", name=op.f("ck_reporting_cycle_order_of_dates")
        ),
        sa.CheckConstraint("period_start <= period_end", name=op.f("ck_reporting_cycle_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_cycle")),
        sa.UniqueConstraint("code", name=op.f("uq_reporting_cycle_code")),
    )
    with op.batch_alter_table("reporting_cycle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reporting_cycle_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reporting_cycle_opens_on"), ["opens_on"], unique=False)

    op.create_table(
        "reporting_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "member_state",
                "general_secretariat",
                "cooperation_agencies",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("approval_required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_party")),
        sa.UniqueConstraint("code", name=op.f("uq_reporting_party_code")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_who", ["address_hash", "at"], unique=False)

    op.create_table(
        "activity_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_document_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_document")),
    )
    with op.batch_alter_table("activity_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_document_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "context_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.JSON(), nullable=True),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("text_status", sa.JSON(), nullable=False),
        sa.Column("pillars", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("related", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("seed_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_context_statement_instrument_id_instrument")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_context_statement")),
        sa.UniqueConstraint("code", name=op.f("uq_context_statement_code")),
    )
    with op.batch_alter_table("context_statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_context_statement_instrument_id"), ["instrument_id"], unique=False)

    op.create_table(
        "institution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_institution_party_id_reporting_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("party_id", "name", name=op.f("uq_institution_party_id_name")),
    )
    op.create_table(
        "member_state",
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("iso2", sa.String(length=2), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("official_name", sa.JSON(), nullable=False),
        sa.Column("subregion", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_note", sa.JSON(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("seed_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_member_state_party_id_reporting_party")
        ),
        sa.PrimaryKeyConstraint("party_id", name=op.f("pk_member_state")),
        sa.UniqueConstraint("iso2", name=op.f("uq_member_state_iso2")),
        sa.UniqueConstraint("iso3", name=op.f("uq_member_state_iso3")),
    )
    with op.batch_alter_table("member_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_state_subregion"), ["subregion"], unique=False)

    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_participation_period")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_participation_party_id_reporting_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("party_id", "starts_on", name=op.f("uq_participation_party_id_starts_on")),
    )
    op.create_table(
        "provision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "recommendation",
                "activity",
                "mandate",
                "assembly_provision",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("strength", sa.String(length=40), nullable=False),
        sa.Column("is_scored", sa.Boolean(), nullable=False),
        sa.Column("not_scored_reason", sa.JSON(), nullable=True),
        sa.Column("pillars", sa.JSON(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("pillar_basis", sa.String(length=10), nullable=False),
        sa.Column("addressee_basis", sa.String(length=10), nullable=False),
        sa.Column("addressees", sa.JSON(), nullable=False),
        sa.Column("passage", sa.JSON(), nullable=True),
        sa.Column("measurement", sa.JSON(), nullable=False),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("text_status", sa.JSON(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("edited_by_person", sa.Boolean(), nullable=False),
        sa.Column("seed_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_provision_instrument_id_instrument")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
        sa.UniqueConstraint("code", name=op.f("uq_provision_code")),
    )
    with op.batch_alter_table("provision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provision_instrument_id"), ["instrument_id"], unique=False)

    op.create_table(
        "status_report_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["reporting_cycle.id"], name=op.f("fk_status_report_mail_cycle_id_reporting_cycle")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_status_report_mail_party_id_reporting_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_report_mail")),
        sa.UniqueConstraint("party_id", "cycle_id", name=op.f("uq_status_report_mail_party_id_cycle_id")),
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_commitment_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(["provision_id"], ["provision.id"], name=op.f("fk_commitment_provision_id_provision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("party_id", "provision_id", name=op.f("uq_commitment_party_id_provision_id")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_provision_id"), ["provision_id"], unique=False)

    op.create_table(
        "element",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("fragment", sa.String(length=20000), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("addressees", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["provision_id"], ["provision.id"], name=op.f("fk_element_provision_id_provision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_element")),
        sa.UniqueConstraint("code", name=op.f("uq_element_code")),
    )
    with op.batch_alter_table("element", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_element_provision_id"), ["provision_id"], unique=False)

    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data_type", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.JSON(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("disaggregation", sa.JSON(), nullable=False),
        sa.Column("computed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["provision_id"], ["provision.id"], name=op.f("fk_indicator_provision_id_provision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_code")),
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_provision_id"), ["provision_id"], unique=False)

    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "focal_point",
                "contributor",
                "approver",
                "reviewer",
                "administrator",
                "secretariat_reporter",
                "observer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_alternate", sa.Boolean(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("weekly_summary", sa.Boolean(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role NOT IN ('focal_point', 'contributor', 'approver', 'secretariat_reporter') OR party_id IS NOT NULL",
            name=op.f("ck_user_reporting_roles_have_a_party"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_user_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["reporting_party.id"], name=op.f("fk_user_party_id_reporting_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_fs_uniquifier")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_role"), ["role"], unique=False)

    op.create_table(
        "accreditation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_accreditation_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_accreditation_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditation")),
        sa.UniqueConstraint("user_id", "party_id", name=op.f("uq_accreditation_user_id_party_id")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_assignment_assigned_by_id_user")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_assignment_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_assignment_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("commitment_id", "user_id", name=op.f("uq_assignment_commitment_id_user_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("source_address", sa.String(length=64), nullable=False),
        sa.Column("record_type", sa.String(length=40), nullable=True),
        sa.Column("record_id", sa.String(length=200), nullable=True),
        sa.Column("old", sa.JSON(), nullable=True),
        sa.Column("new", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_entry_actor_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_event"), ["event"], unique=False)
        batch_op.create_index("ix_audit_entry_record", ["record_type", "record_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=1000), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["recipient_id"], ["user.id"], name=op.f("fk_message_recipient_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_due", ["state", "next_attempt_at"], unique=False)
        batch_op.create_index("ix_message_recipient", ["recipient_id", "id"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("reset", "invitation", name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_one_time_link_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "progress_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "awaiting_approval",
                "returned",
                "submitted",
                "under_review",
                "rating_proposed",
                "open_for_comment",
                "published",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "self_assessment",
            sa.Enum(
                "implemented",
                "largely_implemented",
                "partially_implemented",
                "not_implemented",
                "insufficient_information",
                "no_longer_applicable",
                name="self_assessment",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("summary", sa.String(length=20000), nullable=False),
        sa.Column("privacy_explanation", sa.String(length=2000), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("published_assessment_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_progress_report_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["reporting_cycle.id"], name=op.f("fk_progress_report_cycle_id_reporting_cycle")
        ),
        sa.ForeignKeyConstraint(["edited_by_id"], ["user.id"], name=op.f("fk_progress_report_edited_by_id_user")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_progress_report_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user.id"], name=op.f("fk_progress_report_reviewer_id_user")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_progress_report_submitted_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
        sa.UniqueConstraint("cycle_id", "commitment_id", name=op.f("uq_progress_report_cycle_id_commitment_id")),
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.create_index("ix_progress_report_commitment", ["commitment_id", "opens_on", "cycle_id"], unique=False)
        batch_op.create_index(
            "ix_progress_report_figures",
            ["cycle_id", "party_id", "first_submitted_at", "on_time", "published_assessment_id"],
            unique=False,
        )
        batch_op.create_index("ix_progress_report_open", ["party_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_progress_report_party", ["party_id", "cycle_id", "state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_progress_report_published_assessment_id"),
            ["published_assessment_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_progress_report_reviewer_id"), ["reviewer_id"], unique=False)
        batch_op.create_index("ix_progress_report_state", ["state", "submitted_at"], unique=False)
        batch_op.create_index("ix_progress_report_window", ["state", "window_ends_at"], unique=False)

    op.create_table(
        "provision_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("text_status", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_provision_version_made_by_id_user")),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_provision_version_provision_id_provision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision_version")),
        sa.UniqueConstraint("provision_id", "number", name=op.f("uq_provision_version_provision_id_number")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_session_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "element_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.Column(
            "self_assessment",
            sa.Enum(
                "implemented",
                "largely_implemented",
                "partially_implemented",
                "not_implemented",
                "insufficient_information",
                "no_longer_applicable",
                name="self_assessment",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("narrative", sa.String(length=20000), nullable=False),
        sa.ForeignKeyConstraint(["element_id"], ["element.id"], name=op.f("fk_element_answer_element_id_element")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_element_answer_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_element_answer")),
        sa.UniqueConstraint("report_id", "element_id", name=op.f("uq_element_answer_report_id_element_id")),
    )
    op.create_table(
        "evidence_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("speaks_of", sa.Date(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_evidence_link_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_link")),
    )
    with op.batch_alter_table("evidence_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_link_report_id"), ["report_id"], unique=False)

    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(length=40), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum(
                "party",
                "staff",
                "file",
                "public",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.String(length=20000), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_history_entry_actor_id_user")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_history_entry_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_history_entry_party_id_reporting_party")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_history_entry_report_id_progress_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.create_index("ix_history_entry_commitment", ["commitment_id", "id"], unique=False)
        batch_op.create_index("ix_history_entry_party", ["party_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_entry_report_id"), ["report_id"], unique=False)

    op.create_table(
        "message_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_attachment_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attachment")),
    )
    with op.batch_alter_table("message_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_attachment_message_id"), ["message_id"], unique=False)

    op.create_table(
        "reminder_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "before_30",
                "before_14",
                "before_7",
                "before_1",
                "after_1",
                "after_7",
                "after_21",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reminder_entry_message_id_message")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_reminder_entry_report_id_progress_report")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reminder_entry_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_entry")),
        sa.UniqueConstraint(
            "report_id",
            "due_on",
            "step",
            "user_id",
            name=op.f("uq_reminder_entry_report_id_due_on_step_user_id"),
        ),
    )
    with op.batch_alter_table("reminder_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_entry_user_id"), ["user_id"], unique=False)

    op.create_table(
        "report_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column(
            "self_assessment",
            sa.Enum(
                "implemented",
                "largely_implemented",
                "partially_implemented",
                "not_implemented",
                "insufficient_information",
                "no_longer_applicable",
                name="self_assessment",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_report_revision_report_id_progress_report")
        ),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_report_revision_submitted_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_revision")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_report_revision_report_id_number")),
    )
    op.create_table(
        "summary_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_entry_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_summary_entry_message_id_message")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_summary_entry_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_entry")),
        sa.UniqueConstraint("user_id", "week", name=op.f("uq_summary_entry_user_id_week")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "rating",
            sa.Enum(
                "implemented",
                "largely_implemented",
                "partially_implemented",
                "not_implemented",
                "insufficient_information",
                "no_longer_applicable",
                name="rating",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "strength",
            sa.Enum(
                "declared_only",
                "documented",
                "confirmed_by_another_source",
                "result_measured",
                name="strength",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(length=20000), nullable=False),
        sa.Column("strength_reason", sa.String(length=20000), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.String(length=20000), nullable=False),
        sa.Column(
            "comment_outcome",
            sa.Enum(
                "commented",
                "waived",
                "none_received",
                name="comment_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("commented_by_id", sa.Integer(), nullable=True),
        sa.Column("commented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name=op.f("ck_assessment_confirmed_by_another"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR confirmed_at IS NOT NULL",
            name=op.f("ck_assessment_published_after_confirmation"),
        ),
        sa.ForeignKeyConstraint(["commented_by_id"], ["user.id"], name=op.f("fk_assessment_commented_by_id_user")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_assessment_confirmed_by_id_user")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_assessment_proposed_by_id_user")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_assessment_report_id_progress_report")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["report_revision.id"], name=op.f("fk_assessment_revision_id_report_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_assessment_report_id_number")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_published_at"), ["published_at"], unique=False)
    # A report names its assessments and an assessment its report: the second half comes when both stand.
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        for column in ("assessment_id", "published_assessment_id"):
            batch_op.create_foreign_key(f"fk_progress_report_{column}_assessment", "assessment", [column], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        for column in ("assessment_id", "published_assessment_id"):
            batch_op.drop_constraint(f"fk_progress_report_{column}_assessment", type_="foreignkey")

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_published_at"))

    op.drop_table("assessment")
    op.drop_table("summary_entry")
    op.drop_table("report_revision")
    with op.batch_alter_table("reminder_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_entry_user_id"))

    op.drop_table("reminder_entry")
    with op.batch_alter_table("message_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_attachment_message_id"))

    op.drop_table("message_attachment")
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_entry_report_id"))
        batch_op.drop_index("ix_history_entry_party")
        batch_op.drop_index("ix_history_entry_commitment")

    op.drop_table("history_entry")
    with op.batch_alter_table("evidence_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_link_report_id"))

    op.drop_table("evidence_link")
    op.drop_table("element_answer")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_user_id"))

    op.drop_table("sign_in_session")
    op.drop_table("provision_version")
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_report_window")
        batch_op.drop_index("ix_progress_report_state")
        batch_op.drop_index(batch_op.f("ix_progress_report_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_progress_report_published_assessment_id"))
        batch_op.drop_index("ix_progress_report_party")
        batch_op.drop_index("ix_progress_report_figures")
        batch_op.drop_index("ix_progress_report_commitment")

    op.drop_table("progress_report")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_user_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_recipient")
        batch_op.drop_index("ix_message_due")

    op.drop_table("message")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_record")
        batch_op.drop_index(batch_op.f("ix_audit_entry_event"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_user_id"))

    op.drop_table("assignment")
    op.drop_table("accreditation")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_role"))
        batch_op.drop_index(batch_op.f("ix_user_party_id"))

    op.drop_table("user")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_provision_id"))

    op.drop_table("indicator")
    with op.batch_alter_table("element", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_element_provision_id"))

    op.drop_table("element")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_provision_id"))

    op.drop_table("commitment")
    op.drop_table("status_report_mail")
    with op.batch_alter_table("provision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provision_instrument_id"))

    op.drop_table("provision")
    op.drop_table("participation")
    with op.batch_alter_table("member_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_state_subregion"))

    op.drop_table("member_state")
    op.drop_table("institution")
    with op.batch_alter_table("context_statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_context_statement_instrument_id"))

    op.drop_table("context_statement")
    with op.batch_alter_table("activity_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_document_activity_id"))

    op.drop_table("activity_document")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_who")

    op.drop_table("sign_in_attempt")
    op.drop_table("reporting_party")
    with op.batch_alter_table("reporting_cycle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reporting_cycle_opens_on"))
        batch_op.drop_index(batch_op.f("ix_reporting_cycle_opened_at"))

    op.drop_table("reporting_cycle")
    op.drop_table("instrument")
    op.drop_table("heartbeat")
    op.drop_table("classification")
    op.drop_table("catalogue_release")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_starts_on"))

    op.drop_table("activity")
