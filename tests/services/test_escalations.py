"""Beyond the focal points: cases open and lapse by the clock, and nothing leaves before staff click."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE, Cast
from tests.escalation_scene import (
    AUTHORITY,
    LATER_STILL,
    MISSION,
    MISSIONS,
    MONTH_OVER,
    case,
    case_id,
    dismiss,
    enter_office,
    entries,
    mails,
    prepare,
    run,
    version,
    write,
)
from tests.extension_scene import ask, decide
from tests.support.sending import statements
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.escalations import Ground, ground, steps_by_hand
from tracker.domain.vocabulary import (
    STAFF_ROLES,
    EscalationState,
    OfficeKind,
    PartyKind,
    ReportState,
    Role,
    Rung,
    Visibility,
)
from tracker.jobs import JOBS, run_job
from tracker.models import Escalation, Extension, LadderStep, Message, NoteVerbale, ProgressReport, User
from tracker.services import escalation_lists, escalations, history, notes_verbales, overdue
from tracker.services.escalation_lists import Tab

S = EscalationState


class TestRules:
    def test_the_earliest_day_of_a_rung_counts_and_never_before_something_is_overdue(self) -> None:
        steps = ((40, MISSION), (35, AUTHORITY), (-3, AUTHORITY), (7, Rung.ALTERNATE))
        assert steps_by_hand(steps) == {AUTHORITY: 1, MISSION: 40}

    @pytest.mark.parametrize(
        ("rung", "days", "nobody", "expected"),
        [
            (AUTHORITY, None, True, None),
            (AUTHORITY, 0, True, None),
            (AUTHORITY, 29, False, None),
            (AUTHORITY, 30, False, Ground.LADDER),
            (AUTHORITY, 1, True, Ground.NOBODY),
            (AUTHORITY, 30, True, Ground.LADDER),
            (MISSION, 44, True, None),
            (MISSION, 45, True, Ground.LADDER),
        ],
    )
    def test_grounds(self, rung: Rung, days: int | None, nobody: bool, expected: Ground | None) -> None:
        assert ground(rung, {AUTHORITY: 30, MISSION: 45}, days, nobody=nobody) is expected


class TestByTheClock:
    def test_before_the_day_nothing_waits_and_on_it_one_case(self, any_cast: Cast) -> None:
        run(any_cast, MONTH_OVER - timedelta(days=1))
        assert case(any_cast) is None
        run(any_cast, datetime(2026, 5, 30, 2, 59, tzinfo=UTC))  # the 29th in Brasília still
        assert case(any_cast) is None
        assert run(any_cast, datetime(2026, 5, 30, 3, 0, tzinfo=UTC))
        opened = case(any_cast)
        assert opened is not None
        assert (opened.state, opened.rung, opened.opened_at) == (S.WAITING, AUTHORITY, any_cast.clock.now())
        assert case(any_cast, rung=MISSION) is None
        run(any_cast, MONTH_OVER)
        assert run(any_cast) == 0
        assert run(any_cast, LATER_STILL)
        assert case(any_cast, rung=MISSION) is not None

    def test_a_state_without_a_focal_point_waits_from_the_first_day_on(self, any_cast: Cast) -> None:
        run(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))
        assert case(any_cast) is None
        assert case(any_cast, "AR") is not None
        with any_cast.reading() as session:
            lines, total = escalation_lists.listing(
                session, Tab.WAITING, party="AR", number=1, now=any_cast.clock.now()
            )
        assert [(one.rung, one.nobody, one.days) for one in lines] == [(AUTHORITY, True, 1)]
        assert total == 1

    def test_with_a_focal_point_again_the_case_lapses_until_its_day(self, any_cast: Cast) -> None:
        run(any_cast, datetime(2026, 5, 1, 15, tzinfo=UTC))
        with any_cast.writing() as session:
            moved = sa.select(User).where(User.email == "focal.us@tracker.test")
            session.scalars(moved).one().party_id = any_cast.party_id("AR")
        run(any_cast)
        states = {code: found.state for code in ("AR", "US") if (found := case(any_cast, code))}
        assert states == {"AR": S.LAPSED, "US": S.WAITING}
        run(any_cast, MONTH_OVER)
        opened = case(any_cast, "AR")
        assert opened is not None
        assert (opened.state, opened.opened_at, opened.decided_at) == (S.WAITING, MONTH_OVER, None)

    def test_what_is_no_longer_overdue_lapses_by_itself(self, any_cast: Cast) -> None:
        run(any_cast, MONTH_OVER)
        with any_cast.writing() as session:
            session.execute(
                sa.update(ProgressReport)
                .where(ProgressReport.party_id == any_cast.party_id("BR"))
                .values(state=ReportState.SUBMITTED)
            )
        run(any_cast)
        lapsed = case(any_cast)
        assert lapsed is not None
        assert (lapsed.state, lapsed.decided_at, lapsed.decided_by_id) == (S.LAPSED, MONTH_OVER, None)
        assert run(any_cast) == 0

    def test_an_extension_moves_the_day(self, any_cast: Cast) -> None:
        any_cast.clock.set(datetime(2026, 4, 20, 15, tzinfo=UTC))
        with any_cast.reading() as session:
            owed = list(
                session.scalars(sa.select(ProgressReport.id).where(ProgressReport.party_id == any_cast.party_id("BR")))
            )
        asked = ask(any_cast, "focal.br", owed)
        assert not any(one.problem for one in asked)
        with any_cast.reading() as session:
            ids = list(session.scalars(sa.select(Extension.id)))
        decide(any_cast, "reviewer", ids)
        run(any_cast, MONTH_OVER)
        assert case(any_cast) is None
        run(any_cast, MONTH_OVER + timedelta(days=15))
        assert case(any_cast) is not None
        with any_cast.reading() as session:
            cycle = session.scalars(sa.select(ProgressReport.cycle_id)).first()
            items = overdue.items(session, any_cast.party_id("BR"), cycle or 0, now=any_cast.clock.now())
        assert {(one.cycle_due_on, one.due_on, one.days) for one in items} == {
            (date(2026, 4, 30), date(2026, 5, 15), 30)
        }

    def test_a_ladder_of_the_cycles_own_counts_and_one_without_these_rungs_opens_nothing(self, any_cast: Cast) -> None:
        with any_cast.writing() as session:
            cycle = session.scalars(sa.select(ProgressReport.cycle_id)).first()
            kind = PartyKind.MEMBER_STATE
            session.add(LadderStep(cycle_id=cycle, party_kind=kind, day=10, rung=Rung.ALTERNATE))
        run(any_cast, LATER_STILL)
        assert case(any_cast) is None
        with any_cast.writing() as session:
            session.add(LadderStep(cycle_id=cycle, party_kind=kind, day=20, rung=MISSION))
        run(any_cast)
        assert case(any_cast) is None
        assert case(any_cast, rung=MISSION) is not None

    def test_when_the_cycle_has_closed_nothing_waits(self, any_cast: Cast) -> None:
        run(any_cast, LATER_STILL)
        run(any_cast, datetime(2026, 7, 1, 15, tzinfo=UTC))
        with any_cast.reading() as session:
            assert set(session.scalars(sa.select(Escalation.state))) == {S.LAPSED}

    def test_two_runs_at_once_open_one_case(self, any_cast: Cast) -> None:
        any_cast.clock.set(MONTH_OVER)
        with any_cast.reading() as session:
            due = escalations.due(session, now=MONTH_OVER)
        for _run in range(2):  # the second was found due before the first had written
            for one in due:
                with any_cast.writing() as session:
                    escalations.settle(session, one, now=MONTH_OVER)
        with any_cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Escalation)) == len(due)

    def test_the_work_is_found_in_a_fixed_number_of_queries(self, cast: Cast) -> None:
        cast.clock.set(LATER_STILL)
        with cast.reading() as session, statements(cast.app) as run_statements:
            assert len(escalations.due(session, now=LATER_STILL)) > 30
        assert len(run_statements) == 4

    def test_sixty_days_of_all_jobs_send_nothing_to_an_office(self, cast: Cast) -> None:
        for code in MISSIONS:
            for kind in OfficeKind:
                enter_office(cast, code, kind)
        cast.clock.set(datetime(2026, 4, 29, 15, tzinfo=UTC))
        for _time in range(20):
            cast.clock.advance(days=3)
            for name in ("reminders", "summaries", "escalations", "deliver-mail"):
                run_job(cast.app, name)
        for name in JOBS:
            run_job(cast.app, name)
        with cast.reading() as session:
            outside = sa.or_(Message.to_address.not_like("%@tracker.test"), Message.recipient_id.is_(None))
            assert list(session.scalars(sa.select(Message.to_address).where(outside))) == []
            assert session.scalar(sa.select(sa.func.count()).select_from(NoteVerbale)) == 0
            waiting = session.scalar(sa.select(sa.func.count()).where(Escalation.state == S.WAITING))
        assert waiting
        assert waiting > 30


class TestWriting:
    @pytest.fixture
    def opened(self, any_cast: Cast) -> int:
        run(any_cast, MONTH_OVER)
        return case_id(any_cast)

    def test_one_letter_in_the_states_language_to_the_office(self, any_cast: Cast, opened: int) -> None:
        enter_office(any_cast)
        write(any_cast, opened)
        (mail,) = mails(any_cast)
        assert (mail.to_address, mail.language, mail.recipient_id) == ("office@br.example", "pt", None)
        assert mail.urgency == 30
        assert "Invented authority of BR" in mail.text
        assert "CS-03" in mail.text
        assert "CS-03" in mail.html
        sent = case(any_cast)
        assert sent is not None
        assert (sent.state, sent.message_id, sent.decided_by_id) == (
            S.SENT,
            mail.id,
            any_cast.actor("reviewer").user_id,
        )
        written = entries(any_cast, history.ESCALATION_WRITTEN)
        assert len(written) == 15
        assert {one.visibility for one in written} == {Visibility.FILE}

    def test_without_an_address_it_is_refused_in_plain_words(self, any_cast: Cast, opened: int) -> None:
        with pytest.raises(Unmet) as refused:
            write(any_cast, opened)
        assert refused.value.problems == {"office": "no_address"}
        enter_office(any_cast, email="")
        with pytest.raises(Unmet):
            write(any_cast, opened)
        assert mails(any_cast) == []

    def test_of_two_who_decide_one_wins(self, any_cast: Cast, opened: int) -> None:
        enter_office(any_cast)
        seen = version(any_cast, opened)
        write(any_cast, opened, "reviewer", seen)
        with pytest.raises(Stale):
            write(any_cast, opened, "admin", seen)
        with pytest.raises(WrongState):
            write(any_cast, opened, "admin")
        assert len(mails(any_cast)) == 1

    def test_not_now_keeps_its_reason_inside_and_may_be_taken_up_later(self, any_cast: Cast, opened: int) -> None:
        enter_office(any_cast)
        with pytest.raises(Unmet):
            dismiss(any_cast, opened, "")
        with pytest.raises(Unmet):
            dismiss(any_cast, opened, "Ask joana@example.org.")
        dismiss(any_cast, opened)
        put_off = entries(any_cast, history.ESCALATION_NOT_NOW)
        assert {(one.visibility, one.comment) for one in put_off} == {(Visibility.STAFF, "They asked for a week.")}
        assert run(any_cast, LATER_STILL)  # the Mission's turn; the case put off stays as it is
        found = case(any_cast)
        assert found is not None
        assert found.state is S.DISMISSED
        write(any_cast, opened, "admin")
        assert len(mails(any_cast)) == 1

    def test_nothing_overdue_nothing_written(self, any_cast: Cast, opened: int) -> None:
        enter_office(any_cast)
        with any_cast.writing() as session:
            session.execute(sa.update(ProgressReport).values(state=ReportState.SUBMITTED))
        with pytest.raises(Unmet) as refused:
            write(any_cast, opened)
        assert refused.value.problems == {"items": "nothing_overdue"}

    @pytest.mark.parametrize("name", [n for n, (role, _p) in PEOPLE.items() if role not in STAFF_ROLES])
    def test_nobody_else_decides(self, cast: Cast, name: str) -> None:
        run(cast, LATER_STILL)
        enter_office(cast)
        first, second = case_id(cast), case_id(cast, rung=MISSION)
        for act in (
            lambda: write(cast, first, name),
            lambda: dismiss(cast, first, "Because.", name),
            lambda: prepare(cast, second, name),
        ):
            with pytest.raises(NotPermitted):
                act()
        assert mails(cast) == []

    def test_a_letter_is_no_note_and_a_note_no_letter(self, cast: Cast) -> None:
        run(cast, LATER_STILL)
        enter_office(cast)
        enter_office(cast, kind=OfficeKind.MISSION)
        with pytest.raises(NotVisible):
            write(cast, case_id(cast, rung=MISSION))
        with pytest.raises(NotVisible):
            prepare(cast, case_id(cast))


class TestWhatAStateLearns:
    def test_its_own_people_read_that_it_was_written_and_no_reason(self, any_cast: Cast) -> None:
        run(any_cast, LATER_STILL)
        enter_office(any_cast)
        enter_office(any_cast, kind=OfficeKind.MISSION)
        now = any_cast.clock.now()

        def told(name: str) -> list[tuple[Rung, str]]:
            actor = any_cast.actor(name)
            with any_cast.reading() as session:
                return [(one.rung, one.note_number) for one in escalation_lists.written_about(session, actor, now=now)]

        assert told("focal.br") == []
        write(any_cast, case_id(any_cast))
        prepare(any_cast, case_id(any_cast, rung=MISSION))
        both = [(MISSION, "NV 1/2026"), (AUTHORITY, "")]
        assert told("focal.br") == told("approver.br") == both
        assert told("focal.us") == told("contributor.br") == told("reviewer") == told("observer") == []
        assert {role for role, _party in PEOPLE.values()} >= {Role.OBSERVER}

    def test_the_note_of_this_case_and_no_other(self, any_cast: Cast) -> None:
        run(any_cast, LATER_STILL)
        with any_cast.reading() as session:
            assert notes_verbales.of(session, case_id(any_cast, rung=MISSION)) is None
            with pytest.raises(NotVisible):
                notes_verbales.file_of(session, case_id(any_cast, rung=MISSION), "pdf")
            with pytest.raises(NotVisible):
                escalations.get(session, 10**12)
