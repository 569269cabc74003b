"""No test reaches another machine, and none opens SMTP except to the ``smtp_server`` fixture.

An attempt fails the test even where the code under test swallows the error.
"""

from __future__ import annotations

import ipaddress
import smtplib
import socket
from typing import Any

import pytest

ALLOWED_SMTP: set[int] = set()
"""Ports of the running ``smtp_server`` fixtures."""
_attempts: list[str] = []

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex
_smtp_connect = smtplib.SMTP.connect


class OutgoingConnection(Exception):
    """A test tried to leave this machine, or to send mail for real."""


def _refuse(what: str) -> None:
    _attempts.append(what)
    raise OutgoingConnection(what)


def _check(self: socket.socket, address: Any) -> None:
    if self.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    try:
        local = host == "localhost" or ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        _refuse(f"connection to {host}:{address[1]}")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _check(self, address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _check(self, address)
    return _connect_ex(self, address)


def _guarded_smtp(self: smtplib.SMTP, host: str = "localhost", port: int = 0, *rest: Any, **named: Any) -> Any:
    if port not in ALLOWED_SMTP:
        _refuse(f"SMTP to {host}:{port} outside the smtp_server fixture")
    return _smtp_connect(self, host, port, *rest, **named)


def pytest_configure() -> None:
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign, assignment]
    smtplib.SMTP.connect = _guarded_smtp  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    _attempts.clear()


@pytest.fixture(autouse=True)
def no_outgoing_connections() -> Any:
    """Fails the test that tried to reach another machine or to send mail outside ``smtp_server``."""
    yield
    if _attempts:
        pytest.fail(f"outgoing connections: {', '.join(_attempts)}")


@pytest.fixture
def expected_outgoing() -> list[str]:
    """The refused attempts so far; a test that provokes them empties the list."""
    return _attempts
