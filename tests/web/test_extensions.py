"""The pages about a later due date: who asks, who decides, what stands where, and what everybody else is refused."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.extension_scene import LATER, REASON, ask, asked, decide, report_of, stored
from tests.support.sending import send, statements
from tracker.domain.policy import STAFF_ROLES
from tracker.domain.vocabulary import ExtensionDecision, Role
from tracker.models import Extension

WRITERS = {"focal.br", "alternate.br"}


def count(cast: Cast) -> int:
    with cast.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Extension)) or 0


class TestAsking:
    def test_several_at_once(self, cast: Cast, client: FlaskClient) -> None:
        ids = [cast.report_id("BR", code) for code in ("CS-02", "CS-03")]
        cast.sign_in(client, "focal.br")
        page = client.get(f"/extensions/new?report={ids[1]}").get_data(as_text=True)
        assert page.count('name="report"') == 15
        assert f'value="{ids[1]}" checked' in page
        assert "30 de junho de 2026" in page or "30 June 2026" in page
        answer = send(client, "/extensions/new", report=ids, until="2026-05-15", reason=REASON)
        assert (answer.status_code, answer.location) == (303, "/extensions")
        listed = client.get("/extensions").get_data(as_text=True)
        assert listed.count("/withdraw") == 2
        assert REASON in listed

    def test_one_bad_item_does_not_block_the_others(self, cast: Cast, client: FlaskClient) -> None:
        waits, _extension = asked(cast, "CS-03", "us")
        other = cast.report_id("US", "CS-04")
        cast.sign_in(client, "focal.us")
        sent = {"report": [waits, other], "until": "2026-05-20", "reason": "Another reason."}
        answer = send(client, "/extensions/new", **sent)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert count(cast) == 2
        assert "A request for this report waits for a decision already." in page
        assert "Another reason." in page

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"until": "2026-05-15", "reason": "Because."}, "Choose at least one report."),
            ({"report": "own", "until": "soon", "reason": "Because."}, "as year-month-day"),
            ({"report": "own", "until": "2026-05-15", "reason": ""}, "Fill in “Reason”."),
            ({"report": "own", "until": "2026-12-01", "reason": "Because."}, "after the day on which"),
            ({"report": "own", "until": "2026-05-15", "reason": "Ask joana@example.org."}, "an e-mail address"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, cast: Cast, client: FlaskClient, fields: dict[str, str], told: str
    ) -> None:
        own = str(cast.report_id("US", "CS-03"))
        cast.sign_in(client, "focal.us")
        fields = {name: own if value == "own" else value for name, value in fields.items()}
        answer = send(client, "/extensions/new", **fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert told in page
        assert fields["until"] in page
        assert count(cast) == 0

    def test_refused_to_everybody_else(self, cast: Cast, client: FlaskClient) -> None:
        report_id = cast.report_id("BR", "CS-03")
        sent = {"report": report_id, "until": "2026-05-15", "reason": "Because."}
        for name, (role, party) in PEOPLE.items():
            if name in WRITERS:
                continue
            cast.sign_in(client, name)
            reads = role in STAFF_ROLES or party == "BR" or role is Role.OBSERVER
            writes = role in (Role.FOCAL_POINT, Role.SECRETARIAT_REPORTER, Role.ADMINISTRATOR)
            expected = 403 if reads or not writes else 404
            assert send(client, "/extensions/new", **sent).status_code == expected, name
            assert client.get("/extensions/new").status_code == (200 if writes else 403), name
        assert count(cast) == 0

    def test_taken_back(self, cast: Cast, client: FlaskClient) -> None:
        _report_id, extension_id = asked(cast)
        for name in sorted(set(PEOPLE) - WRITERS):
            cast.sign_in(client, name)
            answer = send(client, f"/extensions/{extension_id}/withdraw")
            assert answer.status_code in (403, 404), name
        assert stored(cast, extension_id).decision is None
        cast.sign_in(client, "alternate.br")
        assert send(client, f"/extensions/{extension_id}/withdraw").status_code == 303
        assert stored(cast, extension_id).decision is ExtensionDecision.WITHDRAWN
        assert send(client, "/extensions/999999/withdraw").status_code == 404


class TestDeciding:
    def test_several_at_once(self, cast: Cast, client: FlaskClient) -> None:
        report, one = asked(cast, "CS-03")
        _report, two = asked(cast, "CS-04", "gt")
        cast.sign_in(client, "reviewer")
        page = client.get("/extensions").get_data(as_text=True)
        assert page.count('name="request"') == 2
        assert page.count(REASON) == 2
        sent = {"request": [one, two], "decision": "as_asked", "reason": "Agreed."}
        assert send(client, "/extensions/decide", **sent).status_code == 303
        assert report_of(cast, report).due_on == LATER
        assert stored(cast, two).decision is ExtensionDecision.GRANTED
        assert "Agreed." in client.get("/extensions?tab=decided").get_data(as_text=True)

    def test_another_date(self, cast: Cast, client: FlaskClient) -> None:
        report, one = asked(cast)
        cast.sign_in(client, "admin")
        sent = {"request": one, "decision": "other_day", "reason": "Sooner, please."}
        answer = send(client, "/extensions/decide", **sent)
        assert answer.status_code == 422
        assert "Fill in “The other date”." in answer.get_data(as_text=True)
        assert send(client, "/extensions/decide", until="2026-05-05", **sent).status_code == 303
        assert report_of(cast, report).due_on == date(2026, 5, 5)

    def test_a_colleague_was_faster(self, cast: Cast, client: FlaskClient) -> None:
        _report, one = asked(cast)
        decide(cast, "reviewer2", [one], ExtensionDecision.REFUSED)
        cast.sign_in(client, "reviewer")
        answer = send(client, "/extensions/decide", request=one, decision="as_asked", reason="Agreed.")
        assert answer.status_code == 422
        assert "It was decided, taken back or overtaken" in answer.get_data(as_text=True)

    def test_refused_to_everybody_else(self, cast: Cast, client: FlaskClient) -> None:
        report_id, extension_id = asked(cast)
        for name, (role, _party) in PEOPLE.items():
            if role in STAFF_ROLES:
                continue
            cast.sign_in(client, name)
            sent = {"request": extension_id, "decision": "as_asked", "reason": "Agreed."}
            assert send(client, "/extensions/decide", **sent).status_code == 403, name
        assert report_of(cast, report_id).due_on != LATER

    def test_the_queue_asks_the_database_as_often_with_more_in_it(self, cast: Cast, client: FlaskClient) -> None:
        asked(cast)
        cast.sign_in(client, "reviewer")
        client.get("/extensions")
        with statements(cast.app) as one:
            client.get("/extensions")
        ask(cast, "focal.br", [cast.report_id("BR", f"CS-0{n}") for n in (2, 4, 5, 6)])
        with statements(cast.app) as many:
            client.get("/extensions")
        assert len(many) == len(one) <= 8


class TestReading:
    def test_a_state_sees_its_own_only(self, cast: Cast, client: FlaskClient) -> None:
        asked(cast)
        for name, seen in (("focal.br", True), ("approver.br", True), ("focal.gt", False), ("secretariat", False)):
            cast.sign_in(client, name)
            page = client.get("/extensions").get_data(as_text=True)
            assert (REASON in page) is seen, name
            assert 'name="request"' not in page

    def test_the_name_of_who_decided_is_for_staff(self, cast: Cast, client: FlaskClient) -> None:
        _report, one = asked(cast)
        decide(cast, "reviewer", [one])
        cast.sign_in(client, "focal.br")
        assert "Invented reviewer" not in client.get("/extensions").get_data(as_text=True)
        cast.sign_in(client, "admin")
        assert "Invented reviewer" in client.get("/extensions?tab=decided").get_data(as_text=True)

    def test_both_dates_stand_everywhere_and_the_reasons_stay_inside(self, cast: Cast, client: FlaskClient) -> None:
        report_id, one = asked(cast)
        ask(cast, "focal.br", [cast.report_id("BR", "CS-04")], reason="hush, a second reason")
        decide(cast, "reviewer", [one])
        commitment = cast.commitment_id("BR", "CS-03")
        public = cast.app.test_client()
        page = public.get("/states/br/CS-03?lang=en").get_data(as_text=True)
        assert "from 30 April 2026 to 15 May 2026" in page
        assert "The due date was moved from 30 April 2026 to 15 May 2026" in page
        assert "asked for: 2; granted: 1." in public.get("/states/br?lang=en").get_data(as_text=True)
        body = public.get("/status-reports/br-2026?lang=en").get_data(as_text=True)
        assert "15 May 2026 (extended from 30 April 2026 to 15 May 2026)" in body
        assert "Later due dates asked for: 2; granted: 1." in body
        data = public.get("/status-reports/br-2026.json").get_json()
        assert data["extensions"] == {"asked": 2, "granted": 1, "refused": 0}
        (line,) = [c for c in data["commitments"] if c["code"] == "CS-03"]
        assert (line["due_on"], line["extended_from"], line["extended_to"]) == (
            "2026-05-15",
            "2026-04-30",
            "2026-05-15",
        )
        for format in ("pdf", "xlsx"):
            assert public.get(f"/status-reports/br-2026.{format}").status_code == 200
        outside = [page, body, str(data), public.get("/states/br").get_data(as_text=True)]
        cast.sign_in(client, "observer")
        outside.append(client.get(f"/commitments/{commitment}?lang=en").get_data(as_text=True))
        outside.append(client.get(f"/commitments/{cast.commitment_id('BR', 'CS-04')}").get_data(as_text=True))
        assert "15 May 2026" in outside[-2]
        for text in outside:
            assert REASON not in text
            assert "Because." not in text
            assert "hush" not in text
        for name, address in (
            ("focal.br", f"/reports/{report_id}"),
            ("focal.br", f"/commitments/{commitment}"),
            ("reviewer", f"/reviews/{report_id}"),
            ("reviewer", f"/commitments/{commitment}"),
        ):
            cast.sign_in(client, name)
            inside = client.get(f"{address}?lang=en").get_data(as_text=True)
            assert "instead of 30 April 2026" in inside, address
            assert REASON in inside, address
