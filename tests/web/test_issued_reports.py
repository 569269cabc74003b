"""The pages of issued reports: previewed, issued, read by everybody, replaced, withdrawn, compared; and who may not."""

from __future__ import annotations

import hashlib

import pytest
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.issue_scene import PLAIN, begin, issue, read, withdraw
from tests.support.sending import send
from tracker.domain.vocabulary import PublicationState, ReportState
from tracker.services import issued_reports_read
from tracker.web import issue_pages

HIDDEN = ("open-draft", "Invented ")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents of one line: what they hold is tested with the documents."""
    monkeypatch.setattr(issue_pages, "RENDERERS", PLAIN)


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    page = client.get(path)
    assert page.status_code == status, path
    return page.get_data(as_text=True)


def test_from_preview_to_issue_to_replacement(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    assert "/admin/issuing/br-2026" in text(client, "/admin/issuing")
    assert "/admin/issuing/br-2026" in text(client, "/status-reports/br-2026")
    assert "Preview: not issued yet" in text(client, "/admin/issuing/br-2026")
    answer = send(client, "/admin/issuing/br-2026", replaces="0")
    assert answer.status_code == 303
    page = text(client, answer.location)
    assert "SR 1/2026 is issued." in page
    assert "It stands." in page
    # A second click on the page that is still open: somebody, or the same person, was faster.
    assert send(client, "/admin/issuing/br-2026", replaces="0").status_code == 409
    preview = text(client, "/admin/issuing/br-2026")
    assert "It replaces" in preview
    with cast.reading() as session:
        first = issued_reports_read.current(session, "br-2026")
        assert first is not None
    assert send(client, "/admin/issuing/br-2026", replaces=first.id, reason="").status_code == 422
    refused = send(client, "/admin/issuing/br-2026", replaces=first.id, reason="Asked by Rosa Pérez, rosa@example.com")
    assert refused.status_code == 422
    assert "rosa@example.com" in refused.get_data(as_text=True), "what was typed is kept"
    second = send(client, "/admin/issuing/br-2026", replaces=first.id, reason="A date was <b>corrected</b>.")
    assert second.status_code == 303
    old = text(client, f"/status-reports/{first.slug}")
    assert "Replaced on" in old
    assert "A date was &lt;b&gt;corrected&lt;/b&gt;." in old
    assert second.location in old
    assert first.slug in text(client, second.location)
    both = text(client, f"/status-reports/{first.slug}/differences{second.location.removeprefix('/status-reports')}")
    assert "The two reports say the same." in both


def test_a_report_asked_for_while_another_is_being_made(cast: Cast, client: FlaskClient) -> None:
    one = read(cast, begin(cast, "br-2026"))
    cast.sign_in(client, "admin")
    assert "is being prepared right now" in text(client, "/admin/issuing/br-2026")
    answer = send(client, "/admin/issuing/br-2026", replaces="0")
    assert answer.status_code == 422
    assert "is being prepared right now" in answer.get_data(as_text=True)
    assert "is being prepared" in text(client, f"/status-reports/{one.slug}")
    assert "is being prepared" in text(client, f"/status-reports/{one.slug}.pdf", 404)
    assert "is being prepared" in text(client, f"/verify/{one.slug}")
    assert one.number not in text(client, "/status-reports")


def test_where_making_the_documents_fails_the_number_is_kept(
    cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_report: object) -> bytes:
        raise OSError("no room on the disk")

    monkeypatch.setattr(issue_pages, "RENDERERS", {kind: {"pdf": broken} for kind in PLAIN})
    cast.sign_in(client, "admin")
    answer = send(client, "/admin/issuing/br", standing="", reason="")
    assert answer.status_code == 303
    assert "its documents follow" in text(client, answer.location)


def test_documents_are_the_kept_bytes_in_the_language_asked_for(cast: Cast, client: FlaskClient) -> None:
    one = issue(cast)
    with cast.reading() as session:
        kept = {(d.language, d.format): d.sha256 for d in issued_reports_read.documents(session, one)}
    for form, media in (("pdf", "application/pdf"), ("json", "application/json")):
        answer = client.get(f"/status-reports/{one.slug}.{form}?lang=fr")
        assert hashlib.sha256(answer.data).hexdigest() == kept["fr", form]
        assert answer.content_type == media
        assert answer.headers["ETag"] == f'"{kept["fr", form]}"'
        assert f'filename="SR-1-2026-br-2026-fr.{form}"' in answer.headers["Content-Disposition"]
        same = client.get(
            f"/status-reports/{one.slug}.{form}?lang=fr", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert same.status_code == 304
    assert client.get(f"/status-reports/{one.slug}.exe").status_code == 404
    redirected = client.get(f"/status-reports/{one.code}.pdf")
    assert (redirected.status_code, redirected.location) == (301, f"/status-reports/{one.slug}.pdf")


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_every_page_in_every_language(cast: Cast, client: FlaskClient, language: str) -> None:
    one = issue(cast)
    other = issue(cast, "br-2026", replaces=one.id, reason="A date was corrected.")
    withdrawn = withdraw(cast, issue(cast, "gt-2026"))
    for path in (
        "/status-reports",
        "/status-reports?order=name&state=br&kind=states",
        f"/status-reports/{one.slug}",
        f"/status-reports/{other.slug}",
        f"/status-reports/{withdrawn.slug}",
        f"/status-reports/{one.slug}/differences/{other.slug}",
        f"/verify/{one.slug}",
        f"/verify/{withdrawn.slug}",
    ):
        page = text(client, f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert f'<html lang="{language}"' in page
        assert f"Invented {''}admin" not in page, "who issued is not told"
        assert len(page) < 150_000


def test_a_withdrawn_report_says_so_and_gives_out_nothing(cast: Cast, client: FlaskClient) -> None:
    one = issue(cast)
    cast.sign_in(client, "admin")
    path = f"/status-reports/{one.slug}/withdraw"
    assert "This cannot be undone" in text(client, path)
    assert send(client, path, version=one.version, reason="").status_code == 422
    assert send(client, path, version=one.version - 1, reason="Issued by mistake.").status_code == 409
    assert send(client, path, version=one.version, reason="Issued by mistake.").status_code == 303
    assert send(client, path, version=one.version, reason="Issued by mistake.").status_code == 409
    visitor = cast.app.test_client()
    page = text(visitor, f"/status-reports/{one.slug}")
    assert "SR 1/2026 was withdrawn" in page
    assert "Issued by mistake." in page
    gone = text(visitor, f"/status-reports/{one.slug}.pdf", 410)
    assert "This document is no longer given out." in gone
    assert "Was withdrawn" in text(visitor, "/status-reports")


def test_a_rhythm_is_set_on_its_own_page(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    path = "/admin/issuing/br/rhythm"
    assert "At the end of a cycle only" in text(client, "/admin/participation/br")
    assert path in text(client, "/admin/participation/br")
    assert send(client, path, rhythm="issue_quarterly", seen="issue_never").status_code == 303
    assert send(client, path, rhythm="issue_yearly", seen="issue_never").status_code == 409
    assert send(client, path, rhythm="hourly", seen="issue_quarterly").status_code == 422
    assert "next on 1 April 2026" in text(client, "/admin/issuing")
    assert client.get("/admin/issuing/zz/rhythm").status_code == 404


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"admin", "admin2"}))
def test_issuing_is_refused_to_all_others(cast: Cast, client: FlaskClient, name: str) -> None:
    one = issue(cast, "br-2026", None)
    cast.sign_in(client, name)
    for path in (
        "/admin/issuing",
        "/admin/issuing/gt-2026",
        "/admin/issuing/br/rhythm",
        f"/status-reports/{one.slug}/withdraw",
    ):
        assert client.get(path).status_code == 403, path
        if path != "/admin/issuing":
            assert (
                send(client, path, version=one.version, replaces="0", reason="x", rhythm="issue_yearly").status_code
                == 403
            )
    page = text(client, f"/status-reports/{one.slug}")
    assert "/withdraw" not in page
    assert "/admin/issuing" not in text(client, "/status-reports/br-2026")
    assert read(cast, one.id).state is PublicationState.ISSUED


def test_nothing_that_is_not_public_is_frozen(cast: Cast, client: FlaskClient) -> None:
    for code, wanted in (("CS-01", ReportState.AWAITING_APPROVAL), ("CS-02", ReportState.RATING_PROPOSED)):
        cast.bring_to(cast.report_id("BR", code), wanted)
    one = issue(cast)
    pages = [text(client, f"/status-reports/{one.slug}")]
    pages += [client.get(f"/status-reports/{one.slug}.{form}").get_data(as_text=True) for form in ("pdf", "json")]
    for page in pages:
        for secret in ("An invented answer.", "Invented reasons.", "Invented focal", "example.org/restricted"):
            assert secret not in page


@pytest.mark.parametrize(
    "path",
    [
        "/status-reports/7kqm-4xwp",
        "/status-reports/7kqm-4xw0",
        "/status-reports/7kqm-4xwp.pdf",
        "/status-reports/7kqm-4xwp/differences/7kqm-4xwp",
        "/status-reports/7kqm-4xwp/differences/br-2026",
        "/status-reports?page=0",
        "/status-reports?page=99",
        "/status-reports?page=٣",
        "/verify/7kqm-4xwp/file",
    ],
)
def test_what_there_is_not(cast: Cast, client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_filter_that_matches_nothing_offers_the_way_back(cast: Cast, client: FlaskClient) -> None:
    assert "No report has been issued yet." in text(client, "/status-reports")
    issue(cast)
    page = text(client, "/status-reports?state=gt")
    assert "Nothing was issued that matches." in page
    assert "Show all issued reports" in page
    assert "Nothing was issued that matches." in text(client, "/status-reports?state=zz&kind=%00")
