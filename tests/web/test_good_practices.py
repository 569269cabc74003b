"""The pages of good practices: who is refused at which door, what everybody reads, typed text that is never lost."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests import practice_scene as scene
from tests.cast import PEOPLE, Cast
from tests.support.sending import send, statements
from tracker.services import good_practices

STAFF = {"admin", "admin2", "reviewer", "reviewer2"}
STATE = {"focal.br", "alternate.br", "approver.br"}
OTHER_STATE = {"focal.gt", "approver.gt"}
NO_PART = {"observer", "contributor.br", "contributor.gt"}
TYPED = {
    "title": "An invented <b>harbour</b>",
    "text": "Líneas 1\nLíneas 2",
    "language": "es",
    "url": "https://example.org/more",
}


def as_(cast: Cast, who: str | None) -> FlaskClient:
    client = cast.app.test_client()
    if who:
        cast.sign_in(client, who)
    return client


def hidden(client: FlaskClient, path: str) -> str:
    """The version that the page's form carries."""
    page = client.get(path).get_data(as_text=True)
    return page.partition('name="version" value="')[2].partition('"')[0]


class TestDoors:
    def test_who_opens_which_page(self, cast: Cast) -> None:
        commitment = scene.rated(cast)
        waits = f"/good-practices/manage/{scene.make(cast)}"
        pages = {
            "/good-practices/manage": (STAFF | STATE | OTHER_STATE | {"secretariat"}, 403),
            f"/commitments/{commitment}/good-practice": (STAFF | STATE, None),
            waits: (STAFF | STATE, None),
            f"{waits}/edit": (STATE, None),
        }
        people = (
            "admin",
            "reviewer",
            "focal.br",
            "approver.br",
            "focal.gt",
            "secretariat",
            "observer",
            "contributor.br",
        )
        assert set(people) <= PEOPLE.keys()
        for who in (*people, None):
            client = as_(cast, who)
            for path, (let_in, refused) in pages.items():
                status = client.get(path).status_code
                if who is None:
                    assert status == 302, path
                elif who in let_in:
                    assert status == 200, (who, path)
                elif path.endswith("/edit") and who in STAFF:
                    assert status == 303, (who, path)
                else:
                    assert status in ({refused} if refused else {403, 404}), (who, path)
        assert as_(cast, None).get(waits.replace("manage/", "")).status_code == 404

    def test_who_may_change_anything(self, cast: Cast) -> None:
        commitment = scene.rated(cast)
        made = scene.make(cast)
        here = f"/good-practices/manage/{made}"
        posts = {
            f"/commitments/{commitment}/good-practice": TYPED,
            f"{here}/edit": {**TYPED, "version": "1"},
            f"{here}/agree": {"version": "1"},
            f"{here}/decline": {"version": "1", "reason": scene.REASON},
            f"{here}/take-back": {"version": "1", "reason": scene.REASON},
        }
        for who in ("focal.gt", "observer", "contributor.br", "secretariat", None):
            client = as_(cast, who)
            for path, typed in posts.items():
                assert send(client, path, **typed).status_code in ((401,) if who is None else (403, 404)), (who, path)
        own, staff = as_(cast, "focal.br"), as_(cast, "reviewer")
        for path in (f"{here}/agree", f"{here}/decline"):
            assert send(own, path, **posts[path]).status_code == 403
        for path in (f"{here}/edit", f"{here}/take-back"):
            assert send(staff, path, **posts[path]).status_code == 403
        record = scene.stored(cast, made)
        assert (record.version, record.title) == (1, scene.TITLE)


class TestWays:
    def test_proposed_changed_agreed_taken_back(self, cast: Cast) -> None:
        commitment = scene.rated(cast)
        staff, own, visitor = as_(cast, "reviewer"), as_(cast, "approver.br"), as_(cast, None)
        path = f"/commitments/{commitment}/good-practice"
        assert path in staff.get(f"/commitments/{commitment}").get_data(as_text=True)
        assert path in own.get(f"/commitments/{commitment}").get_data(as_text=True)
        sent = send(staff, path, **TYPED)
        assert sent.status_code == 303
        here = sent.location
        public = here.replace("manage/", "")
        assert visitor.get(public).status_code == 404
        assert "An invented" not in visitor.get("/good-practices").get_data(as_text=True)
        assert "An invented &lt;b&gt;harbour&lt;/b&gt;" in own.get("/good-practices/manage").get_data(as_text=True)
        seen = hidden(own, here)
        changed = TYPED | {"title": "A better title"}
        assert send(staff, f"{here}/edit", **changed, version=hidden(staff, f"{here}/edit")).status_code == 303
        stale = send(own, f"{here}/agree", version=seen)
        assert stale.status_code == 409
        assert "A better title" in stale.text
        assert send(own, f"{here}/agree", version=hidden(own, here)).status_code == 303
        page = visitor.get(public).get_data(as_text=True)
        for text in ("A better title", 'lang="es"', "https://example.org/more", "nofollow", "Brazil", "CS-03"):
            assert text in page
        for linked in ("/states/br/CS-03", "/good-practices?state=br&provision=cs-03&pillar=protection"):
            assert public in visitor.get(linked).get_data(as_text=True)
        assert "/good-practices?provision=cs-03" in visitor.get("/provisions/CS-03").get_data(as_text=True)
        assert "A better title" in visitor.get("/hemispheric-report/2026").get_data(as_text=True)
        empty = send(own, f"{here}/take-back", version=hidden(own, here), reason="")
        assert empty.status_code == 422
        gone = send(own, f"{here}/take-back", version=hidden(own, here), reason=scene.REASON)
        assert gone.status_code == 303
        assert scene.REASON in staff.get(here).get_data(as_text=True)
        assert visitor.get(public).status_code == 404
        assert "A better title" not in visitor.get("/hemispheric-report/2026").get_data(as_text=True)

    def test_what_was_typed_stays(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "focal.br")
        path = f"/commitments/{cast.commitment_id('BR', 'CS-03')}/good-practice?lang=en"
        for typed, said in (
            ({"title": ""}, "Fill in “Title”."),
            ({"language": "xx"}, "Choose one of the list"),
            ({"url": "javascript:alert(1)"}, "Enter an address that begins with"),
            ({"text": "Write to joana@example.org"}, "joana@example.org"),
        ):
            sent = send(client, path, **(TYPED | typed))
            assert sent.status_code == 422
            assert said in sent.text
            for text in (TYPED | typed | {"language": ""}).values():
                assert text.partition("<")[0].partition("\n")[0] in sent.text

    def test_both_texts_where_a_colleague_was_faster(self, cast: Cast, client: FlaskClient) -> None:
        here = f"/good-practices/manage/{scene.make(cast)}"
        cast.sign_in(client, "focal.br")
        seen = hidden(client, f"{here}/edit")
        made = int(here.rpartition("/")[2])
        scene.act(cast, good_practices.edit, made, "alternate.br", content=scene.content("Of the colleague"))
        late = send(client, f"{here}/edit", **TYPED, version=seen)
        assert late.status_code == 409
        assert "Of the colleague" in late.text
        assert "An invented &lt;b&gt;" in late.text
        assert scene.stored(cast, made).title == "Of the colleague"


class TestLists:
    def test_empty_filters_and_pages(self, cast: Cast, client: FlaskClient) -> None:
        assert "No good practice is shared yet" in client.get("/good-practices").get_data(as_text=True)
        scene.shared(cast)
        page = client.get("/good-practices?state=pe").get_data(as_text=True)
        assert "Nothing matches these filters" in page
        assert 'href="/good-practices"' in page
        for path in ("/good-practices?page=2", "/good-practices?page=0", "/good-practices?page=x"):
            assert client.get(path).status_code == 404
        for path in ("/good-practices/999", "/good-practices/0", "/good-practices/x", "/good-practices/99999999999999"):
            assert client.get(path).status_code == 404
        for path in (
            "/good-practices?state=%00",
            "/good-practices?pillar=' or 1",
            "/good-practices?provision=" + "x" * 500,
        ):
            assert client.get(path).status_code == 200

    def test_as_many_queries_with_more(self, cast: Cast, client: FlaskClient) -> None:
        scene.shared(cast)
        with statements(cast.app) as few:
            client.get("/good-practices?lang=es")
        for party, code in (("GT", "CS-03"), ("GT", "CS-05"), ("BR", "CS-06")):
            scene.shared(cast, who=f"focal.{party.lower()}", party=party, code=code)
        with statements(cast.app) as more:
            client.get("/good-practices?lang=fr")
        assert len(few) == len(more)


class TestHemisphericPage:
    def test_page_documents_and_addresses(self, cast: Cast, client: FlaskClient) -> None:
        assert client.get("/hemispheric-report").location == "/hemispheric-report/2026"
        for language, name in (
            ("en", "United States"),
            ("es", "Estados Unidos"),
            ("pt", "São Vicente"),
            ("fr", "États-Unis"),
        ):
            page = client.get(f"/hemispheric-report/2026?lang={language}")
            assert page.status_code == 200
            assert name in page.text
            assert len(page.data) < 150_000
        for form, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("json", b"{")):
            got = client.get(f"/hemispheric-report/2026.{form}?lang=pt")
            assert got.data.startswith(begins)
            assert f"hemispheric-report-2026-pt.{form}" in got.headers["Content-Disposition"]
        for path in (
            "/hemispheric-report/2031",
            "/hemispheric-report/x%00",
            "/hemispheric-report/2026.exe",
            "/hemispheric-report/2031.pdf",
        ):
            assert client.get(path).status_code == 404
