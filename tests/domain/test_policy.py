"""Who may do what, written out a second time by hand: every permission for every role, own and other party."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.domain.policy import RULES, Actor, Permission, Subject, can
from tracker.domain.vocabulary import PartyKind, ReportState, Role

OWN, OTHER = 1, 2
STATE = Subject(party_id=OWN, party_kind=PartyKind.MEMBER_STATE, state=ReportState.DRAFT)
SECRETARIAT = replace(STATE, party_kind=PartyKind.GENERAL_SECRETARIAT)
AGENCIES = replace(STATE, party_kind=PartyKind.COOPERATION_AGENCIES)
P, R = Permission, Role


def person(role: Role, party: int | None = None, user: int = 7) -> Actor:
    kind = PartyKind.MEMBER_STATE if party else None
    return Actor(user_id=user, role=role, party_id=party, party_kind=kind)


def permitted(actor: Actor, subject: Subject | None) -> set[Permission]:
    return {p for p in Permission if can(actor, p, subject)}


ANYBODY = {P.DASHBOARD_VIEW, P.ACCOUNT_MANAGE, P.COMMITMENT_LIST, P.VIEW_SAVE}
MAIL = {P.STATUS_REPORT_MAIL}
READ = {P.COMMITMENT_VIEW, P.REPORT_VIEW_DRAFT}
ADMIN = {
    P.PEOPLE_MANAGE, P.CYCLE_MANAGE, P.CATALOGUE_EDIT, P.PARTICIPATION_MANAGE, P.MAIL_VIEW, P.MAIL_RESEND, P.MAIL_TEXTS,
    P.AUDIT_VIEW,
    P.PURGE, P.HANDOVER, P.EVIDENCE_LIBRARY, P.EVIDENCE_ADD, P.COMMITMENT_CLOSE, P.OFFICE_MANAGE,
    P.STATUS_REPORT_ISSUE, P.CHANNEL_MANAGE,
}  # fmt: skip
WRITES = {P.EVIDENCE_LIBRARY, P.EVIDENCE_ADD, P.WORKBOOK, P.BRIEFING}
SHARES = {P.PRACTICE_LIST, P.PRACTICE_OFFER, P.PRACTICE_DECIDE}
SPEAKS = {P.EXTENSION_ASK, P.EXTENSION_LIST, P.QUESTION_ANSWER, P.AUDIT_VIEW_OWN} | SHARES
OTHERS = {
    R.FOCAL_POINT: WRITES | {P.AUDIT_VIEW_OWN, P.HANDOVER, P.ASSIGNMENT_LIST, P.EXTENSION_LIST, P.PRACTICE_LIST},
    R.APPROVER: {P.EVIDENCE_LIBRARY, P.BRIEFING, P.AUDIT_VIEW_OWN, P.EXTENSION_LIST, P.PRACTICE_LIST},
    R.CONTRIBUTOR: WRITES | {P.ASSIGNMENT_LIST},
    R.SECRETARIAT_REPORTER: WRITES | {P.AUDIT_VIEW_OWN, P.EXTENSION_LIST, P.PRACTICE_LIST},
    R.OBSERVER: {P.EVIDENCE_LIBRARY, P.EVIDENCE_ADD},
}
"""What a role may do whatever the record: the services look at whose it is."""
FOCAL = {
    P.COMMITMENT_ASSIGN, P.ASSIGNMENT_LIST, P.REPORT_EDIT, P.REPORT_ASK_APPROVAL, P.REPORT_RECALL, P.REPORT_COMMENT,
    P.HANDOVER,
} | WRITES | SPEAKS  # fmt: skip
STAFF = {
    P.COMMITMENT_VIEW, P.REVIEW_QUEUE, P.EXTENSION_LIST, P.EXTENSION_DECIDE, P.NOTE_WRITE, P.OBSERVATION_MODERATE,
    P.ESCALATION_DECIDE, P.PRACTICE_LIST, P.PRACTICE_PROPOSE, P.PRACTICE_DECIDE,
}  # fmt: skip


class TestOwnState:
    def test_focal_point(self) -> None:
        assert permitted(person(R.FOCAL_POINT, OWN), STATE) == ANYBODY | MAIL | READ | FOCAL

    def test_focal_point_of_a_state_without_approval(self) -> None:
        free = replace(STATE, approval_required=False)
        expected = ANYBODY | MAIL | READ | FOCAL - {P.REPORT_ASK_APPROVAL} | {P.REPORT_SUBMIT, P.REPORT_APPROVE}
        assert permitted(person(R.FOCAL_POINT, OWN), free) == expected

    def test_contributor_only_where_assigned(self) -> None:
        contributor = person(R.CONTRIBUTOR, OWN)
        assert permitted(contributor, STATE) == ANYBODY | MAIL | OTHERS[R.CONTRIBUTOR]
        asked = replace(STATE, assignee_ids=frozenset({7}), whole_assignee_ids=frozenset({7}))
        writes = ANYBODY | MAIL | READ | OTHERS[R.CONTRIBUTOR] | {P.REPORT_EDIT, P.PART_HAND_IN}
        assert permitted(contributor, asked) == writes | {P.REPORT_ASK_APPROVAL}
        part = replace(asked, whole_assignee_ids=frozenset())
        assert permitted(contributor, part) == writes

    def test_approver_decides_and_writes_nothing(self) -> None:
        expected = ANYBODY | MAIL | READ | {P.REPORT_SUBMIT, P.REPORT_APPROVE, P.REPORT_COMMENT} | OTHERS[R.APPROVER]
        expected |= SHARES
        assert permitted(person(R.APPROVER, OWN), STATE) == expected


class TestOthers:
    @pytest.mark.parametrize("role", [R.FOCAL_POINT, R.APPROVER, R.CONTRIBUTOR, R.SECRETARIAT_REPORTER])
    def test_another_party_sees_nothing(self, role: Role) -> None:
        foreign = replace(STATE, assignee_ids=frozenset({7}))
        assert permitted(person(role, OTHER), foreign) == ANYBODY | OTHERS[role]

    def test_observer_sees_only_where_accredited(self) -> None:
        observer = replace(person(R.OBSERVER), organisation_id=3)
        assert permitted(observer, STATE) == ANYBODY | MAIL | OTHERS[R.OBSERVER]
        accredited = replace(observer, accredited=frozenset({OWN}))
        reads = ANYBODY | MAIL | OTHERS[R.OBSERVER] | {P.COMMITMENT_VIEW}
        assert permitted(accredited, STATE) == reads | {P.OBSERVATION_FILE}
        assert permitted(replace(accredited, organisation_id=None), STATE) == reads

    def test_a_visitor_may_nothing(self) -> None:
        assert not any(can(None, p, STATE) for p in Permission)

    def test_without_a_record_nothing_about_records_is_permitted(self) -> None:
        about = [p for p in Permission if p.value.startswith(("report:", "commitment:view", "commitment:assign"))]
        for role in Role:
            assert not any(can(person(role, OWN), p, None) for p in about)


class TestStaff:
    def test_reviewer(self) -> None:
        expected = ANYBODY | MAIL | STAFF | {P.REVIEW_TAKE_UP, P.REVIEW_CONFIRM, P.QUESTION_ASK}
        assert permitted(person(R.REVIEWER), STATE) == expected

    def test_reviewer_of_this_report(self) -> None:
        taken = replace(STATE, reviewer_id=7)
        expected = ANYBODY | MAIL | STAFF | {P.REVIEW_TAKE_UP, P.REVIEW_CONFIRM, P.REVIEW_ASSESS, P.QUESTION_ASK}
        assert permitted(person(R.REVIEWER), taken) == expected

    def test_nobody_confirms_the_own_proposal(self) -> None:
        proposed = replace(STATE, reviewer_id=7, proposer_id=7)
        for role in (R.REVIEWER, R.ADMINISTRATOR):
            assert not can(person(role), P.REVIEW_CONFIRM, proposed)
            assert can(person(role, user=8), P.REVIEW_CONFIRM, proposed)

    def test_nobody_reviews_the_own_party(self) -> None:
        for role in (R.REVIEWER, R.ADMINISTRATOR):
            own = permitted(person(role, OWN), replace(STATE, reviewer_id=7))
            assert not own & {P.REVIEW_TAKE_UP, P.REVIEW_ASSESS, P.REVIEW_CONFIRM, P.REVIEW_REOPEN, P.REVIEW_TAKE_OVER}

    def test_nobody_assesses_what_he_or_she_wrote(self) -> None:
        written = replace(AGENCIES, author_ids=frozenset({7}), reviewer_id=7)
        for role in (R.REVIEWER, R.ADMINISTRATOR):
            assert not permitted(person(role), written) & {P.REVIEW_TAKE_UP, P.REVIEW_ASSESS, P.REVIEW_CONFIRM}

    def test_administrator(self) -> None:
        expected = ANYBODY | MAIL | STAFF | ADMIN | {P.REVIEW_CONFIRM, P.REVIEW_REOPEN}
        assert permitted(person(R.ADMINISTRATOR), STATE) == expected


class TestOtherParties:
    def test_secretariat_reporter_writes_and_submits_for_the_secretariat(self) -> None:
        expected = ANYBODY | MAIL | READ | {P.REPORT_EDIT, P.REPORT_SUBMIT, P.REPORT_RECALL, P.REPORT_COMMENT}
        expected |= WRITES | SPEAKS
        assert permitted(person(R.SECRETARIAT_REPORTER, OWN), SECRETARIAT) == expected

    def test_administrators_write_for_the_agencies(self) -> None:
        wrote = {P.REPORT_VIEW_DRAFT, P.REPORT_EDIT, P.REPORT_SUBMIT, P.REPORT_RECALL, P.REPORT_COMMENT}
        assert wrote <= permitted(person(R.ADMINISTRATOR), AGENCIES)
        assert not wrote & permitted(person(R.REVIEWER), AGENCIES)


CHANGES = {
    P.REPORT_EDIT, P.REPORT_SUBMIT, P.REPORT_ASK_APPROVAL, P.REPORT_APPROVE, P.REPORT_RECALL, P.COMMITMENT_ASSIGN,
    P.REVIEW_TAKE_UP, P.REVIEW_ASSESS, P.REVIEW_CONFIRM, P.REVIEW_REOPEN, P.REVIEW_TAKE_OVER,
    P.PART_HAND_IN, P.EXTENSION_ASK, P.EXTENSION_DECIDE, P.QUESTION_ASK, P.QUESTION_ANSWER,
}  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_a_frozen_commitment_is_read_and_not_changed(role: Role) -> None:
    frozen = replace(STATE, frozen=True, assignee_ids=frozenset({7}), reviewer_id=7)
    assert not permitted(person(role, OWN), frozen) & CHANGES
    assert not permitted(person(role), frozen) & CHANGES


@pytest.mark.parametrize("role", list(Role))
def test_a_closed_cycle_takes_no_reports(role: Role) -> None:
    closed = replace(STATE, cycle_open=False, assignee_ids=frozenset({7}))
    writing = {P.REPORT_EDIT, P.REPORT_SUBMIT, P.REPORT_ASK_APPROVAL, P.REPORT_APPROVE, P.REPORT_RECALL}
    assert not permitted(person(role, OWN), closed) & writing


def test_every_permission_has_its_rule() -> None:
    assert set(RULES) == set(Permission)
