"""All tables. Importing this package registers each with ``Base.metadata``."""

from tracker.models.audit import AuditEntry, Heartbeat
from tracker.models.base import Base
from tracker.models.catalogue import (
    Activity,
    ActivityDocument,
    CatalogueRelease,
    Classification,
    ContextStatement,
    Element,
    Indicator,
    Instrument,
    Provision,
    ProvisionVersion,
)
from tracker.models.commitments import Assignment, Commitment, ReportingCycle
from tracker.models.messages import (
    Message,
    MessageAttachment,
    ReminderEntry,
    StatusReportMail,
    SummaryEntry,
)
from tracker.models.parties import Institution, MemberState, Participation, ReportingParty
from tracker.models.people import (
    Accreditation,
    LinkPurpose,
    OneTimeLink,
    SignInAttempt,
    SignInSession,
    User,
)
from tracker.models.reports import (
    Assessment,
    ElementAnswer,
    EvidenceLink,
    HistoryEntry,
    ProgressReport,
    ReportRevision,
)

__all__ = [
    "Accreditation",
    "Activity",
    "ActivityDocument",
    "Assessment",
    "Assignment",
    "AuditEntry",
    "Base",
    "CatalogueRelease",
    "Classification",
    "Commitment",
    "ContextStatement",
    "Element",
    "ElementAnswer",
    "EvidenceLink",
    "Heartbeat",
    "HistoryEntry",
    "Indicator",
    "Institution",
    "Instrument",
    "LinkPurpose",
    "MemberState",
    "Message",
    "MessageAttachment",
    "OneTimeLink",
    "Participation",
    "ProgressReport",
    "Provision",
    "ProvisionVersion",
    "ReminderEntry",
    "ReportRevision",
    "ReportingCycle",
    "ReportingParty",
    "SignInAttempt",
    "SignInSession",
    "StatusReportMail",
    "SummaryEntry",
    "User",
]
