"""Observations of the invented organisation, filed and decided through the real services. Everything is invented."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.vocabulary import ObservationState, Rating
from tracker.models import Observation
from tracker.services import moderation, observation_filing, records
from tracker.services.observation_filing import Content, NewLink

TEXT = "seen-by-observers: the invented hotline was not answered."
LINK = "https://example.org/seen"


def content(text: str = TEXT, view: Rating | None = Rating.NOT, **more: object) -> Content:
    links = (NewLink("1", secrets.token_hex(16), "An invented survey", LINK, None),)
    return Content(view=view, text=text, language="en", **{"links": links, **more})  # type: ignore[arg-type]


def write(
    cast: Cast,
    party: str = "BR",
    code: str = "CS-03",
    said: Content | None = None,
    *,
    who: str = "observer",
    files: bool = True,
    seen: int | None = None,
) -> int:
    """Save or file one; its id."""
    actor, commitment_id = cast.actor(who), cast.commitment_id(party, code)
    cast.clock.advance(minutes=1)
    with cast.writing() as session:
        commitment = records.commitment(session, commitment_id)
        assert commitment is not None
        verb = observation_filing.file if files else observation_filing.save
        if seen is None:
            report = observation_filing.current_report(session, commitment_id)
            assert report is not None
            before = observation_filing.own(session, report.id, actor.organisation_id)
            seen = before.version if before else 0
        made = verb(session, commitment, said or content(), seen_version=seen, actor=actor, now=cast.clock.now())
        return made.id


def decide(cast: Cast, observation_id: int, *, accept: bool = True, who: str = "reviewer") -> None:
    cast.clock.advance(minutes=1)
    actor, seen = cast.actor(who), version(cast, observation_id)
    with cast.writing() as session:
        if accept:
            moderation.accept(session, observation_id, seen_version=seen, actor=actor, now=cast.clock.now())
        else:
            reason = "declined-because it is about something else."
            moderation.decline(
                session, observation_id, reason=reason, seen_version=seen, actor=actor, now=cast.clock.now()
            )


def stored(cast: Cast, observation_id: int) -> Observation:
    with cast.reading() as session:
        return session.scalars(sa.select(Observation).where(Observation.id == observation_id)).one()


def version(cast: Cast, observation_id: int) -> int:
    return stored(cast, observation_id).version


def bring(cast: Cast, state: ObservationState, party: str = "BR", code: str = "CS-03", text: str = TEXT) -> int:
    """An observation in this state."""
    if state is ObservationState.DRAFT:
        return write(cast, party, code, content(text), files=False)
    made = write(cast, party, code, content(text))
    if state is ObservationState.ACCEPTED:
        decide(cast, made)
    if state is ObservationState.DECLINED:
        decide(cast, made, accept=False)
    if state is ObservationState.WITHDRAWN:
        actor = cast.actor("observer")
        with cast.writing() as session:
            observation_filing.withdraw(
                session, made, seen_version=version(cast, made), actor=actor, now=cast.clock.now()
            )
    return made
