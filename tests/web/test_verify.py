"""Verification: by a code however it was typed, and by a copy that is looked at and not kept."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.issue_scene import issue, read, withdraw
from tests.support.sending import token
from tracker.services import issued_reports_read, verification
from tracker.services.issued_reports_read import Issue


def copy(cast: Cast, one: Issue, language: str = "es", form: str = "pdf") -> bytes:
    with cast.reading() as session:
        content = issued_reports_read.document(session, one, language, form).content
    assert content is not None
    return content


def upload(
    client: FlaskClient, content: bytes | None, path: str = "/verify/file", name: str = "copy.pdf"
) -> TestResponse:
    data: dict[str, object] = {"csrf_token": token(client)}
    if content is not None:
        data["file"] = (io.BytesIO(content), name)
    return client.post(path, data=data, content_type="multipart/form-data")


def heading(answer: TestResponse) -> str:
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    return page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0]


def test_a_code_however_it_was_typed(cast: Cast, client: FlaskClient) -> None:
    one = issue(cast)
    bare = one.slug.replace("-", "")
    for typed in (one.code, bare, f" {bare[:4]} {bare[4:]} ", one.code.replace("-", "\u2013")):
        answer = client.get("/verify", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (303, f"/verify/{one.slug}")
    for typed in (one.code, bare):
        answer = client.get(f"/verify/{typed}")
        assert (answer.status_code, answer.location) == (301, f"/verify/{one.slug}")
    page = client.get(f"/verify/{one.slug}").get_data(as_text=True)
    assert "SR 1/2026 stands" in page
    assert "0 of 15 reported" in page
    with cast.reading() as session:
        assert all(d.sha256 in page for d in issued_reports_read.documents(session, one))


def test_what_became_of_it_is_told(cast: Cast, client: FlaskClient) -> None:
    first = issue(cast)
    second = issue(cast, replaces=first.id, reason="A date was corrected.")
    page = client.get(f"/verify/{first.slug}").get_data(as_text=True)
    assert "SR 1/2026 was replaced" in page
    assert second.slug in page
    withdraw(cast, read(cast, second.id), "Issued by mistake.")
    page = client.get(f"/verify/{second.slug}").get_data(as_text=True)
    assert "SR 2/2026 was withdrawn" in page
    assert "Issued by mistake." in page
    assert "0 of 15 reported" in page, "what it said is still told"
    assert f"{second.slug}.pdf" not in page, "its documents are not given out"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("", 422),
        ("hello", 422),
        ("7KQM-4XW0", 422),
        ("7KQM-4XWP", 404),
        ("<script>", 422),
        ("\u202egpj", 422),
        ("x" * 5000, 422),
    ],
)
def test_what_is_no_code_or_none_of_ours(cast: Cast, client: FlaskClient, typed: str, status: int) -> None:
    answer = client.get("/verify", query_string={"code": typed})
    assert answer.status_code == status
    assert "There is a problem" in answer.get_data(as_text=True)
    assert "<script>" not in answer.get_data(as_text=True)
    assert "\u202e" not in answer.get_data(as_text=True)
    if typed:
        assert client.get(f"/verify/{typed}", follow_redirects=True).status_code == 404


def test_a_copy_is_recognised_without_a_code(cast: Cast, client: FlaskClient) -> None:
    one = issue(cast)
    answer = upload(client, copy(cast, one, "es", "docx"), name="whatever.bin")
    assert heading(answer) == "Genuine"
    page = answer.get_data(as_text=True)
    assert "DOCX, Spanish" in page
    assert one.number in page


def test_a_copy_against_a_code(cast: Cast, client: FlaskClient) -> None:
    one, other = issue(cast), issue(cast, "gt-2026")
    path = f"/verify/{one.slug}/file"
    assert heading(upload(client, copy(cast, one), path)) == "Genuine"
    answer = upload(client, copy(cast, other), path)
    assert heading(answer) == "Another document"
    assert other.number in answer.get_data(as_text=True)
    content = copy(cast, one)
    for altered in (content + b" ", content[:-1], content.replace(b"1", b"2", 1), b"%PDF-1.7"):
        assert heading(upload(client, altered, path)) == "Not a document as it was issued"
    issue(cast, replaces=one.id, reason="A date was corrected.")
    assert heading(upload(client, content, path)) == "Genuine, and replaced since"
    withdraw(cast, read(cast, one.id))
    assert heading(upload(client, content, path)) == "Genuine, and withdrawn"


def test_nothing_sent_an_empty_file_one_too_large(
    cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Choose a file." in upload(client, None).get_data(as_text=True)
    assert "The file is empty" in upload(client, b"").get_data(as_text=True)
    monkeypatch.setattr(verification, "MOST_BYTES", 1000)
    answer = upload(client, b"x" * 1001)
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.get_data(as_text=True)
    assert client.post("/verify/file", data={"file": (io.BytesIO(b"x"), "x")}).status_code in (400, 401, 403)


def test_a_body_beyond_the_limit_is_not_looked_at(cast: Cast, client: FlaskClient) -> None:
    kind = "multipart/form-data; boundary=x"
    size = 26 * 1024 * 1024
    answer = client.post("/verify/file", input_stream=io.BytesIO(bytes(size)), content_length=size, content_type=kind)
    assert answer.status_code == 413


def test_the_copy_is_not_kept(cast: Cast, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    marker = b"a very particular copy"
    upload(client, marker * 10_000, name="particular-name.pdf")
    settings = cast.app.extensions["tracker.settings"]
    for path in Path(settings.data_dir).rglob("*"):
        if path.is_file():
            assert marker not in path.read_bytes(), path
    assert "particular" not in caplog.text


def test_only_the_page_with_the_form_sets_a_cookie(cast: Cast, client: FlaskClient) -> None:
    one = issue(cast)
    for path in ("/verify", "/status-reports", f"/verify/{one.slug}", f"/status-reports/{one.slug}"):
        assert "Set-Cookie" not in client.get(path).headers, path
