"""Parts for contributors: another contributor, asking, handing in, writing, and what the lists say."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.assignments import PartState
from tracker.domain.vocabulary import Rating
from tracker.models import Assignment, Element, Institution, Message, User
from tracker.services import assignment_lists, assignments, records, reports
from tracker.services import parts as handing_in
from tracker.services.assignments import Part, Result
from tracker.services.report_content import Answer, of_draft

OWN = date(2026, 4, 10)


def element(cast: Cast, code: str) -> int:
    with cast.reading() as session:
        return session.scalars(sa.select(Element.id).where(Element.code == code)).one()


def user_id(cast: Cast, name: str) -> int:
    with cast.reading() as session:
        return session.scalars(sa.select(User.id).where(User.email == f"{name}@tracker.test")).one()


def colleague(cast: Cast, name: str = "second.br") -> int:
    """Another contributor of Brazil, with an institution of his or her own."""
    with cast.writing() as session:
        first = session.scalars(sa.select(User).where(User.email == "contributor.br@tracker.test")).one()
        institution = Institution(party_id=first.party_id, name="Invented Police")
        session.add(institution)
        session.flush()
        made = User(
            email=f"{name}@tracker.test",
            name=f"Invented {name}",
            role=first.role,
            party_id=first.party_id,
            institution_id=institution.id,
            language="pt",
            time_zone=first.time_zone,
            fs_uniquifier=name,
            created_at=cast.clock.now(),
        )
        session.add(made)
        session.flush()
        return made.id


def assign(
    cast: Cast,
    codes: list[str],
    users: list[int],
    due_on: date | None = None,
    name: str = "focal.br",
    party: str = "BR",
) -> list[Result]:
    """``codes``: of provisions, or of elements."""
    actor = cast.actor(name)
    wanted = [(cast.commitment_id(party, c.partition(".")[0]), element(cast, c) if "." in c else None) for c in codes]
    with cast.writing() as session:
        listed = []
        for commitment_id, element_id in wanted:
            commitment = records.commitment(session, commitment_id)
            assert commitment is not None
            listed.append(Part(commitment, element_id))
        return assignments.assign(session, listed, users, due_on=due_on, actor=actor, now=cast.clock.now())


def rows(cast: Cast, user: int) -> list[Assignment]:
    with cast.reading() as session:
        found = list(session.scalars(sa.select(Assignment).where(Assignment.user_id == user).order_by(Assignment.id)))
        for one in found:
            session.expunge(one)
        return found


def mails(cast: Cast) -> list[Message]:
    with cast.reading() as session:
        found = list(session.scalars(sa.select(Message).where(Message.kind == "assignment").order_by(Message.id)))
        for one in found:
            session.expunge(one)
        return found


def hand_in(cast: Cast, report_id: int, name: str = "contributor.br") -> bool:
    actor = cast.actor(name)
    with cast.writing() as session:
        report = cast._report(session, report_id)
        return handing_in.hand_in(session, report, seen_version=report.version, actor=actor, now=cast.clock.now())


def write(cast: Cast, report_id: int, name: str, text: str) -> None:
    actor = cast.actor(name)
    with cast.writing() as session:
        report = cast._report(session, report_id)
        stored = of_draft(report)
        answers = tuple(Answer(a.element, Rating.PARTIALLY, text) for a in stored.answers)
        content = type(stored)(answers=answers, summary=stored.summary)
        reports.save(session, report, content, seen_version=report.version, actor=actor, now=cast.clock.now())


def listed(cast: Cast, name: str, **more: object) -> list[tuple[str, PartState]]:
    actor = cast.actor(name)
    with cast.reading() as session:
        found = assignment_lists.parts(session, actor, now=cast.clock.now(), **more)  # type: ignore[arg-type]
        return [(line.code, line.state) for line in found.lines]
