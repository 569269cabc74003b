"""When not to send: pauses for a server or a domain that takes nothing, and limits for each minute.

A pause stands in the table ``mail_pause``, so that it outlives a run and administrators see it. It grows while nothing
is taken and ends with the first mail that is. What waits for it, or for the next minute, does not use up a try.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import MessageState
from tracker.mail.queue import SKEW
from tracker.models import MailPause, Message

STEPS: tuple[timedelta, ...] = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
)
"""How long nothing is tried after the first, second … failure of a server or domain; the last one for all others."""
OUR_SERVER = ""
"""In the place of a domain: the mail server that all mail goes through."""
SEVERAL = 5
"""So many messages for one domain, or at our server, that were not taken in a row are not the messages' fault. One
that is told to come back later (greylisting) is below that."""


@dataclass(frozen=True)
class PerMinute:
    """The most messages that leave in a minute of the clock, in all and for one domain; 0: no limit."""

    in_all: int = 0
    per_domain: int = 0

    def __bool__(self) -> bool:
        return bool(self.in_all or self.per_domain)


NO_LIMIT = PerMinute()


class Pauses:
    """The pauses as a run knows them: read when it takes messages, written where they change."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[datetime, datetime]] = {}
        self._not_taken: Counter[str] = Counter()

    def read(self, session: Session) -> None:
        """See the pauses as they stand now."""
        self._rows = {row.domain: (row.at, row.until) for row in session.execute(_PAUSES)}

    def of_our_server(self, now: datetime) -> bool:
        """Whether nothing is to be tried at all."""
        return self._lasts(OUR_SERVER, now)

    def domains(self, now: datetime) -> list[str]:
        """The domains that take nothing now."""
        return [domain for domain in self._rows if domain and self._lasts(domain, now)]

    def taken(self, session: Session, domain: str) -> None:
        """A message was taken: whatever was held against the domain and our server is over."""
        self._not_taken.pop(domain, None)
        self._not_taken.pop(OUR_SERVER, None)
        over = [one for one in {domain, OUR_SERVER} if one in self._rows]
        if over:
            session.execute(sa.delete(MailPause).where(MailPause.domain.in_(over)))
            for one in over:
                del self._rows[one]

    def not_taken(self, session: Session, domain: str, said: str, now: datetime) -> bool:
        """A message for the domain, or where that is ``OUR_SERVER`` any message, was not taken: several in a row begin
        a pause. Whether one begins now."""
        self._not_taken[domain] += 1
        if self._not_taken[domain] < SEVERAL:
            return False
        self.begin(session, domain, said, now)
        return True

    def begin(self, session: Session, domain: str, said: str, now: datetime) -> None:
        """Let nothing be tried there for a while, longer than the last time."""
        self._not_taken.pop(domain, None)
        row = session.get(MailPause, domain, with_for_update=True)
        if row is None:
            row = MailPause(domain=domain, failures=0)
            session.add(row)
        row.failures += 1
        row.at, row.until = now, now + STEPS[min(row.failures, len(STEPS)) - 1]
        row.said = said[:500]
        session.flush()
        if domain:
            # Who was told to come back comes first afterwards: that is what a greylisting server waits for.
            session.execute(
                sa.update(Message)
                .where(
                    Message.state == MessageState.QUEUED,
                    Message.domain == domain,
                    Message.attempts == 0,
                    Message.next_attempt_at < row.until,
                )
                .values(next_attempt_at=row.until)
                .execution_options(synchronize_session=False)
            )
        self._rows[domain] = (row.at, row.until)

    def _lasts(self, domain: str, now: datetime) -> bool:
        began, until = self._rows.get(domain, (now, now))
        # One that began in the future was written by a clock that was put back since.
        return until > now and began <= now + SKEW


_PAUSES = sa.select(MailPause.domain, MailPause.at, MailPause.until)


class Minute:
    """How many messages left in this minute of the clock."""

    def __init__(self, limits: PerMinute) -> None:
        self._limits = limits
        self._begun: datetime | None = None
        self._domains: Counter[str] = Counter()

    def full(self, session: Session, now: datetime) -> bool:
        """Whether no message at all may leave before the next minute. Counts what other runs sent, too."""
        begun = now.replace(second=0, microsecond=0)
        if self._limits and begun != self._begun:
            self._begun = begun
            sent = session.execute(
                sa.select(Message.domain, sa.func.count().label("number"))
                .where(Message.last_attempt_at >= begun, Message.last_attempt_at <= now)
                .group_by(Message.domain)
            )
            self._domains = Counter({row.domain: row.number for row in sent})
        return bool(self._limits.in_all) and self._domains.total() >= self._limits.in_all

    def domains(self) -> list[str]:
        """The domains that get no more in this minute."""
        most = self._limits.per_domain
        return [domain for domain, count in self._domains.items() if count >= most] if most else []

    def count(self, domain: str) -> None:
        """A message was tried."""
        if self._limits:
            self._domains[domain] += 1
