"""The page of the status report, its documents and the button that sends it: who gets in, and what comes back."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.status_scene import play
from tracker.db import db
from tracker.domain.vocabulary import ReportState
from tracker.models import Message, ReportRevision


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found, f"no form on {path}"
    return found[1]


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize("code", ["br", "br-2026", "gs", "gs-2026"])
def test_the_page_is_public_in_four_languages(cast: Cast, client: FlaskClient, code: str, language: str) -> None:
    answer = client.get(f"/status-reports/{code}?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.get_data(as_text=True)
    assert "Send me this" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("suffix", "content_type", "begins"),
    [
        ("pdf", "application/pdf", b"%PDF-1.7"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("json", "application/json", b"{"),
    ],
)
def test_the_documents_are_public(
    cast: Cast, client: FlaskClient, suffix: str, content_type: str, begins: bytes
) -> None:
    answer = client.get(f"/status-reports/br-2026.{suffix}?lang=es")
    assert answer.status_code == 200
    assert answer.content_type == content_type
    assert answer.get_data().startswith(begins)
    assert f'filename="status-report-br-2026-es.{suffix}"' in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "code",
    ["xx", "cu", "ve", "ica", "br-1999", "br-", "br-%00", "%F0%9F%92%A9", "brasil", "b", "br-2026.csv", "1", "br.."],
)
@pytest.mark.parametrize("suffix", ["", ".pdf", ".xlsx", ".json"])
def test_what_is_not_there_is_404_with_a_way_back(cast: Cast, client: FlaskClient, code: str, suffix: str) -> None:
    answer = client.get(f"/status-reports/{code}{suffix}")
    assert answer.status_code == 404
    assert 'href="/' in answer.get_data(as_text=True)


def test_one_address_for_one_report(cast: Cast, client: FlaskClient) -> None:
    answer = client.get("/status-reports/BR-2026?lang=fr")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/status-reports/br-2026?lang=fr")
    assert client.get("/status-reports/BR-2026.pdf").status_code == 200


def test_everybody_reads_the_same(cast: Cast, client: FlaskClient) -> None:
    play(cast)
    visitor = client.get("/status-reports/br-2026.json?lang=en").get_data()
    for person in ("focal.br", "contributor.br", "focal.gt", "reviewer", "admin", "observer"):
        cast.sign_in(client, person)
        assert client.get("/status-reports/br-2026.json?lang=en").get_data() == visitor


def test_drafts_and_unpublished_ratings_show_nowhere(cast: Cast, client: FlaskClient) -> None:
    secret = "Not for the public yet."
    for code, state in (
        ("CS-01", ReportState.AWAITING_APPROVAL),
        ("CS-02", ReportState.SUBMITTED),
        ("CS-04", ReportState.RATING_PROPOSED),
        ("CS-05", ReportState.OPEN_FOR_COMMENT),
    ):
        cast.bring_to(cast.report_id("BR", code), state)
    with cast.writing() as session:
        session.execute(sa.text("UPDATE element_answer SET narrative = :secret"), {"secret": secret})
        session.execute(sa.text("UPDATE assessment SET reasons = :secret"), {"secret": secret})
        for revision in session.scalars(sa.select(ReportRevision)):
            revision.content = {**revision.content, "summary": secret}
    for person in (None, "focal.br", "admin"):
        if person:
            cast.sign_in(client, person)
        for suffix in ("", ".json"):
            text = client.get(f"/status-reports/br-2026{suffix}").get_data(as_text=True)
            assert secret not in text
            assert "restricted" not in text.replace("Evidence that is restricted is left out", "")


def test_what_people_typed_is_escaped(cast: Cast, client: FlaskClient) -> None:
    cast.bring_to(cast.report_id("BR", "CS-01"), ReportState.PUBLISHED)
    with cast.writing() as session:
        hostile = "</dd><script>alert(1)</script>{{ 7*7 }}"
        session.execute(sa.text("UPDATE assessment SET reasons = :it, comment = :it"), {"it": hostile})
    text = client.get("/status-reports/br-2026").get_data(as_text=True)
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}") == 2


def test_the_number_of_queries_is_constant(cast: Cast, client: FlaskClient) -> None:
    def queries() -> int:
        seen: list[str] = []
        with cast.app.app_context():
            engine = db.engine

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        client.get("/status-reports/br")
        sa.event.remove(engine, "before_cursor_execute", note)
        return len([s for s in seen if s.lstrip().upper().startswith("SELECT")])

    before = queries()
    play(cast)
    assert queries() == before <= 10


def messages(cast: Cast) -> list[tuple[str, str]]:
    with cast.reading() as session:
        return [
            (row[0], row[1])
            for row in session.execute(
                sa.select(Message.to_address, Message.language)
                .where(Message.kind == "status_report")
                .order_by(Message.id)
            )
        ]


def test_it_is_sent_to_who_asks_and_a_double_click_sends_one(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.br")
    data = {"csrf_token": token(client, "/status-reports/br-2026?lang=es")}
    for _click in range(2):
        answer = client.post("/status-reports/br-2026/mail", data=data)
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/status-reports/br-2026"
    assert messages(cast) == [("focal.br@tracker.test", "es")]
    cast.clock.advance(days=1)
    cast.sign_in(client, "focal.br")
    data = {"csrf_token": token(client, "/status-reports/br-2026?lang=es")}
    client.post("/status-reports/br-2026/mail", data=data)
    assert len(messages(cast)) == 2


def test_another_states_report_is_read_but_not_sent(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.gt")
    assert "Send me this" not in client.get("/status-reports/br?lang=en").get_data(as_text=True)
    data = {"csrf_token": token(client, "/status-reports/gt?lang=en")}
    assert client.post("/status-reports/br/mail", data=data).status_code == 403
    assert client.post("/status-reports/cu/mail", data=data).status_code == 404
    assert messages(cast) == []


def test_nobody_signed_in_and_no_token_send_nothing(cast: Cast, client: FlaskClient) -> None:
    assert client.post("/status-reports/br/mail").status_code >= 400
    cast.sign_in(client, "focal.br")
    assert client.post("/status-reports/br/mail").status_code >= 400
    assert client.get("/status-reports/br/mail").status_code == 405
    assert messages(cast) == []
