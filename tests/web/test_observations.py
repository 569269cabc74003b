"""The pages of observations: the organisation's form, the Secretariat's queue, and who is refused at which door."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests import observation_scene as scene
from tests.cast import PEOPLE, Cast
from tests.support.sending import send, statements
from tracker.domain.vocabulary import ObservationState, ReportState
from tracker.models import Observation

O = ObservationState  # noqa: E741
STAFF = {"admin", "admin2", "reviewer", "reviewer2"}
STATE = {"focal.br", "alternate.br", "approver.br", "contributor.br"}


@pytest.fixture
def observer(cast: Cast, client: FlaskClient) -> FlaskClient:
    cast.sign_in(client, "observer")
    return client


def form_of(page: str) -> dict[str, Any]:
    """The hidden fields of the form as shown."""
    names = dict(re.findall(r'name="(name_[123])" value="([0-9a-f]{32})"', page))
    return names | {"version": re.findall(r'name="version" value="(\d+)"', page)[0]}


TYPED = {"view": "not_implemented", "text": "seen-text Ñandú", "language": "es"}
LINK = {"title_1": "An invented survey", "url_1": "https://example.org/seen"}


def test_written_saved_and_filed(cast: Cast, observer: FlaskClient) -> None:
    path = f"/commitments/{cast.commitment_id('BR', 'CS-03')}/observation"
    page = observer.get(path)
    assert page.status_code == 200
    saved = send(observer, path, **form_of(page.text), text="half", action="save")
    assert saved.status_code == 303
    page = observer.get(path)
    assert "half" in page.text
    empty = send(observer, path, **form_of(page.text), text="half", action="file")
    assert empty.status_code == 422
    assert "half" in empty.text
    filed = send(observer, path, **form_of(page.text), **TYPED, **LINK, action="file")
    assert filed.status_code == 303
    shown = observer.get(filed.location).text
    for text in ("seen-text Ñandú", "Not implemented", "https://example.org/seen", "waits for the Secretariat"):
        assert text in shown
    assert observer.get(path).status_code == 303
    assert "seen-text" not in observer.get("/dashboard").text
    assert "Filed" in observer.get("/dashboard").text


def test_what_was_attached_stays_when_the_form_is_saved_again(cast: Cast, observer: FlaskClient) -> None:
    path = f"/commitments/{cast.commitment_id('BR', 'CS-03')}/observation"
    send(observer, path, **form_of(observer.get(path).text), **TYPED, **LINK, action="save")
    page = observer.get(path).text
    (piece,) = re.findall(r'name="attached" type="checkbox" value="([0-9a-f]{32})"[^>]*checked', page)
    send(observer, path, **form_of(page), **TYPED, attached=piece, action="file")
    with cast.reading() as session:
        (one,) = session.scalars(sa.select(Observation)).one().attached
        assert one.evidence.public_id == piece


def test_the_second_of_two_colleagues_sees_both_texts(cast: Cast, observer: FlaskClient) -> None:
    path = f"/commitments/{cast.commitment_id('BR', 'CS-03')}/observation"
    first = form_of(observer.get(path).text)
    send(observer, path, **first, text="first-text", action="save")
    second = send(observer, path, **first | {"name_1": "b" * 32}, text="second-text", action="save")
    assert second.status_code == 409
    assert "first-text" in second.text
    assert "second-text" in second.text
    assert send(observer, path, **form_of(second.text), text="second-text", action="save").status_code == 303


def test_personal_data_is_refused_and_what_was_typed_stays(cast: Cast, observer: FlaskClient) -> None:
    path = f"/commitments/{cast.commitment_id('BR', 'CS-03')}/observation"
    typed = TYPED | {"text": "Ask somebody@example.org for it"}
    answer = send(observer, path, **form_of(observer.get(path).text), **typed, action="file")
    assert answer.status_code == 422
    assert "Ask somebody@example.org for it" in answer.text


def test_the_form_is_for_organisations_accredited_for_the_state(cast: Cast, client: FlaskClient) -> None:
    br, us = (f"/commitments/{cast.commitment_id(code, 'CS-03')}/observation" for code in ("BR", "US"))
    for name in sorted(PEOPLE):
        cast.sign_in(client, name)
        sees = name in STAFF | STATE
        expected = 200 if name == "observer" else 403 if sees else 404
        assert client.get(br).status_code == expected, name
        if name != "observer":
            assert send(client, br, **TYPED, version="0", action="file").status_code == expected, name
    cast.sign_in(client, "observer")
    assert client.get(us).status_code == 404
    assert send(client, us, **TYPED, version="0", action="file").status_code == 404


def test_who_opens_which_observation(cast: Cast, client: FlaskClient) -> None:
    codes = ("CS-03", "CS-04", "CS-05", "CS-06", "CS-07")
    made = {state: scene.bring(cast, state, code=code) for code, state in zip(codes, O, strict=True)}
    for name in sorted(PEOPLE):
        cast.sign_in(client, name)
        for state, number in made.items():
            may = (
                name == "observer"
                or (name in STAFF and state in (O.FILED, O.ACCEPTED, O.DECLINED))
                or (name in STATE - {"contributor.br"} and state is O.ACCEPTED)
            )
            assert client.get(f"/observations/{number}").status_code == (200 if may else 404), (name, state)
        filed = made[O.FILED]
        if name not in STAFF:
            assert client.get("/observations").status_code == 403
            assert send(client, f"/observations/{filed}/accept", version="9").status_code == 403
            assert send(client, f"/observations/{filed}/decline", version="9", reason="x").status_code == 403
        if name != "observer":
            status = send(client, f"/observations/{filed}/withdraw", version="9").status_code
            assert status in (403, 404), name
    assert scene.stored(cast, made[O.FILED]).state is O.FILED


def test_accepted_and_declined_by_the_secretariat(cast: Cast, client: FlaskClient) -> None:
    first, second = scene.write(cast, code="CS-03"), scene.write(cast, code="CS-04")
    cast.sign_in(client, "reviewer")
    queue = client.get("/observations?state=br").text
    assert queue.index(f"/observations/{first}") < queue.index(f"/observations/{second}")
    assert client.get("/observations?tab=other").status_code == 404
    seen = str(scene.version(cast, first))
    assert send(client, f"/observations/{first}/accept", version="1").status_code == 409
    assert send(client, f"/observations/{first}/accept", version=seen).status_code == 303
    assert send(client, f"/observations/{first}/accept", version=seen).status_code == 409
    typed = {"version": str(scene.version(cast, second)), "reason": ""}
    assert send(client, f"/observations/{second}/decline", **typed).status_code == 422
    late = send(client, f"/observations/{second}/decline", version="1", reason="typed-reason")
    assert late.status_code == 409
    assert "typed-reason" in late.text
    assert send(client, f"/observations/{second}/decline", **typed | {"reason": "Not about it."}).status_code == 303
    assert "Accepted" in client.get("/observations?tab=decided").text
    assert "Not about it." in client.get(f"/observations/{second}").text


def test_three_voices_as_each_may_read_them(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("BR", "CS-03")
    path = f"/commitments/{cast.commitment_id('BR', 'CS-03')}/voices"
    scene.bring(cast, O.FILED)
    cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT)
    said, rated, seen = "An invented answer", "Invented reasons", "seen-by-observers"
    for name, expected in {
        "reviewer": {said, rated, seen},
        "focal.br": {said, rated},
        "contributor.br": {said, rated},
        "observer": {seen},
    }.items():
        cast.sign_in(client, name)
        page = client.get(path).text
        assert {text for text in (said, rated, seen) if text in page} == expected, name
    for name in ("focal.gt", "secretariat"):
        cast.sign_in(client, name)
        assert client.get(path).status_code == 404


def test_three_voices_ask_the_database_as_often_whatever_there_is(cast: Cast, client: FlaskClient) -> None:
    path = f"/commitments/{cast.commitment_id('BR', 'CS-03')}/voices"
    cast.sign_in(client, "reviewer")
    with statements(cast.app) as first:
        assert "No observation" in client.get(path).text
    scene.bring(cast, O.ACCEPTED)
    cast.bring_to(cast.report_id("BR", "CS-03"), ReportState.PUBLISHED)
    with statements(cast.app) as second:
        page = client.get(path).text
    assert len(second) <= len(first) + 1
    assert "They differ" in page


def test_beside_the_report_at_the_desk_and_where_the_state_comments(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("BR", "CS-03")
    made = scene.write(cast)
    cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT)
    for name, path, sees in (("reviewer", "reviews", True), ("focal.br", "reports", False)):
        cast.sign_in(client, name)
        assert (scene.TEXT in client.get(f"/{path}/{report_id}").text) is sees, name
    scene.decide(cast, made)
    for name, path in (("reviewer", "reviews"), ("focal.br", "reports"), ("approver.br", "reports")):
        cast.sign_in(client, name)
        assert scene.TEXT in client.get(f"/{path}/{report_id}").text, name
