"""The life of a report, read off its one table."""

from __future__ import annotations

import pytest

from tracker.domain.vocabulary import ReportState as S
from tracker.domain.vocabulary import Visibility
from tracker.domain.workflow import (
    EDITABLE,
    TRANSITIONS,
    WITH_THE_PARTY,
    WITH_THE_SECRETARIAT,
    Action,
    Need,
    may_start,
    shown_state,
)

SPECIFIED = {
    Action.ASK_APPROVAL: ({S.DRAFT, S.RETURNED}, S.AWAITING_APPROVAL),
    Action.SUBMIT: ({S.DRAFT, S.RETURNED, S.AWAITING_APPROVAL}, S.SUBMITTED),
    Action.REFUSE: ({S.AWAITING_APPROVAL}, S.RETURNED),
    Action.RECALL: ({S.SUBMITTED}, S.DRAFT),
    Action.TAKE_UP: ({S.SUBMITTED}, S.UNDER_REVIEW),
    Action.TAKE_OVER: ({S.UNDER_REVIEW}, S.UNDER_REVIEW),
    Action.RETURN: ({S.UNDER_REVIEW}, S.RETURNED),
    Action.PROPOSE: ({S.UNDER_REVIEW}, S.RATING_PROPOSED),
    Action.SEND_BACK: ({S.RATING_PROPOSED}, S.UNDER_REVIEW),
    Action.CONFIRM: ({S.RATING_PROPOSED}, S.OPEN_FOR_COMMENT),
    Action.COMMENT: ({S.OPEN_FOR_COMMENT}, S.PUBLISHED),
    Action.WAIVE: ({S.OPEN_FOR_COMMENT}, S.PUBLISHED),
    Action.PUBLISH: ({S.OPEN_FOR_COMMENT}, S.PUBLISHED),
    Action.REOPEN: ({S.PUBLISHED}, S.UNDER_REVIEW),
}
"""The table of the specification ("The life of a progress report"), written out a second time."""


def test_the_table_is_the_specification() -> None:
    assert {a: (set(t.sources), t.target) for a, t in TRANSITIONS.items()} == SPECIFIED
    for action, (sources, _target) in SPECIFIED.items():
        for state in S:
            assert may_start(action, state) == (state in sources)


def test_every_state_can_be_reached_and_left() -> None:
    assert {t.target for t in TRANSITIONS.values()} | {S.DRAFT} == set(S)
    assert {s for t in TRANSITIONS.values() for s in t.sources} == set(S)


def test_only_publication_by_the_clock_needs_nobody() -> None:
    assert [a for a, t in TRANSITIONS.items() if t.permission is None] == [Action.PUBLISH]


def test_what_goes_out_of_the_state_needs_every_answer() -> None:
    assert TRANSITIONS[Action.SUBMIT].needs == {Need.ANSWERS, Need.PERSONAL_DATA}
    assert Need.ANSWERS in TRANSITIONS[Action.ASK_APPROVAL].needs


def test_a_second_person_confirms() -> None:
    assert Need.ANOTHER_PERSON in TRANSITIONS[Action.CONFIRM].needs


def test_nothing_is_edited_once_it_left_the_party() -> None:
    assert EDITABLE <= WITH_THE_PARTY
    assert not EDITABLE & WITH_THE_SECRETARIAT


@pytest.mark.parametrize("action", [Action.ASK_APPROVAL, Action.REFUSE])
def test_approval_stays_inside_the_state(action: Action) -> None:
    assert TRANSITIONS[action].visibility is Visibility.PARTY


@pytest.mark.parametrize("action", [Action.PROPOSE, Action.SEND_BACK])
def test_a_rating_not_confirmed_stays_inside_the_secretariat(action: Action) -> None:
    assert TRANSITIONS[action].visibility is Visibility.STAFF


def test_what_each_side_knows_of_a_state() -> None:
    for state in S:
        inside = shown_state(state, inside_party=True, staff=False)
        staff = shown_state(state, inside_party=False, staff=True)
        assert inside is (S.UNDER_REVIEW if state is S.RATING_PROPOSED else state)
        assert staff is (None if state in (S.DRAFT, S.AWAITING_APPROVAL) else state)
