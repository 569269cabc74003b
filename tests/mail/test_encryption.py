"""Encrypted delivery: the certificate is checked before the password is said."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.clock import START
from tests.support.network import ALLOWED_SMTP
from tests.support.smtp import SmtpServer, free_port
from tracker.mail.delivery import SmtpTransport, Unreachable
from tracker.mail.letters import Letter, compose
from tracker.mail.queue import Claimed


class TestEncryption:
    """The certificate is checked before the password is said."""

    CERTIFICATE = Path(__file__).parent / "self_signed.pem"

    @pytest.fixture(params=["smtps", "smtp+starttls"])
    def server(self, request: pytest.FixtureRequest) -> Iterator[tuple[str, list[bytes], list[object]]]:
        passwords: list[bytes] = []
        received: list[object] = []

        class Handler:
            async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
                received.append(envelope)
                return "250 OK"

        def authenticate(_s: object, _n: object, _e: object, _mechanism: str, login: object) -> AuthResult:
            passwords.append(login.password)  # type: ignore[attr-defined]
            return AuthResult(success=login.password == b"p@ss/word", handled=False)  # type: ignore[attr-defined]

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.CERTIFICATE)
        port = free_port()
        ALLOWED_SMTP.add(port)
        usual = {"hostname": "127.0.0.1", "port": port, "authenticator": authenticate}
        if request.param == "smtps":
            controller = Controller(Handler(), ssl_context=context, auth_require_tls=False, **usual)
        else:
            controller = Controller(Handler(), tls_context=context, require_starttls=True, **usual)
        controller.start()
        yield f"{request.param}://user:p%40ss%2Fword@127.0.0.1:{port}", passwords, received
        controller.stop()
        ALLOWED_SMTP.discard(port)

    def message(self) -> Letter:
        claimed = Claimed(1, START, 1, "<a@b>", "ana@tracker.test", "Subject", "text", "<p>html</p>", "en", START, ())
        return compose(claimed, "tracker@tracker.test")

    def test_an_unknown_certificate_gets_no_password(self, server: tuple[str, list[bytes], list[object]]) -> None:
        url, passwords, received = server
        with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
            SmtpTransport(url, timeout=5).send(self.message())
        assert passwords == []
        assert received == []

    def test_a_known_one_does(self, server: tuple[str, list[bytes], list[object]]) -> None:
        url, passwords, received = server
        transport = SmtpTransport(url, timeout=5, context=ssl.create_default_context(cafile=self.CERTIFICATE))
        transport.send(self.message())
        transport.close()
        assert passwords == [b"p@ss/word"]
        assert len(received) == 1

    def test_a_wrong_password_stops_the_batch_and_is_not_written_down(
        self, server: tuple[str, list[bytes], list[object]]
    ) -> None:
        url = server[0].replace("p%40ss", "other")
        transport = SmtpTransport(url, timeout=5, context=ssl.create_default_context(cafile=self.CERTIFICATE))
        with pytest.raises(Unreachable, match="refused our user name") as refusal:
            transport.send(self.message())
        assert "word" not in str(refusal.value).replace("password", "")

    def test_a_server_without_encryption_gets_no_password(self, smtp_server: SmtpServer) -> None:
        url = smtp_server.url.replace("smtp://", "smtp+starttls://user:secret@")
        with pytest.raises(Unreachable):
            SmtpTransport(url, timeout=5).send(self.message())
        assert smtp_server.received == []
