"""A message as it goes out: the bytes of an e-mail, the same at every try (RFC 5322, 2045–2047, 2369, 8058).

Put together by hand, because the standard library parses every header it is given and takes ten times as long.
"""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_base64, b2a_qp
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from email.utils import encode_rfc2231, format_datetime, formataddr
from functools import lru_cache

from tracker import wording
from tracker.mail.queue import Claimed
from tracker.mail.rendering import SENDER, one_line

LINE = 76
"""Longest line of a header, in characters (RFC 5322 asks for less than 79)."""
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
"""What would end a header, or hide in it."""
PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""The left side of an address as it nearly always is (RFC 5322 dot-atom)."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class Unwritable(Exception):
    """This cannot be made into an e-mail: an address that is none, a header with a line break."""

    def __init__(self, said: str, *, of_address: bool = False) -> None:
        super().__init__(said)
        self.of_address = of_address


@dataclass(frozen=True)
class Letter:
    """What goes over the wire."""

    sender: str
    to: str
    """With its domain in ASCII (RFC 5891)."""
    content: bytes

    @property
    def needs_utf8(self) -> bool:
        """Whether only a server with SMTPUTF8 (RFC 6531) can take it: the address has letters left of the @."""
        return not self.to.isascii()

    @property
    def message(self) -> EmailMessage:
        """As a mail program reads it."""
        parsed: Message = BytesParser(policy=default).parsebytes(self.content)
        assert isinstance(parsed, EmailMessage)  # noqa: S101  (for the type checker)
        return parsed

    def __getitem__(self, header: str) -> str:
        return str(self.message[header])


def compose(claimed: Claimed, mail_from: str, reply_to: str = "") -> Letter:
    """The message as it goes out. Replies go to ``reply_to``, or to the sender. Raises Unwritable."""
    to = on_the_wire(claimed.to_address)
    head = [
        f"From: {_sender(mail_from, claimed.language)}",
        f"Reply-To: {reply_to or mail_from}",
        f"To: {to}",
        f"Subject: {_subject(claimed.subject)}",
        f"Date: {format_datetime(claimed.made_at)}",
        f"Message-ID: {claimed.message_id}",
        "Auto-Submitted: auto-generated",  # no out-of-office answers (RFC 3834)
        f"Content-Language: {claimed.language}",
    ]
    if claimed.unsubscribe_url.startswith(("https://", "http://")):
        domain = mail_from.rpartition("@")[2]
        head += [
            f"List-Id: <{claimed.kind.replace('_', '-')}.tracker.{domain}>",
            f"List-Unsubscribe: <{claimed.unsubscribe_url}>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ]
    if any(BREAKS.search(line.replace("\r\n ", " ")) for line in head):
        raise Unwritable("a line break in a header")
    head.append("MIME-Version: 1.0")
    # From the Message-ID: as unlikely to stand in a text as any other, and the same at every try.
    mark = hashlib.sha256(claimed.message_id.encode("utf-8", "replace")).hexdigest()[:32]
    texts = _multipart("alternative", f"=_a{mark}", [_text("plain", claimed.text), _text("html", claimed.html)])
    body = texts
    if claimed.attachments:
        body = _multipart("mixed", f"=_m{mark}", [texts, *(_attachment(*one) for one in claimed.attachments)])
    return Letter(mail_from, to, "\r\n".join(head).encode("utf-8") + b"\r\n" + body)


@lru_cache(maxsize=4096)
def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII. Raises Unwritable."""
    if BREAKS.search(address):
        raise Unwritable("not an address: it holds a line break or a control character", of_address=True)
    local, at, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise Unwritable(
                one_line(f"not an address: the domain {domain!a} cannot be written in ASCII"), of_address=True
            ) from error
    if not at or not HOST.fullmatch(domain) or len(domain) > 253:
        raise Unwritable("not an address: it has no domain", of_address=True)
    if PLAIN.fullmatch(local):
        return f"{local}@{domain}"
    try:
        if not local.isascii() and local.isprintable() and PLAIN.fullmatch(_BEYOND_ASCII.sub("x", local)):
            local.encode("utf-8")
            return f"{local}@{domain}"
        return Address(addr_spec=f"{local}@{domain}").addr_spec
    except Exception as error:  # the library's own parse errors do not share a class
        raise Unwritable(f"not an address: {type(error).__name__}", of_address=True) from error


@lru_cache(maxsize=64)
def _sender(mail_from: str, language: str) -> str:
    return formataddr((wording.translate(SENDER, language), mail_from), "utf-8")


@lru_cache(maxsize=1024)
def _subject(text: str) -> str:
    if BREAKS.search(text):
        raise Unwritable("a line break in the subject")
    if text.isascii() and len(text) <= LINE - len("Subject: ") and "=?" not in text:
        return text
    try:
        return Header(text, "utf-8", LINE, "Subject").encode(linesep="\r\n")
    except UnicodeError as error:
        raise Unwritable("the subject cannot be written down") from error


def _text(kind: str, text: str) -> bytes:
    # A lone half of a character pair cannot be sent; it must not keep the mail.
    content = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    lines = b2a_qp(content if content.endswith(b"\n") else content + b"\n", istext=True).replace(b"\n", b"\r\n")
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode("ascii") + lines


def _attachment(file_name: str, content_type: str, content: bytes) -> bytes:
    main, slash, sub = content_type.partition("/")
    if not (slash and re.fullmatch(r"[\w.+-]+/[\w.+-]+", content_type, re.ASCII)) or main in ("multipart", "message"):
        main, sub = "application", "octet-stream"
    name = one_line(file_name).replace('"', "'").replace("\\", "_")
    given = f'filename="{name}"' if name.isascii() else f"filename*={encode_rfc2231(name, 'utf-8')}"
    head = (
        f"Content-Type: {main}/{sub}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {given}\r\n\r\n"
    )
    lines = [b2a_base64(content[start : start + 57], newline=False) for start in range(0, len(content), 57)]
    return head.encode("utf-8") + b"\r\n".join(lines) + b"\r\n"


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    line = b"--" + boundary.encode("ascii")
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
