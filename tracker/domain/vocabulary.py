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


class Step(StrEnum):
    """The ladder of reminders: days before (b) and after (a) the due date."""

    BEFORE_30 = "before_30"
    BEFORE_14 = "before_14"
    BEFORE_7 = "before_7"
    BEFORE_1 = "before_1"
    AFTER_1 = "after_1"
    AFTER_7 = "after_7"
    AFTER_21 = "after_21"


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
