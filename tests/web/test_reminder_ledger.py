"""The ledger of reminders beside a commitment: who reads which rows, in plain words, and who reads none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import ASSIGNED, DUE_ON, Cast
from tests.services.test_reminders import MORNING, run
from tracker.domain.vocabulary import ReminderOutcome
from tracker.models import ReminderEntry, User


@pytest.fixture
def reminded(cast: Cast) -> str:
    """The address of Brazil's commitment of which its contributor was asked, after the first step."""
    cast.clock.set(MORNING)
    run(cast)
    return f"/commitments/{cast.commitment_id('BR', ASSIGNED)}"


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


@pytest.mark.parametrize("name", ["focal.br", "alternate.br", "approver.br", "admin", "reviewer"])
def test_the_party_and_staff_read_it(cast: Cast, client: FlaskClient, reminded: str, name: str) -> None:
    cast.sign_in(client, name)
    for address in (reminded, f"{reminded}/reminders"):
        text = text_of(client, address)
        assert "Invented focal.br" in text
        assert "Invented contributor.br" in text
        assert ("/admin/mail/" in text) == (name == "admin")


def test_a_contributor_reads_the_own_rows(cast: Cast, client: FlaskClient, reminded: str) -> None:
    cast.sign_in(client, "contributor.br")
    text = text_of(client, f"{reminded}/reminders")
    assert "Invented contributor.br" in text
    assert "Invented focal.br" not in text
    assert text.count("<tr") == 2


@pytest.mark.parametrize(("name", "status"), [("observer", 403), ("focal.gt", 404), ("contributor.gt", 404), ("", 303)])
def test_nobody_else(cast: Cast, client: FlaskClient, reminded: str, name: str, status: int) -> None:
    if name:
        cast.sign_in(client, name)
    answer = client.get(f"{reminded}/reminders")
    assert answer.status_code in (status, 302 if status == 303 else status)
    assert "Invented focal.br" not in answer.get_data(as_text=True)


def test_an_observer_reads_nothing_of_it_beside_the_commitment(cast: Cast, client: FlaskClient, reminded: str) -> None:
    cast.sign_in(client, "observer")
    text = text_of(client, reminded)
    assert 'id="reminders"' not in text
    assert "Invented contributor.br" not in text


def test_each_outcome_in_plain_words(cast: Cast, client: FlaskClient, reminded: str) -> None:
    report = cast.report_id("BR", ASSIGNED)
    with cast.writing() as session:
        who = session.scalars(sa.select(User.id).where(User.email == "focal.br@tracker.test")).one()
        session.add_all(
            ReminderEntry(
                report_id=report,
                due_on=DUE_ON,
                day=day,
                user_id=None if outcome is ReminderOutcome.NO_ADDRESS else who,
                outcome=outcome,
                at=datetime(2026, 5, 1, 12, day + 20, tzinfo=UTC),
            )
            for day, outcome in enumerate(ReminderOutcome, start=-2)
        )
    cast.sign_in(client, "reviewer")
    text = text_of(client, f"{reminded}/reminders")
    for words in (
        "Passed over: a later step was told",
        "Not needed: it was done",
        "Not needed: more time was given",
        "Not sent: the person was away",
        "Not sent: no address that takes mail",
        "Nobody holds the post",
        "1 day before 30 April 2026",
        "On 30 April 2026",
        "2 days after 30 April 2026",
    ):
        assert words in text


def test_pages_of_fifty_and_the_newest_few_beside_the_commitment(
    cast: Cast, client: FlaskClient, reminded: str
) -> None:
    report = cast.report_id("BR", ASSIGNED)
    with cast.writing() as session:
        who = session.scalars(sa.select(User.id).where(User.email == "focal.br@tracker.test")).one()
        session.add_all(
            ReminderEntry(
                report_id=report,
                due_on=DUE_ON,
                day=day,
                user_id=who,
                outcome=ReminderOutcome.DONE,
                at=datetime(2026, 5, 1, 12, tzinfo=UTC),
            )
            for day in range(100, 160)
        )
    cast.sign_in(client, "focal.br")
    assert text_of(client, f"{reminded}/reminders?lang=en").count("Not needed: it was done") == 50
    assert text_of(client, f"{reminded}/reminders?page=2&lang=en").count("Not needed: it was done") == 10
    text = text_of(client, f"{reminded}?lang=en")
    assert text.count("Not needed: it was done") == 6
    assert f'href="{reminded}/reminders"' in text
