"""What people try with a report in tests/journeys/test_any_order.py, through the services behind the doors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import Cast
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import ExtensionDecision, Rating, Strength
from tracker.domain.workflow import Action
from tracker.models import Extension, Observation, ProgressReport, Question
from tracker.services import (
    drafts,
    extensions,
    moderation,
    notes,
    observation_filing,
    publication,
    questions,
    reports,
    reviews,
    transitions,
)
from tracker.services.report_content import Answer, ReportContent, of_draft


def _newest(model: Any, report: ProgressReport) -> sa.Select[Any]:
    return sa.select(model).where(model.report_id == report.id).order_by(model.id.desc())


class Acts:
    """One method per act. ``text`` is empty where something that is asked for is lacking."""

    cast: Cast
    actors: dict[str, Actor]
    said: ReportContent | None
    """What the last accepted save said."""

    def _person(self, who: str) -> Any:
        return None if who == "clock" else self.actors[who]

    def _save(self, session: Session, report: ProgressReport, who: str, text: str, version: int) -> None:
        stored = of_draft(report)
        rating = Rating.PARTIALLY if text else None
        content = replace(
            stored, answers=tuple(Answer(a.element, rating, text) for a in stored.answers), summary=text, obstacles=text
        )
        drafts.save(session, report, content, seen_version=version, actor=self._person(who), now=self.cast.clock.now())
        self.said = content

    def _step(self, verb: Any, session: Session, report: ProgressReport, who: str, version: int, **more: Any) -> None:
        verb(session, report, seen_version=version, actor=self._person(who), now=self.cast.clock.now(), **more)

    def _ask_approval(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reports.ask_approval, s, r, who, version)

    def _submit(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reports.submit, s, r, who, version)

    def _refuse(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reports.refuse, s, r, who, version, comment=text)

    def _recall(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reports.recall, s, r, who, version)

    def _take_up(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reviews.take_up, s, r, who, version)

    def _take_over(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reviews.take_over, s, r, who, version)

    def _return(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        due_on = self.cast.clock.now().date() + timedelta(days=20)
        self._step(reviews.return_, s, r, who, version, comment=text, due_on=due_on)

    def _propose(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        how = {"rating": Rating.LARGELY, "strength": Strength.DOCUMENTED, "reasons": text}
        self._step(reviews.propose, s, r, who, version, **how)

    def _send_back(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reviews.send_back, s, r, who, version, comment=text)

    def _confirm(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reviews.confirm, s, r, who, version)

    def _comment(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reports.comment, s, r, who, version, text=text)

    def _waive(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reports.waive, s, r, who, version)

    def _publish(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        """The clock; anybody else tries to write what the clock writes."""
        if who == "clock":
            publication.publish_by_clock(s, r.id, now=self.cast.clock.now())
        else:
            transitions.perform(s, r, Action.PUBLISH, actor=self._person(who), now=self.cast.clock.now())

    def _reopen(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        self._step(reviews.reopen, s, r, who, version, reason=text)

    def _ask_extension(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        if who == "clock":
            return
        until = r.due_on + timedelta(days=12)
        extensions.ask(s, [r], until=until, reason=text, actor=self._person(who), now=self.cast.clock.now())

    def _decide_extension(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        newest = s.scalars(
            sa.select(Extension).where(Extension.report_id == r.id).order_by(Extension.id.desc())
        ).first()
        if newest is None or who == "clock":
            return
        decision = ExtensionDecision.GRANTED if len(text) % 2 else ExtensionDecision.REFUSED
        now = self.cast.clock.now()
        extensions.decide(s, [newest], decision=decision, reason=text, actor=self._person(who), now=now)

    def _ask_question(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        if who != "clock":
            questions.ask(s, r, texts={"": text}, actor=self._person(who), now=self.cast.clock.now())

    def _answer_question(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        newest = s.scalars(_newest(Question, r)).first()
        if newest is None or who == "clock":
            return
        seen, now = newest.version, self.cast.clock.now()
        questions.answer(s, r, newest, text=text, seen_version=seen, actor=self._person(who), now=now)

    def _write_note(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        if who != "clock":
            notes.write(s, r, text=text, actor=self._person(who), now=self.cast.clock.now())

    def _observe(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        if who == "clock":
            return
        own = observation_filing.own(s, r.id, self._person(who).organisation_id)
        content = observation_filing.Content(Rating.NOT, text, "en")
        verb = observation_filing.file if text else observation_filing.save
        seen, now = own.version if own else 0, self.cast.clock.now()
        verb(s, r.commitment, content, seen_version=seen, actor=self._person(who), now=now)

    def _moderate(self, s: Session, r: ProgressReport, who: str, text: str, version: int) -> None:
        filed = s.scalars(sa.select(Observation).where(Observation.report_id == r.id)).one_or_none()
        if filed is None or who == "clock":
            return
        how: dict[str, Any] = {"seen_version": filed.version, "actor": self._person(who), "now": self.cast.clock.now()}
        if len(text) % 2:
            moderation.accept(s, filed.id, **how)
        else:
            moderation.decline(s, filed.id, reason=text, **how)
