"""The working days of every reader, read at once: the own party's holidays, for staff the General Secretariat's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import STAFF_ROLES, PartyKind, Role
from tracker.domain.working_days import WorkCalendar
from tracker.models import ReportingParty
from tracker.services import holidays
from tracker.services.plain_rows import rows

PLAIN = WorkCalendar()
"""Monday to Friday."""


@dataclass(frozen=True, slots=True)
class WorkCalendars:
    """By party; parties without holidays are not in it."""

    by_party: dict[int, WorkCalendar]
    secretariat_id: int | None

    def of(self, role: Role, party_id: int | None) -> WorkCalendar:
        """The calendar of a person of this role and party."""
        return self.of_party(self.secretariat_id if role in STAFF_ROLES else party_id)

    def of_party(self, party_id: int | None) -> WorkCalendar:
        return self.by_party.get(party_id, PLAIN) if party_id is not None else PLAIN


def load(session: Session) -> WorkCalendars:
    """The calendars as they are now. Two queries, whatever the number of people."""
    found = {party_id: WorkCalendar(days) for party_id, days in holidays.calendars(session).items()}
    return WorkCalendars(found, rows(session, _secretariat()).scalar())


@cache
def _secretariat() -> sa.Select:
    return sa.select(ReportingParty.id).where(ReportingParty.kind == PartyKind.GENERAL_SECRETARIAT).limit(1)
