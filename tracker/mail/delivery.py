"""Delivery over SMTP: the only file that opens a connection to a mail server.

What a server answers is put into three words, and the outbox acts on them (docs/decisions/0010-mail.md):

- ``Refused``: never again (5xx, an address that cannot be written down);
- ``Later``: this message again after a pause (4xx, hang-up, silence in the middle);
- ``Unreachable``: no message gets through now (no connection, no encryption, wrong password); the batch stops.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from tracker.logs import log
from tracker.mail import queue
from tracker.mail.letters import Letter, Unwritable, compose
from tracker.mail.limits import NO_LIMIT, OUR_SERVER, Minute, Pauses, PerMinute
from tracker.mail.queue import Candidate, Claimed
from tracker.mail.rendering import one_line

TIMEOUT = 20
"""Seconds of silence until a server counts as gone; short enough to end within 30 s of SIGTERM."""
AUTHENTICATION = frozenset({530, 534, 535, 538})
"""Answers that speak of our account, not of the message."""
POLICY = re.compile(r"\d{3}[ -]+5\.(?![12]\.)")
"""A refusal that says (RFC 3463) that it is neither for the address nor for the mailbox, but for a rule, say."""


class About(Enum):
    """What an answer speaks of."""

    ADDRESS = auto()
    DOMAIN = auto()
    SERVER = auto()


class Refused(Exception):
    """The server will never take this message."""

    def __init__(self, said: str, about: About = About.SERVER) -> None:
        super().__init__(said)
        self.about = about


class Later(Exception):
    """The server did not take this message now. ``hung_up``: it ended the conversation, or fell silent."""

    def __init__(self, said: str, about: About = About.SERVER, *, hung_up: bool = False) -> None:
        super().__init__(said)
        self.about = about
        self.hung_up = hung_up


class Unreachable(Exception):
    """The server takes nothing now."""


class Transport(Protocol):
    """Carries messages away, several over one connection."""

    def send(self, letter: Letter) -> None:
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

    def send(self, letter: Letter) -> None:
        reused = self._connection is not None
        try:
            self._send(self._connect(), letter)
        except _Gone as gone:
            self.close()
            if not reused:
                raise Later(str(gone), hung_up=True) from gone
            # The server ended a connection it had served well ("enough for today", 421): not the message's fault.
            self._send_afresh(letter)

    def close(self) -> None:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def _send_afresh(self, letter: Letter) -> None:
        try:
            self._send(self._connect(), letter)
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

    def _send(self, connection: smtplib.SMTP, letter: Letter) -> None:
        options = ["SMTPUTF8", "BODY=8BITMIME"] if letter.needs_utf8 else []
        if options and not connection.has_extn("smtputf8"):
            raise Refused("the mail server takes only addresses in ASCII left of the @", About.ADDRESS)
        try:
            refused = connection.sendmail(letter.sender, [letter.to], letter.content, options)
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
            self._judge(code, f"{code} {_decoded(text)}", at_recipient=True)

    def _judge(self, code: int, said: str, error: Exception | None = None, *, at_recipient: bool = False) -> None:
        if code == 421:
            raise _Gone(said) from error
        if code in AUTHENTICATION:
            self.close()
            raise Unreachable(said) from error
        if code >= 500:
            of_address = at_recipient and not POLICY.match(said)
            about = About.ADDRESS if of_address else About.DOMAIN if at_recipient else About.SERVER
            raise Refused(said, about) from error
        raise Later(said, About.DOMAIN if at_recipient else About.SERVER) from error


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


@dataclass(frozen=True)
class Delivered:
    """What a batch came to. ``stopped``: the server took nothing more, or we were told to end."""

    sent: int = 0
    later: int = 0
    refused: int = 0
    stopped: bool = False


PATIENCE = 2
"""Messages in a row that end in silence or a hang-up before the batch stops: then it is the server, not they."""
AHEAD = 16
"""So many messages are looked up at once; each is claimed when its turn comes, so that a run that is killed leaves one
behind that waits for the end of its lease, and what became urgent meanwhile waits for few."""


def deliver(
    transaction: Callable[[], AbstractContextManager[Session]],
    transport: Transport,
    *,
    mail_from: str,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    limit: int = 20_000,
    revise: queue.Revise | None = None,
    reply_to: str = "",
    per_minute: PerMinute = NO_LIMIT,
) -> Delivered:
    """Send what is due, one message after the other.

    One transaction marks a message and claims the next one, so that each costs one commit; while one is on its way no
    transaction is open. ``stopping`` is asked between messages: the one in hand is finished and marked. ``revise``
    looks at what tells of duties once more before it leaves.
    """
    run = _Run(clock, stopping, limit, revise, per_minute)
    try:
        while True:
            with transaction() as session:
                run.settle(session)
                claimed = run.next(session)
            if claimed is None:
                return Delivered(run.sent, run.later, run.refused, run.stopped)
            run.settle = run.came_to(claimed, transport, mail_from, reply_to)
    finally:
        transport.close()


Settle = Callable[[Session], None]


class _Run:
    """One batch: what comes next, what was learnt of the servers, and what is to be written down next."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        stopping: Callable[[], bool],
        limit: int,
        revise: queue.Revise | None,
        per_minute: PerMinute,
    ) -> None:
        self._clock, self._stopping, self._limit, self._revise = clock, stopping, limit, revise
        self._pauses, self._minute = Pauses(), Minute(per_minute)
        self._ahead_at_once = 1 if per_minute else AHEAD
        self._ahead: list[Candidate] = []
        self._silent = self._handled = 0
        self.sent = self.later = self.refused = 0
        self.stopped = False
        self.settle: Settle = lambda _session: None

    def next(self, session: Session) -> Claimed | None:
        """The message to send now; None where the batch is over."""
        now = self._clock()
        self.stopped = self.stopped or self._stopping()
        if self.stopped or self._handled >= self._limit:
            return None
        while True:
            if not self._ahead:
                self._ahead = self._look_ahead(session, now)
            if not self._ahead:
                return None
            claimed = queue.take(session, self._ahead.pop(0), now=now, revise=self._revise)
            if claimed is not None:
                self._handled += 1
                self._minute.count(claimed.domain)
                return claimed

    def _look_ahead(self, session: Session, now: datetime) -> list[Candidate]:
        self._pauses.read(session)
        if self._pauses.of_our_server(now) or self._minute.full(session, now):
            return []
        without = [*self._pauses.domains(now), *self._minute.domains()]
        return queue.due(session, now=now, count=self._ahead_at_once, without=without)

    def came_to(self, claimed: Claimed, transport: Transport, mail_from: str, reply_to: str) -> Settle:
        """Send it. Returns what is to be written down in the next transaction."""
        try:
            transport.send(compose(claimed, mail_from, reply_to))
        except Unwritable as error:
            return self._refused(claimed, Refused(str(error), About.ADDRESS if error.of_address else About.SERVER))
        except Refused as error:
            return self._refused(claimed, error)
        except Later as error:
            return self._later(claimed, error)
        except Unreachable as error:
            return self._unreachable(claimed, str(error))
        except Exception as error:  # one message must not keep the others
            log.error("mail.not_sent", message=claimed.id, kind=type(error).__name__, exc_info=error)
            return self._later(claimed, Later(f"a fault of ours ({type(error).__name__})", About.ADDRESS))
        self.sent += 1
        self._silent = 0
        now = self._clock()

        def settle(session: Session) -> None:
            queue.mark_sent(session, claimed, now)
            self._pauses.taken(session, claimed.domain)

        return settle

    def _refused(self, claimed: Claimed, error: Refused) -> Settle:
        self.refused += 1
        self._silent = 0
        mark = queue.mark_no_such_address if error.about is About.ADDRESS else queue.mark_refused
        return self._not_taken(claimed, mark, error.about, str(error))

    def _later(self, claimed: Claimed, error: Later) -> Settle:
        self.later += 1
        self._silent = self._silent + 1 if error.hung_up else 0
        if self._silent >= PATIENCE:
            return self._not_taken(claimed, queue.mark_later, About.SERVER, str(error), at_once=True)
        return self._not_taken(claimed, queue.mark_later, error.about, str(error))

    def _unreachable(self, claimed: Claimed, said: str) -> Settle:
        return self._not_taken(claimed, queue.put_back, About.SERVER, said, at_once=True)

    def _not_taken(
        self,
        claimed: Claimed,
        mark: Callable[[Session, Claimed, datetime, str], None],
        about: About,
        said: str,
        *,
        at_once: bool = False,
    ) -> Settle:
        now = self._clock()
        domain = OUR_SERVER if about is About.SERVER else claimed.domain

        def settle(session: Session) -> None:
            mark(session, claimed, now, said)
            self._ahead = []
            if about is About.ADDRESS:
                return
            if at_once:
                self._pauses.begin(session, domain, said, now)
            elif not self._pauses.not_taken(session, domain, said, now):
                return
            self.stopped = self.stopped or domain == OUR_SERVER

        return settle
