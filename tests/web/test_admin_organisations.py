"""Organisations and their accreditations: who keeps them, and that a period opens nothing before and after."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.sending import send
from tracker.models import Accreditation, AuditEntry, Organisation

pytestmark = pytest.mark.both_databases


@pytest.fixture
def admin(cast: Cast, client: FlaskClient) -> FlaskClient:
    cast.sign_in(client, "admin")
    return client


def made(cast: Cast, name: str) -> Organisation:
    with cast.reading() as session:
        return session.scalars(sa.select(Organisation).where(Organisation.name == name)).one()


def periods(cast: Cast, name: str) -> list[Accreditation]:
    with cast.reading() as session:
        return list(session.scalars(sa.select(Accreditation).join(Organisation).where(Organisation.name == name)))


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - {"admin", "admin2"}))
def test_for_administrators_only(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    with cast.reading() as session:
        organisation = session.scalars(sa.select(Organisation.id)).first()
        period = session.scalars(sa.select(Accreditation.id)).first()
    for path in ("", "/new", f"/{organisation}"):
        assert client.get(f"/admin/organisations{path}").status_code == 403
    assert client.get(f"/admin/accreditations/{period}").status_code == 403
    for path in (f"organisations/{organisation}", f"organisations/{organisation}/accredit", f"accreditations/{period}"):
        assert send(client, f"/admin/{path}", name="x", states="PE", starts_on="2026-01-01").status_code == 403
    assert send(client, f"/admin/accreditations/{period}/take-away").status_code == 403
    assert len(periods(cast, "An invented organisation")) == 2


def test_entered_accredited_ended(cast: Cast, admin: FlaskClient) -> None:
    answer = send(admin, "/admin/organisations/new", name="Ñandú", website="https://example.org/")
    assert answer.status_code == 303
    path = f"/admin/organisations/{made(cast, 'Ñandú').id}"
    given = {"states": ["PE", "BR"], "starts_on": "2026-03-10", "ends_on": "2026-12-31"}
    assert send(admin, f"{path}/accredit", **given).status_code == 303
    page = admin.get(path).text
    for text in ("Peru", "Brazil", "10 March 2026", "31 December 2026", "Not begun"):
        assert text in page
    period = periods(cast, "Ñandú")[0]
    assert period.granted_at == cast.clock.now()
    ended = send(admin, f"/admin/accreditations/{period.id}", seen="2026-12-31", last_day="2026-03-20")
    assert ended.status_code == 303
    assert "20 March 2026" in admin.get(path).text
    with cast.reading() as session:
        events = set(session.scalars(sa.select(AuditEntry.event).where(AuditEntry.record_type == "organisation")))
    assert events == {"organisation.created", "accreditation.granted", "accreditation.ended"}
    assert "Ñandú" in admin.get("/admin/organisations").text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": ""}, "Fill in “Name of the organization”"),
        ({"name": "an invented ORGANISATION"}, "Another organization has this name"),
        ({"name": "x", "website": "javascript:alert(1)"}, "begins with https://"),
        ({"name": "a\x00b"}, "cannot be kept"),
    ],
)
def test_refused_names(cast: Cast, admin: FlaskClient, sent: dict[str, str], said: str) -> None:
    answer = send(admin, "/admin/organisations/new", **sent)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"starts_on": "2026-03-10"}, "Choose at least one"),
        ({"states": "GS", "starts_on": "2026-03-10"}, "Choose one of the list"),
        ({"states": "PE"}, "Fill in “First day"),
        ({"states": "PE", "starts_on": "2026-03-10", "ends_on": "2026-03-09"}, "before the first day"),
        ({"states": "BR", "starts_on": "2026-03-10"}, "shares a day"),
    ],
)
def test_refused_periods(cast: Cast, admin: FlaskClient, sent: dict[str, str], said: str) -> None:
    organisation = made(cast, "An invented organisation").id
    answer = send(admin, f"/admin/organisations/{organisation}/accredit", **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(periods(cast, "An invented organisation")) == 2


def test_the_second_of_two_who_save_sees_both(cast: Cast, admin: FlaskClient) -> None:
    organisation = made(cast, "An invented organisation")
    path = f"/admin/organisations/{organisation.id}"
    assert send(admin, path, version=str(organisation.version), name="First name", website="").status_code == 303
    second = send(admin, path, version=str(organisation.version), name="Second name", website="")
    assert second.status_code == 409
    assert "First name" in second.text
    assert 'value="Second name"' in second.text
    period = periods(cast, "First name")[0]
    late = send(admin, f"/admin/accreditations/{period.id}", seen="2026-01-01", last_day="2026-05-05")
    assert late.status_code == 409
    assert 'value="2026-05-05"' in late.text


def test_a_period_opens_nothing_before_and_after(cast: Cast, client: FlaskClient, admin: FlaskClient) -> None:
    """From the first to the last day in the State's zone (Brazil is three hours behind UTC), at the next request."""
    with cast.writing() as session:
        for period in session.scalars(sa.select(Accreditation)):
            period.starts_on, period.ends_on = date(2026, 3, 10), date(2026, 3, 20)
    page = f"/commitments/{cast.commitment_id('BR', 'CS-03')}"
    observer = cast.app.test_client()
    for moment, status in (
        (datetime(2026, 3, 10, 2, 59, tzinfo=UTC), 404),
        (datetime(2026, 3, 10, 3, 1, tzinfo=UTC), 200),
        (datetime(2026, 3, 21, 2, 59, tzinfo=UTC), 200),
        (datetime(2026, 3, 21, 3, 1, tzinfo=UTC), 404),
    ):
        cast.clock.set(moment)
        cast.sign_in(observer, "observer")
        assert observer.get(page).status_code == status, moment
        assert ("/states/br" in observer.get("/dashboard").text) == (status == 200), moment


def test_only_what_has_not_begun_is_taken_away(cast: Cast, admin: FlaskClient) -> None:
    period = periods(cast, "An invented organisation")[0]
    assert send(admin, f"/admin/accreditations/{period.id}/take-away", seen="").status_code == 409
    with cast.writing() as session:
        session.get_one(Accreditation, period.id).starts_on = date(2026, 4, 1)
    assert send(admin, f"/admin/accreditations/{period.id}/take-away", seen="").status_code == 303
    assert len(periods(cast, "An invented organisation")) == 1
