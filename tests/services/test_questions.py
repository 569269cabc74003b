"""Questions and answers by the services: who may, when, what is left behind, and two people at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cast import ASSIGNED, PEOPLE, Cast
from tests.support.worlds import kept
from tracker.domain.errors import NotPermitted, Stale, Unmet, WrongState
from tracker.domain.vocabulary import ReportState, Visibility
from tracker.models import Assignment, HistoryEntry, Message, Question
from tracker.services import notes, question_lists, questions, reviews

TEXT = "Which institution holds the figures?"
STAFF = {"reviewer", "reviewer2", "admin", "admin2"}
PARTY = {"focal.br", "alternate.br", "approver.br", "contributor.br"}
ANSWERS = {"focal.br", "alternate.br"}


@kept
def asked(cast: Cast, code: str = ASSIGNED, *, element: str = "", state: ReportState = ReportState.UNDER_REVIEW) -> int:
    report_id = cast.report_id("BR", code)
    cast.bring_to(report_id, state)
    return ask(cast, report_id, {element: TEXT})


def ask(cast: Cast, report_id: int, texts: dict[str, str], name: str = "reviewer", **more: str) -> int:
    actor = cast.actor(name)
    cast.clock.advance(minutes=1)
    with cast.writing() as session:
        made = questions.ask(
            session, cast._report(session, report_id), texts=texts, actor=actor, now=cast.clock.now(), **more
        )
        return made[0].id


def answer(cast: Cast, question_id: int, text: str, name: str = "focal.br", version: int = 1) -> None:
    actor = cast.actor(name)
    cast.clock.advance(minutes=1)
    with cast.writing() as session:
        question = session.get_one(Question, question_id)
        report = cast._report(session, question.report_id)
        questions.answer(session, report, question, text=text, seen_version=version, actor=actor, now=cast.clock.now())


def withdraw(cast: Cast, question_id: int, name: str, version: int = 1) -> None:
    actor = cast.actor(name)
    with cast.writing() as session:
        question = session.get_one(Question, question_id)
        report = cast._report(session, question.report_id)
        questions.withdraw(session, report, question, seen_version=version, actor=actor, now=cast.clock.now())


def read(cast: Cast, report_id: int, name: str) -> list[questions.Line]:
    actor = cast.actor(name)
    with cast.reading() as session:
        return questions.of_report(session, cast._report(session, report_id), actor, now=cast.clock.now())


def mails(cast: Cast, since: int = 0) -> list[tuple[str, str, str]]:
    with cast.reading() as session:
        rows = session.execute(
            sa.select(Message.to_address, Message.language, Message.text)
            .where(Message.id > since)
            .order_by(Message.to_address)
        )
        return [(r.to_address.partition("@")[0], r.language, " ".join(r.text.split())) for r in rows]


def newest_mail(cast: Cast) -> int:
    with cast.reading() as session:
        return session.scalar(sa.select(sa.func.max(Message.id))) or 0


class TestAsk:
    def test_the_report_stays_where_it_is_and_the_party_is_told_once(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", ASSIGNED)
        any_cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        with any_cast.reading() as session:
            elements = [e.code for e in questions.elements_of(any_cast._report(session, report_id))]
        before = newest_mail(any_cast)
        ask(any_cast, report_id, {elements[0]: TEXT, elements[1]: "", "": "And who pays?"})
        told = mails(any_cast, before)
        assert [(name, language) for name, language, _text in told] == [("alternate.br", "pt"), ("focal.br", "pt")]
        for _name, _language, text in told:
            assert TEXT in text
            assert "And who pays?" in text
            assert f"http://tracker.test/reports/{report_id}#questions" in text
        with any_cast.reading() as session:
            assert any_cast._report(session, report_id).state is ReportState.UNDER_REVIEW
            entries = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "question_asked")).all()
            assert [e.visibility for e in entries] == [Visibility.FILE, Visibility.FILE]
            assert all(TEXT not in f"{e.comment}{e.details}" for e in entries)

    @pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"reviewer", "reviewer2"}))
    def test_only_reviewers_ask(self, cast: Cast, name: str) -> None:
        report_id = cast.report_id("BR", ASSIGNED)
        cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        with pytest.raises(NotPermitted):
            ask(cast, report_id, {"": TEXT}, name)

    @pytest.mark.parametrize("state", [s for s in ReportState if s not in questions.ASKED_IN])
    def test_only_under_review(self, cast: Cast, state: ReportState) -> None:
        report_id = cast.report_id("BR", ASSIGNED)
        cast.bring_to(report_id, state)
        with pytest.raises(WrongState):
            ask(cast, report_id, {"": TEXT})

    def test_what_is_refused(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", ASSIGNED)
        any_cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        for texts, problem in (
            ({"": ""}, {"whole": "required"}),
            ({"CS-99.z": TEXT}, {"CS-99.z": "unknown"}),
            ({"": "Write to maria.perez@example.org"}, {"whole": "identifier"}),
        ):
            with pytest.raises(Unmet) as refusal:
                ask(any_cast, report_id, texts)
            assert refusal.value.problems == problem


class TestAnswer:
    @pytest.mark.parametrize("name", sorted(set(PEOPLE) - ANSWERS))
    def test_only_the_partys_focal_points_answer(self, cast: Cast, name: str) -> None:
        question = asked(cast)
        with pytest.raises(NotPermitted):
            answer(cast, question, "No.", name)

    def test_the_reviewer_is_told_and_the_file_keeps_both(self, any_cast: Cast) -> None:
        question = asked(any_cast)
        before = newest_mail(any_cast)
        answer(any_cast, question, "The statistical office.", "alternate.br")
        [(name, language, text)] = mails(any_cast, before)
        assert (name, language) == ("reviewer", "en")
        assert TEXT in text
        assert "The statistical office." in text
        [line] = read(any_cast, any_cast.report_id("BR", ASSIGNED), "reviewer2")
        assert (line.text, line.answer, line.is_open) == (TEXT, "The statistical office.", False)

    def test_who_comes_second_meets_both_texts(self, any_cast: Cast) -> None:
        question = asked(any_cast)
        answer(any_cast, question, "The first answer.")
        for version in (1, 2):
            with pytest.raises(Stale) as refusal:
                answer(any_cast, question, "The second answer.", "alternate.br", version)
            assert (refusal.value.theirs, refusal.value.yours) == ("The first answer.", "The second answer.")

    @pytest.mark.parametrize("step", ["propose", "confirm", "return"])
    def test_while_the_report_is_on_its_way(self, any_cast: Cast, step: str) -> None:
        from datetime import timedelta

        from tracker.domain.vocabulary import Rating, Strength

        question = asked(any_cast)
        report_id = any_cast.report_id("BR", ASSIGNED)
        if step == "return":
            due_on = any_cast.clock.now().date() + timedelta(days=9)
            any_cast._step(report_id, reviews.return_, "reviewer", comment="More.", due_on=due_on)
        else:
            rated = {"rating": Rating.PARTIALLY, "strength": Strength.DOCUMENTED, "reasons": "Invented."}
            any_cast._step(report_id, reviews.propose, "reviewer", **rated)
            if step == "confirm":
                any_cast._step(report_id, reviews.confirm, "reviewer2")
        answer(any_cast, question, "Now.")
        assert not read(any_cast, report_id, "focal.br")[0].is_open

    def test_not_after_publication(self, cast: Cast) -> None:
        from tracker.services import reports

        question = asked(cast, state=ReportState.RATING_PROPOSED)
        report_id = cast.report_id("BR", ASSIGNED)
        cast._step(report_id, reviews.confirm, "reviewer2")
        cast._step(report_id, reports.waive, "focal.br")
        with pytest.raises(WrongState):
            answer(cast, question, "Too late.")

    def test_the_guard_reads_answers_too(self, any_cast: Cast) -> None:
        question = asked(any_cast)
        for text, problem in (("", "required"), ("Write to maria.perez@example.org", "identifier")):
            with pytest.raises(Unmet) as refusal:
                answer(any_cast, question, text)
            assert refusal.value.problems == {"text": problem}


class TestWithdraw:
    def test_who_asked_or_reviews_now(self, any_cast: Cast) -> None:
        question = asked(any_cast)
        for name in ("reviewer2", "admin", "focal.br"):
            with pytest.raises(NotPermitted):
                withdraw(any_cast, question, name)
        withdraw(any_cast, question, "reviewer")
        assert read(any_cast, any_cast.report_id("BR", ASSIGNED), "focal.br")[0].withdrawn_at is not None
        with pytest.raises(Stale):
            answer(any_cast, question, "Too late.", version=2)

    def test_after_a_colleague_took_over(self, any_cast: Cast) -> None:
        question = asked(any_cast)
        any_cast._step(any_cast.report_id("BR", ASSIGNED), reviews.take_over, "reviewer2")
        withdraw(any_cast, question, "reviewer2")


class TestReading:
    @pytest.mark.parametrize("name", sorted(PEOPLE))
    def test_party_and_secretariat_and_nobody_else(self, cast: Cast, name: str) -> None:
        asked(cast)
        lines = read(cast, cast.report_id("BR", ASSIGNED), name)
        assert bool(lines) is (name in PARTY | STAFF)
        actor = cast.actor(name)
        with cast.reading() as session:
            listed, total = question_lists.listing(session, actor, open_only=True, number=1)
            assert total == len(listed) == question_lists.open_count(session, actor)
            assert bool(listed) is (name in PARTY | {"reviewer", "admin", "admin2"})

    def test_a_contributor_reads_what_is_asked_about_the_own_parts(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", ASSIGNED)
        any_cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        with any_cast.writing() as session:
            report = any_cast._report(session, report_id)
            codes = [e.code for e in questions.elements_of(report)]
            ids = {e.code: e.id for e in report.commitment.provision.elements}
            session.scalars(
                sa.select(Assignment).where(Assignment.commitment_id == report.commitment_id)
            ).one().element_id = ids[codes[1]]
        ask(any_cast, report_id, {codes[0]: "About the first.", codes[1]: "About the second.", "": "About all."})
        assert [line.text for line in read(any_cast, report_id, "contributor.br")] == ["About the second."]
        actor = any_cast.actor("contributor.br")
        with any_cast.reading() as session:
            listed, total = question_lists.listing(session, actor, open_only=False, number=1)
            assert ([row.text for row in listed], total) == (["About the second."], 1)

    def test_unanswered_ones_count_while_they_can_be_answered(self, any_cast: Cast) -> None:
        first, _second = asked(any_cast), asked(any_cast, "CS-04")
        actor = any_cast.actor("focal.br")

        def waiting() -> int:
            with any_cast.reading() as session:
                return question_lists.open_count(session, actor)

        assert waiting() == 2
        answer(any_cast, first, "Here.")
        assert waiting() == 1
        any_cast.bring_to(any_cast.report_id("BR", "CS-05"), ReportState.PUBLISHED)
        assert waiting() == 1


class TestNotes:
    @pytest.mark.parametrize("name", sorted(PEOPLE))
    def test_staff_only(self, cast: Cast, name: str) -> None:
        report_id = cast.report_id("BR", ASSIGNED)
        cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        actor = cast.actor(name)

        def write() -> None:
            with cast.writing() as session:
                report = cast._report(session, report_id)
                notes.write(session, report, text="Check the law.", actor=actor, now=cast.clock.now())

        if name in STAFF:
            write()
        else:
            with pytest.raises(NotPermitted):
                write()
        with cast.reading() as session:
            found = notes.of_report(session, cast._report(session, report_id), actor, now=cast.clock.now())
            assert [n.text for n in found] == (["Check the law."] if name in STAFF else [])

    def test_a_note_is_checked_for_personal_data(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", ASSIGNED)
        actor = any_cast.actor("reviewer")

        def write(text: str) -> None:
            with any_cast.writing() as session:
                report = any_cast._report(session, report_id)
                notes.write(session, report, text=text, actor=actor, now=any_cast.clock.now())

        for text, problem in (("", "required"), ("maria.perez@example.org", "identifier")):
            with pytest.raises(Unmet) as refusal:
                write(text)
            assert refusal.value.problems == {"note": problem}
