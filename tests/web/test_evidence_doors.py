"""Every door of evidence, tried by every role: of the own State, of another, of the Secretariat, by the public."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.support import samples
from tests.support.sending import token
from tests.web.test_evidence import NAME, PIECE, check, send
from tracker.domain.vocabulary import ReportState as S
from tracker.models import AuditEntry, EvidenceVersion

READING = (PIECE, f"{PIECE}/1/file", f"{PIECE}/1/view", f"{PIECE}/1/view/1")
OWN = {"focal.us", "approver.us", "contributor.us"}
STAFF = {"reviewer", "admin"}
PUBLIC = "the public"
OTHERS = {"focal.gt", "approver.gt", "contributor.gt", "secretariat", "observer"}
EVERYBODY = (PUBLIC, *sorted(OWN | OTHERS | {"reviewer", "admin"}))


def enter(cast: Cast, client: FlaskClient, who: str) -> None:
    if who == PUBLIC:
        with client.session_transaction() as cookie:
            cookie.clear()
    else:
        cast.sign_in(client, who)


def put(cast: Cast, client: FlaskClient, state: S, *, restricted: bool = False) -> int:
    """A checked file attached to a report of the United States that has come to ``state``; the report's id."""
    report = cast.report_id("US", "CS-03")
    cast.sign_in(client, "focal.us")
    assert (
        send(client, f"/evidence/new?report={report}", access="restricted" if restricted else "public").status_code
        == 303
    )
    check(cast)
    cast.bring_to(report, state, "us")
    return report


def may_read(who: str, state: S, *, restricted: bool, path: str) -> bool:
    """Written out by hand, so that a slip in the rule shows."""
    if who in OWN:
        return True
    if who in STAFF:
        return state not in (S.DRAFT, S.AWAITING_APPROVAL)
    published = state is S.PUBLISHED and not restricted
    return published and (who != PUBLIC or path.endswith("/file"))


@pytest.mark.parametrize("restricted", [False, True], ids=["public", "restricted"])
@pytest.mark.parametrize("state", [S.DRAFT, S.SUBMITTED, S.RATING_PROPOSED, S.PUBLISHED])
def test_reading(cast: Cast, client: FlaskClient, state: S, restricted: bool) -> None:
    put(cast, client, state, restricted=restricted)
    for who in EVERYBODY:
        enter(cast, client, who)
        for path in READING:
            wanted = (200,) if may_read(who, state, restricted=restricted, path=path) else (404, 302)
            status = client.get(path).status_code
            assert status in wanted, (who, path, status)
            assert status != 302 or who == PUBLIC
    with cast.reading() as session:
        noted = session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "evidence.read"))
    assert bool(noted) is restricted


@pytest.mark.parametrize("restricted", [False, True], ids=["public", "restricted"])
def test_lists_and_pages_name_public_evidence_of_published_submissions_only(
    cast: Cast, client: FlaskClient, restricted: bool
) -> None:
    put(cast, client, S.SUBMITTED, restricted=restricted)
    pages = ("/states/us/CS-03", "/states/us")
    for path in pages:
        assert NAME not in client.get(path).text
    for who in ("focal.gt", "observer", "secretariat"):
        enter(cast, client, who)
        assert NAME not in client.get("/evidence").text
    enter(cast, client, "admin")
    assert NAME in client.get("/evidence").text


def test_what_is_published_stays_what_was_rated(cast: Cast, client: FlaskClient) -> None:
    """A newer version is the party's own until a submission that names it is published."""
    put(cast, client, S.PUBLISHED)
    enter(cast, client, "focal.us")
    send(client, f"{PIECE}/versions", file=(io.BytesIO(samples.pdf("Newer")), "b.pdf"), seen="1")
    check(cast)
    for who, newest in ((PUBLIC, 404), ("reviewer", 404), ("focal.gt", 404), ("approver.us", 200)):
        enter(cast, client, who)
        assert client.get(f"{PIECE}/1/file").status_code == 200, who
        assert client.get(f"{PIECE}/2/file").status_code == newest, who


@pytest.mark.parametrize("who", EVERYBODY)
def test_changing(cast: Cast, client: FlaskClient, who: str) -> None:
    report = put(cast, client, S.DRAFT)
    enter(cast, client, who)
    writes = who in {"focal.us", "contributor.us"}
    adds = writes or who in OTHERS - {"approver.gt"}
    stranger, csrf = who == PUBLIC, {"csrf_token": token(client), "evidence": NAME}
    refused = (401,) if stranger else (403, 404)
    status = send(client, name="f" * 32).status_code
    assert status in ((303,) if adds else refused), ("adds", status)
    status = send(client, f"/evidence/new?report={report}", name="e" * 32).status_code
    assert status in ((303,) if writes else refused), ("adds to the report", status)
    newer = {"file": (io.BytesIO(samples.pdf()), "c.pdf"), "seen": "1"}
    status = send(client, f"{PIECE}/versions", **newer).status_code
    assert status in ((303,) if writes else refused), ("version", status)
    status = send(client, f"{PIECE}/1/reason", explanation="x").status_code
    assert status in ((409,) if writes else refused), ("reason", status)
    for path in (f"/reports/{report}/evidence", f"/reports/{report}/evidence/detach"):
        status = client.post(path, data=csrf).status_code
        assert status in ((303,) if writes else refused), (path, status)
    status = client.get(f"/reports/{report}/evidence").status_code
    assert status == (200 if writes else 302 if stranger else 403 if who in STAFF | {"approver.us"} else 404), status
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(EvidenceVersion)) == 1 + adds + 2 * writes


def test_a_contributor_sees_what_was_asked_of_him_or_her_only(cast: Cast, client: FlaskClient) -> None:
    other = cast.report_id("US", "CS-02")
    cast.sign_in(client, "focal.us")
    send(client, f"/evidence/new?report={other}")
    check(cast)
    cast.sign_in(client, "contributor.us")
    assert client.get(PIECE).status_code == 404
    assert NAME not in client.get("/evidence").text
    mine = cast.report_id("US", "CS-03")
    sent = {"csrf_token": token(client), "evidence": NAME}
    assert client.post(f"/reports/{mine}/evidence", data=sent).status_code == 404, (
        "what one may not see is not attached"
    )
    assert client.post(f"/reports/{other}/evidence/detach", data=sent).status_code == 404
    cast.sign_in(client, "focal.us")
    sent = {"csrf_token": token(client), "evidence": NAME}
    assert client.post(f"/reports/{mine}/evidence", data=sent).status_code == 303
    cast.sign_in(client, "contributor.us")
    assert client.get(PIECE).status_code == 200
    assert client.get(f"{PIECE}/1/file").status_code == 200


def test_evidence_of_another_state_cannot_be_attached(cast: Cast, client: FlaskClient) -> None:
    put(cast, client, S.PUBLISHED)
    cast.sign_in(client, "focal.gt")
    report = cast.report_id("GT", "CS-03")
    sent = {"csrf_token": token(client), "evidence": NAME}
    assert client.post(f"/reports/{report}/evidence", data=sent).status_code == 404


def test_a_submitted_report_keeps_its_files(cast: Cast, client: FlaskClient) -> None:
    report = put(cast, client, S.SUBMITTED)
    cast.sign_in(client, "focal.us")
    sent = {"csrf_token": token(client), "evidence": NAME}
    assert client.post(f"/reports/{report}/evidence/detach", data=sent).status_code == 409
    assert send(client, f"/evidence/new?report={report}", name="e" * 32).status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "/evidence/x/1/file",
        "/evidence/" + "0" * 32,
        f"{PIECE}/0/file",
        f"{PIECE}/01/file",
        f"{PIECE}/99999999999999999/file",
        "/evidence/..%2f..%2fetc/1/file",
        "/evidence/new?report=x",
    ],
)
def test_odd_addresses_are_not_there(cast: Cast, client: FlaskClient, path: str) -> None:
    cast.sign_in(client, "focal.us")
    assert client.get(path).status_code == 404
