"""The catalogue's texts and the participation of States in the browser, and who is refused there."""

from __future__ import annotations

from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.sending import send, statements
from tracker.models import HistoryEntry, Participation, Provision, ProvisionVersion

WORDS = {"version": "1", "title": "Un título", "text": "Un texto.", "status": "official", "reason": "Sent by note."}
SPANISH = "/admin/catalogue/CS-03/text/es"
ADMINISTRATORS = {"admin", "admin2"}
GETS = [
    "/admin/catalogue",
    "/admin/catalogue/CS-03",
    "/admin/catalogue/CS-03/versions/1",
    SPANISH,
    "/admin/participation",
    "/admin/participation/br",
]
POSTS = [SPANISH, "/admin/participation/br/end", "/admin/participation/ve/begin"]


def number_of(cast: Cast, model: type) -> int | None:
    with cast.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def period_of(cast: Cast, code: str) -> int:
    party = cast.party_id(code)
    with cast.reading() as session:
        found = session.scalar(sa.select(sa.func.max(Participation.id)).where(Participation.party_id == party))
        return found or 0


class TestDoors:
    def test_for_administrators_only(self, cast: Cast, client: FlaskClient) -> None:
        for address in GETS:
            assert client.get(address).status_code == 302
        before = number_of(cast, ProvisionVersion), number_of(cast, HistoryEntry)
        fields = WORDS | {"last_day": "2026-03-01", "first_day": "2026-03-01"}
        for name in sorted(set(PEOPLE) - ADMINISTRATORS):
            cast.sign_in(client, name)
            for address in GETS:
                assert client.get(address).status_code == 403, (name, address)
            for address in POSTS:
                assert send(client, address, **fields).status_code == 403, (name, address)
        cast.sign_in(client, "admin")
        for address in POSTS:
            assert client.post(address, data=fields).status_code == 400
        assert (number_of(cast, ProvisionVersion), number_of(cast, HistoryEntry)) == before

    def test_unknown_addresses(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        for address in (
            "/admin/catalogue/CS-99",
            "/admin/catalogue/%00",
            "/admin/catalogue/CS-03/versions/2",
            f"/admin/catalogue/CS-03/versions/{10**17}",
            f"/admin/catalogue/CS-03/versions/{10**40}",
            "/admin/catalogue/CS-03/text/qu",
            "/admin/participation/gs",
            "/admin/participation/zz",
            "/admin/participation/%00%00",
        ):
            assert client.get(address).status_code == 404, address

    def test_all_languages_and_few_queries(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        for address in GETS:
            for lang in ("en", "es", "pt", "fr"):
                assert client.get(f"{address}?lang={lang}").status_code == 200, address
            with statements(cast.app) as found:
                client.get(address)
            assert len(found) <= 6, address


class TestWords:
    def test_a_translation_becomes_a_new_version(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        words = "Ñandutí g̃uarani – العربية <script>alert(1)</script> {{ 7*7 }}"
        assert send(client, SPANISH, **WORDS | {"text": words}).status_code == 303
        page = client.get("/admin/catalogue/CS-03").get_data(as_text=True)
        assert "<script>alert" not in page
        assert words in unescape(page)
        assert "Sent by note." in page
        assert "Official text" in page
        assert words not in unescape(client.get("/admin/catalogue/CS-03/versions/1").get_data(as_text=True))

    def test_notes_and_whose_classification(self, cast: Cast, client: FlaskClient) -> None:
        with cast.reading() as session:
            noted = session.scalars(sa.select(Provision).where(Provision.pillar_basis == "ours")).first()
            assert noted is not None
        cast.sign_in(client, "admin")
        page = unescape(client.get(f"/admin/catalogue/{noted.code}").get_data(as_text=True))
        assert "our classification" in page
        for note in noted.notes:
            assert note in page

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "x" * 501}, "title"),
            ({"text": ""}, "text"),
            ({"text": "x" * 20_001}, "text"),
            ({"text": "a\0b"}, "text"),
            ({"reason": " "}, "reason"),
            ({"reason": "x" * 501}, "reason"),
            ({"status": ""}, "status"),
            ({"status": "source"}, "status"),
        ],
    )
    def test_errors_stand_beside_their_fields(
        self, cast: Cast, client: FlaskClient, wrong: dict[str, str], field: str
    ) -> None:
        cast.sign_in(client, "admin")
        answer = send(client, SPANISH, **WORDS | wrong)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert f'href="#{field}' in page
        assert ("Un título" in page) or field == "title"
        assert "Un texto." in page or field == "text"

    def test_the_same_again_is_said_so(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        assert send(client, SPANISH, **WORDS).status_code == 303
        answer = send(client, SPANISH, **WORDS | {"version": "2"})
        assert answer.status_code == 422
        assert "Nothing differs" in answer.get_data(as_text=True)

    def test_a_stale_text_shows_both(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        assert send(client, SPANISH, **WORDS | {"text": "Theirs."}).status_code == 303
        answer = send(client, SPANISH, **WORDS | {"text": "<i>Mine</i>"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Theirs." in page
        assert "&lt;i&gt;Mine&lt;/i&gt;" in page
        assert "<i>Mine" not in page
        assert 'name="version" value="2"' in page

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 50])
    def test_a_version_that_is_none_is_stale(self, cast: Cast, client: FlaskClient, version: str) -> None:
        cast.sign_in(client, "admin")
        assert send(client, SPANISH, **WORDS | {"version": version}).status_code == 409

    def test_the_source_warns_and_offers_no_status(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        page = client.get("/admin/catalogue/CS-03/text/en").get_data(as_text=True)
        assert "This is the text of the source" in page
        assert 'name="status"' not in page
        assert send(client, "/admin/catalogue/CS-03/text/en", **WORDS).status_code == 303


class TestParticipation:
    def test_the_effect_stands_before_the_button(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        assert "32 of 35 Member States take part" in client.get("/admin/participation").get_data(as_text=True)
        page = client.get("/admin/participation/br").get_data(as_text=True)
        assert "15 commitments are frozen" in page
        assert "15 reports of open cycles that are with the State stay unsubmitted" in page
        fields = {"version": period_of(cast, "BR"), "last_day": "2026-03-01", "reason": "<b>A note</b>"}
        assert send(client, "/admin/participation/br/end", **fields).status_code == 303
        page = client.get("/admin/participation/br").get_data(as_text=True)
        assert "&lt;b&gt;A note&lt;/b&gt;" in page
        assert "Begin a new participation" in page
        listed = client.get("/admin/participation").get_data(as_text=True)
        assert "31 of 35 Member States take part" in listed
        assert "15 frozen" in listed

    def test_a_new_one_begins(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        fields = {"version": 0, "first_day": "2026-03-01", "reason": "It joined."}
        assert send(client, "/admin/participation/VE/begin", **fields).status_code == 303
        answer = send(client, "/admin/participation/ve/begin", **fields | {"reason": "Typed <b>at once</b>."})
        assert answer.status_code == 409
        assert "Typed &lt;b&gt;at once&lt;/b&gt;." in answer.get_data(as_text=True), "what was typed is not lost"
        assert "33 of 35" in client.get("/admin/participation").get_data(as_text=True)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"last_day": ""}, "last_day"),
            ({"last_day": "1800-01-01"}, "last_day"),
            ({"last_day": "1901-01-01"}, "last_day"),
            ({"last_day": "2150-01-01"}, "last_day"),
            ({"reason": ""}, "reason"),
            ({"reason": "x" * 501}, "reason"),
            ({"reason": "\0"}, "reason"),
        ],
    )
    def test_errors_stand_beside_their_fields(
        self, cast: Cast, client: FlaskClient, wrong: dict[str, str], field: str
    ) -> None:
        cast.sign_in(client, "admin")
        fields = {"version": period_of(cast, "BR"), "last_day": "2026-03-01", "reason": "A note."} | wrong
        answer = send(client, "/admin/participation/br/end", **fields)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.get_data(as_text=True)

    def test_a_second_click_is_told(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        fields = {"version": period_of(cast, "BR"), "last_day": "2026-03-01", "reason": "A note."}
        answers = [send(client, "/admin/participation/br/end", **fields).status_code for _ in range(2)]
        assert answers == [303, 409]
