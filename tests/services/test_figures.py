"""What stands behind the public figures over time: counted by the database, on both."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.status_scene import play
from tests.support.sending import statements
from tracker.domain.compliance import Share
from tracker.domain.errors import NotVisible
from tracker.models import ReportingCycle
from tracker.services import figure_board, figure_review_time, figure_trend
from tracker.services.figure_board import Asked
from tracker.services.figure_review_time import CLASSES, Review


@pytest.mark.both_databases
def test_board_trend_and_reviews(any_cast: Cast) -> None:
    cast = any_cast
    play(cast)
    now = cast.clock.now()
    with cast.reading() as session:
        with statements(cast.app) as asked:
            board = figure_board.load(session, Asked(), now)
        assert len(asked) == 8
        assert len(board.cells) == 493
        ((cycle, coverage),) = figure_trend.by_cycle(session, board)
        assert (cycle.code, coverage.owed) == ("2026", 493)
        assert coverage.reported == sum(1 for c in board.cells if c.reported_at)
        assert coverage.on_time == sum(1 for c in board.cells if c.on_time)
        assert coverage.rated == sum(1 for c in board.cells if c.rating)
        for region in ("", "caribbean", "none"):
            listed = figure_board.load(session, Asked(subregion=region), now)
            with statements(cast.app) as asked:
                counted = figure_board.load(session, Asked(subregion=region), now, is_counted=True)
            assert (len(asked), counted.cells, counted.is_empty) == (5, (), listed.is_empty)
            for party in counted.parties:
                mine = board.at(party.code)
                reported = sum(1 for c in mine if c.reported_at)
                assert party.coverage.reported_of == Share(reported, len(mine))
        reviews = figure_review_time.reviews(session, board)
        assert {(r.party_code, r.provision_code) for r in reviews} == {
            (c.party_code, c.provision_code) for c in board.cells if c.rating
        }
        narrow = figure_board.load(session, Asked(state="BR", pillar="prevention"), now)
        ((_cycle, fewer),) = figure_trend.by_cycle(session, narrow)
        assert 0 < fewer.owed == len(narrow.cells) < 15
        assert {c.party_code for c in narrow.cells} == {"BR"}
        assert len(figure_review_time.reviews(session, narrow)) == sum(1 for c in narrow.cells if c.rating)
        assert figure_trend.by_cycle(session, figure_board.load(session, Asked(theme="none"), now)) == []
        with pytest.raises(NotVisible):
            figure_board.load(session, Asked(cycle="1999"), now)


def test_twelve_cycles_at_a_time(cast: Cast) -> None:
    now = cast.clock.now()
    with cast.writing() as session:
        (first,) = session.scalars(sa.select(ReportingCycle)).all()
        for year in range(2001, 2015):
            opens = date(year, 3, 1)
            session.add(
                ReportingCycle(
                    code=str(year),
                    title=first.title,
                    period_start=opens,
                    period_end=opens,
                    opens_on=opens,
                    due_on=opens,
                    closes_on=opens,
                    opened_at=now,
                )
            )
    with cast.reading() as session:
        newest = figure_board.load(session, Asked(), now)
        assert [row.code for row in newest.cycles] == [*map(str, range(2004, 2015)), "2026"]
        assert (newest.earlier, newest.later) == ("2003", "")
        older = figure_board.load(session, Asked(cycle="2002"), now)
        assert [row.code for row in older.cycles] == ["2001", "2002", "2003"]
        assert (older.cycle.code, older.earlier, older.later) == ("2002", "", "2004")
        assert older.cells == ()
    client = cast.app.test_client()
    assert "/figures/trend?cycle=2003" in client.get("/figures/trend").text
    page = client.get("/figures/map?cycle=2002").text
    assert "/figures/map?cycle=2004" in page
    assert "Nothing matches" in page


def test_days_fall_into_one_class_each() -> None:
    begun = datetime(2026, 3, 1, 12, tzinfo=UTC)
    review = Review(1, "BR", "CS-03", begun, begun)
    for days, expected in ((0, 0), (14, 0), (15, 1), (30, 1), (31, 2), (90, 3), (180, 4), (181, 5), (900, 5)):
        one = dataclasses.replace(review, published_at=begun + timedelta(days=days, hours=11))
        assert one.days == days
        assert CLASSES.index(one.class_) == expected
    five = [dataclasses.replace(review, published_at=begun + timedelta(days=d)) for d in (1, 2, 3, 4, 90)]
    assert figure_review_time.median_days(five) == 3
    assert figure_review_time.median_days(five[:4]) is None
