"""Who may compare which states of a report, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import ASSIGNED, Cast
from tracker.domain.errors import NotVisible
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import ReportState
from tracker.services import compare, cycles, reports, reviews
from tracker.services.compare import Comparison


def looked(cast: Cast, report_id: int, name: str | None, left: str = "", right: str = "") -> Comparison:
    actor: Actor | None = cast.actor(name) if name else None
    with cast.reading() as session:
        report = cast._report(session, report_id)
        return compare.comparison(session, report, actor, left=left, right=right, now=cast.clock.now())


def keys(cast: Cast, report_id: int, name: str | None) -> list[str]:
    try:
        return [version.key for version in looked(cast, report_id, name).versions]
    except NotVisible:
        return []


def twice_submitted(cast: Cast, code: str = ASSIGNED) -> int:
    """Returned once and submitted again with other words; then the draft is another text still."""
    report_id = cast.report_id("BR", code)
    cast.bring_to(report_id, ReportState.RETURNED)
    cast.fill(report_id, "focal.br", "A second answer.")
    cast._step(report_id, reports.submit, "approver.br")
    return report_id


def next_cycle(cast: Cast) -> None:
    cast.clock.advance(days=360)
    with cast.writing() as session:
        cycle = cycles.plan(
            session,
            cycles.CyclePlan(
                code="2027",
                title=dict.fromkeys(("en", "es", "pt", "fr"), "2027"),
                period_start=date(2026, 1, 1),
                period_end=date(2026, 12, 31),
                opens_on=date(2027, 1, 15),
                due_on=date(2027, 4, 30),
                closes_on=date(2027, 6, 30),
                comment_days=30,
            ),
            actor=None,
            now=cast.clock.now(),
        )
        cycles.open_cycle(session, cycle.id, now=cast.clock.now())


class TestWhoReadsWhat:
    def test_people_of_the_party_compare_revisions_and_the_draft(self, any_cast: Cast) -> None:
        report_id = twice_submitted(any_cast)
        assert keys(any_cast, report_id, "focal.br") == ["1", "2"]
        any_cast._step(report_id, reports.recall, "focal.br")
        any_cast.fill(report_id, "focal.br", "A third answer.")
        for name in ("focal.br", "alternate.br", "approver.br"):
            found = looked(any_cast, report_id, name)
            assert [v.key for v in found.versions] == ["1", "2", "draft"]
            assert found.left is not None
            assert found.right is not None
            assert (found.left.key, found.right.key) == ("2", "draft")
            assert found.after is not None
            assert found.after.answers[0].narrative == "A third answer."

    def test_the_secretariat_never_compares_drafts_nor_what_was_taken_back(self, any_cast: Cast) -> None:
        report_id = twice_submitted(any_cast)
        any_cast._step(report_id, reports.recall, "focal.br")
        any_cast.fill(report_id, "focal.br", "A third answer.")
        assert keys(any_cast, report_id, "reviewer") == ["1"]
        any_cast._step(report_id, reports.submit, "approver.br")
        assert keys(any_cast, report_id, "reviewer") == ["1", "3"]
        found = looked(any_cast, report_id, "admin", "1", "3")
        assert found.before is not None
        assert found.before.privacy_explanation == ""
        for key in ("2", "draft"):
            with pytest.raises(NotVisible):
                looked(any_cast, report_id, "reviewer", "1", key)

    def test_the_others_compare_what_is_published_and_nothing_else(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", ASSIGNED)
        any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT)
        outside = (None, "observer", "focal.gt", "contributor.gt", "secretariat")
        for name in outside:
            assert keys(any_cast, report_id, name) == []
        any_cast._step(report_id, reports.waive, "focal.br")
        for name in outside:
            found = looked(any_cast, report_id, name)
            assert [v.key for v in found.versions] == ["1"]
            assert found.before is None
        next_cycle(any_cast)
        newer = any_cast.report_id("BR", ASSIGNED, "2027")
        any_cast.bring_to(newer, ReportState.RATING_PROPOSED)
        for name in outside:
            assert keys(any_cast, newer, name) == []
        assert keys(any_cast, newer, "reviewer") == ["last", "1"]
        any_cast._step(newer, reviews.confirm, "reviewer2")
        any_cast._step(newer, reports.waive, "focal.br")
        for name in outside:
            found = looked(any_cast, newer, name)
            assert [v.key for v in found.versions] == ["last", "1"]
            assert found.after is not None
            assert [e.is_public for e in found.after.evidence] == [True]
            assert found.after.indicators == ()

    def test_what_was_only_submitted_last_time_is_compared_by_party_and_secretariat(self, any_cast: Cast) -> None:
        report_id = any_cast.report_id("BR", ASSIGNED)
        any_cast.bring_to(report_id, ReportState.UNDER_REVIEW)
        next_cycle(any_cast)
        newer = any_cast.report_id("BR", ASSIGNED, "2027")
        any_cast.fill(newer, "focal.br", "Words of the next cycle.")
        assert keys(any_cast, newer, "focal.br") == ["last", "draft"]
        assert keys(any_cast, newer, "reviewer") == ["last"]
        assert keys(any_cast, newer, None) == []

    def test_a_contributor_compares_only_the_own_parts(self, any_cast: Cast) -> None:
        from tracker.models import Assignment

        report_id = twice_submitted(any_cast)
        with any_cast.writing() as session:
            report = any_cast._report(session, report_id)
            elements = [e for e in report.commitment.provision.elements if e.is_owed_by(report.commitment.party.kind)]
            mine = session.query(Assignment).filter_by(commitment_id=report.commitment_id).one()
            mine.element_id = elements[0].id
            wanted = elements[0].code
            assert len(elements) > 1
        found = looked(any_cast, report_id, "contributor.br")
        assert found.before is not None
        assert found.after is not None
        assert [a.element for a in found.after.answers] == [wanted]
        assert [one.code for one in found.elements] == [wanted]
        assert found.after.summary == ""
        assert found.after.evidence == ()
        with any_cast.writing() as session:
            session.query(Assignment).delete()
        assert keys(any_cast, report_id, "contributor.br") == []

    def test_keys_that_name_nothing(self, any_cast: Cast) -> None:
        report_id = twice_submitted(any_cast)
        for left, right in (("0", "2"), ("1", "9"), ("x", ""), ("", "last"), ("1", "²")):
            with pytest.raises(NotVisible):
                looked(any_cast, report_id, "focal.br", left, right)


def test_queries_do_not_grow_with_the_revisions(cast: Cast) -> None:
    from tests.support.sending import statements

    few = cast.report_id("BR", "CS-02")
    cast.bring_to(few, ReportState.SUBMITTED)
    many = twice_submitted(cast, "CS-04")
    for number in range(4):
        cast._step(many, reports.recall, "focal.br")
        cast.fill(many, "focal.br", f"Answer {number}.")
        cast.clock.advance(days=1)
        cast._step(many, reports.submit, "approver.br")
    actor = cast.actor("reviewer")
    counts = []
    for report_id in (few, many):
        with cast.reading() as session:
            report = cast._report(session, report_id)
            with statements(cast.app) as asked:
                compare.comparison(session, report, actor, left="", right="", now=cast.clock.now() + timedelta(days=1))
            counts.append(len(asked))
    assert counts[1] <= counts[0] + 2 <= 6
