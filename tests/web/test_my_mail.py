"""My mail: what will come, the choices with their refusals, and the keys that a person renews."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PEOPLE, Cast
from tests.services.test_inbox import put as put_message
from tests.services.test_mail_settings import put, user
from tests.support.sending import send, statements
from tracker.domain.vocabulary import NoticeRhythm, ReminderRhythm, ReportState
from tracker.models import Holiday


def save(client: FlaskClient, **changed: str) -> TestResponse:
    page = client.get("/account/mail").get_data(as_text=True)
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', page)
    assert seen
    sent = {
        "mail_hour": "7",
        "reminder_rhythm": "rhythm_each_step",
        "notice_rhythm": "notices_at_once",
        "away_until": "",
        "seen": seen[1],
    }
    return send(client, "/account/mail", **{**sent, **changed})


def test_every_role_has_the_page(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/account/mail").location.startswith("/sign-in?next=")
    assert send(client, "/account/mail", mail_hour="9").status_code == 401
    assert send(client, "/account/mail/new-links").status_code == 401
    for name in PEOPLE:
        cast.sign_in(client, name)
        page = client.get("/account/mail")
        assert page.status_code == 200, name
        assert 'id="coming"' in page.get_data(as_text=True)


def test_what_will_come_by_day_with_why(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    page = client.get("/account/mail").get_data(as_text=True)
    assert "31 March 2026" in page  # 30 days before the due date
    assert f'href="/reports/{cast.report_id("US", "CS-03")}">CS-03</a>' in page
    cast.bring_to(cast.report_id("US", "CS-03"), ReportState.AWAITING_APPROVAL, "us")
    page = client.get("/account/mail").get_data(as_text=True)
    assert f'href="/reports/{cast.report_id("US", "CS-03")}">' not in page
    assert f'href="/reports/{cast.report_id("US", "CS-04")}">' in page


def test_who_gets_no_mail_is_told_so(cast: Cast, client: FlaskClient) -> None:
    put(cast, "focal.us", bounced_at=cast.clock.now())
    number = put_message(cast, "focal.us")
    cast.sign_in(client, "focal.us")
    page = client.get("/account/mail").get_data(as_text=True)
    assert "Your address focal.us@tracker.test takes no mail" in page
    assert "Nothing is planned" in page
    assert f'href="/inbox/{number}"' in page


def test_choices_are_saved(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "reviewer")
    away = (cast.clock.now().date() + timedelta(days=9)).isoformat()
    answer = save(
        client, mail_hour="20", reminder_rhythm="rhythm_weekly", notice_rhythm="notices_daily", away_until=away
    )
    assert (answer.status_code, answer.location) == (303, "/account/mail")
    kept = user(cast, "reviewer")
    assert (kept.mail_hour, kept.reminder_rhythm, kept.notice_rhythm, kept.away_until) == (
        20,
        ReminderRhythm.WEEKLY,
        NoticeRhythm.DAILY,
        date.fromisoformat(away),
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"mail_hour": "4"}, "Choose one of the list"),
        ({"mail_hour": ""}, "Choose “From which hour on may mail leave?”"),
        ({"reminder_rhythm": "never"}, "Choose one of the list"),
        ({"notice_rhythm": ""}, "Choose “News about reports”"),
        ({"away_until": "2026-02-30"}, "Enter a date"),
        ({"away_until": "2026-03-01"}, "This day is over"),
        ({"away_until": "2027-03-01"}, "within the next 60 days"),
        ({"away_until": "2026-03-20"}, "Nobody else with your role could be reached"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, client: FlaskClient, changed: dict[str, str], said: str
) -> None:
    cast.sign_in(client, "focal.us")
    answer = save(client, **{"notice_rhythm": "notices_daily", **changed})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert user(cast, "focal.us").notice_rhythm is NoticeRhythm.AT_ONCE


def test_two_windows(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "reviewer")
    put(cast, "reviewer", mail_hour=12)
    answer = save(client, mail_hour="9", seen="older", away_until="2026-03-20")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "12:00" in text
    assert "2026-03-20" in text
    assert user(cast, "reviewer").mail_hour == 12
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', text)
    assert seen
    assert save(client, mail_hour="9", seen=seen[1]).status_code == 303
    assert user(cast, "reviewer").mail_hour == 9


def test_earlier_links_die(cast: Cast, client: FlaskClient) -> None:
    before = user(cast, "focal.us").mail_key
    cast.sign_in(client, "focal.us")
    assert send(client, "/account/mail/new-links").status_code == 303
    assert user(cast, "focal.us").mail_key != before
    assert client.get(f"/mail/stop/{before}/reminders").status_code == 404


def test_own_holidays_only(cast: Cast, client: FlaskClient) -> None:
    with cast.writing() as session:
        for code, name in (("US", "Invented day"), ("GT", "Another day")):
            session.add(Holiday(party_id=cast.party_id(code), day=date(2026, 7, 4), name=name))
    cast.sign_in(client, "focal.us")
    page = client.get("/account/mail").get_data(as_text=True)
    assert "Invented day" in page
    assert "Another day" not in page


def test_as_many_queries_for_few_as_for_many(cast: Cast, client: FlaskClient) -> None:
    counts = {}
    for name in ("contributor.us", "focal.us", "focal.us"):
        cast.sign_in(client, name)
        with statements(cast.app) as asked:
            client.get("/account/mail")
        counts[name] = len(asked)
    assert max(counts.values()) <= 28, counts
