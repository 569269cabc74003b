"""One click (RFC 8058): looking changes nothing, a POST acts without cookie or token, and what is unknown is 404."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.services.test_mail_settings import events, user
from tracker.domain.vocabulary import NoticeRhythm, ReminderRhythm
from tracker.mail import links
from tracker.models import Subscription

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def address(cast: Cast, what: str, name: str = "focal.us") -> str:
    key = user(cast, name).mail_key
    with cast.reading() as session:
        found = links.site(session).stop(key, what)
    assert found.startswith("http://tracker.test/mail/stop/")
    return found.removeprefix("http://tracker.test")


def summary(cast: Cast, name: str = "focal.us") -> str:
    with cast.reading() as session:
        mine = sa.select(Subscription.id).where(Subscription.user_id == user(cast, name).id)
        return f"summary-{session.scalars(mine).one()}"


def test_looking_changes_nothing_and_names_nobody(cast: Cast, client: FlaskClient) -> None:
    for what in ("reminders", "notices", summary(cast)):
        page = client.get(address(cast, what))
        text = page.get_data(as_text=True)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in page.headers
        assert "Invented" not in text
        assert "@tracker.test" not in text
        assert text.count('<form method="post"') == 1
    assert events(cast, "mail.one_click") == []


def test_a_mail_server_presses_the_button(cast: Cast, client: FlaskClient) -> None:
    for _twice in range(2):
        answer = client.post(address(cast, "reminders"), data=ONE_CLICK)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert user(cast, "focal.us").reminder_rhythm is ReminderRhythm.WEEKLY
    client.post(address(cast, "notices"), data=ONE_CLICK)
    assert user(cast, "focal.us").notice_rhythm is NoticeRhythm.DAILY
    client.post(address(cast, summary(cast)), data=ONE_CLICK)
    with cast.reading() as session:
        ended = session.scalars(
            sa.select(Subscription.ended_at).where(Subscription.user_id == user(cast, "focal.us").id)
        )
        assert ended.one() is not None
    assert [(entry.new or {})["what"] for entry in events(cast, "mail.one_click")] == [
        "reminders",
        "notices",
        "summary",
    ]
    [*_, last] = events(cast, "mail.one_click")
    assert (last.actor_id, last.source_address) == (None, "127.0.0.1")


def test_the_button_of_the_page_and_the_way_back(cast: Cast, client: FlaskClient) -> None:
    asked = client.get(address(cast, "reminders")).get_data(as_text=True)
    action = re.search(r'<form method="post" action="([^"]+)"', asked)[1]  # type: ignore[index]
    done = client.post(action).get_data(as_text=True)
    assert "Reminders of due dates come once a week now." in done
    back = re.search(r'<form method="post" action="([^"]+)"', done)[1]  # type: ignore[index]
    assert "at each step" in client.post(back).get_data(as_text=True)
    assert user(cast, "focal.us").reminder_rhythm is ReminderRhythm.EACH_STEP


@pytest.mark.parametrize(
    "path", ["/mail/stop/{key}/everything", "/mail/stop/x/reminders", "/mail/stop/{key}/summary-1x"]
)
def test_what_is_unknown_is_not_there(cast: Cast, client: FlaskClient, path: str) -> None:
    known = path.format(key=user(cast, "focal.us").mail_key)
    for answer in (client.get(known), client.post(known, data=ONE_CLICK), client.post(f"{known}/undo")):
        assert answer.status_code == 404


def test_not_anothers_summary_and_not_of_a_closed_account(cast: Cast, client: FlaskClient) -> None:
    foreign = address(cast, summary(cast, "focal.gt"), "focal.us")
    assert client.post(foreign, data=ONE_CLICK).status_code == 404
    mine = address(cast, "reminders")
    with cast.writing() as session:
        session.execute(sa.text("UPDATE user SET active = 0 WHERE email = 'focal.us@tracker.test'"))
    assert client.get(mine).status_code == 404
    assert client.post(mine, data=ONE_CLICK).status_code == 404


def test_a_session_in_the_browser_counts_for_nothing(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.gt")
    assert client.post(address(cast, "reminders"), data=ONE_CLICK).status_code == 200
    assert user(cast, "focal.us").reminder_rhythm is ReminderRhythm.WEEKLY
    assert user(cast, "focal.gt").reminder_rhythm is ReminderRhythm.EACH_STEP


def test_no_other_address_goes_without_a_token(cast: Cast) -> None:
    from tracker.web.access import BY_KEY

    without = {endpoint for endpoint, view in cast.app.view_functions.items() if hasattr(view, BY_KEY)}
    assert without == {"mail_stop.stop", "mail_stop.undo"}
