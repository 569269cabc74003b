"""Each mail of the catalogue: its text as stored here, and HTML that holds whatever people typed."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scripts import mail_texts
from tests.support import html as pages
from tracker.mail import messages
from tracker.mail.rendering import LONGEST_SUBJECT, WIDTH, Rendered
from tracker.mail.sample_facts import SITE, Facts, invented, using
from tracker.mail.samples import SAMPLES

LANGUAGES = mail_texts.LANGUAGES
HOSTILE = "Ana <script>alert(1)</script> \"'&amp;%(name)s %s {{ 7*7 }} {% raw %}\r\nBcc: all@example.test\u2028\x07"
NEVER_CLOSED = {"meta", "br", "img", "link", "hr"}


def hostile(language: str) -> Facts:
    """The invented facts with an attack in the place of every word that a person typed."""
    usual = invented(language)
    return replace(
        usual,
        reader=HOSTILE,
        other=HOSTILE,
        institution=HOSTILE,
        organisation=HOSTILE,
        party=HOSTILE,
        other_party=HOSTILE,
        commitments=tuple((code, HOSTILE) for code, _title in usual.commitments),
        typed=HOSTILE,
    )


class Tags(HTMLParser):
    """Every tag closed in its order; where links lead; the ids of text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.names: set[str] = set()
        self.plain_tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.names.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]
        self.plain_tables += tag == "table" and found.get("role") != "presentation"
        if tag not in NEVER_CLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> where {self.open[-3:]} is open"


def read(mail: Rendered) -> Tags:
    tags = Tags()
    tags.feed(mail.html)
    tags.close()
    assert tags.open == []
    return tags


@pytest.mark.parametrize("name", SAMPLES)
def test_text_is_the_stored_one(name: str) -> None:
    for language in LANGUAGES:
        mail = SAMPLES[name](language)
        path = mail_texts.FOLDER / f"{name}.{language}.txt"
        assert path.is_file(), f"{path.name} is missing: make mails writes it"
        stored = path.read_text("utf-8")
        assert f"{mail.subject}\n\n{mail.text}" == stored, f"{path.name} says another thing: make mails, and read it"


def test_nothing_is_stored_of_mails_that_are_gone() -> None:
    wanted = {f"{name}.{language}.txt" for name in SAMPLES for language in LANGUAGES}
    assert {path.name for path in mail_texts.FOLDER.iterdir()} <= wanted


def test_every_module_of_mails_has_samples() -> None:
    modules = {path.stem for path in Path(messages.__file__).parent.glob("*.py")} - {"__init__"}
    assert modules <= {name.partition(".")[0] for name in SAMPLES}, "add a sample to tracker/mail/samples.py"


@pytest.mark.parametrize("name", SAMPLES)
def test_what_people_typed_stays_text(name: str) -> None:
    for language in LANGUAGES:
        with using(hostile(language)):
            mail = SAMPLES[name](language)
        assert len(mail.subject) <= LONGEST_SUBJECT
        assert mail.subject.isprintable(), "a subject is one line"
        tags = read(mail)
        assert "script" not in tags.names
        assert "<script>" not in mail.html
        assert "{{ 7*7 }} {% raw %}" in mail.html


@pytest.mark.parametrize("name", SAMPLES)
def test_html_needs_nothing_from_elsewhere(name: str) -> None:
    for language in LANGUAGES:
        mail = SAMPLES[name](language)
        tags = read(mail)
        assert all(address.startswith(SITE.base_url) for address in tags.addresses), tags.addresses
        assert set(re.findall(r"https?://[^/\"\s<]+", mail.html)) <= {SITE.base_url}
        assert not {"img", "link", "form", "iframe", "object", "svg", "video"} & tags.names
        assert "url(" not in mail.html
        assert "@import" not in mail.html
        assert tags.plain_tables == 0, "tables that only place things say so: role=presentation"
        assert f'<html lang="{language}" dir="ltr">' in mail.html
        assert "prefers-color-scheme: dark" in mail.html
        assert "[data-ogsc]" in mail.html
        assert '<meta name="color-scheme" content="light dark">' in mail.html
        assert mail.html.count("<h1") == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_text_and_html_say_the_same(name: str) -> None:
    for language in LANGUAGES:
        mail = SAMPLES[name](language)
        said = re.sub(r"<[^>]*>", " ", re.sub(r"<!--.*?-->", "", mail.html.partition("<body")[2], flags=re.DOTALL))
        words = set(re.findall(r"[^\W\d_]{4,}", said))
        missing = {word for word in re.findall(r"[^\W\d_]{4,}", mail.text) if word not in words} - {"https"}
        assert not {word for word in missing if word not in mail.html}
        for address in set(re.findall(rf"{re.escape(SITE.base_url)}\S+", mail.text)):
            assert f'href="{address}"' in mail.html
        lines = mail.text.splitlines()
        assert all(len(line) <= WIDTH or line.lstrip().startswith("https://") for line in lines)
        assert "\n\n\n" not in mail.text


def test_html_is_valid(request: pytest.FixtureRequest) -> None:
    """Kept for the check at the end of the run, beside the pages of the site."""
    folder = pages.page_folder(request.config)
    for name, made in SAMPLES.items() if folder is not None else ():
        pages.keep(folder, f"mail {name}", made("es").html)
