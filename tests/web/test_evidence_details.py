"""Correcting what is said of a piece of evidence: who may, and what becomes of what was submitted before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.support.sending import token
from tests.web.test_evidence import NAME, PIECE, check, send
from tests.web.test_evidence_doors import EVERYBODY, OWN, PUBLIC, STAFF, enter, put
from tracker.domain.vocabulary import ReportState as S
from tracker.models import AuditEntry, Evidence

PAGE = "/states/us/CS-03"


def correct(client: FlaskClient, **more: str) -> TestResponse:
    said = {
        "csrf_token": token(client),
        "title": "An invented act",
        "speaks_of": "2025-06-01",
        "language": "es",
        "access": "public",
        "version": "1",
    }
    return client.post(f"{PIECE}/details", data=said | more)


def piece(cast: Cast) -> Evidence:
    with cast.reading() as session:
        found = session.scalars(sa.select(Evidence)).one()
        session.expunge(found)
        return found


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_correct(cast: Cast, client: FlaskClient, who: str) -> None:
    put(cast, client, S.PUBLISHED)
    enter(cast, client, who)
    if who in {"focal.us", "contributor.us"}:
        assert client.get(f"{PIECE}/details").status_code == 200
        assert correct(client, title="Corrected").status_code == 303
        assert f"{PIECE}/details" in client.get(PIECE).text
    else:
        refused = {404, 302} if who == PUBLIC else {403, 404}
        assert client.get(f"{PIECE}/details").status_code in refused
        assert correct(client, title="Corrected").status_code in {401, 403, 404}
        assert f"{NAME}/details" not in client.get(PIECE).text
    assert piece(cast).title == ("Corrected" if who in {"focal.us", "contributor.us"} else "An invented act")


def test_restricting_takes_effect_at_once_and_everywhere(cast: Cast, client: FlaskClient) -> None:
    put(cast, client, S.PUBLISHED)
    enter(cast, client, PUBLIC)
    for path in (PAGE, "/status-reports/us.json"):
        assert NAME in client.get(path, follow_redirects=True).text, path
    enter(cast, client, "focal.us")
    assert correct(client, access="restricted").status_code == 303
    for who in (PUBLIC, "focal.gt", "observer"):
        enter(cast, client, who)
        for path in (PAGE, "/status-reports/us.json"):
            page = client.get(path, follow_redirects=True)
            assert page.status_code == 200
            assert NAME not in page.text, (who, path)
            assert "acta.pdf" not in page.text
        assert client.get(f"{PIECE}/1/file").status_code == 404, who
    for who in sorted(OWN | STAFF):
        enter(cast, client, who)
        assert client.get(f"{PIECE}/1/file").status_code == 200, who


def test_made_public_later_it_stays_restricted_where_it_was_submitted_so(cast: Cast, client: FlaskClient) -> None:
    put(cast, client, S.PUBLISHED, restricted=True)
    enter(cast, client, "focal.us")
    assert correct(client, access="public").status_code == 303
    assert "submitted as restricted" in client.get(PIECE).text
    for who in (PUBLIC, "focal.gt", "observer"):
        enter(cast, client, who)
        assert client.get(f"{PIECE}/1/file").status_code == 404, who
        assert NAME not in client.get(PAGE, follow_redirects=True).text


def test_what_is_wrong_is_said_and_what_was_typed_kept(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    send(client)
    check(cast)
    for wrong in ({"title": ""}, {"title": "The victim Juana Inventada"}, {"speaks_of": "x"}, {"access": "x"}):
        answer = correct(client, **wrong)
        assert answer.status_code == 422, wrong
        assert next(iter(wrong.values())) in answer.text
    explained = {"title": "The victim Juana Inventada", "explanation": "The name of a law."}
    assert correct(client, **explained).status_code == 303
    assert piece(cast).explanation == "The name of a law."
    assert correct(client, **explained).status_code == 303, "sent twice"
    stale = correct(client, title="Mine")
    assert stale.status_code == 409
    assert "Mine" in stale.text
    assert "Juana Inventada" in stale.text
    assert piece(cast).title == "The victim Juana Inventada"
    assert correct(client, title="Mine", version=str(piece(cast).version)).status_code == 303
    with cast.reading() as session:
        entries = session.execute(
            sa.select(AuditEntry.old, AuditEntry.new).where(AuditEntry.event == "evidence.details")
        ).all()
    assert len(entries) == 2
    assert "Inventada" not in str(entries)
