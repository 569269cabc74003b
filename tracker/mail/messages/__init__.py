"""A function per e-mail: from plain data to a mail in the reader's language."""

from tracker.mail.messages.accounts import invitation, password_changed, password_reset
from tracker.mail.messages.documents import status_report

__all__ = ["invitation", "password_changed", "password_reset", "status_report"]
