"""The list of commitments and the page of one."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.cast import Cast


class TestList:
    def test_focal_point_sees_the_states_own(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "focal.us")
        page = client.get("/commitments")
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        assert text.count('href="/commitments/') == 15


def test_page(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    page = client.get(f"/commitments/{cast.commitment_id('US', 'CS-03')}")
    assert page.status_code == 200
