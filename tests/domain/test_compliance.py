"""Coverage, timeliness and ratings: three axes, each with its denominator."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from tracker.domain.compliance import (
    Item,
    Share,
    by_pillar,
    figures,
    is_on_time,
    needs_reason_for_strength,
    roll_up,
    together,
)
from tracker.domain.vocabulary import HIGH_RATINGS, SELF_RATINGS, Rating, Strength

R, S = Rating, Strength


def item(**wanted: object) -> Item:
    usual: dict[str, object] = {
        "party_id": 1,
        "provision_code": "CS-02",
        "pillars": ("prevention",),
        "reported": True,
        "on_time": True,
        "self_assessment": None,
        "rating": None,
        "strength": None,
    }
    return Item(**usual | wanted)  # type: ignore[arg-type]


class TestShare:
    @pytest.mark.parametrize(
        ("count", "total", "percent"), [(0, 0, None), (1, 1, None), (4, 4, None), (0, 5, 0), (5, 5, 100), (1, 6, 17)]
    )
    def test_below_five_is_a_count(self, count: int, total: int, percent: int | None) -> None:
        assert Share(count, total).percent == percent


class TestFigures:
    def test_not_reported_is_no_rating(self) -> None:
        found = figures([item(), item(reported=False, on_time=False), item(on_time=False, rating=R.NOT)])
        assert found.reported == Share(2, 3)
        assert found.on_time == Share(1, 2)
        assert found.rated == Share(1, 2)
        assert found.ratings[R.NOT] == 1
        assert sum(found.ratings.values()) == found.rated.count

    def test_every_rating_and_strength_is_named(self) -> None:
        found = figures([])
        assert dict(found.ratings) == dict.fromkeys(R, 0)
        assert dict(found.strengths) == dict.fromkeys(S, 0)
        assert found.reported == Share(0, 0)

    def test_differing_counts_only_what_has_both(self) -> None:
        found = figures(
            [
                item(self_assessment=R.IMPLEMENTED, rating=R.PARTIALLY, strength=S.DOCUMENTED),
                item(self_assessment=R.NOT, rating=R.NOT, strength=S.DOCUMENTED),
                item(self_assessment=R.NOT),
                item(rating=R.NOT, strength=S.MEASURED),
            ]
        )
        assert found.differing == Share(1, 2)
        assert found.strengths[S.DOCUMENTED] == 2

    def test_sets_counted_apart_add_up_and_so_do_those_counted_as_alike(self) -> None:
        chance = random.Random(7)  # noqa: S311  (examples, not secrets)
        some = [
            item(
                reported=chance.random() < 0.8,
                on_time=chance.random() < 0.5,
                self_assessment=chance.choice([None, R.NOT, R.LARGELY]),
                rating=chance.choice([None, *R]),
                strength=chance.choice([None, *S]),
            )
            for _ in range(300)
        ]
        whole = figures(some)
        assert together([figures(some[:90]), figures(some[90:200]), figures(some[200:])]) == whole
        assert figures([one._replace(alike=number) for one, number in Counter(some).items()]) == whole
        assert together([]) == figures([])

    def test_a_commitment_counts_in_each_of_its_pillars(self) -> None:
        found = by_pillar(
            [item(pillars=("prevention", "protection")), item(pillars=()), item(pillars=("other",))],
            ["prevention", "protection", "prosecution"],
        )
        assert {name: f.reported.total for name, f in found.items()} == {
            "prevention": 1,
            "protection": 1,
            "prosecution": 0,
            "": 1,
            "other": 1,
        }


class TestRollUp:
    @pytest.mark.parametrize(
        ("answers", "whole"),
        [
            ([], None),
            ([R.IMPLEMENTED, None], None),
            ([R.IMPLEMENTED, R.IMPLEMENTED], R.IMPLEMENTED),
            ([R.NOT, R.NOT], R.NOT),
            ([R.IMPLEMENTED, R.LARGELY], R.LARGELY),
            ([R.LARGELY, R.LARGELY], R.LARGELY),
            ([R.IMPLEMENTED, R.NOT], R.PARTIALLY),
            ([R.PARTIALLY], R.PARTIALLY),
            ([R.NO_LONGER_APPLICABLE, R.NO_LONGER_APPLICABLE], R.NO_LONGER_APPLICABLE),
            ([R.NO_LONGER_APPLICABLE, R.NOT], R.NOT),
            ([R.NO_LONGER_APPLICABLE, R.IMPLEMENTED], R.IMPLEMENTED),
        ],
    )
    def test_examples(self, answers: list[Rating | None], whole: Rating | None) -> None:
        assert roll_up(answers) is whole

    def test_the_order_of_elements_makes_no_difference(self) -> None:
        for answers in product(SELF_RATINGS, repeat=3):
            assert roll_up(list(answers)) is roll_up(sorted(answers))

    def test_the_whole_is_never_better_than_its_best_part_nor_worse_than_its_worst(self) -> None:
        order = [R.NOT, R.PARTIALLY, R.LARGELY, R.IMPLEMENTED]
        for answers in product(order, repeat=3):
            whole = roll_up(list(answers))
            assert whole is not None
            places = [order.index(a) for a in answers]
            assert min(places) <= order.index(whole) <= max(places)


def test_a_high_rating_on_declared_only_asks_why() -> None:
    asked = {(r, s) for r, s in product(R, S) if needs_reason_for_strength(r, s)}
    assert asked == {(r, S.DECLARED_ONLY) for r in HIGH_RATINGS}
    assert {R.IMPLEMENTED, R.LARGELY} == HIGH_RATINGS


def test_in_time_is_before_the_end() -> None:
    due = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
    assert is_on_time(due - timedelta(microseconds=1), due)
    assert not is_on_time(due, due)
