"""The wording of mails in the browser, and who is refused there."""

from __future__ import annotations

from html import unescape

import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.sending import send, statements
from tracker.mail.samples import SAMPLES
from tracker.mail.texts import key
from tracker.models import MailText

GREETING = key("Dear %(name)s,")
MAIL = "/admin/mail/texts/es/notices.return"
SENTENCE = f"{MAIL}/{GREETING}"
GETS = ["/admin/mail/texts", "/admin/mail/texts?language=fr", MAIL, f"{MAIL}/html", SENTENCE]
POSTS = [SENTENCE, f"{SENTENCE}/shipped", f"/admin/mail/texts/es/outdated/{GREETING}/remove"]
FIELDS = {"text": "Hola %(name)s:", "version": "0"}


def stored(cast: Cast) -> list[str]:
    with cast.reading() as session:
        return list(session.scalars(sa.select(MailText.text)))


class TestDoors:
    def test_for_administrators_only(self, cast: Cast, client: FlaskClient) -> None:
        for address in GETS:
            assert client.get(address).status_code == 302
        for name in sorted(set(PEOPLE) - {"admin", "admin2"}):
            cast.sign_in(client, name)
            for address in GETS:
                assert client.get(address).status_code == 403, (name, address)
            for address in POSTS:
                assert send(client, address, **FIELDS).status_code == 403, (name, address)
        cast.sign_in(client, "admin")
        for address in POSTS:
            assert client.post(address, data=FIELDS).status_code == 400
        assert stored(cast) == []

    def test_unknown_addresses(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        for address in (
            "/admin/mail/texts/xx/notices.return",
            "/admin/mail/texts/es/notices.nothing",
            "/admin/mail/texts/es/%00",
            f"{MAIL}/{'0' * 64}",
            f"{MAIL}/%00",
        ):
            assert client.get(address).status_code == 404, address
        for address in (f"{MAIL}/nothing/shipped", "/admin/mail/texts/es/outdated/%00/remove"):
            assert send(client, address, version="1").status_code == 404, address

    def test_all_languages_and_few_queries(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        for address in GETS:
            for lang in ("en", "es", "pt", "fr"):
                sign = "&" if "?" in address else "?"
                assert client.get(f"{address}{sign}lang={lang}").status_code == 200, address
            with statements(cast.app) as found:
                client.get(address)
            assert len(found) <= 9, found


class TestChange:
    def test_a_sentence_and_back(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        answer = send(client, SENTENCE, **FIELDS)
        assert (answer.status_code, answer.location) == (303, MAIL)
        page = unescape(client.get(MAIL).get_data(as_text=True))
        assert "Hola Invented admin:" in page
        assert "Hola %(name)s:" in page
        assert "Invented admin" in unescape(client.get(SENTENCE).get_data(as_text=True))
        assert "1 sentence changed" in client.get("/admin/mail/texts?language=es&lang=en").get_data(as_text=True)
        assert send(client, f"{SENTENCE}/shipped", version="7").status_code == 409
        assert send(client, f"{SENTENCE}/shipped", version="1").status_code == 303
        assert stored(cast) == []

    def test_what_is_wrong_stays_typed(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        for typed, told in (
            ("Hola <b>%(name)s 100%", "write %% for a percent sign"),
            ("Hola <b>", "must hold every name"),
            ("Hola <b> %(name)s %(other)s", "holds a name that the shipped text does not have"),
            ("Hola <b> %(name)s\nBcc: x", "must stand on one line"),
            ("Hola <b> " + "x" * 3000, "is too long"),
        ):
            for do in ("", "text", "html"):
                answer = send(client, f"{SENTENCE}?lang=en", text=typed, version="0", do=do)
                page = answer.get_data(as_text=True)
                assert answer.status_code == 422
                assert told in unescape(page)
                assert typed in unescape(page)
                assert "Hola <b>" not in page
        assert stored(cast) == []

    def test_preview_keeps_nothing(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        answer = send(client, SENTENCE, do="text", **FIELDS)
        assert "Hola Invented admin:" in answer.get_data(as_text=True)
        answer = send(client, SENTENCE, do="html", text="Hola <script>alert(1)</script> %(name)s:", version="0")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "Hola &lt;script&gt;alert(1)&lt;/script&gt; Invented admin:" in answer.get_data(as_text=True)
        assert stored(cast) == []

    def test_both_texts_where_somebody_was_faster(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        send(client, SENTENCE, **FIELDS)
        answer = send(client, SENTENCE, text="Buenas %(name)s:", version="0")
        page = unescape(answer.get_data(as_text=True))
        assert answer.status_code == 409
        assert "Hola %(name)s:" in page
        assert "Buenas %(name)s:" in page
        assert stored(cast) == ["Hola %(name)s:"]

    def test_out_of_use(self, cast: Cast, client: FlaskClient) -> None:
        cast.sign_in(client, "admin")
        send(client, SENTENCE, **FIELDS)
        with cast.writing() as session:
            session.execute(sa.update(MailText).values(key="0" * 64, shipped="Dear old %(name)s,"))
        page = unescape(client.get("/admin/mail/texts").get_data(as_text=True))
        assert "Dear old %(name)s," in page
        answer = send(client, f"/admin/mail/texts/es/outdated/{'0' * 64}/remove", version="1")
        assert answer.status_code == 303
        assert stored(cast) == []


def test_mails_of_every_group_have_their_pages(cast: Cast, client: FlaskClient) -> None:
    cast.sign_in(client, "admin")
    for mail in {name.partition(".")[0]: name for name in SAMPLES}.values():
        assert client.get(f"/admin/mail/texts/fr/{mail}").status_code == 200, mail
