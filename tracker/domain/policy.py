"""Who may do what: one pure table, asked by every door through ``can(actor, permission, subject)``.

Nothing is permitted that is not written here. ``subject`` describes the record as stored, never the request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.domain.vocabulary import NATIONAL_ROLES, STAFF_ROLES, PartyKind, ReportState, Role


class Permission(StrEnum):
    """What a door asks for, as ``resource:action``."""

    # the person's own things
    DASHBOARD_VIEW = "dashboard:view"
    ACCOUNT_MANAGE = "account:manage"
    # commitments and reports
    COMMITMENT_LIST = "commitment:list"
    COMMITMENT_VIEW = "commitment:view"
    COMMITMENT_ASSIGN = "commitment:assign"
    REPORT_VIEW_DRAFT = "report:view_draft"
    REPORT_EDIT = "report:edit"
    REPORT_ASK_APPROVAL = "report:ask_approval"
    REPORT_SUBMIT = "report:submit"
    REPORT_APPROVE = "report:approve"
    REPORT_RECALL = "report:recall"
    REPORT_COMMENT = "report:comment"
    PART_HAND_IN = "part:hand_in"
    ASSIGNMENT_LIST = "assignment:list"
    EXTENSION_LIST = "extension:list"
    EXTENSION_ASK = "extension:ask"
    EXTENSION_DECIDE = "extension:decide"
    COMMITMENT_CLOSE = "commitment:close"
    WORKBOOK = "workbook:use"
    # evidence
    EVIDENCE_LIBRARY = "evidence:library"
    EVIDENCE_ADD = "evidence:add"
    # the dialogue about a report
    QUESTION_ASK = "question:ask"
    QUESTION_ANSWER = "question:answer"
    NOTE_WRITE = "note:write"
    OBSERVATION_FILE = "observation:file"
    OBSERVATION_MODERATE = "observation:moderate"
    # beyond the focal points: head of the authority, Permanent Mission
    ESCALATION_DECIDE = "escalation:decide"
    # review
    REVIEW_QUEUE = "review:queue"
    REVIEW_TAKE_UP = "review:take_up"
    REVIEW_TAKE_OVER = "review:take_over"
    REVIEW_ASSESS = "review:assess"
    REVIEW_CONFIRM = "review:confirm"
    REVIEW_REOPEN = "review:reopen"
    # documents
    STATUS_REPORT_MAIL = "status_report:mail"
    STATUS_REPORT_ISSUE = "status_report:issue"
    # what is shared and kept
    PRACTICE_LIST = "practice:list"
    PRACTICE_PROPOSE = "practice:propose"
    PRACTICE_OFFER = "practice:offer"
    PRACTICE_DECIDE = "practice:decide"
    CHANNEL_MANAGE = "channel:manage"
    VIEW_SAVE = "view:save"
    # administration
    PEOPLE_MANAGE = "people:manage"
    CYCLE_MANAGE = "cycle:manage"
    CATALOGUE_EDIT = "catalogue:edit"
    PARTICIPATION_MANAGE = "participation:manage"
    OFFICE_MANAGE = "office:manage"
    MAIL_VIEW = "mail:view"
    MAIL_RESEND = "mail:resend"
    MAIL_TEXTS = "mail:texts"
    AUDIT_VIEW = "audit:view"
    AUDIT_VIEW_OWN = "audit:view_own"
    PURGE = "purge:erase"
    HANDOVER = "handover:make"
    BRIEFING = "briefing:view"


@dataclass(frozen=True)
class Actor:
    """The person who asks, as the database knows him or her at this request."""

    user_id: int
    role: Role
    party_id: int | None = None
    party_kind: PartyKind | None = None
    name: str = ""
    email: str = field(default="", repr=False)
    language: str = "en"
    time_zone: str = "UTC"
    party_code: str | None = None
    accredited: frozenset[int] = frozenset()
    """Parties an observer is accredited for today."""
    organisation_id: int | None = None
    """An observer's."""

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def is_national(self) -> bool:
        return self.role in NATIONAL_ROLES


@dataclass(frozen=True)
class Subject:
    """What the policy must know of a commitment or report."""

    party_id: int
    party_kind: PartyKind
    state: ReportState | None = None
    approval_required: bool = True
    assignee_ids: frozenset[int] = frozenset()
    """Contributors who were asked to answer it, or a part of it."""
    whole_assignee_ids: frozenset[int] = frozenset()
    """Those of them who were asked for the whole."""
    reviewer_id: int | None = None
    proposer_id: int | None = None
    author_ids: frozenset[int] = frozenset()
    """Who last wrote and who submitted what lies before the Secretariat."""
    frozen: bool = False
    """The party no longer takes part, or the commitment was closed: it is read, not changed."""
    cycle_open: bool = True


Rule = Callable[[Actor, Subject | None], bool]


def can(actor: Actor | None, permission: Permission, subject: Subject | None = None) -> bool:
    """Whether ``actor`` may do this, to ``subject`` where the permission is about a record."""
    if actor is None:
        return False
    return RULES[permission](actor, subject)


def _anybody(actor: Actor, _s: Subject | None) -> bool:
    return True


def _role(*roles: Role) -> Rule:
    return lambda actor, _s: actor.role in roles


def _own_party(actor: Actor, s: Subject) -> bool:
    return actor.party_id is not None and actor.party_id == s.party_id


def _drafters(actor: Actor, s: Subject) -> bool:
    """Who writes for this party: its focal points and assigned contributors; staff for those without an account.

    Cooperation agencies have no focal point: administrators record what is known (CS-10, notes).
    """
    if s.party_kind is PartyKind.COOPERATION_AGENCIES:
        return actor.role is Role.ADMINISTRATOR
    if not _own_party(actor, s):
        return False
    if actor.role is Role.CONTRIBUTOR:
        return actor.user_id in s.assignee_ids
    return actor.role in (Role.FOCAL_POINT, Role.SECRETARIAT_REPORTER)


def _view(actor: Actor, s: Subject | None) -> bool:
    if s is None:
        return False
    if actor.is_staff:
        return True
    if actor.role is Role.OBSERVER:
        return s.party_id in actor.accredited
    if not _own_party(actor, s):
        return False
    return actor.role is not Role.CONTRIBUTOR or actor.user_id in s.assignee_ids


def _view_draft(actor: Actor, s: Subject | None) -> bool:
    if s is None:
        return False
    if s.party_kind is PartyKind.COOPERATION_AGENCIES and actor.role is Role.ADMINISTRATOR:
        return True
    return _own_party(actor, s) and not actor.is_staff and _view(actor, s)


def _edit(actor: Actor, s: Subject | None) -> bool:
    return s is not None and not s.frozen and s.cycle_open and _drafters(actor, s)


def _submit(actor: Actor, s: Subject | None) -> bool:
    """The approver; or the focal point where the State asks for no approval (and who writes for other parties)."""
    if s is None or s.frozen or not s.cycle_open:
        return False
    if s.party_kind is not PartyKind.MEMBER_STATE:
        return _drafters(actor, s)
    if not _own_party(actor, s):
        return False
    if actor.role is Role.APPROVER:
        return True
    return actor.role is Role.FOCAL_POINT and not s.approval_required


def _ask_approval(actor: Actor, s: Subject | None) -> bool:
    return (
        s is not None
        and s.party_kind is PartyKind.MEMBER_STATE
        and (s.approval_required or actor.role is Role.CONTRIBUTOR)
        and (actor.role is not Role.CONTRIBUTOR or actor.user_id in s.whole_assignee_ids)
        and _edit(actor, s)
    )


def _hand_in(actor: Actor, s: Subject | None) -> bool:
    """A contributor says that what was asked of him or her is ready."""
    return actor.role is Role.CONTRIBUTOR and _edit(actor, s)


def _answers_for(actor: Actor, s: Subject | None) -> bool:
    """Who speaks for the party to the Secretariat: its focal points, not single contributors."""
    return s is not None and not s.frozen and _drafters(actor, s) and actor.role is not Role.CONTRIBUTOR


def _approve(actor: Actor, s: Subject | None) -> bool:
    return (
        s is not None
        and not s.frozen
        and s.cycle_open
        and _own_party(actor, s)
        and (actor.role is Role.APPROVER or (actor.role is Role.FOCAL_POINT and not s.approval_required))
    )


def _recall(actor: Actor, s: Subject | None) -> bool:
    if s is None or s.frozen or not s.cycle_open or not _drafters(actor, s):
        return False
    return actor.role is not Role.CONTRIBUTOR


def _not_own(actor: Actor, s: Subject | None) -> bool:
    """Nobody reviews his or her own party."""
    return s is not None and not s.frozen and actor.party_id != s.party_id


def _not_author(actor: Actor, s: Subject | None) -> bool:
    """Nobody assesses what he or she wrote: administrators record what cooperation agencies report."""
    return _not_own(actor, s) and s is not None and actor.user_id not in s.author_ids


def _take_up(actor: Actor, s: Subject | None) -> bool:
    return actor.role is Role.REVIEWER and _not_author(actor, s)


def _take_over(actor: Actor, s: Subject | None) -> bool:
    """From a colleague who is absent or no longer there."""
    return _take_up(actor, s) and s is not None and s.reviewer_id not in (None, actor.user_id)


def _assess(actor: Actor, s: Subject | None) -> bool:
    return _take_up(actor, s) and s is not None and s.reviewer_id == actor.user_id


def _confirm(actor: Actor, s: Subject | None) -> bool:
    return actor.is_staff and _not_author(actor, s) and s is not None and s.proposer_id != actor.user_id


def _comment(actor: Actor, s: Subject | None) -> bool:
    if s is None:
        return False
    if s.party_kind is PartyKind.COOPERATION_AGENCIES:
        return actor.role is Role.ADMINISTRATOR
    return _own_party(actor, s) and actor.role in (
        Role.FOCAL_POINT,
        Role.APPROVER,
        Role.SECRETARIAT_REPORTER,
    )


def _decide(actor: Actor, s: Subject | None) -> bool:
    """Staff decide on what a party asks for; never what they asked for themselves, for cooperation agencies."""
    return actor.is_staff and _not_own(actor, s) and s is not None and actor.user_id not in s.author_ids


def _ask(actor: Actor, s: Subject | None) -> bool:
    return actor.role is Role.REVIEWER and _not_author(actor, s)


def _note(actor: Actor, s: Subject | None) -> bool:
    return s is not None and actor.is_staff


def _observe(actor: Actor, s: Subject | None) -> bool:
    return (
        s is not None
        and not s.frozen
        and actor.role is Role.OBSERVER
        and actor.organisation_id is not None
        and s.party_id in actor.accredited
    )


def _reopen(actor: Actor, s: Subject | None) -> bool:
    return actor.role is Role.ADMINISTRATOR and _not_own(actor, s)


def _assign(actor: Actor, s: Subject | None) -> bool:
    return s is not None and not s.frozen and _own_party(actor, s) and actor.role is Role.FOCAL_POINT


def _mail_report(actor: Actor, s: Subject | None) -> bool:
    return s is None or actor.is_staff or actor.role is Role.OBSERVER or _own_party(actor, s)


def _offer(actor: Actor, s: Subject | None) -> bool:
    """Who speaks for the State offers what it did as a good practice."""
    return s is not None and _own_party(actor, s) and actor.role in SPEAKERS


def _decide_practice(actor: Actor, s: Subject | None) -> bool:
    """Either side about what the other proposed; which of the two waits is the service's to know."""
    return s is not None and (_offer(actor, s) or (actor.is_staff and _not_own(actor, s)))


SPEAKERS = frozenset({Role.FOCAL_POINT, Role.APPROVER, Role.SECRETARIAT_REPORTER})
_admin = _role(Role.ADMINISTRATOR)
P = Permission
RULES: dict[Permission, Rule] = {
    P.DASHBOARD_VIEW: _anybody,
    P.ACCOUNT_MANAGE: _anybody,
    P.COMMITMENT_LIST: _anybody,
    P.COMMITMENT_VIEW: _view,
    P.COMMITMENT_ASSIGN: _assign,
    P.REPORT_VIEW_DRAFT: _view_draft,
    P.REPORT_EDIT: _edit,
    P.REPORT_ASK_APPROVAL: _ask_approval,
    P.REPORT_SUBMIT: _submit,
    P.REPORT_APPROVE: _approve,
    P.REPORT_RECALL: _recall,
    P.REPORT_COMMENT: _comment,
    P.PART_HAND_IN: _hand_in,
    P.ASSIGNMENT_LIST: _role(Role.FOCAL_POINT, Role.CONTRIBUTOR),
    P.EXTENSION_LIST: _role(
        Role.FOCAL_POINT, Role.APPROVER, Role.SECRETARIAT_REPORTER, Role.REVIEWER, Role.ADMINISTRATOR
    ),
    P.EXTENSION_ASK: _answers_for,
    P.EXTENSION_DECIDE: _decide,
    P.COMMITMENT_CLOSE: _role(Role.ADMINISTRATOR),
    P.WORKBOOK: _role(Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.SECRETARIAT_REPORTER),
    P.EVIDENCE_LIBRARY: lambda actor, _s: actor.role is not Role.REVIEWER,
    P.EVIDENCE_ADD: _role(
        Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.SECRETARIAT_REPORTER, Role.ADMINISTRATOR, Role.OBSERVER
    ),
    P.QUESTION_ASK: _ask,
    P.QUESTION_ANSWER: _answers_for,
    P.NOTE_WRITE: _note,
    P.OBSERVATION_FILE: _observe,
    P.OBSERVATION_MODERATE: lambda actor, _s: actor.is_staff,
    P.REVIEW_QUEUE: lambda actor, _s: actor.is_staff,
    P.REVIEW_TAKE_UP: _take_up,
    P.REVIEW_TAKE_OVER: _take_over,
    P.REVIEW_ASSESS: _assess,
    P.REVIEW_CONFIRM: _confirm,
    P.REVIEW_REOPEN: _reopen,
    P.STATUS_REPORT_MAIL: _mail_report,
    P.STATUS_REPORT_ISSUE: _admin,
    P.PRACTICE_LIST: _role(*SPEAKERS, *STAFF_ROLES),
    P.PRACTICE_PROPOSE: lambda actor, s: actor.is_staff and (s is None or _not_own(actor, s)),
    P.PRACTICE_OFFER: _offer,
    P.PRACTICE_DECIDE: _decide_practice,
    P.CHANNEL_MANAGE: _admin,
    P.VIEW_SAVE: _anybody,
    P.PEOPLE_MANAGE: _admin,
    P.CYCLE_MANAGE: _admin,
    P.CATALOGUE_EDIT: _admin,
    P.PARTICIPATION_MANAGE: _admin,
    P.OFFICE_MANAGE: _admin,
    P.ESCALATION_DECIDE: lambda actor, _s: actor.is_staff,
    P.MAIL_VIEW: _admin,
    P.MAIL_RESEND: _admin,
    P.MAIL_TEXTS: _admin,
    P.AUDIT_VIEW: _admin,
    P.AUDIT_VIEW_OWN: _role(Role.FOCAL_POINT, Role.APPROVER, Role.SECRETARIAT_REPORTER),
    P.PURGE: _admin,
    P.HANDOVER: _role(Role.ADMINISTRATOR, Role.FOCAL_POINT),
    P.BRIEFING: _role(Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.APPROVER, Role.SECRETARIAT_REPORTER),
}
