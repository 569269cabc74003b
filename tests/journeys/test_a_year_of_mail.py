"""A simulated year of mail, compared with a re-computation by other code from docs/mail.md (``mail_reference``).

Three overlapping cycles, 35 States, 200 people in zones whose clocks change, extensions, handovers, people away,
addresses that bounce, ladders changed in the middle; thirty outages of up to ten days, jobs killed at any statement and
replies of the mail server lost. ``TRACKER_TEST_YEARS=5`` lives through more of them, each by another chance.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.clock import MovableClock
from tests.support.mail_year import Year
from tracker.db import db
from tracker.domain.vocabulary import MessageState
from tracker.models import Message, ReminderEntry, SummaryEntry

YEARS = int(os.environ.get("TRACKER_TEST_YEARS", "1"))
DAYS = int(os.environ.get("TRACKER_TEST_YEAR_DAYS", "360"))
ITEM = re.compile(r"http://tracker\.test/reports/(\d+)")
TICKS = {"sqlite": 2, "postgresql": 1}
"""How often a day the jobs run: a transaction costs more on PostgreSQL, and the suite must stay short."""
SHOWN = 12
"""Differences that a failure tells of."""


@dataclass(frozen=True)
class MailOfTheDay:
    """What somebody got, however it was found out."""

    kind: str
    items: tuple[tuple[int, date, int], ...]
    """Report, date, step."""
    news: tuple[int, ...]
    summaries: tuple[int, ...]


@pytest.mark.minutes
@pytest.mark.parametrize("seed", range(1, YEARS + 1))
def test_a_year_of_mail(any_catalogue_app: Flask, database: str, clock: MovableClock, seed: int) -> None:
    year = Year(any_catalogue_app, clock, seed, days=DAYS, ticks=TICKS[database])
    year.live()
    with year.app.app_context():
        messages = {m.message_id: m for m in db.session.scalars(sa.select(Message))}
        got = _delivered(year, messages)
        alone = _alone(year, messages)
        ledger = {
            (e.report_id, e.due_on, e.day, e.user_id): e.outcome.value
            for e in db.session.scalars(sa.select(ReminderEntry))
        }
        withdrawn = {m.id for m in messages.values() if m.state is MessageState.WITHDRAWN}
        looked_at = {
            (e.subscription_id, e.period, e.last_entry_id)
            for e in db.session.scalars(sa.select(SummaryEntry))
            if e.message_id not in withdrawn
        }
    reference = year.reference
    wanted = {
        (m.person, m.day): MailOfTheDay(
            m.kind, tuple(sorted(m.items)), tuple(sorted(m.news)), tuple(sorted(m.summaries))
        )
        for m in reference.mails
        if m.left
    }
    _same(wanted, got)
    _same(reference.ledger, ledger)
    assert {n for n, state in reference.news.items() if state == "left"} == alone
    assert reference.looked_at() == looked_at
    _as_written(year, messages)
    _enough_happened(year)


def _same(wanted: dict, got: dict) -> None:
    differences = {key: (wanted.get(key), got.get(key)) for key in wanted.keys() | got.keys()}
    differences = {key: pair for key, pair in differences.items() if pair[0] != pair[1]}
    told = [f"{key}: wanted {pair[0]}, got {pair[1]}" for key, pair in sorted(differences.items(), key=str)[:SHOWN]]
    assert not differences, "\n".join([f"{len(differences)} of {len(wanted)} differ", *told])


def _delivered(year: Year, messages: dict[str, Message]) -> dict[tuple[int, date], MailOfTheDay]:
    """Every mail of the day that the server took, with what the ledgers say it named."""
    items, summaries, news = defaultdict(list), defaultdict(list), defaultdict(list)
    for entry in db.session.scalars(sa.select(ReminderEntry).where(ReminderEntry.message_id.is_not(None))):
        items[entry.message_id].append((entry.report_id, entry.due_on, entry.day))
    for told in db.session.scalars(sa.select(SummaryEntry).where(SummaryEntry.message_id.is_not(None))):
        summaries[told.message_id].append(told.subscription_id)
    for one in messages.values():
        if one.within_id is not None and one.state is MessageState.GROUPED:
            news[one.within_id].append(one.id)
    found: dict[tuple[int, date], MailOfTheDay] = {}
    for message_id in {taken.message_id for taken in year.server.taken}:
        mail = messages[message_id]
        if not mail.key.startswith("day:"):
            continue
        key = (mail.recipient_id or 0, date.fromisoformat(mail.key.rpartition(":")[2]))
        assert key not in found, f"two mails of one day: {key}"
        found[key] = MailOfTheDay(
            mail.kind, tuple(sorted(items[mail.id])), tuple(sorted(news[mail.id])), tuple(sorted(summaries[mail.id]))
        )
    return found


def _alone(year: Year, messages: dict[str, Message]) -> set[int]:
    """The mails the server took that are not of the day, by id."""
    taken = {messages[one.message_id] for one in year.server.taken}
    return {m.id for m in taken if not m.key.startswith("day:")}


def _as_written(year: Year, messages: dict[str, Message]) -> None:
    """The text that left names the items, in their order; what came twice had lost its reply, and is the same."""
    listed = {(m.person, m.day): [report for report, _due_on, _step in m.items] for m in year.reference.mails if m.left}
    copies: dict[str, set[bytes]] = defaultdict(set)
    counted = Counter(taken.message_id for taken in year.server.taken)
    for taken in year.server.taken:
        mail = messages[taken.message_id]
        copies[taken.message_id].add(taken.letter.content)
        if mail.kind == "reminder":
            body = taken.letter.message.get_body(("plain",))
            assert body is not None
            wanted = listed[mail.recipient_id or 0, date.fromisoformat(mail.key.rpartition(":")[2])]
            named = [int(number) for number in ITEM.findall(body.get_content())]
            assert list(dict.fromkeys(named))[: len(wanted)] == wanted
    assert all(len(different) == 1 for different in copies.values())
    # A run that is killed has one message in hand, which the server may have taken already.
    assert year.server.lost <= sum(count - 1 for count in counted.values()) <= year.kills.get("deliver-mail", 0)


def _enough_happened(year: Year) -> None:
    """A year in which nothing is tried proves nothing."""
    if year.days < 360:
        return
    outcomes = Counter(year.reference.ledger.values())
    assert len(outcomes) >= 6, outcomes
    assert len(year.acts.done) >= 16, year.acts.done
    assert all(year.kills.get(name) for name in ("reminders", "summaries", "deliver-mail")), year.kills
    assert year.server.lost
    assert sum(m.withdrawn for m in year.reference.mails) >= 3
    assert Counter(m.kind for m in year.reference.mails if m.left).keys() == {"reminder", "notice", "summary"}
