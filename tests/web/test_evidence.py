"""Evidence in the browser's way: sending, replacing, attaching, giving out (SAFETY A6, C12-C15)."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.support import samples
from tests.support.sending import token
from tracker.domain.vocabulary import FileState
from tracker.files.store import MOST_BYTES
from tracker.jobs import run_job
from tracker.models import AuditEntry, Evidence, EvidenceVersion, ReportEvidence

NAME = "0123456789abcdef0123456789abcdef"
PIECE = f"/evidence/{NAME}"


def send(client: FlaskClient, to: str = "/evidence/new", **more: Any) -> TestResponse:
    data = {
        "csrf_token": token(client),
        "name": NAME,
        "title": "An invented act",
        "speaks_of": "2025-06-01",
        "language": "es",
        "access": "public",
        "file": (io.BytesIO(samples.pdf()), "acta.pdf"),
    } | more
    return client.post(to, data={k: v for k, v in data.items() if v is not None})


def send_large(client: FlaskClient, to: str, size: int) -> TestResponse:
    """A PDF of this many bytes, in a body made by hand: the client's own way leaves a file open."""
    begin = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name, value.encode())
        for name, value in (
            (b"csrf_token", token(client)),
            (b"name", NAME),
            (b"title", "An invented act"),
            (b"access", "public"),
        )
    )
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body = begin + head + samples.pdf().ljust(size, b"\n") + b"\r\n--x--\r\n"
    return client.post(to, data=body, content_type="multipart/form-data; boundary=x")


def check(cast: Cast) -> None:
    run_job(cast.app, "check-evidence", cast.clock.now())


def states(cast: Cast) -> list[FileState]:
    with cast.reading() as session:
        return list(session.scalars(sa.select(EvidenceVersion.state).order_by(EvidenceVersion.id)))


def count(cast: Cast, table: type) -> int:
    with cast.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def events(cast: Cast) -> list[str]:
    with cast.reading() as session:
        found = session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id))
        return [event for event in found if event.startswith("evidence.")]


def test_a_file_is_sent_checked_attached_and_given_out(cast: Cast, client: FlaskClient) -> None:
    report = cast.report_id("US", "CS-03")
    cast.sign_in(client, "focal.us")
    answer = send(client, f"/evidence/new?report={report}")
    assert (answer.status_code, answer.location) == (303, f"/reports/{report}/evidence")
    page = client.get(answer.location).text
    assert "An invented act" in page
    assert "Being checked" in page
    assert client.get(f"{PIECE}/1/file").status_code == 404, "in quarantine"
    assert client.get(f"{PIECE}/1/view").status_code == 404
    check(cast)
    assert states(cast) == [FileState.CLEAN]
    given = client.get(f"{PIECE}/1/file")
    assert given.data == samples.pdf()
    assert given.headers["Content-Disposition"].startswith('attachment; filename="acta.pdf"')
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert given.headers["Cache-Control"] == "no-store"
    assert f"{PIECE}/1/view/1" in client.get(f"{PIECE}/1/view").text
    picture = client.get(f"{PIECE}/1/view/1")
    assert (picture.mimetype, picture.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert client.get(f"{PIECE}/1/view/2").status_code == 404
    assert "An invented act" in client.get("/evidence").text
    shown = client.get(PIECE).text
    assert "Not scanned for viruses" in shown
    assert "in the draft" in shown
    assert events(cast) == ["evidence.upload", "evidence.attach", "evidence.check"]


def test_a_form_sent_twice_makes_one_piece(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    assert {send(client).location, send(client).location} == {PIECE}
    assert count(cast, Evidence) == 1
    cast.sign_in(client, "focal.gt")
    assert send(client).status_code == 409, "a name that is somebody else's"
    assert send(client, name="../../etc").status_code == 409


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ((b"", "empty.pdf"), "The file is empty"),
        ((b"<html>", "page.html"), "Taken are PDF, Word (DOCX)"),
        ((b"<html>", "page.pdf"), "not what its ending says"),
        ((samples.word(**{"word/vbaProject.bin": b"x"}), "a.docx"), "can hold programs"),
        (None, "Choose a file"),
    ],
    ids=["empty", "type", "content", "macros", "none"],
)
def test_a_refusal_says_what_is_taken_and_keeps_what_was_typed(
    cast: Cast, client: FlaskClient, file: tuple[bytes, str] | None, said: str
) -> None:
    cast.sign_in(client, "focal.us")
    answer = send(client, file=(io.BytesIO(file[0]), file[1]) if file else None, title="Ñandutí")
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Ñandutí"' in answer.text
    assert 'value="2025-06-01"' in answer.text
    assert count(cast, Evidence) == 0


def test_too_large_files_are_refused_and_nothing_is_kept(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    # A little over one file's limit, and within that of the body: said at the field.
    answer = send_large(client, "/evidence/new?lang=en", MOST_BYTES + 1)
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.text
    assert send_large(client, "/evidence/new", MOST_BYTES + 1024 * 1024).status_code == 413
    assert count(cast, Evidence) == 0
    store = cast.app.extensions["tracker.store"]
    assert store.keys(older_than=cast.clock.now().replace(year=2100)) == set()


def test_only_uploads_may_be_large_and_only_of_whom_may_send_them(cast: Cast, client: FlaskClient) -> None:
    size = 3 * 1024 * 1024
    assert send_large(client, "/evidence/new", size).status_code == 401
    cast.sign_in(client, "approver.us")
    assert send_large(client, "/evidence/new", size).status_code == 403
    cast.sign_in(client, "focal.us")
    assert send_large(client, "/evidence/new", size).status_code == 303
    assert send_large(client, f"/reports/{cast.report_id('US', 'CS-03')}", size).status_code == 413


def test_a_new_version_stands_beside_the_old_one(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.br")
    send(client)
    check(cast)
    newer = {"file": (io.BytesIO(samples.pdf("Newer")), "nueva.pdf"), "seen": "1"}
    assert send(client, f"{PIECE}/versions", **newer).status_code == 303
    check(cast)
    assert client.get(f"{PIECE}/1/file").data == samples.pdf()
    assert client.get(f"{PIECE}/2/file").data == samples.pdf("Newer")
    twice = {"file": (io.BytesIO(samples.pdf("Newer")), "nueva.pdf"), "seen": "1"}
    assert send(client, f"{PIECE}/versions", **twice).status_code == 303
    assert len(states(cast)) == 2
    cast.sign_in(client, "alternate.br")
    stale = {"file": (io.BytesIO(samples.pdf("Third")), "tercera.pdf"), "seen": "1"}
    assert send(client, f"{PIECE}/versions", **stale).status_code == 409


def test_doubtful_passages_are_listed_masked_and_need_a_reason(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    text = "The victim Juana Inventada told the court."
    send(client, file=(io.BytesIO(samples.word(text)), "sentencia.docx"))
    check(cast)
    assert states(cast) == [FileState.NEEDS_REASON]
    page = client.get(PIECE).text
    assert "paragraph 1:" in page
    assert "Inventada" not in page
    assert client.get(f"{PIECE}/1/file").status_code == 404
    assert send(client, f"{PIECE}/1/reason", explanation="").status_code == 422
    reason = "The name is invented, in a training example."
    assert send(client, f"{PIECE}/1/reason", explanation=reason).status_code == 303
    assert client.get(f"{PIECE}/1/file").status_code == 200
    assert reason in client.get(PIECE).text
    assert send(client, f"{PIECE}/1/reason", explanation=reason).status_code == 409, "once"


def test_identifiers_in_a_file_cannot_be_explained_away(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    send(client, file=(io.BytesIO(samples.excel(("Nome", "CPF"), ("x", "529.982.247-25"))), "dados.xlsx"))
    check(cast)
    assert states(cast) == [FileState.REFUSED]
    page = client.get(PIECE).text
    assert "data that identify a person" in page
    assert "529.982" not in page
    assert send(client, f"{PIECE}/1/reason", explanation="x").status_code == 409


def test_a_report_leaves_with_checked_files_only(cast: Cast, client: FlaskClient) -> None:
    report = cast.report_id("US", "CS-03")
    cast.fill(report, "focal.us")
    cast.sign_in(client, "focal.us")
    send(client, f"/evidence/new?report={report}", file=(io.BytesIO(b"a\n"), "a.txt"))
    form = {"csrf_token": token(client), "version": str(cast.version(report))}
    answer = client.post(f"/reports/{report}/ask-approval", data=form)
    assert answer.status_code == 422
    assert "still being checked" in answer.text
    check(cast)
    assert client.post(f"/reports/{report}/ask-approval", data=form).status_code == 303


def test_saving_the_form_leads_on_to_the_files_without_losing_text(cast: Cast, client: FlaskClient) -> None:
    report = cast.report_id("US", "CS-03")
    cast.sign_in(client, "focal.us")
    page = client.get(f"/reports/{report}").text
    assert 'name="then" value="add-file"' in page
    typed = {
        "csrf_token": token(client),
        "version": str(cast.version(report)),
        "content": "1",
        "summary": "Typed just now",
        "then": "add-file",
    }
    answer = client.post(f"/reports/{report}", data=typed)
    assert (answer.status_code, answer.location) == (303, f"/evidence/new?report={report}")
    send(client, answer.location)
    page = client.get(f"/reports/{report}").text
    assert "Typed just now" in page
    assert "An invented act" in page
    # The form that was open all the time can still be saved.
    again = typed | {"version": str(cast.version(report)), "summary": "Typed before", "then": "files"}
    assert client.post(f"/reports/{report}", data=again).location == f"/reports/{report}/evidence"
    sent = {"csrf_token": token(client), "evidence": NAME}
    assert client.post(f"/reports/{report}/evidence/detach", data=sent).status_code == 303
    assert count(cast, ReportEvidence) == 0
    assert "An invented act" in client.get(f"/reports/{report}/evidence").text, "it can be attached again"
    assert client.post(f"/reports/{report}/evidence", data=sent).status_code == 303
    assert client.post(f"/reports/{report}/evidence", data=sent).status_code == 303
    assert count(cast, ReportEvidence) == 1


def test_to_the_script_the_next_page_is_told(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    data = {"csrf_token": token(client), "name": NAME, "title": "x", "access": "public"}
    data["file"] = (io.BytesIO(samples.pdf()), "a.pdf")  # type: ignore[assignment]
    answer = client.post("/evidence/new", data=data, headers={"X-Requested-With": "upload"})
    assert (answer.status_code, answer.json) == (200, {"location": PIECE})


def test_names_of_files_come_back_as_they_were(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    send(client, file=(io.BytesIO(samples.pdf()), "Ñandutí (2025); año.pdf"))
    check(cast)
    given = client.get(f"{PIECE}/1/file").headers["Content-Disposition"]
    assert given == (
        'attachment; filename="_andut_ (2025); a_o.pdf";'
        " filename*=UTF-8''%C3%91andut%C3%AD%20%282025%29%3B%20a%C3%B1o.pdf"
    )


def test_a_photograph_is_given_out_without_where_it_was_taken(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    send(client, file=(io.BytesIO(samples.photograph()), "foto.jpg"))
    store = cast.app.extensions["tracker.store"]
    before = store.keys(older_than=cast.clock.now().replace(year=2100))
    check(cast)
    given = client.get(f"{PIECE}/1/file").data
    assert b"INVENTED" not in given
    assert given[:2] == b"\xff\xd8"
    assert client.get(f"{PIECE}/1/view/1").data == given
    assert before.isdisjoint(store.keys(older_than=cast.clock.now().replace(year=2100))), "the original is erased"


def test_links_are_kept_as_evidence_too(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    assert send(client, "/evidence/new?kind=link", file=None, url="javascript:alert(1)").status_code == 422
    assert send(client, "/evidence/new?kind=link", file=None, url="https://example.org/act").location == PIECE
    assert "https://example.org/act" in client.get(PIECE).text
    newer = {"file": (io.BytesIO(samples.pdf()), "a.pdf"), "seen": "0"}
    assert send(client, f"{PIECE}/versions", **newer).status_code == 409, "a link has no versions"


def test_a_title_that_looks_personal_needs_an_explanation(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "focal.us")
    title = "Statement of the victim Juana Inventada"
    answer = send(client, title=title)
    assert answer.status_code == 422
    assert 'name="explanation"' in answer.text
    assert 'name="explanation"' not in client.get("/evidence/new").text
    assert send(client, title=title, explanation="An invented name of a training case.").status_code == 303
