"""A letter's two bodies say the same; what people typed cannot break either, nor the header."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tracker.mail import messages, mjml
from tracker.mail.rendering import Button, Heading, Item, Items, Letter, Paragraph, Quote, Rendered, Words, render

NASTY = "Ana <script>alert(1)</script>\r\nBcc: all@example.test"

LETTER = Letter(
    subject="Due\r\nBcc: x@example.test",
    greeting="Dear <Ana>,",
    parts=(
        Heading("What waits"),
        Paragraph("word " * 40),
        Quote("first line\nsecond <b>line</b>"),
        Items((Item("CS-03: Protection", "https://tracker.test/reports/1", "overdue", urgent=True), Item("Plain"))),
        Button("Open", "https://tracker.test/reports/1?x=" + "y" * 90),
    ),
    why="Because.",
    settings_url="https://tracker.test/account",
)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html.partition("<body")[2]))


def test_text_and_html_say_the_same() -> None:
    mail = render(LETTER, "en")
    for said in ("What waits", "CS-03: Protection", "overdue", "Plain", "Because.", "Dear &lt;Ana&gt;,"):
        assert said in words(mail.html)
        assert said.replace("&lt;", "<").replace("&gt;", ">") in mail.text
    assert mail.html.count("https://tracker.test/reports/1") == 3
    assert mail.text.count("https://tracker.test/reports/1") == 2


def test_text_is_wrapped_and_links_stand_whole() -> None:
    lines = render(LETTER, "en").text.splitlines()
    assert all(len(line) <= 72 or "https://" in line for line in lines)
    assert LETTER.parts[4].href in lines  # type: ignore[union-attr]
    assert "> first line" in lines
    assert "> second <b>line</b>" in lines
    assert "\n\n\n" not in render(LETTER, "en").text


def test_what_people_typed_is_escaped_in_html() -> None:
    mail = render(LETTER, "en")
    assert "<b>line" not in mail.html
    assert "<Ana>" not in mail.html


def test_subject_is_one_line() -> None:
    assert render(LETTER, "en").subject == "Due Bcc: x@example.test"
    assert len(Rendered("x" * 1000, "", "", "en").subject) == 200
    assert Rendered("a\u2028b\x00c\td", "", "", "en").subject == "a b c d"


def test_the_foot_says_how_to_change_it() -> None:
    mail = render(replace(LETTER, unsubscribe_url="https://tracker.test/mail/stop/k/reminders"), "en")
    for body in (mail.text, mail.html):
        why, reply, rarer, all_of_it = (
            body.index(said)
            for said in ("Because.", "goes to the Secretariat", "Get fewer mails of this kind", "What mail you get")
        )
        assert why < reply < rarer < all_of_it
        assert "https://tracker.test/mail/stop/k/reminders" in body
    assert "Get fewer mails" not in render(LETTER, "en").html


def test_the_list_of_mails_shows_the_first_sentence() -> None:
    assert len(LETTER.preview) == 140
    assert render(LETTER, "en").html.index("word word") < render(LETTER, "en").html.index("<h1")
    assert replace(LETTER, parts=()).preview == "Because."


def test_codes_stay_whole_in_the_heading() -> None:
    html = render(replace(LETTER, subject="Part ready: CS-03.a <b>"), "en").html
    assert '<span style="white-space:nowrap">CS-03.a</span> &lt;b&gt;</h1>' in html


def test_mjml_that_is_not_right_is_refused() -> None:
    assert "<table" in mjml.compiled("<mjml><mj-body><mj-section><mj-column /></mj-section></mj-body></mjml>")
    for wrong in ("<mjml><mj-body>", "<mjml><mj-body><mj-nothing /></mj-body></mjml>"):
        with pytest.raises(ValueError, match="MJML"):
            mjml.compiled(wrong)


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_mails_about_accounts(language: str) -> None:
    url = "https://tracker.test/reset/abc"
    for mail in (
        messages.password_reset(NASTY, language, url, 1),
        messages.invitation(NASTY, language, url, 7, NASTY, "Focal point"),
    ):
        assert "\n" not in mail.subject
        assert url in mail.text
        assert f'href="{url}"' in mail.html
        assert "<script>" not in mail.html
        assert f'lang="{language}"' in mail.html


def test_plural_and_placeholders() -> None:
    _ = Words("en")
    assert _.ngettext("%(count)s day", "%(count)s days", 1) == "1 day"
    assert _.ngettext("%(count)s day", "%(count)s days", 3) == "3 days"
    assert _("100% done") == "100% done"
