"""The closed lists of the product: one word, one thing. The words people read stand in ``tracker.wording``."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may be. One account has one role."""

    FOCAL_POINT = "focal_point"
    CONTRIBUTOR = "contributor"
    APPROVER = "approver"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    SECRETARIAT_REPORTER = "secretariat_reporter"
    OBSERVER = "observer"


NATIONAL_ROLES = frozenset({Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.APPROVER})
STAFF_ROLES = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
REPORTING_ROLES = NATIONAL_ROLES | {Role.SECRETARIAT_REPORTER}


class PartyKind(StrEnum):
    """Who may owe a report."""

    MEMBER_STATE = "member_state"
    GENERAL_SECRETARIAT = "general_secretariat"
    COOPERATION_AGENCIES = "cooperation_agencies"


class ReportState(StrEnum):
    """Where a progress report stands. "Late", "not reported" and "overdue" are derived from dates, never a state."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    RATING_PROPOSED = "rating_proposed"
    OPEN_FOR_COMMENT = "open_for_comment"
    PUBLISHED = "published"


class Rating(StrEnum):
    """How far a commitment is carried out. The last two stand apart from the scale."""

    IMPLEMENTED = "implemented"
    LARGELY = "largely_implemented"
    PARTIALLY = "partially_implemented"
    NOT = "not_implemented"
    INSUFFICIENT = "insufficient_information"
    NO_LONGER_APPLICABLE = "no_longer_applicable"


SCALE: tuple[Rating, ...] = (Rating.IMPLEMENTED, Rating.LARGELY, Rating.PARTIALLY, Rating.NOT)
HIGH_RATINGS = frozenset({Rating.IMPLEMENTED, Rating.LARGELY})
SELF_RATINGS: tuple[Rating, ...] = (*SCALE, Rating.NO_LONGER_APPLICABLE)
"""What a party may say of itself: "insufficient information" is for the reader of a report, not for its author."""


class Strength(StrEnum):
    """How well what is said is shown."""

    DECLARED_ONLY = "declared_only"
    DOCUMENTED = "documented"
    CONFIRMED = "confirmed_by_another_source"
    MEASURED = "result_measured"


class CommentOutcome(StrEnum):
    """How the State's right of reply ended."""

    COMMENTED = "commented"
    WAIVED = "waived"
    NONE_RECEIVED = "none_received"


class InstrumentKind(StrEnum):
    CIVIL_SOCIETY_RECOMMENDATIONS = "civil_society_recommendations"
    WORK_PLAN = "work_plan"
    STRATEGY = "strategy"


class ProvisionKind(StrEnum):
    RECOMMENDATION = "recommendation"
    ACTIVITY = "activity"
    MANDATE = "mandate"
    ASSEMBLY_PROVISION = "assembly_provision"


class Visibility(StrEnum):
    """Who may read an entry of the history."""

    PARTY = "party"
    """Inside the reporting party: drafts and approvals, which the Secretariat never sees."""
    STAFF = "staff"
    """Inside the Secretariat: a rating not yet confirmed."""
    FILE = "file"
    """The party and the Secretariat."""
    PUBLIC = "public"


class MessageState(StrEnum):
    """Where an e-mail of the outbox stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    """Kept for the mail of the day, as the reader wishes it."""
    GROUPED = "grouped"
    """Named in the mail of the day."""
    WITHDRAWN = "withdrawn"
    """Before it left, what it asked for was done."""


class Rung(StrEnum):
    """Who a step of the ladder turns to, in the order of protocol. From the third on, staff decide each time."""

    FOCAL_POINT = "rung_focal_point"
    ALTERNATE = "rung_alternate"
    """The focal points and their alternates."""
    AUTHORITY = "rung_head_of_authority"
    MISSION = "rung_permanent_mission"


BY_HAND = frozenset({Rung.AUTHORITY, Rung.MISSION})
"""Nothing goes to these without a click by staff."""


class ReminderOutcome(StrEnum):
    """What became of one step for one person: why a mail went, or why none did."""

    SENT = "reminder_sent"
    GROUPED = "reminder_grouped"
    """Named in the mail of the day together with others, not as its first."""
    PASSED_OVER = "reminder_passed_over"
    """A later step was reached before this one could be told (an outage, or two steps on one working day)."""
    DONE = "reminder_done"
    """The report was no longer with the party."""
    EXTENDED = "reminder_extended"
    """The due date it counts from was moved."""
    MUTED = "reminder_muted"
    """The person said to be away."""
    NO_ADDRESS = "reminder_no_address"
    """Nobody to write to: the address bounces, or the post is vacant."""


class ReminderRhythm(StrEnum):
    """How often duties are told of: they cannot be switched off."""

    EACH_STEP = "rhythm_each_step"
    WEEKLY = "rhythm_weekly"
    """Gathered on the first working day of the week; the last day before a date and what is overdue come at once."""


class NoticeRhythm(StrEnum):
    """Whether the news about a report comes at once, or with the mail of the day."""

    AT_ONCE = "notices_at_once"
    DAILY = "notices_daily"


class SummaryRhythm(StrEnum):
    WEEKLY = "summary_weekly"
    MONTHLY = "summary_monthly"
    QUARTERLY = "summary_quarterly"
    AT_PUBLICATION = "summary_at_publication"


class SummaryScope(StrEnum):
    """What a summary tells of, within what its reader may see."""

    OWN = "scope_own"
    """What concerns the reader by role: the own State, the accredited States, for staff everything."""
    STATES = "scope_states"
    EVERYTHING = "scope_everything"
    INSTRUMENT = "scope_instrument"


class EscalationState(StrEnum):
    """Where a step to the head of the authority or to the Permanent Mission stands."""

    WAITING = "escalation_waiting"
    SENT = "escalation_sent"
    DISMISSED = "escalation_dismissed"
    """Staff decided, with a reason, not to write."""
    LAPSED = "escalation_lapsed"
    """Nothing was overdue any more before anybody decided."""


class OfficeKind(StrEnum):
    """Offices a State is written to. An office, never a person."""

    AUTHORITY = "office_head_of_authority"
    MISSION = "office_permanent_mission"


class BudgetPurpose(StrEnum):
    """What a budget line is for. The second is asked for comparison only (recommendation 3 of 2012)."""

    ANTI_TRAFFICKING = "anti_trafficking"
    ANTI_DRUG = "anti_drug"


class BudgetStage(StrEnum):
    ALLOCATED = "allocated"
    EXECUTED = "executed"


class EvidenceKind(StrEnum):
    FILE = "file"
    LINK = "link"


class FileState(StrEnum):
    """Where one version of a file stands; only a clean one is given to anybody."""

    WAITING = "waiting"
    """Quarantined until the check has run."""
    NEEDS_REASON = "needs_reason"
    """The check found doubtful passages: the uploader explains them or replaces the file."""
    CLEAN = "clean"
    REFUSED = "file_refused"
    PURGED = "purged"


class ExtensionDecision(StrEnum):
    """How a request for an extension ended. Rows never go: what was taken back or overtaken says so."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By the party, before anybody decided."""
    LAPSED = "lapsed"
    """The report was submitted before anybody decided."""


class ClosingKind(StrEnum):
    """Why a commitment is no longer followed."""

    SUPERSEDED = "superseded"
    MERGED = "merged"
    OVERTAKEN = "overtaken"
    FULFILLED = "fulfilled"


class ObservationState(StrEnum):
    """Where an observer's observation stands. Accepted ones are read by State and Secretariat, then by the public."""

    DRAFT = "observation_draft"
    FILED = "observation_filed"
    ACCEPTED = "observation_accepted"
    DECLINED = "observation_declined"
    WITHDRAWN = "observation_withdrawn"


class PublicationKind(StrEnum):
    """What is issued: numbered, frozen and verifiable."""

    STATUS_REPORT = "status_report"
    HEMISPHERIC_REPORT = "hemispheric_report"


class PublicationState(StrEnum):
    """Where an issued report stands."""

    PREPARING = "publication_preparing"
    """Numbered and frozen; its documents are being made."""
    ISSUED = "publication_issued"
    WITHDRAWN = "publication_withdrawn"
    REPLACED = "publication_replaced"


class IssueRhythm(StrEnum):
    """How often the clock issues a status report as of a date; that at the end of a cycle comes in any case."""

    NEVER = "issue_never"
    QUARTERLY = "issue_quarterly"
    HALF_YEARLY = "issue_half_yearly"
    YEARLY = "issue_yearly"


class GoodPracticeState(StrEnum):
    """A good practice is public once both sides agreed."""

    PROPOSED = "practice_proposed"
    """By the Secretariat: the State is asked whether it agrees to share it."""
    OFFERED = "practice_offered"
    """By the State: the Secretariat is asked."""
    SHARED = "practice_shared"
    DECLINED = "practice_declined"
    WITHDRAWN = "practice_withdrawn"


class ChannelKind(StrEnum):
    """What a place to report a case is."""

    EMERGENCY = "channel_emergency"
    HOTLINE = "channel_hotline"
    POLICE = "channel_police"
    PROSECUTION = "channel_prosecution"
    CHILDREN = "channel_children"
    CONSULAR = "channel_consular"
