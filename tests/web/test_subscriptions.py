"""The pages of one's own summaries: for every role; somebody else's is not there; hidden fields count for nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PEOPLE, Cast
from tests.web.test_account_sign_in import csrf
from tracker.domain.vocabulary import SummaryRhythm, SummaryScope
from tracker.models import Subscription, User

LIST, NEW = "/account/subscriptions", "/account/subscriptions/new"
MONTHLY = {"rhythm": "summary_monthly", "scope": "scope_own"}


def send(client: FlaskClient, path: str, **data: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client, LIST), **data})


def of(cast: Cast, name: str) -> list[Subscription]:
    """The running ones of a person."""
    with cast.reading() as session:
        owner = sa.select(User.id).where(User.email == f"{name}@tracker.test").scalar_subquery()
        return list(
            session.scalars(
                sa.select(Subscription)
                .where(Subscription.user_id == owner, Subscription.ended_at.is_(None))
                .order_by(Subscription.id)
            )
        )


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_has_the_pages(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    page = client.get(LIST)
    assert page.status_code == 200
    assert "Every week" in page.text or page.text.count("<tr") == 2
    assert client.get(NEW).status_code == 200
    assert client.get(f"{LIST}/{of(cast, name)[0].id}").status_code == 200
    assert LIST in client.get("/account").text


def test_nobody_signed_out(cast: Cast, client: FlaskClient) -> None:
    one = of(cast, "focal.br")[0].id
    for path in (LIST, NEW, f"{LIST}/{one}"):
        assert client.get(path).location.startswith("/sign-in?next=")
    for path in (NEW, f"{LIST}/{one}", f"{LIST}/{one}/stop"):
        assert client.post(path, data=MONTHLY).status_code == 401
    assert len(of(cast, "focal.br")) == 1


def test_taken_changed_and_stopped(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    assert send(client, NEW, **MONTHLY, when_empty="y", attach_report="y").status_code == 303
    page = client.get(LIST).text
    assert "1 April 2026" in page, "the next one"
    assert "Status report as PDF" in page
    one = of(cast, "focal.us")[1]
    form = client.get(f"{LIST}/{one.id}").text
    assert 'value="summary_monthly" checked' in " ".join(form.split())
    assert send(client, f"{LIST}/{one.id}", rhythm="summary_quarterly", scope="scope_own", version=1).status_code == 303
    changed = of(cast, "focal.us")[1]
    assert (changed.rhythm, changed.when_empty, changed.attach_report) == (SummaryRhythm.QUARTERLY, False, False)
    assert send(client, f"{LIST}/{one.id}/stop").status_code == 303
    assert send(client, f"{LIST}/{one.id}/stop").status_code == 303, "a second click does nothing"
    assert [s.rhythm for s in of(cast, "focal.us")] == [SummaryRhythm.WEEKLY]
    assert client.get(f"{LIST}/{one.id}").status_code == 404


def test_somebody_elses_is_not_there(cast: Cast, client: FlaskClient) -> None:
    theirs = of(cast, "focal.br")[0].id
    for name in ("admin", "focal.us", "alternate.br", "observer"):
        cast.sign_in(client, name)
        assert client.get(f"{LIST}/{theirs}").status_code == 404
        assert send(client, f"{LIST}/{theirs}", **MONTHLY, version=1).status_code == 404
        assert send(client, f"{LIST}/{theirs}/stop").status_code == 404
        assert client.get(f"{LIST}/999999").status_code == 404
    assert of(cast, "focal.br")[0].rhythm is SummaryRhythm.WEEKLY


def test_an_observer_chooses_among_the_accredited_states(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "observer")
    form = client.get(NEW).text
    assert 'value="GT"' in form
    assert 'value="US"' not in form
    some = {"rhythm": "summary_monthly", "scope": "scope_states"}
    refused = send(client, NEW, **some, states=["BR", "US"])
    assert refused.status_code == 422
    assert "Choose one of the list" in refused.text
    nothing = send(client, NEW, **some)
    assert nothing.status_code == 422
    assert "Choose at least one of “States”." in nothing.text
    assert len(of(cast, "observer")) == 1
    assert send(client, NEW, **some, states=["BR"]).status_code == 303


def test_hidden_fields_count_for_nothing(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.br")
    for scope in ("scope_states", "scope_everything", "", "x"):
        assert send(client, NEW, rhythm="summary_monthly", scope=scope, states=["US"]).status_code == 422
    sent = {**MONTHLY, "user_id": "1", "party_ids": "[1]", "party_id": "1", "ended_at": "2026-01-01", "id": "7"}
    assert send(client, NEW, **sent).status_code == 303
    made = of(cast, "focal.br")[1]
    assert (made.scope, made.party_ids, made.ended_at) == (SummaryScope.OWN, [], None)


def test_rubbish_is_refused_in_words(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "reviewer")
    for rubbish in ("\x00", "\ufffe", "9" * 40, "<script>alert(1)</script>", "x" * 30_000, "scope_own\r\n"):
        for name in ("rhythm", "scope", "states", "instrument"):
            sent = {"rhythm": "summary_monthly", "scope": "scope_states", "states": "US", name: rubbish}
            if name == "instrument":
                sent["scope"] = "scope_instrument"
            refused = send(client, NEW, **sent)
            assert refused.status_code == 422, (name, rubbish)
            assert "<script>alert" not in refused.text
    assert len(of(cast, "reviewer")) == 1


def test_equal_ones_and_what_has_no_status_report_are_refused_in_words(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "reviewer")
    equal = send(client, NEW, rhythm="summary_weekly", scope="scope_everything")
    assert equal.status_code == 422
    assert "You take this summary already" in equal.text
    report = send(client, NEW, rhythm="summary_monthly", scope="scope_everything", attach_report="y")
    assert report.status_code == 422
    assert "A status report is about one State." in report.text
    assert "checked" in report.text


def test_two_windows_the_second_sees_both(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    path = f"{LIST}/{of(cast, 'focal.us')[0].id}"
    assert send(client, path, **MONTHLY, version=1).status_code == 303
    second = send(client, path, rhythm="summary_quarterly", scope="scope_own", version=1)
    assert second.status_code == 409
    assert "Every month" in second.text
    assert "Every quarter" in second.text
    assert send(client, path, rhythm="summary_quarterly", scope="scope_own", version=2).status_code == 303


@pytest.mark.parametrize("language", ["es", "pt", "fr"])
def test_in_every_language(cast: Cast, client: FlaskClient, language: str) -> None:
    cast.sign_in(client, "observer")
    for path in (LIST, NEW):
        assert f'lang="{language}"' in client.get(f"{path}?lang={language}").text
