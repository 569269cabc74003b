"""Requests for a later due date: asked for, decided, taken back, looked up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from tests.cast import Cast
from tests.support.worlds import kept
from tracker.domain.vocabulary import ExtensionDecision, Visibility
from tracker.models import (
    Extension,
    HistoryEntry,
    Message,
    ProgressReport,
)
from tracker.services import extensions
from tracker.services.extensions import Outcome

LATER = date(2026, 5, 15)
REASON = "The statistics office closes its year in May."
GRANTED, REFUSED = ExtensionDecision.GRANTED, ExtensionDecision.REFUSED


def ask(
    cast: Cast, name: str, report_ids: Sequence[int], until: date | None = LATER, reason: str = REASON, **more: str
) -> list[Outcome]:
    actor = cast.actor(name)
    with cast.writing() as session:
        wanted = [cast._report(session, one) for one in report_ids]
        return extensions.ask(session, wanted, until=until, reason=reason, actor=actor, now=cast.clock.now(), **more)


def decide(
    cast: Cast, name: str, ids: Sequence[int], decision: ExtensionDecision = GRANTED, until: date | None = None
) -> list[Outcome]:
    actor = cast.actor(name)
    with cast.writing() as session:
        wanted = extensions.by_ids(session, ids)
        return extensions.decide(
            session, wanted, decision=decision, until=until, reason="Because.", actor=actor, now=cast.clock.now()
        )


def withdraw(cast: Cast, name: str, extension_id: int) -> None:
    actor = cast.actor(name)
    with cast.writing() as session:
        (found,) = extensions.by_ids(session, [extension_id])
        extensions.withdraw(session, found, actor=actor, now=cast.clock.now())


@kept
def asked(cast: Cast, code: str = "CS-03", state: str = "br") -> tuple[int, int]:
    """A report of a State with a request that waits: (report id, request id)."""
    report_id = cast.report_id(state.upper(), code)
    assert [o.problem for o in ask(cast, f"focal.{state}", [report_id])] == [""]
    with cast.reading() as session:
        return report_id, session.scalars(sa.select(Extension.id).where(Extension.report_id == report_id)).one()


def stored(cast: Cast, extension_id: int) -> Extension:
    with cast.reading() as session:
        found = session.get_one(Extension, extension_id)
        session.expunge(found)
        return found


def report_of(cast: Cast, report_id: int) -> ProgressReport:
    with cast.reading() as session:
        found = session.get_one(ProgressReport, report_id)
        session.expunge(found)
        return found


def entries(cast: Cast, report_id: int) -> list[tuple[str, Visibility]]:
    with cast.reading() as session:
        rows = session.execute(
            sa.select(HistoryEntry.action, HistoryEntry.visibility)
            .where(HistoryEntry.report_id == report_id)
            .order_by(HistoryEntry.id)
        )
        return [(row.action, row.visibility) for row in rows]


def mails(cast: Cast) -> list[Message]:
    with cast.reading() as session:
        found = list(session.scalars(sa.select(Message).where(Message.kind == "extension").order_by(Message.id)))
        for one in found:
            session.expunge(one)
        return found


def to_whom(found: list[Message]) -> set[str]:
    return {one.to_address.partition("@")[0] for one in found}
