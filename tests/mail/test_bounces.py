"""Reports of undeliverable mail are read from what servers really send, and nothing a stranger sends does harm."""

from __future__ import annotations

import random
from email.message import EmailMessage

import pytest

from tracker.mail.bounces import LARGEST, Failure, NotUnderstood, Report, read

OURS = "<" + "0a1b" * 10 + "@tracker.test>"


def report(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = "Final-Recipient: rfc822; Ana@Tracker.test",
    said: str = "Diagnostic-Code: smtp; 550 5.1.1 <ana@tracker.test>: no such person",
    returned: str = f"Message-ID: {OURS}\r\nSubject: Due\r\n",
    returned_type: str = "message/rfc822",
    head: str = "",
) -> bytes:
    """As OpenSMTPD, Postfix and Exim write them, but for their words."""
    return (
        "From: MAILER-DAEMON@mx.test\r\nTo: tracker@tracker.test\r\nSubject: Delivery status notification\r\n"
        f'{head}MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
        "--b1\r\nContent-Type: text/plain\r\n\r\nYour mail did not arrive.\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"{recipient}\r\nAction: {action}\r\nStatus: {status}\r\n{said}\r\n\r\n"
        f"--b1\r\nContent-Type: {returned_type}\r\n\r\n{returned}\r\n--b1--\r\n"
    ).encode()


def test_a_failure() -> None:
    assert read(report()) == Report(
        OURS, (Failure("ana@tracker.test", True, "5.1.1", "550 5.1.1 <ana@tracker.test>: no such person"),)
    )


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [("failed", "5.2.1", True), ("Failed", "", True), ("delayed", "4.4.1", False), ("failed", "4.4.7", False)],
)
def test_given_up_is_told_from_waiting(action: str, status: str, permanent: bool) -> None:
    (failure,) = read(report(action=action, status=status, said="")).failures
    assert (failure.permanent, failure.status) == (permanent, status)


def test_the_address_the_mail_was_sent_to_counts_and_not_the_one_it_was_forwarded_to() -> None:
    both = "Original-Recipient: rfc822;ana@tracker.test\r\nFinal-Recipient: rfc822; a.b@elsewhere.test"
    assert read(report(recipient=both)).failures[0].address == "ana@tracker.test"


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"])
def test_found_by_our_message_id_in_what_came_back(kind: str) -> None:
    assert read(report(returned_type=kind)).message_id == OURS


def test_found_by_the_header_where_nothing_came_back() -> None:
    assert read(report(returned="", head=f"References: <x@y.test> {OURS}\r\n")).message_id == OURS


def plain(text: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "MAILER-DAEMON@odd.test", "failure notice"
    message.set_content(text)
    return bytes(message)


@pytest.mark.parametrize(
    "raw",
    [
        plain(f"Hi. This is the qmail-send program.\n<ana@tracker.test>:\nno such person\n{OURS}\n"),
        plain("I am out of office."),
        report(action="delivered", status="2.0.0"),
        report(action="relayed"),
        report(recipient="Final-Recipient: x400; c=us"),
        report(recipient="Final-Recipient: rfc822; nobody"),
        report(returned="Message-ID: <somebody@else.test>\r\n"),
        report(returned=""),
        b"",
        b"\0" * 1000,
        b"\xff\xfe" * 1000,
        b"Content-Type: multipart/report\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\n" + b"\r\n" * 10_000,
        b"a" * (LARGEST + 1),
        b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3_000)),
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 100_000,
    ],
)  # fmt: skip
def test_anything_else_is_not_understood_and_never_guessed(raw: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read(raw)


def test_mangled_reports_raise_nothing_else() -> None:
    chance, whole = random.Random(4), report()  # noqa: S311  (no secret hangs on it)
    for _round in range(300):
        raw = bytearray(whole)
        for _change in range(chance.randint(1, 30)):
            place = chance.randrange(len(raw))
            raw[place : place + chance.randint(0, 5)] = chance.randbytes(chance.randint(0, 5))
        try:
            found = read(bytes(raw))
        except NotUnderstood:
            continue
        assert all(len(one.address) <= 254 and one.said.isprintable() for one in found.failures)
