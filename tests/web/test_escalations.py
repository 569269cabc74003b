"""The pages beyond the focal points: list, case, letter, note, offices; and what everybody else is refused."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import PEOPLE, Cast
from tests.escalation_scene import (
    LATER_STILL,
    MISSION,
    MISSIONS,
    MONTH_OVER,
    case,
    case_id,
    dismiss,
    enter_office,
    mails,
    prepare,
    run,
    version,
    write,
)
from tests.support.sending import send, statements, token
from tracker.domain.policy import STAFF_ROLES
from tracker.domain.vocabulary import EscalationState, OfficeKind, Role
from tracker.models import AuditEntry, Office

OTHERS = [name for name, (role, _p) in PEOPLE.items() if role not in STAFF_ROLES]


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.get_data(as_text=True)


class TestList:
    def test_waiting_and_decided_by_state(self, cast: Cast, client: FlaskClient) -> None:
        run(cast, MONTH_OVER)
        cast.sign_in(client, "reviewer")
        listed = page(client, "/escalations")
        assert f"/escalations/{case_id(cast)}" in listed
        assert "No focal point" in listed
        only = page(client, "/escalations?state=br")
        assert f"/escalations/{case_id(cast, 'GT')}" not in only
        assert "Nothing has been decided yet" in page(client, "/escalations?tab=decided")
        dismiss(cast, case_id(cast))
        assert "Not written for now" in page(client, "/escalations?tab=decided&state=br")
        for path in ("/escalations?tab=x", "/escalations?page=99", "/escalations/999999", "/escalations/0"):
            page(client, path, 404)

    def test_a_fixed_number_of_queries(self, cast: Cast, client: FlaskClient) -> None:
        run(cast, MONTH_OVER)
        cast.sign_in(client, "reviewer")
        page(client, "/escalations")
        with statements(cast.app) as many:
            page(client, "/escalations")
        with statements(cast.app) as few:
            page(client, "/escalations?state=br")
        assert len(many) == len(few)

    def test_the_dashboard_counts_them(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "reviewer")
        assert "0 </span>escalations waiting" in page(client, "/dashboard")
        run(cast, MONTH_OVER)
        cast.sign_in(client, "reviewer")
        assert "0 </span>escalations waiting" not in page(client, "/dashboard")


class TestLetter:
    @pytest.fixture
    def opened(self, cast: Cast) -> int:
        run(cast, MONTH_OVER)
        return case_id(cast)

    def test_seen_in_two_languages_and_sent_with_a_click(self, cast: Cast, client: FlaskClient, opened: int) -> None:
        cast.sign_in(client, "reviewer")
        path = f"/escalations/{opened}"
        before = page(client, path)
        assert "No e-mail address of the head of the authority is known" in before
        assert "Send to the head of the authority" not in before
        refused = send(client, f"{path}/send", version=version(cast, opened))
        assert refused.status_code == 422
        assert "Enter it under Offices first" in refused.get_data(as_text=True)
        enter_office(cast)
        before = page(client, path)
        assert 'class="ct-quote" lang="pt"' in before
        assert 'class="govuk-details__text" lang="en"' in before
        assert before.count("CS-03") >= 3
        assert mails(cast) == []
        answer = send(client, f"{path}/send", version=version(cast, opened))
        assert (answer.status_code, answer.location) == (303, path)
        assert len(mails(cast)) == 1
        after = page(client, path)
        assert "office@br.example" in after
        assert "Send to the head of the authority" not in after
        cast.sign_in(client, "admin")
        assert "Letter to the head of an authority" in page(client, "/admin/mail")
        assert "office@br.example" in page(client, f"/admin/mail/{mails(cast)[0].id}")
        assert "Head of the authority written to" in page(client, "/admin/audit")

    def test_of_two_who_click_one_wins(self, cast: Cast, client: FlaskClient, opened: int) -> None:
        enter_office(cast)
        seen = version(cast, opened)
        write(cast, opened, "admin")
        cast.sign_in(client, "reviewer")
        late = send(client, f"/escalations/{opened}/send", version=seen)
        assert late.status_code == 409
        typed = send(client, f"/escalations/{opened}/not-now", version=seen, reason="They asked for a week.")
        assert typed.status_code == 409
        assert "They asked for a week." in typed.get_data(as_text=True)
        assert len(mails(cast)) == 1

    def test_not_now_asks_for_a_reason_without_persons(self, cast: Cast, client: FlaskClient, opened: int) -> None:
        cast.sign_in(client, "admin")
        path = f"/escalations/{opened}/not-now"
        for reason in ("", "Ask joana@example.org.", "x" * 20_001):
            answer = send(client, path, version=version(cast, opened), reason=reason)
            assert answer.status_code == 422
            assert reason[:40] in answer.get_data(as_text=True)
        answer = send(client, path, version=version(cast, opened), reason="<b>They</b> asked for a week.")
        assert answer.status_code == 303
        shown = page(client, f"/escalations/{opened}")
        assert "&lt;b&gt;They&lt;/b&gt; asked for a week." in shown
        assert "Send to the head" not in shown
        commitment = cast.commitment_id("BR", "CS-03")
        assert "asked for a week" in page(client, f"/commitments/{commitment}")
        cast.sign_in(client, "focal.br")
        assert "asked for a week" not in page(client, f"/commitments/{commitment}")
        assert "asked for a week" not in page(client, "/dashboard")


class TestNote:
    def test_prepared_taken_away_and_handed_over(self, cast: Cast, client: FlaskClient) -> None:
        run(cast, LATER_STILL)
        enter_office(cast, kind=OfficeKind.MISSION)
        opened = case_id(cast, rung=MISSION)
        path = f"/escalations/{opened}"
        cast.sign_in(client, "reviewer")
        assert "apresenta seus cumprimentos" in page(client, path)
        assert "presents its compliments" in page(client, path)
        page(client, f"{path}/note.pdf", 404)
        assert send(client, f"{path}/note", version=version(cast, opened)).status_code == 303
        assert "NV 1/2026" in page(client, path)
        for ending, kind in (("pdf", "application/pdf"), ("docx", "wordprocessingml.document")):
            answer = client.get(f"{path}/note.{ending}")
            assert answer.status_code == 200
            assert kind in answer.content_type
            assert answer.headers["Content-Disposition"] == f'attachment; filename="NV-2026-001-BR.{ending}"'
        assert MISSIONS["BR"] in docx.Document(BytesIO(answer.data)).paragraphs[3].text
        with cast.reading() as session:
            taken = sa.select(sa.func.count()).where(
                AuditEntry.event == "export", AuditEntry.record_type == "note_verbale"
            )
            assert session.scalar(taken) == 2
        for on in ("2026-06-13", "2026-06-15", "soon", ""):
            assert send(client, f"{path}/handed-over", seen="", on=on).status_code == 422
        assert send(client, f"{path}/handed-over", seen="", on="2026-06-14").status_code == 303
        assert send(client, f"{path}/handed-over", seen="", on="2026-06-14").status_code == 409
        assert "14 June 2026" in page(client, path)
        assert "NV 1/2026" in page(client, "/escalations?tab=decided")

    def test_the_state_reads_that_a_note_was_prepared_and_handed_over(self, cast: Cast, client: FlaskClient) -> None:
        run(cast, LATER_STILL)
        enter_office(cast, kind=OfficeKind.MISSION)
        opened = case_id(cast, rung=MISSION)
        prepare(cast, opened)
        cast.sign_in(client, "focal.br")
        assert "NV 1/2026" in page(client, "/dashboard")
        commitment = page(client, f"/commitments/{cast.commitment_id('BR', 'CS-03')}?lang=en")
        assert "prepared the note verbale NV 1/2026" in commitment
        cast.sign_in(client, "observer")
        assert "NV 1/2026" not in page(client, f"/commitments/{cast.commitment_id('BR', 'CS-03')}")
        assert "NV 1/2026" not in page(cast.app.test_client(), "/states/br/CS-03")


class TestOffices:
    def test_entered_changed_and_both_texts_when_stale(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        path = "/admin/offices/br/authority"
        assert "/admin/offices/br/mission" in page(client, "/admin/offices")
        sent = {"title": "Invented authority", "email": "office@br.example", "address": "1 Street", "version": 0}

        def save(**said: object) -> TestResponse:
            return client.post(path, data=sent | said | {"csrf_token": token(client)})

        assert save().status_code == 303
        stale = save(title="My title")
        text = stale.get_data(as_text=True)
        assert stale.status_code == 409
        assert "My title" in text
        assert "Invented authority" in text
        assert save(title="My title", version=1).status_code == 303
        for said in ({"title": "Mr. John Invented"}, {"title": ""}, {"email": "a@b"}, {"address": "joana@example.org"}):
            answer = save(version=2, **said)
            assert answer.status_code == 422
            assert next(iter(said.values())) in answer.get_data(as_text=True)
        with cast.reading() as session:
            assert session.scalars(sa.select(Office.title)).all() == ["My title"]
        for wrong in ("/admin/offices/gs/authority", "/admin/offices/br/other", "/admin/offices/xx/mission"):
            page(client, wrong, 404)


@pytest.mark.parametrize("name", [*OTHERS, "reviewer"])
def test_who_may_not(cast: Cast, client: FlaskClient, name: str) -> None:
    run(cast, LATER_STILL)
    enter_office(cast)
    enter_office(cast, kind=OfficeKind.MISSION)
    opened, noted = case_id(cast), case_id(cast, rung=MISSION)
    prepare(cast, noted)
    cast.sign_in(client, name)
    page(client, "/admin/offices", 403)
    page(client, "/admin/offices/br/mission", 403)
    assert send(client, "/admin/offices/br/mission", title="X", version=1).status_code == 403
    if PEOPLE[name][0] is Role.REVIEWER:
        return
    for path in ("/escalations", f"/escalations/{opened}", f"/escalations/{noted}/note.pdf"):
        page(client, path, 403)
    for path, said in (
        (f"/escalations/{opened}/send", {}),
        (f"/escalations/{opened}/not-now", {"reason": "Because."}),
        (f"/escalations/{noted}/note", {}),
        (f"/escalations/{noted}/handed-over", {"on": "2026-06-14", "seen": ""}),
    ):
        assert send(client, path, version=1, **said).status_code == 403
    found = case(cast)
    assert found is not None
    assert found.state is EscalationState.WAITING
    assert mails(cast) == []
