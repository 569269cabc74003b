"""Whatever happens in whatever order, and however long nothing was sent: no line twice in a row, and none lost."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import Cast
from tracker.domain.vocabulary import MessageState, ReportState, SummaryRhythm, SummaryScope, Visibility
from tracker.domain.workflow import Action
from tracker.mail import outbox
from tracker.mail.day import letter
from tracker.mail.rendering import Heading, Items, Paragraph
from tracker.models import Commitment, HistoryEntry, Message, ProgressReport, Provision, Subscription, User
from tracker.services import subscriptions, summaries
from tracker.services.subscriptions import Wanted

PROVISIONS = ("CS-03", "CS-04", "CS-05", "CS-06")
TAKEN = {
    "focal.us": (Wanted(SummaryRhythm.WEEKLY, SummaryScope.OWN), Wanted(SummaryRhythm.MONTHLY, SummaryScope.OWN)),
    "approver.br": (Wanted(SummaryRhythm.WEEKLY, SummaryScope.OWN),),
    "reviewer": (
        Wanted(SummaryRhythm.WEEKLY, SummaryScope.STATES, ("US",)),
        Wanted(SummaryRhythm.WEEKLY, SummaryScope.EVERYTHING),
        Wanted(SummaryRhythm.AT_PUBLICATION, SummaryScope.STATES, ("BR", "GT")),
    ),
    "observer": (Wanted(SummaryRhythm.AT_PUBLICATION, SummaryScope.OWN),),
}
STEPS: dict[ReportState, tuple[Action, Visibility]] = {
    ReportState.SUBMITTED: (Action.SUBMIT, Visibility.FILE),
    ReportState.UNDER_REVIEW: (Action.TAKE_UP, Visibility.FILE),
    ReportState.RETURNED: (Action.RETURN, Visibility.FILE),
    ReportState.AWAITING_APPROVAL: (Action.ASK_APPROVAL, Visibility.PARTY),
    ReportState.PUBLISHED: (Action.PUBLISH, Visibility.PUBLIC),
}


class World:
    """Random acts, and what each subscription told so far."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.chance = cast, random.Random(seed)  # noqa: S311  (the same acts each time)
        with cast.writing() as session:
            session.execute(sa.update(Subscription).values(ended_at=cast.clock.now()))
        self.owner: dict[int, str] = {}
        for name, wanted in TAKEN.items():
            actor = cast.actor(name)
            for one in wanted:
                with cast.writing() as session:
                    made = subscriptions.make(session, one, actor=actor, now=cast.clock.now())
                    self.owner[made.id] = name
        self.begun = cast.clock.now()
        self.told: dict[int, list[tuple[datetime, set[Any]]]] = defaultdict(list)
        self.withdrawn: set[int] = set()
        self.reports = {
            cast.report_id(party, code): (party, code) for party in ("US", "BR", "GT") for code in PROVISIONS
        }

    def act(self) -> None:
        """A step of some report, by somebody, at a minute of its own."""
        self.cast.clock.advance(minutes=self.chance.randint(1, 700))
        report_id = self.chance.choice(list(self.reports))
        state = self.chance.choice(list(STEPS))
        action, visibility = STEPS[state]
        who = self.chance.choice(["focal.us", "approver.br", "reviewer", "reviewer2", None])
        now = self.cast.clock.now()
        with self.cast.writing() as session:
            report = session.get_one(ProgressReport, report_id)
            report.state = state
            report.reviewer_id = self.cast.actor("reviewer").user_id
            if state is ReportState.SUBMITTED:
                report.first_submitted_at = report.first_submitted_at or now
            session.add(
                HistoryEntry(
                    commitment_id=report.commitment_id,
                    report_id=report.id,
                    party_id=report.party_id,
                    at=now,
                    action=action,
                    to_state=state.value,
                    actor_id=self.cast.actor(who).user_id if who else None,
                    visibility=visibility,
                )
            )

    def tell(self) -> None:
        """What is due is told; one mail in five is withdrawn before it leaves, and has told nothing."""
        now = self.cast.clock.now()
        with self.cast.reading() as session:
            due = summaries.due_users(session, now)
        self.withdrawn = set()
        for user_id in sorted(due):
            with self.cast.writing() as session:
                self._tell(session, user_id, now)
        with self.cast.reading() as session:
            assert summaries.due_users(session, now) == self.withdrawn

    def _tell(self, session: Session, user_id: int, now: datetime) -> None:
        user = session.get_one(User, user_id)
        found = summaries.contribution(session, user, now=now)
        assert found, "who is due has something to settle"
        sections = [one.section for one in found if one.section is not None]
        message = None
        if sections:
            message = outbox.put(
                session,
                key=f"summary:{user_id}:{now.isoformat()}",
                kind="summary",
                recipient_id=user_id,
                to_address=user.email,
                message=letter(user.name, user.language, sections, settings_url="http://tracker.test/account"),
                now=now,
            )
        for one in found:
            one.settle(session, message)
        if message is not None and self.chance.random() < 0.2:
            self.withdrawn.add(user_id)
            session.execute(sa.update(Message).where(Message.id == message.id).values(state=MessageState.WITHDRAWN))
            return
        for section in sections:
            number = int(section.unsubscribe_url.rpartition("-")[2])
            self.told[number].append((now, lines(section.parts)))


def lines(parts: Any) -> set[Any]:
    """The lines of a section: (text, address, note) of each item, and the figures."""
    found: set[Any] = set()
    heading = ""
    for part in parts:
        if isinstance(part, Heading):
            heading = part.text
        elif isinstance(part, Items):
            found |= {(item.text, item.href, item.note) for item in part.items}
        elif isinstance(part, Paragraph) and heading.startswith("Figures"):
            found.add(part.text)
    return found


def changes(told: set[Any]) -> set[tuple[str, str]]:
    """(address of the commitment, step with its day) of each change that is told."""
    return {
        (line[1], step)
        for line in told
        if isinstance(line, tuple) and "/commitments/" in line[1]
        for step in line[2].split("; ")
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_no_line_twice_and_none_lost(any_cast: Cast, seed: int) -> None:
    with any_cast.writing() as session:
        session.execute(sa.update(User).values(language="en"))
    world = World(any_cast, seed)
    for _day in range(25):
        for _act in range(world.chance.randint(0, 3)):
            world.act()
        any_cast.clock.advance(minutes=world.chance.choice([3, 60 * 20, 60 * 24, 60 * 24 * 3, 60 * 24 * 9]))
        world.tell()
    for _again in range(40):
        any_cast.clock.advance(days=1)
        world.tell()
    assert sum(len(told) for told in world.told.values()) > 15
    for number, told in world.told.items():
        for (since, first), (until, second) in itertools.pairwise(told):
            both = first & second
            assert not {line for line in both if isinstance(line, str)}, "figures that are the same"
            for _text, url, _note in both:
                assert "/commitments/" not in url, (number, both)
                assert _moved(any_cast, url, since, until), "it waits as it did before"
            alike = changes(first) & changes(second)
            assert not alike or _twice_a_day(world, alike)
    _none_lost(world)


def _moved(cast: Cast, url: str, since: datetime, until: datetime) -> bool:
    """Whether the report left the reader's desk and came back meanwhile: then it waits anew."""
    of_it = HistoryEntry.report_id == int(url.rpartition("/")[2])
    between = sa.select(sa.func.count()).where(of_it, HistoryEntry.at > since, HistoryEntry.at <= until)
    with cast.reading() as session:
        return bool(session.scalar(between))


def _twice_a_day(world: World, both: set[tuple[str, str]]) -> bool:
    """Whether the same step was done twice to the same commitment on one day: two events that read alike."""
    with world.cast.reading() as session:
        for url, _step in both:
            commitment_id = int(url.rpartition("/")[2])
            acts = session.execute(
                sa.select(HistoryEntry.action, HistoryEntry.at).where(HistoryEntry.commitment_id == commitment_id)
            ).all()
            seen = [(row.action, (row.at - timedelta(hours=4)).date()) for row in acts]
            if not any(seen.count(one) > 1 for one in seen):
                return False
    return True


def _none_lost(world: World) -> None:
    """Each change that the reviewer may read stands in one of the weekly summaries."""
    weekly = [number for number, name in world.owner.items() if name == "reviewer"][:2]
    told = {url for number in weekly for _at, section in world.told[number] for url, _step in changes(section)}
    with world.cast.reading() as session:
        wanted = session.scalars(
            sa.select(HistoryEntry.commitment_id)
            .join(Commitment, Commitment.id == HistoryEntry.commitment_id)
            .join(Provision, Provision.id == Commitment.provision_id)
            .where(
                HistoryEntry.at > world.begun,
                HistoryEntry.visibility != Visibility.PARTY,
                sa.func.coalesce(HistoryEntry.actor_id, 0) != world.cast.actor("reviewer").user_id,
                HistoryEntry.to_state.is_not(None),
            )
        ).all()
    assert {int(url.rpartition("/")[2]) for url in told} >= set(wanted)
