"""One cell per report owed: public facts, and nothing before it is published."""

from __future__ import annotations

import pytest

from tests.cast import DUE_ON, Cast
from tests.observation_scene import decide, write
from tests.support.sending import statements
from tracker.domain.vocabulary import CommentOutcome, Rating, ReportState, Strength
from tracker.services import public_cells, public_figures, reviews
from tracker.services.public_cells import Cell
from tracker.services.status_report_content import Stage


def _cells(cast: Cast) -> dict[tuple[str, str], Cell]:
    with cast.reading() as session:
        cycle = public_figures.current_cycle(session)
        assert cycle is not None
        with statements(cast.app) as asked:
            found = public_cells.cells(session, cycle.id, cast.clock.now())
        assert len(asked) == 3
        return {(c.party_code, c.provision_code): c for c in found}


@pytest.mark.both_databases
def test_each_commitment_as_the_public_knows_it(any_cast: Cast) -> None:
    cast = any_cast
    states = {
        "CS-02": ReportState.AWAITING_APPROVAL,
        "CS-04": ReportState.SUBMITTED,
        "CS-05": ReportState.RATING_PROPOSED,
        "CS-06": ReportState.OPEN_FOR_COMMENT,
        "CS-07": ReportState.RETURNED,
    }
    for code, state in states.items():
        cast.bring_to(cast.report_id("BR", code), state)
    # Accepted before the rating is published: public beside it. After: not before the next publication.
    decide(cast, write(cast, "BR", "CS-03"))
    report = cast.report_id("BR", "CS-03")
    cast.bring_to(report, ReportState.PUBLISHED)
    decide(cast, write(cast, "BR", "CS-05"))

    found = _cells(cast)
    assert len(found) == 493
    of = {code: found["BR", code] for code in ("CS-03", "CS-08", *states)}
    assert {code: cell.stage for code, cell in of.items()} == {
        "CS-02": Stage.NOT_DUE,
        "CS-03": Stage.PUBLISHED,
        "CS-04": Stage.IN_REVIEW,
        "CS-05": Stage.IN_REVIEW,
        "CS-06": Stage.OPEN_FOR_COMMENT,
        "CS-07": Stage.IN_REVIEW,
        "CS-08": Stage.NOT_DUE,
    }
    rated = of["CS-03"]
    assert (rated.rating, rated.self_assessment, rated.strength) == (
        Rating.LARGELY,
        Rating.PARTIALLY,
        Strength.DOCUMENTED,
    )
    assert rated.comment_outcome is CommentOutcome.COMMENTED
    assert rated.views == (Rating.NOT,)
    assert rated.voices_differ
    assert rated.on_time is True
    assert rated.due_on == DUE_ON
    assert rated.instrument_code == "CSC-2012"
    assert rated.submitted_at is not None
    assert rated.published_at is not None
    assert rated.reported_at == rated.submitted_at
    assert rated.submitted_at < rated.published_at
    for code, cell in of.items():
        if code != "CS-03":  # drafts, submissions and ratings in the making: nothing but that a report came in
            assert (cell.self_assessment, cell.rating, cell.strength, cell.comment_outcome) == (None,) * 4
            assert (cell.published_at, cell.submitted_at, cell.views) == (None, None, ())
            assert (cell.reported_at is None) == (code in ("CS-02", "CS-08")) == (cell.on_time is None)

    assert {c.party_code for c in found.values()} >= {"US", "GS"}
    assert "CU" not in {c.party_code for c in found.values()}, "a State that takes no part owes nothing"
    item = public_cells.cell_item(rated)
    assert (item.reported, item.on_time, item.rating) == (True, True, Rating.LARGELY)

    cast.clock.advance(days=(DUE_ON - cast.clock.now().date()).days + 2)
    later = _cells(cast)
    assert later["BR", "CS-08"].stage is Stage.NOT_REPORTED, "once the due date has ended"
    assert later["BR", "CS-02"].stage is Stage.NOT_REPORTED, "a draft is no report"


def test_a_reopened_review_leaves_what_was_published(cast: Cast) -> None:
    report = cast.report_id("BR", "CS-03")
    cast.bring_to(report, ReportState.PUBLISHED)
    before = _cells(cast)["BR", "CS-03"]
    cast.clock.advance(days=1)
    cast._step(report, reviews.reopen, "admin", reason="An invented reason.")
    cast.clock.advance(days=1)
    after = _cells(cast)["BR", "CS-03"]
    assert after == before
