"""Links in e-mail: built from the configured address of the site, never from a request's Host.

The application puts its address on every session it makes (``configure``), so that what renders a mail inside a
transaction needs nothing but that session.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

_KEY = "tracker.mail"


@dataclass(frozen=True)
class Site:
    """The address of the site, as links begin with, and the address mail comes from."""

    base_url: str
    mail_from: str

    @property
    def account(self) -> str:
        return f"{self.base_url}/account"

    @property
    def forgot(self) -> str:
        return f"{self.base_url}/forgot-password"

    @property
    def dashboard(self) -> str:
        return f"{self.base_url}/dashboard"

    @property
    def approvals(self) -> str:
        return f"{self.base_url}/approvals"

    @property
    def reviews(self) -> str:
        return f"{self.base_url}/reviews"

    @property
    def briefing(self) -> str:
        return f"{self.base_url}/briefing"

    @property
    def commitments(self) -> str:
        return f"{self.base_url}/commitments"

    @property
    def extensions(self) -> str:
        return f"{self.base_url}/extensions"

    @property
    def assignments(self) -> str:
        return f"{self.base_url}/assignments"

    @property
    def my_mail(self) -> str:
        return f"{self.base_url}/account/mail"

    @property
    def inbox(self) -> str:
        return f"{self.base_url}/inbox"

    def stop(self, mail_key: str, what: str) -> str:
        """The page that makes a rhythm rarer with one click (RFC 8058), the key being the authority.

        ``what``: "reminders", "notices" or "summary-7", the number being the subscription's.
        """
        return f"{self.base_url}/mail/stop/{mail_key}/{what}"

    def calendar(self, calendar_key: str) -> str:
        return f"{self.base_url}/calendar/{calendar_key}.ics"

    def report(self, report_id: int) -> str:
        return f"{self.base_url}/reports/{report_id}"

    def review(self, report_id: int) -> str:
        return f"{self.base_url}/reviews/{report_id}"

    def commitment(self, commitment_id: int) -> str:
        return f"{self.base_url}/commitments/{commitment_id}"

    def observation(self, observation_id: int) -> str:
        return f"{self.base_url}/observations/{observation_id}"

    def file_observation(self, commitment_id: int) -> str:
        return f"{self.base_url}/commitments/{commitment_id}/observation"

    def public_commitment(self, party_code: str, provision_code: str) -> str:
        return f"{self.base_url}/states/{party_code.lower()}/{provision_code}"

    def practice(self, practice_id: int) -> str:
        """The public page of a good practice."""
        return f"{self.base_url}/good-practices/{practice_id}"

    def managed_practice(self, practice_id: int) -> str:
        return f"{self.base_url}/good-practices/manage/{practice_id}"

    @property
    def mail_domain(self) -> str:
        """The right side of Message-IDs."""
        return self.mail_from.rpartition("@")[2] or "localhost"


def session_info(base_url: str, mail_from: str) -> dict[Any, Any]:
    """What a session carries for this: the ``info`` of the session maker."""
    return {_KEY: Site(base_url.rstrip("/"), mail_from)}


def site(session: Session) -> Site:
    """The site that this session's mails link to. Raises LookupError on a session made without it."""
    try:
        found = session.info[_KEY]
    except KeyError:
        raise LookupError("this session was not made by the application: it knows no site address") from None
    assert isinstance(found, Site)  # noqa: S101  (for the type checker)
    return found
