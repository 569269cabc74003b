"""The filter "where they differ": the same rule in the lists of staff, State, observer and public."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests import observation_scene as scene
from tests import status_scene
from tests.cast import Cast
from tests.support.sending import statements
from tracker.domain.compliance import disagree
from tracker.domain.vocabulary import ObservationState, Rating, ReportState, Strength

SAME, OTHER = Rating.LARGELY, Rating.NOT
ACCEPTED = ObservationState.ACCEPTED


def observe(cast: Cast, code: str, view: Rating) -> None:
    made = scene.write(cast, "BR", code, scene.content(view=view))
    scene.decide(cast, made)


def publish(cast: Cast, code: str, own: Rating) -> None:
    report_id = cast.report_id("BR", code)
    cast.bring_to(report_id, ReportState.PUBLISHED)
    status_scene.rate(cast, report_id, SAME, own, Strength.DOCUMENTED)


def play(cast: Cast) -> None:
    publish(cast, "CS-02", SAME)
    observe(cast, "CS-03", SAME)
    publish(cast, "CS-03", SAME)
    observe(cast, "CS-04", OTHER)
    publish(cast, "CS-04", SAME)
    publish(cast, "CS-05", SAME)
    observe(cast, "CS-05", OTHER)  # after the publication: the public does not read it yet
    observe(cast, "CS-06", OTHER)
    cast.bring_to(cast.report_id("BR", "CS-06"), ReportState.SUBMITTED)
    publish(cast, "CS-07", OTHER)
    scene.write(cast, "BR", "CS-08", scene.content(view=OTHER))  # not accepted
    cast.bring_to(cast.report_id("BR", "CS-08"), ReportState.SUBMITTED)


IN_PUBLIC = {"CS-04", "CS-07"}
INSIDE = IN_PUBLIC | {"CS-05", "CS-06"}


def codes(page: str) -> set[str]:
    return set(re.findall(r'<th scope="row"[^>]*><span class="ct-code">([A-Z-]+\d+)</span>', page))


@pytest.mark.both_databases
def test_the_same_rule_for_every_reader(cast: Cast, client: FlaskClient) -> None:
    play(cast)
    assert codes(client.get("/states/br?differ=1").text) == IN_PUBLIC
    assert codes(client.get("/states/br?differ=1&cycle=2026").text) == IN_PUBLIC
    assert "Not implemented" in client.get("/provisions/CS-04?differ=1").text
    assert "Nowhere in this cycle" in client.get("/provisions/CS-05?differ=1").text
    for name, expected in (("reviewer", INSIDE), ("focal.br", INSIDE), ("observer", IN_PUBLIC)):
        cast.sign_in(client, name)
        assert codes(client.get("/commitments?differs=1").text) == expected, name


def test_as_many_queries_whatever_there_is(cast: Cast, client: FlaskClient) -> None:
    with statements(cast.app) as empty:
        assert "Nowhere in this cycle" in client.get("/states/br?differ=1").text
    play(cast)
    with statements(cast.app) as full:
        client.get("/states/br?differ=1")
    assert len(full) == len(empty)


def test_silence_is_no_disagreement() -> None:
    assert not disagree(None, SAME, None)
    assert not disagree(SAME, SAME, SAME)
    assert disagree(SAME, None, OTHER)
    assert disagree(None, None, SAME, OTHER)
