"""The ladder, holidays and the ledger as data; subscriptions; rhythm per person; offices, escalations, notes; bounces.

The ledger's seven named steps become days, the weekly summary becomes a subscription of each person who took it, and
its ledger follows that. The ladder that was built in becomes the default ladder, with the two steps of protocol.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATES = "state IN ('queued', 'sending', 'sent', 'failed', 'held', 'grouped', 'withdrawn')"
OLD_STATES = "state IN ('queued', 'sending', 'sent', 'failed')"
OUTCOMES = (
    "outcome IN ('reminder_sent', 'reminder_grouped', 'reminder_passed_over', 'reminder_done', 'reminder_extended',"
    " 'reminder_muted', 'reminder_no_address')"
)
UNREAD = (
    "read_at IS NULL AND state <> 'grouped' AND state <> 'withdrawn'"
    " AND kind <> 'invitation' AND kind <> 'password_reset'"
)
REMINDER_RHYTHMS = "reminder_rhythm IN ('rhythm_each_step', 'rhythm_weekly')"
NOTICE_RHYTHMS = "notice_rhythm IN ('notices_at_once', 'notices_daily')"
STEPS = {
    "before_30": -30,
    "before_14": -14,
    "before_7": -7,
    "before_1": -1,
    "after_1": 1,
    "after_7": 7,
    "after_21": 21,
}
OLD_STEPS = "step IN (" + ", ".join(f"'{name}'" for name in STEPS) + ")"
FOCAL, ALTERNATE = "rung_focal_point", "rung_alternate"
AUTHORITY, MISSION = "rung_head_of_authority", "rung_permanent_mission"
LADDER = ((-30, FOCAL), (-14, FOCAL), (-7, FOCAL), (-1, FOCAL), (1, FOCAL), (7, ALTERNATE), (21, ALTERNATE))
PROTOCOL = ((30, AUTHORITY), (45, MISSION))
"""Only for Member States: the others have neither."""


def upgrade() -> None:
    op.create_table(
        "mail_pause",
        sa.Column("domain", sa.String(length=254), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_pause")),
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["reporting_party.id"], name=op.f("fk_holiday_party_id_reporting_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("party_id", "day", name=op.f("uq_holiday_party_id_day")),
    )
    op.create_table(
        "ladder_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column(
            "party_kind",
            sa.Enum(
                "member_state",
                "general_secretariat",
                "cooperation_agencies",
                name="party_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column(
            "rung",
            sa.Enum(
                "rung_focal_point",
                "rung_alternate",
                "rung_head_of_authority",
                "rung_permanent_mission",
                name="rung",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("day BETWEEN -365 AND 365", name=op.f("ck_ladder_step_day")),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["reporting_cycle.id"], name=op.f("fk_ladder_step_cycle_id_reporting_cycle")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_step")),
    )
    with op.batch_alter_table("ladder_step", schema=None) as batch_op:
        batch_op.create_index(
            "uq_ladder_step_cycle",
            ["cycle_id", "party_kind", "day"],
            unique=True,
            sqlite_where=sa.text("cycle_id IS NOT NULL"),
            postgresql_where=sa.text("cycle_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_ladder_step_default",
            ["party_kind", "day"],
            unique=True,
            sqlite_where=sa.text("cycle_id IS NULL"),
            postgresql_where=sa.text("cycle_id IS NULL"),
        )

    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "office_head_of_authority",
                "office_permanent_mission",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["reporting_party.id"], name=op.f("fk_office_party_id_reporting_party")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("party_id", "kind", name=op.f("uq_office_party_id_kind")),
    )
    op.create_table(
        "mail_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("shipped", sa.Text(), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("plural", sa.String(length=20000), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edited_by_id"], ["user.id"], name=op.f("fk_mail_text_edited_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text")),
        sa.UniqueConstraint("language", "key", name=op.f("uq_mail_text_language_key")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "rhythm",
            sa.Enum(
                "summary_weekly",
                "summary_monthly",
                "summary_quarterly",
                "summary_at_publication",
                name="rhythm",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum(
                "scope_own",
                "scope_states",
                "scope_everything",
                "scope_instrument",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("party_ids", sa.JSON(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=True),
        sa.Column("when_empty", sa.Boolean(), nullable=False),
        sa.Column("attach_report", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_subscription_instrument_id_instrument")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_subscription_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_user_id"), ["user_id"], unique=False)

    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_bounce_message_id_message")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_bounce_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("digest", name=op.f("uq_bounce_digest")),
    )
    with op.batch_alter_table("bounce", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bounce_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bounce_user_id"), ["user_id"], unique=False)

    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column(
            "rung",
            sa.Enum(
                "rung_focal_point",
                "rung_alternate",
                "rung_head_of_authority",
                "rung_permanent_mission",
                name="rung",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "escalation_waiting",
                "escalation_sent",
                "escalation_dismissed",
                "escalation_lapsed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20000), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "rung IN ('rung_head_of_authority', 'rung_permanent_mission')", name=op.f("ck_escalation_by_hand")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["reporting_cycle.id"], name=op.f("fk_escalation_cycle_id_reporting_cycle")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_escalation_decided_by_id_user")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_escalation_message_id_message")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["reporting_party.id"], name=op.f("fk_escalation_party_id_reporting_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("party_id", "cycle_id", "rung", name=op.f("uq_escalation_party_id_cycle_id_rung")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index("ix_escalation_state", ["state", "opened_at"], unique=False)

    op.create_table(
        "note_verbale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("docx", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("docx_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_note_verbale_sequence")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_note_verbale_escalation_id_escalation")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_note_verbale_made_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_verbale")),
        sa.UniqueConstraint("escalation_id", name=op.f("uq_note_verbale_escalation_id")),
        sa.UniqueConstraint("year", "sequence", name=op.f("uq_note_verbale_year_sequence")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgency", sa.Integer(), nullable=False, server_default="50"))
        batch_op.add_column(sa.Column("domain", sa.String(length=254), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("url", sa.String(length=2000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("unsubscribe_url", sa.String(length=2000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("within_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sections", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.drop_constraint(batch_op.f("ck_message_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_message_state"), STATES)
        batch_op.drop_index(batch_op.f("ix_message_due"))
        batch_op.create_index("ix_message_due", ["state", "urgency", "next_attempt_at"], unique=False)
        batch_op.create_index(
            "ix_message_unread",
            ["recipient_id", "read_at"],
            unique=False,
            sqlite_where=sa.text(UNREAD),
            postgresql_where=sa.text(UNREAD),
        )
        batch_op.create_foreign_key(batch_op.f("fk_message_within_id_message"), "message", ["within_id"], ["id"])

    with op.batch_alter_table("reminder_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("day", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=40), nullable=True))
    _days()
    with op.batch_alter_table("reminder_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_reminder_entry_report_id_due_on_step_user_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("ck_reminder_entry_step"), type_="check")
        batch_op.drop_column("step")
        batch_op.alter_column("day", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("outcome", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_reminder_entry_outcome"), OUTCOMES)
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_index("ix_reminder_entry_message_id", ["message_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_reminder_entry_report_id_due_on_day_user_id"), ["report_id", "due_on", "day", "user_id"]
        )
        batch_op.create_index(
            "uq_reminder_entry_vacant",
            ["report_id", "due_on", "day"],
            unique=True,
            sqlite_where=sa.text("user_id IS NULL"),
            postgresql_where=sa.text("user_id IS NULL"),
        )

    with op.batch_alter_table("summary_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subscription_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("period", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("figures", sa.JSON(), nullable=False, server_default="{}"))
    _subscriptions()
    with op.batch_alter_table("summary_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_summary_entry_user_id_week"), type_="unique")
        batch_op.drop_column("week")
        batch_op.alter_column("subscription_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("period", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("figures", existing_type=sa.JSON(), server_default=None)
        batch_op.create_index(batch_op.f("ix_summary_entry_user_id"), ["user_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_summary_entry_subscription_id_period"), ["subscription_id", "period"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_summary_entry_subscription_id_subscription"), "subscription", ["subscription_id"], ["id"]
        )

    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_hour", sa.Integer(), nullable=False, server_default="7"))
        batch_op.add_column(
            sa.Column("reminder_rhythm", sa.String(length=40), nullable=False, server_default="rhythm_each_step")
        )
        batch_op.add_column(
            sa.Column("notice_rhythm", sa.String(length=40), nullable=False, server_default="notices_at_once")
        )
        batch_op.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mail_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("calendar_key", sa.String(length=64), nullable=True))
    _mail_keys()
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.alter_column("mail_key", existing_type=sa.String(length=64), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_user_mail_key"), ["mail_key"])
        batch_op.create_unique_constraint(batch_op.f("uq_user_calendar_key"), ["calendar_key"])
        batch_op.create_check_constraint(batch_op.f("ck_user_mail_hour"), "mail_hour BETWEEN 0 AND 23")
        batch_op.create_check_constraint(batch_op.f("ck_user_reminder_rhythm"), REMINDER_RHYTHMS)
        batch_op.create_check_constraint(batch_op.f("ck_user_notice_rhythm"), NOTICE_RHYTHMS)
        batch_op.alter_column("mail_hour", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("reminder_rhythm", existing_type=sa.String(length=40), server_default=None)
        batch_op.alter_column("notice_rhythm", existing_type=sa.String(length=40), server_default=None)
        batch_op.drop_column("weekly_summary")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("urgency", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("domain", existing_type=sa.String(length=254), server_default=None)
        batch_op.alter_column("url", existing_type=sa.String(length=2000), server_default=None)
        batch_op.alter_column("unsubscribe_url", existing_type=sa.String(length=2000), server_default=None)
        batch_op.alter_column("sections", existing_type=sa.JSON(), server_default=None)
    op.execute(
        "UPDATE message SET domain = lower(substr(to_address, length(rtrim(to_address, "
        "replace(to_address, '@', ''))) + 1))"
    )
    op.execute("UPDATE message SET urgency = 0 WHERE kind IN ('invitation', 'password_reset')")
    op.execute("UPDATE message SET urgency = 70 WHERE kind IN ('summary', 'status_report')")
    # What went before there was an inbox is not news.
    op.execute("UPDATE message SET read_at = sent_at WHERE state = 'sent'")
    _ladder()


def downgrade() -> None:
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("weekly_summary", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in ("mail_hour", "reminder_rhythm", "notice_rhythm"):
            batch_op.drop_constraint(batch_op.f(f"ck_user_{name}"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_user_mail_key"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_user_calendar_key"), type_="unique")
        for name in (
            "calendar_key",
            "mail_key",
            "bounced_at",
            "away_until",
            "notice_rhythm",
            "reminder_rhythm",
            "mail_hour",
        ):
            batch_op.drop_column(name)
    op.execute(
        'UPDATE "user" SET weekly_summary = (1 = 1) WHERE EXISTS (SELECT 1 FROM subscription'
        ' WHERE subscription.user_id = "user".id AND subscription.ended_at IS NULL)'
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.alter_column("weekly_summary", existing_type=sa.Boolean(), server_default=None)

    # The older ledgers know one summary a week, and seven steps.
    with op.batch_alter_table("summary_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("week", sa.Date(), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_summary_entry_subscription_id_subscription"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_summary_entry_subscription_id_period"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_summary_entry_user_id"))
    _weeks()
    with op.batch_alter_table("summary_entry", schema=None) as batch_op:
        batch_op.alter_column("week", existing_type=sa.Date(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_summary_entry_user_id_week"), ["user_id", "week"])
        batch_op.drop_column("period")
        batch_op.drop_column("subscription_id")
        batch_op.drop_column("figures")

    with op.batch_alter_table("reminder_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("step", sa.String(length=40), nullable=True))
    _steps()
    with op.batch_alter_table("reminder_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reminder_entry_vacant",
            sqlite_where=sa.text("user_id IS NULL"),
            postgresql_where=sa.text("user_id IS NULL"),
        )
        batch_op.drop_constraint(batch_op.f("uq_reminder_entry_report_id_due_on_day_user_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("ck_reminder_entry_outcome"), type_="check")
        batch_op.drop_index("ix_reminder_entry_message_id")
        batch_op.alter_column("step", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_reminder_entry_step"), OLD_STEPS)
        batch_op.create_unique_constraint(
            batch_op.f("uq_reminder_entry_report_id_due_on_step_user_id"), ["report_id", "due_on", "step", "user_id"]
        )
        batch_op.alter_column("user_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("outcome")
        batch_op.drop_column("day")

    # A mail that waited for the mail of the day goes now; one that was named or withdrawn counts as sent.
    op.execute("UPDATE message SET state = 'queued' WHERE state = 'held'")
    op.execute("UPDATE message SET state = 'sent' WHERE state IN ('grouped', 'withdrawn')")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_message_within_id_message"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_message_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_message_state"), OLD_STATES)
        batch_op.drop_index("ix_message_unread")
        batch_op.drop_index("ix_message_due")
        batch_op.create_index(batch_op.f("ix_message_due"), ["state", "next_attempt_at"], unique=False)
        batch_op.drop_column("sections")
        batch_op.drop_column("within_id")
        batch_op.drop_column("read_at")
        batch_op.drop_column("last_attempt_at")
        batch_op.drop_column("unsubscribe_url")
        batch_op.drop_column("url")
        batch_op.drop_column("domain")
        batch_op.drop_column("urgency")

    op.drop_table("note_verbale")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index("ix_escalation_state")

    op.drop_table("escalation")
    with op.batch_alter_table("bounce", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bounce_user_id"))
        batch_op.drop_index(batch_op.f("ix_bounce_message_id"))

    op.drop_table("bounce")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_user_id"))

    op.drop_table("subscription")
    op.drop_table("mail_text")
    op.drop_table("office")
    with op.batch_alter_table("ladder_step", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ladder_step_default",
            sqlite_where=sa.text("cycle_id IS NULL"),
            postgresql_where=sa.text("cycle_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_ladder_step_cycle",
            sqlite_where=sa.text("cycle_id IS NOT NULL"),
            postgresql_where=sa.text("cycle_id IS NOT NULL"),
        )

    op.drop_table("ladder_step")
    op.drop_table("holiday")
    op.drop_table("mail_pause")


def _ladder() -> None:
    table = sa.table("ladder_step", sa.column("party_kind"), sa.column("day"), sa.column("rung"))
    kinds = {"member_state": LADDER + PROTOCOL, "general_secretariat": LADDER, "cooperation_agencies": LADDER}
    op.bulk_insert(
        table,
        [{"party_kind": kind, "day": day, "rung": rung} for kind, steps in kinds.items() for day, rung in steps],
    )


def _days() -> None:
    for name, day in STEPS.items():
        op.get_bind().execute(
            sa.text(
                "UPDATE reminder_entry SET day = :day, outcome = CASE WHEN message_id IS NULL"
                " THEN 'reminder_passed_over' ELSE 'reminder_sent' END WHERE step = :name"
            ),
            {"day": day, "name": name},
        )


def _steps() -> None:
    bind = op.get_bind()
    for name, day in STEPS.items():
        bind.execute(sa.text("UPDATE reminder_entry SET step = :name WHERE day = :day"), {"name": name, "day": day})
    bind.execute(sa.text("DELETE FROM reminder_entry WHERE step IS NULL OR user_id IS NULL"))


def _subscriptions() -> None:
    bind = op.get_bind()
    users = sa.table("user", sa.column("id"), sa.column("weekly_summary", sa.Boolean()))
    entries = sa.table("summary_entry", sa.column("user_id"))
    table = sa.table(
        "subscription",
        *(sa.column(name) for name in ("user_id", "rhythm", "scope", "instrument_id", "version")),
        sa.column("party_ids", sa.JSON()),
        sa.column("when_empty", sa.Boolean()),
        sa.column("attach_report", sa.Boolean()),
        sa.column("made_at", sa.DateTime(timezone=True)),
        sa.column("ended_at", sa.DateTime(timezone=True)),
    )
    now = datetime.now(UTC)
    told = set(bind.scalars(sa.select(entries.c.user_id)))
    rows = [
        {
            "user_id": row.id,
            "rhythm": "summary_weekly",
            "scope": "scope_own",
            "party_ids": [],
            "instrument_id": None,
            "when_empty": False,
            "attach_report": False,
            "made_at": now,
            "ended_at": None if row.weekly_summary else now,
            "version": 1,
        }
        for row in bind.execute(sa.select(users.c.id, users.c.weekly_summary))
        if row.weekly_summary or row.id in told
    ]
    op.bulk_insert(table, rows)
    op.execute(
        "UPDATE summary_entry SET period = week, subscription_id ="
        " (SELECT id FROM subscription WHERE subscription.user_id = summary_entry.user_id)"
    )


def _weeks() -> None:
    """The newest entry of each person and week stays."""
    bind = op.get_bind()
    entries = sa.table(
        "summary_entry",
        sa.column("id"),
        sa.column("user_id"),
        sa.column("period", sa.Date()),
        sa.column("week", sa.Date()),
    )
    kept: dict[tuple[int, date], int] = {}
    for row in bind.execute(sa.select(entries).order_by(entries.c.id)).all():
        week = date.fromordinal(row.period.toordinal() - row.period.weekday())
        before = kept.get((row.user_id, week))
        if before is not None:
            bind.execute(entries.delete().where(entries.c.id == before))
        kept[row.user_id, week] = row.id
        bind.execute(entries.update().where(entries.c.id == row.id).values(week=week))


def _mail_keys() -> None:
    bind = op.get_bind()
    users = sa.table("user", sa.column("id"), sa.column("mail_key"))
    for user_id in bind.scalars(sa.select(users.c.id)).all():
        bind.execute(users.update().where(users.c.id == user_id).values(mail_key=secrets.token_urlsafe(24)))
