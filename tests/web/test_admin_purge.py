"""Erasing in the browser: look, confirm with a reason, and see that it is gone; for administrators only."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support import samples
from tests.support.sending import send
from tracker.domain.vocabulary import ReportState
from tracker.models import Evidence, Purge
from tracker.services import reports

NAME = "Rosa <Inventada>"
ADDRESSES = ("/admin/purge", "/admin/purge/passage", "/admin/purge/file")


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"admin", "admin2"}))
def test_refused_to_all_others(cast: Cast, client: FlaskClient, name: str) -> None:
    cast.sign_in(client, name)
    assert client.get("/admin/purge").status_code == 403
    for address in ADDRESSES:
        answer = send(client, address, passage="Invented", reason="Because.", seen="1", file="e" * 32)
        assert answer.status_code == 403
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Purge)) == 0


def test_a_visitor_is_sent_to_sign_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/admin/purge").status_code == 302
    assert send(client, "/admin/purge", passage="Invented").status_code == 401


def test_look_confirm_and_it_is_gone(any_cast: Cast, client: FlaskClient) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
    any_cast._step(report_id, reports.comment, "focal.us", text=f"Ask {NAME}, and {NAME} again.")
    visitor = client.application.test_client()
    assert "Rosa &lt;Inventada&gt;" in visitor.get("/states/us/CS-02").text
    any_cast.sign_in(client, "admin")
    page = send(client, "/admin/purge", passage=NAME)
    assert page.status_code == 200
    assert "Ratings: reasons and State comments" in page.text
    assert "2 times" in page.text
    assert "Rosa &lt;Inventada&gt;" in page.text
    refused = send(client, "/admin/purge/passage", passage=NAME, seen="99", reason="A person was named.")
    assert refused.status_code == 409
    again = send(client, "/admin/purge/passage", passage=NAME, seen="2", reason=f"It was {NAME}")
    assert again.status_code == 422
    assert "Do not repeat the passage in it." in again.text
    seen = page.text.partition('name="seen" value="')[2].partition('"')[0]
    done = send(client, "/admin/purge/passage", passage=NAME, seen=seen, reason="A person was named.")
    assert done.status_code == 303
    assert "Inventada" not in done.location
    page = client.get("/admin/purge")
    assert "A person was named." in page.text
    assert "Inventada" not in page.text
    assert "Inventada" not in visitor.get("/states/us/CS-02").text
    assert "▮▮▮, and ▮▮▮ again." in visitor.get("/states/us/CS-02").text
    any_cast.sign_in(client, "focal.us")
    page = client.get(f"/commitments/{any_cast.commitment_id('US', 'CS-02')}")
    assert "erased a passage or a file from all versions" in page.text
    assert "A person was named." in page.text


def test_what_is_missing_is_said_at_the_field(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    for passage, words in (("", "Fill in"), ("abc", "too short"), ("implemented", "the program itself needs")):
        answer = send(client, "/admin/purge", passage=passage)
        assert answer.status_code == 422
        assert words in answer.text
    answer = send(client, "/admin/purge", passage="Nowhere to be found")
    assert answer.status_code == 200
    assert "The passage stands nowhere." in answer.text
    answer = send(client, "/admin/purge/passage", passage="Nowhere to be found", seen="1", reason="Because.")
    assert answer.status_code == 422
    assert send(client, "/admin/purge/file", file="no-such-file", reason="Because.").status_code == 404
    answer = send(client, "/admin/purge/file", file="", number="x")
    assert answer.status_code == 422


def test_a_file_is_erased_with_its_name(any_cast: Cast, client: FlaskClient) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.sign_in(client, "focal.us")
    data = {
        "name": "0123456789abcdef0123456789abcdef",
        "title": "An invented list",
        "access": "public",
        "file": (io.BytesIO(samples.pdf()), "Lista inventada.pdf"),
    }
    assert send(client, f"/evidence/new?report={report_id}", **data).status_code == 303
    with any_cast.reading() as session:
        public_id = session.scalars(sa.select(Evidence.public_id)).one()
    any_cast.sign_in(client, "admin")
    answer = send(client, "/admin/purge/file", file=f"http://tracker.test/evidence/{public_id}", reason="Names in it.")
    assert answer.status_code == 303
    page = client.get("/admin/purge").text
    assert "Names in it." in page
    assert "Lista inventada" not in client.get(f"/evidence/{public_id}").text
    with any_cast.reading() as session:
        assert session.scalars(sa.select(Purge.kind)).all() == ["file"]
    again = send(client, "/admin/purge/file", file=public_id, reason="Again.")
    assert again.status_code == 422
