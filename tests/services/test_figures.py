"""What stands behind the public figures over time: counted by the database, on both."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast
from tests.status_scene import play
from tests.support.sending import statements
from tracker.domain.errors import NotVisible
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
