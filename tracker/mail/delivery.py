"""Delivery over SMTP: the only file that opens a connection to a mail server.

What a server answers is put into three words, and the outbox acts on them (docs/decisions/0010-mail.md):

- ``Refused``: never again (5xx, an address that cannot be written down);
- ``Later``: this message again after a pause (4xx, hang-up, silence in the middle);
- ``Unreachable``: no message gets through now (no connection, no encryption, wrong password); the batch stops.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from tracker import wording
from tracker.mail import outbox
from tracker.mail.outbox import Claimed
from tracker.mail.rendering import SENDER, one_line

TIMEOUT = 20
"""Seconds of silence until a server counts as gone; short enough to end within 30 s of SIGTERM."""
AUTHENTICATION = frozenset({530, 534, 535, 538})
"""Answers that speak of our account, not of the message."""


class Refused(Exception):
    """The server will never take this message."""


class Later(Exception):
    """The server did not take this message now. ``hung_up``: it ended the conversation, or fell silent."""

    def __init__(self, said: str, *, hung_up: bool = False) -> None:
        super().__init__(said)
        self.hung_up = hung_up


class Unreachable(Exception):
    """The server takes nothing now."""


class Transport(Protocol):
    """Carries messages away, several over one connection."""

    def send(self, message: EmailMessage) -> None:
        """Returns after the server has taken the message. Raises Refused, Later or Unreachable."""

    def close(self) -> None:
        """The batch is over."""


class SmtpTransport:
    """A mail server at ``smtp://``, ``smtps://`` or ``smtp+starttls://user:password@host:port``.

    The encrypted schemes check the server's certificate before the password is said.
    """

    PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}

    def __init__(self, url: str, *, timeout: float = TIMEOUT, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or self.PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._timeout = timeout
        self._context = context
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        reused = self._connection is not None
        try:
            self._send(self._connect(), message)
        except _Gone as gone:
            self.close()
            if not reused:
                raise Later(str(gone), hung_up=True) from gone
            # The server ended a connection it had served well ("enough for today", 421): not the message's fault.
            self._send_afresh(message)

    def close(self) -> None:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def _send_afresh(self, message: EmailMessage) -> None:
        try:
            self._send(self._connect(), message)
        except _Gone as gone:
            self.close()
            raise Later(str(gone), hung_up=True) from gone

    def _connect(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._open()
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(_said(error)) from error
        return self._connection

    def _open(self) -> smtplib.SMTP:
        connection: smtplib.SMTP
        if self._scheme == "smtps":
            connection = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=self._checking())
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._scheme == "smtp+starttls":
                connection.starttls(context=self._checking())
            if self._user:
                connection.login(self._user, self._password)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection

    def _checking(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()

    def _send(self, connection: smtplib.SMTP, message: EmailMessage) -> None:
        try:
            refused = connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPResponseException as error:
            self._judge(error.smtp_code, _said(error), error)
        except smtplib.SMTPServerDisconnected as error:
            # Before the content or after it, nobody can know: again, under the same Message-ID.
            self.close()
            raise Later(_said(error), hung_up=True) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(_said(error)) from error
        except OSError as error:
            self.close()
            raise Later(_said(error), hung_up=True) from error
        for code, text in refused.values():
            self._judge(code, f"{code} {_decoded(text)}")

    def _judge(self, code: int, said: str, error: Exception | None = None) -> None:
        if code == 421:
            raise _Gone(said) from error
        if code in AUTHENTICATION:
            self.close()
            raise Unreachable(said) from error
        if code >= 500:
            raise Refused(said) from error
        raise Later(said) from error


class _Gone(Exception):
    """421: the server ends the connection without having taken anything."""


def _decoded(text: bytes | str) -> str:
    return one_line(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)


def _said(error: Exception) -> str:
    """What staff read beside the message; never a password."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{error.smtp_code} the mail server refused our user name or password"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "the mail server did not answer in time"
    return one_line(f"{type(error).__name__}: {error}")


def compose(claimed: Claimed, mail_from: str) -> EmailMessage:
    """The message as it goes out: the same at every try but for the boundary lines. Raises Refused."""
    message = EmailMessage(policy=SMTP_POLICY)
    try:
        message["From"] = Address(wording.translate(SENDER, claimed.language), addr_spec=mail_from)
        message["To"] = Address(addr_spec=claimed.to_address)
        message["Subject"] = claimed.subject
    except (ValueError, IndexError) as error:
        raise Refused(one_line(f"not an address: {error}")) from error
    except Exception as error:  # the library's own parse errors do not share a class
        raise Refused(one_line(f"not an address: {type(error).__name__}")) from error
    message["Date"] = format_datetime(claimed.made_at)
    message["Message-ID"] = claimed.message_id
    message["Auto-Submitted"] = "auto-generated"  # no out-of-office answers (RFC 3834)
    message["Content-Language"] = claimed.language
    message.set_content(claimed.text, cte="quoted-printable")
    message.add_alternative(claimed.html, subtype="html", cte="quoted-printable")
    for file_name, content_type, content in claimed.attachments:
        main, _slash, sub = content_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub or "octet-stream", filename=one_line(file_name))
    return message


@dataclass(frozen=True)
class Delivered:
    """What a batch came to. ``stopped``: the server took nothing more, or we were told to end."""

    sent: int = 0
    later: int = 0
    refused: int = 0
    stopped: bool = False


PATIENCE = 2
"""Messages in a row that end in silence or a hang-up before the batch stops: then it is the server, not they."""


def deliver(
    transaction: Callable[[], AbstractContextManager[Session]],
    transport: Transport,
    *,
    mail_from: str,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    limit: int = 1000,
    revise: outbox.Revise | None = None,
) -> Delivered:
    """Send what is due, one message after the other.

    One transaction marks a message and claims the next, so that each costs one commit; while one is on its way no
    transaction is open. ``stopping`` is asked between messages: the one in hand is finished and marked. ``revise``
    looks at a mail of the day once more before it leaves.
    """
    counts = {"sent": 0, "later": 0, "refused": 0}
    silent = handled = 0
    stopped = False
    settle: Callable[[Session], None] | None = None
    try:
        while True:
            with transaction() as session:
                if settle is not None:
                    settle(session)
                stopped = stopped or stopping()
                claimed = None if stopped or handled >= limit else outbox.claim(session, now=clock(), revise=revise)
            if claimed is None:
                return Delivered(**counts, stopped=stopped)
            handled += 1
            try:
                transport.send(compose(claimed, mail_from))
            except Refused as error:
                settle = _mark(outbox.mark_refused, claimed, clock(), str(error))
                counts["refused"] += 1
                silent = 0
            except Later as error:
                settle = _mark(outbox.mark_later, claimed, clock(), str(error))
                counts["later"] += 1
                silent = silent + 1 if error.hung_up else 0
                stopped = silent >= PATIENCE
            except Unreachable as error:
                settle = _mark(outbox.put_back, claimed, clock(), str(error))
                stopped = True
            else:
                settle = _mark(outbox.mark_sent, claimed, clock(), "")
                counts["sent"] += 1
                silent = 0
    finally:
        transport.close()


def _mark(
    verb: Callable[[Session, Claimed, datetime, str], None], claimed: Claimed, now: datetime, said: str
) -> Callable[[Session], None]:
    return lambda session: verb(session, claimed, now, said)
