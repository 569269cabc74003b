"""Delivery over SMTP: the only file that opens a connection to a mail server."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol


class Transport(Protocol):
    """Carries a message away, or raises."""

    def send(self, message: EmailMessage) -> None: ...
