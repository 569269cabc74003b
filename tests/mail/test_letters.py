"""What goes over the wire: headers, addresses of the world, nothing that a line break could add."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.clock import START
from tests.support.smtp import SmtpServer
from tracker.mail.delivery import About, Refused, SmtpTransport
from tracker.mail.letters import Unwritable, compose
from tracker.mail.queue import Claimed

ONE = Claimed(
    1, START, 1, "<a@tracker.test>", "ana@tracker.test", "Subject", "Text\n", "<p>Text</p>", "en", START, (),
    kind="status_report",
)  # fmt: skip
SENDER = "tracker@tracker.test"


def test_the_same_at_every_try() -> None:
    assert compose(ONE, SENDER) == compose(replace(ONE, attempts=7), SENDER)


def test_replies_go_to_the_secretariat() -> None:
    assert compose(ONE, SENDER).message["Reply-To"] == SENDER
    assert compose(ONE, SENDER, "secretariat@tracker.test").message["Reply-To"] == "secretariat@tracker.test"


def test_one_click_where_something_can_be_switched() -> None:
    plain = compose(ONE, SENDER).message
    assert not [name for name in plain if name.startswith("List-")]
    url = "https://tracker.test/mail/stop/key/reminders"
    message = compose(replace(ONE, unsubscribe_url=url), SENDER).message
    assert message["List-Unsubscribe"] == f"<{url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<status-report.tracker.tracker.test>"
    assert "List-Unsubscribe" not in compose(replace(ONE, unsubscribe_url="javascript:alert(1)"), SENDER).message


@pytest.mark.parametrize(
    "subject",
    ["Due", "Señal de São Tomé", "é" * 200, "=?utf-8?q?no?= code", "word " * 90, "日本語" * 40, "x" * 200, ""],
)
def test_any_subject_arrives_as_it_was_written(subject: str) -> None:
    letter = compose(replace(ONE, subject=subject), SENDER)
    assert letter.message["Subject"] == subject
    assert max(len(line) for line in letter.content.splitlines()) <= 998


@pytest.mark.parametrize(
    "text", ["", ".", ".\n.\n", "From here\n", "tab\t \nend  \n", "a\r\nb\rc\n", "é" * 3000, "=20=\n"]
)
def test_any_text_arrives_as_it_was_written(smtp_server: SmtpServer, text: str) -> None:
    transport = SmtpTransport(smtp_server.url, timeout=5)
    transport.send(compose(replace(ONE, text=text), SENDER))
    transport.close()
    body = smtp_server.messages[0].get_body(("plain",))
    assert body is not None
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert body.get_content() == (expected if expected.endswith("\n") else expected + "\n")


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("ana@tracker.test", "ana@tracker.test"),
        ("ana@münchen.test", "ana@xn--mnchen-3ya.test"),
        ("ana@Ministério.GOV.test", "ana@xn--ministrio-g4a.gov.test"),
        ("o'neill+x@tracker.test", "o'neill+x@tracker.test"),
    ],
)
def test_unicode_domains_go_in_ascii(address: str, wire: str) -> None:
    letter = compose(replace(ONE, to_address=address), SENDER)
    assert letter.to.lower() == wire.lower()
    assert letter.message["To"].addresses[0].addr_spec.lower() == wire.lower()
    assert not letter.needs_utf8


@pytest.mark.parametrize(
    "address",
    [
        "ana@tracker.test\r\nBcc: all@tracker.test", "ana@tracker.test\n", "a\x00@tracker.test", "ana@",
        "@tracker.test",
        "ana", "ana@a..test", "ana@-a.test", "ana@" + "é" * 80 + ".test", "a,b@tracker.test", "a b@tracker.test",
        "ana@tracker.test\u2028x",
    ],
)  # fmt: skip
def test_what_is_no_address_is_not_written(address: str) -> None:
    with pytest.raises(Unwritable) as error:
        compose(replace(ONE, to_address=address), SENDER)
    assert error.value.of_address


def test_letters_left_of_the_at_only_where_the_server_takes_them(smtp_server: SmtpServer) -> None:
    letter = compose(replace(ONE, to_address="josé@tracker.test"), SENDER)
    assert letter.needs_utf8
    transport = SmtpTransport(smtp_server.url, timeout=5)
    transport.send(letter)
    assert smtp_server.received[0].recipients == ["josé@tracker.test"]
    transport._connection.esmtp_features.pop("smtputf8")  # type: ignore[union-attr]
    with pytest.raises(Refused) as refused:
        transport.send(letter)
    transport.close()
    assert refused.value.about is About.ADDRESS
    assert len(smtp_server.received) == 1


@pytest.mark.parametrize("header", ["message_id", "language", "unsubscribe_url"])
def test_no_field_can_add_a_header(header: str) -> None:
    with pytest.raises(Unwritable):
        compose(replace(ONE, **{"unsubscribe_url": "https://a.test/", header: "https://a\r\nBcc: x@y.test"}), SENDER)


def test_attachments_keep_name_and_content() -> None:
    files = (("relatório «1».pdf", "application/pdf", bytes(range(256)) * 300), ('a"b\\c.bin', "text/html; x", b""))
    found = list(compose(replace(ONE, attachments=files), SENDER).message.iter_attachments())
    assert [part.get_content_type() for part in found] == ["application/pdf", "application/octet-stream"]
    assert [part.get_filename() for part in found] == ["relatório «1».pdf", "a'b_c.bin"]
    assert [part.get_content() for part in found] == [files[0][2], b""]
