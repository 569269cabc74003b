"""The mail calendar in the browser: what is listed, filters, pages, who is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.sending import statements
from tracker.domain.vocabulary import ReportState
from tracker.models import Subscription
from tracker.services import mail_plan

PLAN = "/admin/mail/plan"


def page(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"{PLAN}{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_everything_that_comes_is_listed(cast: Cast, client: FlaskClient) -> None:
    cast.bring_to(cast.report_id("GT", "CS-04"), ReportState.OPEN_FOR_COMMENT, "gt")
    cast.clock.advance(days=50)
    with cast.reading() as session:
        found = mail_plan.plan(session, now=cast.clock.now(), days=90)
    assert {mail.kind for mail in found} == {"reminder", "summary", "notice", "status_report", "escalation"}
    (notice,) = [mail for mail in found if mail.kind == "notice"]
    assert notice.email == "focal.gt@tracker.test"
    waiting = [mail for mail in found if mail.kind == "escalation"]
    assert {mail.user_id for mail in waiting} == {None}
    assert {mail.reason for mail in waiting} == {"rung_head_of_authority", "rung_permanent_mission"}
    assert len({item.party_code for mail in waiting for item in mail.items}) == 32
    cast.sign_in(client, "admin")
    shown = page(client)
    assert "if nothing is submitted meanwhile" in shown
    assert f"{len(found)} mails" in shown
    assert "By week" in shown
    assert "Brazil" in shown


def test_filters_narrow_and_pages_go_on(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    assert 'aria-label="Page 2"' in page(client)
    client.get(f"{PLAN}?page=2")
    shown = page(client, "?state=br&kind=reminder")
    assert "focal.br@tracker.test" in shown
    assert "focal.gt@tracker.test" not in shown
    assert "observer@tracker.test" not in shown
    shown = page(client, "?q=FOCAL.GT&week=2026-03-30")
    assert "focal.gt@tracker.test" in shown
    assert "focal.br@tracker.test" not in shown
    assert "No mail fits these filters" in page(client, "?q=nobody+of+this+name")
    for nonsense in ("?week=x", "?kind=x", "?state=<b>", "?week=2026-03-31"):
        page(client, nonsense)
    for beyond in ("?page=0", "?page=99", "?page=x"):
        assert client.get(f"{PLAN}{beyond}").status_code == 404


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    def asked() -> int:
        with cast.reading() as session, statements(cast.app) as found:
            mail_plan.plan(session, now=cast.clock.now(), days=90)
        return len(found)

    before = asked()
    for name in ("CS-04", "CS-05", "CS-06"):
        cast.bring_to(cast.report_id("BR", name), ReportState.OPEN_FOR_COMMENT)
    with cast.writing() as session:
        people = session.scalars(sa.select(Subscription)).all()
        session.add_all(
            Subscription(user_id=one.user_id, rhythm=one.rhythm, scope=one.scope, made_at=cast.clock.now())
            for one in people
        )
    cast.clock.advance(days=60)
    assert asked() <= before
    assert before < 40


def test_who_cannot_be_reached_gets_nothing(any_cast: Cast) -> None:
    now = any_cast.clock.now()
    with any_cast.writing() as session:
        session.execute(sa.text("UPDATE \"user\" SET bounced_at = created_at WHERE email LIKE 'focal.br@%'"))
        session.execute(sa.text("UPDATE \"user\" SET active = (1 = 0) WHERE email LIKE 'focal.gt@%'"))
        session.execute(sa.text("UPDATE \"user\" SET away_until = '2026-04-20' WHERE email LIKE 'focal.us@%'"))
        found = mail_plan.plan(session, now=now, days=90)
    assert not [mail for mail in found if mail.email.startswith(("focal.br@", "focal.gt@"))]
    first = min(mail.day for mail in found if mail.email.startswith("focal.us@"))
    assert first == now.date() + timedelta(days=50)
    assert [mail for mail in found if mail.email.startswith("alternate.br@") and mail.kind == "reminder"]


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - {"admin", "admin2"}))
def test_only_administrators(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    assert client.get(PLAN).status_code == 403


def test_visitors_are_sent_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get(PLAN).status_code == 302
