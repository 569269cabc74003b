"""An SMTP server for tests that answers as told: well, with 4xx or 5xx, late, or not at all."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.network import ALLOWED_SMTP

STAGES = ("EHLO", "MAIL", "RCPT", "DATA")


@dataclass
class Received:
    """One message that the server accepted."""

    sender: str
    recipients: list[str]
    content: bytes = field(repr=False)

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content.replace(b"\r\n", b"\n"), policy=policy.default)


@dataclass
class _Answer:
    text: str = ""
    address: str | None = None
    seconds: float = 0.0
    hang_up: bool = False
    keep: bool = False
    times: int | None = 1


class SmtpServer:
    """What a test sees of the server. Answers given in advance are used up in their order, stage by stage."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.tries: list[tuple[str, str]] = []
        """Every command seen, as (stage, address or empty)."""
        self._planned: dict[str, deque[_Answer]] = {stage: deque() for stage in STAGES}
        self._greylisted: set[str] | None = None
        self.host = "127.0.0.1"
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """Accepted messages, parsed; a second copy stands here twice."""
        return [one.message for one in self.received]

    def answer(self, stage: str, text: str, *, address: str | None = None, times: int | None = 1) -> None:
        """Answer ``stage`` (EHLO, MAIL, RCPT, DATA) with e.g. ``"450 4.2.0 later"``; ``times=None`` for ever.

        ``address`` limits that to one recipient.
        """
        self._planned[stage].append(_Answer(text, address, times=times))

    def greylist(self) -> None:
        """Tell every recipient whom the server does not know yet to come back, and take the mail then."""
        self._greylisted = set()

    def hang(self, stage: str, seconds: float = 30.0, *, times: int | None = 1) -> None:
        """Say nothing for so long."""
        self._planned[stage].append(_Answer(seconds=seconds, times=times))

    def disconnect(self, stage: str, *, times: int | None = 1) -> None:
        """Hang up without an answer, and without taking the message."""
        self._planned[stage].append(_Answer(hang_up=True, times=times))

    def lose_reply(self, *, times: int | None = 1) -> None:
        """Take the message, and hang up before the sender hears of it."""
        self._planned["DATA"].append(_Answer(hang_up=True, keep=True, times=times))

    def forget_plans(self) -> None:
        """Answer everything well from now on."""
        self._greylisted = None
        for planned in self._planned.values():
            planned.clear()

    def _next(self, stage: str, address: str = "") -> _Answer | None:
        self.tries.append((stage, address))
        planned = self._planned[stage]
        found = next((one for one in planned if one.address in (None, address)), None)
        if stage == "RCPT" and self._greylisted is not None and address not in self._greylisted:
            self._greylisted.add(address)
            return _Answer("451 4.7.1 greylisted, try again in five minutes")
        if found is not None and found.times is not None:
            found.times -= 1
            if found.times <= 0:
                planned.remove(found)
        return found


class _Handler:
    def __init__(self, seen: SmtpServer) -> None:
        self.seen = seen

    async def _answer(self, server: SMTP, stage: str, address: str = "", good: str = "250 OK") -> str:
        planned = self.seen._next(stage, address)
        if planned is None:
            return good
        if planned.seconds:
            await asyncio.sleep(planned.seconds)
        if planned.hang_up:
            transport = cast(Any, server.transport)
            if transport is not None:
                transport.abort()
            raise ConnectionResetError
        return planned.text or good

    async def handle_EHLO(  # noqa: N802  (named by aiosmtpd)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        text = await self._answer(server, "EHLO", good="")
        return [text] if text else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._answer(server, "MAIL", address)
        if answer.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._answer(server, "RCPT", address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        one = Received(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        planned = self.seen._planned["DATA"]
        if planned and planned[0].keep:
            self.seen.received.append(one)
        answer = await self._answer(server, "DATA")
        if answer.startswith("2"):
            self.seen.received.append(one)
        return answer

    async def handle_exception(self, error: Exception) -> str:
        return "421 4.3.0 the test said so"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A running server; ``settings.smtp_url`` points to it in a test that asks for both."""
    seen = SmtpServer()
    seen.port = free_port()
    controller = Controller(_Handler(seen), hostname=seen.host, port=seen.port, decode_data=False)
    ALLOWED_SMTP.add(seen.port)
    controller.start()
    yield seen
    controller.stop()
    ALLOWED_SMTP.discard(seen.port)
