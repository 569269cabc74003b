"""Good practices made and decided through the real services. Everything is invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cast import Cast
from tests.support.worlds import kept
from tracker.domain.vocabulary import ReportState
from tracker.models import GoodPractice
from tracker.services import good_practices, records
from tracker.services.good_practices import Content

TITLE = "An invented mobile team"
TEXT = "practice-text: an invented team visits invented harbours."
REASON = "practice-reason: the invented figures are of another year."


def content(title: str = TITLE, text: str = TEXT, language: str = "en", url: str = "", **more: str) -> Content:
    return Content(title, text, language, url, **more)


@kept
def rated(cast: Cast, party: str = "BR", code: str = "CS-03") -> int:
    """The commitment, with a published rating; its id."""
    cast.bring_to(cast.report_id(party, code), ReportState.PUBLISHED, party.lower())
    return cast.commitment_id(party, code)


@kept
def make(cast: Cast, who: str = "focal.br", party: str = "BR", code: str = "CS-03", said: Content | None = None) -> int:
    """Staff propose, others offer; its id."""
    actor, commitment_id = cast.actor(who), cast.commitment_id(party, code)
    cast.clock.advance(minutes=1)
    verb = good_practices.propose if actor.is_staff else good_practices.offer
    with cast.writing() as session:
        commitment = records.commitment(session, commitment_id)
        assert commitment is not None
        return verb(session, commitment, said or content(), actor=actor, now=cast.clock.now()).id


def act(cast: Cast, verb: Callable[..., Any], practice_id: int, who: str, seen: int | None = None, **said: Any) -> None:
    """Agree, decline, take back or edit as somebody."""
    actor = cast.actor(who)
    cast.clock.advance(minutes=1)
    seen = stored(cast, practice_id).version if seen is None else seen
    with cast.writing() as session:
        verb(session, practice_id, seen_version=seen, actor=actor, now=cast.clock.now(), **said)


@kept
def shared(cast: Cast, **made: Any) -> int:
    """One that the State offered and the reviewer agreed to; its id."""
    practice_id = make(cast, **made)
    act(cast, good_practices.agree, practice_id, "reviewer")
    return practice_id


def stored(cast: Cast, practice_id: int) -> GoodPractice:
    with cast.reading() as session:
        return session.get_one(GoodPractice, practice_id)
