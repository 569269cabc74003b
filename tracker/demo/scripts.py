"""From a fate to the steps of a report: who acts when, and what he or she writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from tracker.demo.fates import Fate, dice
from tracker.demo.lives import Life, Person, Step
from tracker.demo.measures import Asked, declared
from tracker.demo.narratives import Narratives, narratives
from tracker.domain.compliance import needs_reason_for_strength
from tracker.domain.deadlines import local_date
from tracker.domain.measures import is_asked_of
from tracker.domain.vocabulary import SCALE, PartyKind, Rating, Strength
from tracker.domain.workflow import Action
from tracker.services.report_content import Answer, Evidence, ReportContent

A = Action
EARLIEST_HOUR = 13
"""In UTC: the working day of the Americas."""
AGREEMENT = 0.6
"""How often the State's self-assessment is the Secretariat's rating too."""
BY_THE_ADMINISTRATOR = 0.2
"""How often the administrator looks at a rating in the other reviewer's place."""
RETURN_DAYS = 21

_NOT_MEASURED = {
    Rating.INSUFFICIENT: Strength.DECLARED_ONLY,
    Rating.NOT: Strength.DOCUMENTED,
    Rating.NO_LONGER_APPLICABLE: Strength.DOCUMENTED,
}
"""Ratings for which a result can hardly have been measured."""


@dataclass(frozen=True)
class Team:
    """Who acts for a party."""

    focal: Person
    approver: Person | None
    contributor: Person | None
    kind: PartyKind
    code: str
    zone: str
    language: str


@dataclass(frozen=True)
class Staff:
    """Who acts for the Secretariat."""

    reviewers: tuple[Person, ...]
    administrator: Person


@dataclass(frozen=True)
class Commission:
    """One commitment as a report needs it."""

    provision: str
    elements: tuple[tuple[str, str], ...]
    """(code, label in the party's language) of the elements owed, in order."""
    contributor_from: datetime | None
    """Since when the contributor is asked to answer; None: never."""
    asked: Asked
    """The figures and budget lines that its provision asks for."""


@dataclass(frozen=True)
class Period:
    """A cycle as its reports need it."""

    seed: str
    """What its reports are drawn from."""
    code: str
    opened_on: date
    due_on: date
    period_start: date
    period_end: date
    comment_days: int
    today: date | None
    """In the open cycle the day of loading, which returned reports' due dates are counted from."""


def live(life: Life, fate: Fate, commission: Commission, period: Period, team: Team, staff: Staff) -> None:
    """Take the report through its fate."""
    script = _Script(life, fate, commission, period, team, staff)
    for day, action in fate.course:
        if action is A.ASK_APPROVAL and team.approver is None:
            continue
        life.take(script.step(day, action))


class _Script:
    def __init__(
        self, life: Life, fate: Fate, commission: Commission, period: Period, team: Team, staff: Staff
    ) -> None:
        self.life, self.fate, self.commission, self.period = life, fate, commission, period
        self.team, self.staff = team, staff
        self.rng = dice(period.seed, team.code, commission.provision)
        self.shift = self.rng.randint(-2, 1)
        self.texts: Narratives = narratives(team.language)
        self.reviewer, self.colleague = self.rng.sample(staff.reviewers, 2)
        if team.focal is not staff.administrator and self.rng.random() < BY_THE_ADMINISTRATOR:
            self.colleague = staff.administrator

    def step(self, day: int, action: Action | None) -> Step:
        at = self._at(day)
        if action is None:
            return Step(at, None, self._drafter(at), content=self._content())
        if action is A.PUBLISH:
            window = self.life.report["window_ends_at"]
            return Step(window + timedelta(minutes=5), action, None)
        return self._by_a_person(at, action)

    def _by_a_person(self, at: datetime, action: Action) -> Step:
        rng, texts, team = self.rng, self.texts, self.team
        match action:
            case A.ASK_APPROVAL:
                return Step(at, action, self._drafter(at))
            case A.SUBMIT:
                return Step(at, action, team.approver or team.focal)
            case A.REFUSE:
                return Step(at, action, team.approver, comment=texts.said(rng, "refusal"))
            case A.TAKE_UP:
                return Step(at, action, self.reviewer)
            case A.RETURN:
                return Step(at, action, self.reviewer, comment=texts.said(rng, "return"), due_on=self._new_due_date(at))
            case A.PROPOSE:
                return self._proposal(at)
            case A.SEND_BACK:
                return Step(at, action, self.colleague, comment=narratives("en").said(rng, "send_back"))
            case A.CONFIRM:
                return Step(at, action, self.colleague)
            case A.COMMENT:
                return Step(at, action, team.focal, comment=texts.said(rng, "state_comment"))
            case A.REOPEN:
                return Step(at, action, self.staff.administrator, comment=texts.said(rng, "reopening"))
            case _:
                return Step(at, action, team.focal)

    def _at(self, day: int) -> datetime:
        on = self.period.opened_on + timedelta(days=day + self.shift)
        midday = datetime.combine(on, time(EARLIEST_HOUR), tzinfo=UTC)
        return midday + timedelta(minutes=self.rng.randint(0, 8 * 60))

    def _drafter(self, at: datetime) -> Person:
        since = self.commission.contributor_from
        if self.team.contributor is not None and since is not None and at >= since:
            return self.team.contributor
        return self.team.focal

    def _new_due_date(self, at: datetime) -> date:
        if self.period.today is None:
            return local_date(at, self.team.zone) + timedelta(days=RETURN_DAYS)
        if self.fate.name == "returned_overdue":
            return self.period.today - timedelta(days=self.rng.randint(1, 6))
        return self.period.today + timedelta(days=self.rng.choice((1, 3, 6, 10)))

    def _proposal(self, at: datetime) -> Step:
        rating, strength = self.fate.rating, self.fate.strength
        if not (self.life.content and self.life.content.evidence):
            strength = Strength.DECLARED_ONLY
        elif rating in _NOT_MEASURED and strength is not Strength.DECLARED_ONLY:
            strength = _NOT_MEASURED[rating]
        asked = needs_reason_for_strength(rating, strength)
        return Step(
            at,
            A.PROPOSE,
            self.reviewer,
            rating=rating,
            strength=strength,
            reasons=self.texts.reasons(rating),
            strength_reason=self.texts.said(self.rng, "strength_reason") if asked else "",
        )

    # what the party writes

    def _content(self) -> ReportContent:
        before = self.life.content
        if before is None:
            return self._first_content()
        first, *others = before.answers
        added = f"{first.narrative} {self.texts.said(self.rng, 'revised')}"
        return replace(before, answers=(Answer(first.element, first.self_assessment, added), *others))

    def _first_content(self) -> ReportContent:
        rng, team = self.rng, self.team
        answers = tuple(
            Answer(code, rating, self.texts.answer(rng, rating, label, team.kind))
            for (code, label), rating in zip(self.commission.elements, self._self_ratings(), strict=True)
        )
        if self.fate.name == "started" and rng.random() < 0.6:
            *done, last = answers
            answers = (*done, Answer(last.element, None, ""))
        return ReportContent(answers, self.texts.summary(rng), self._evidence(), **self._declared())

    def _declared(self) -> dict[str, Any]:
        # Numbers of their own, so that the rest of the demonstration stays as it is.
        own = dice(self.period.seed, self.team.code, self.commission.provision, "declared")
        period = (self.period.period_start, self.period.period_end)
        team = self.team
        wanted = self.commission.asked
        mine = tuple(one for one in wanted.indicators if is_asked_of(one.code, team.kind))
        return declared(own, replace(wanted, indicators=mine), self.texts, team.code, team.language, period)

    def _evidence(self) -> tuple[Evidence, ...]:
        rng, period = self.rng, self.period
        place = f"https://example.org/demonstration/{self.team.code.lower()}/{self.commission.provision.lower()}"
        return tuple(
            Evidence(
                title,
                f"{place}/{period.code}/{number}",
                period.period_end - timedelta(days=rng.randint(1, 330)),
                rng.random() < 0.8,
            )
            for number, title in enumerate(self.texts.evidence(rng, rng.choice((0, 1, 1, 1, 2, 2, 3))), 1)
        )

    def _self_ratings(self) -> list[Rating]:
        """One for each element; together they make the self-assessment wanted (``compliance.roll_up``)."""
        wanted = _as_the_party_sees_it(self.rng, self.fate.rating)
        count = len(self.commission.elements)
        if count == 1:
            return [wanted]
        ratings = [wanted] * count
        if wanted is Rating.LARGELY:
            ratings[self.rng.randrange(count)] = Rating.IMPLEMENTED
        elif wanted is Rating.PARTIALLY:
            ratings[self.rng.randrange(count)] = self.rng.choice((Rating.LARGELY, Rating.NOT))
        return ratings


def _as_the_party_sees_it(rng: Random, rating: Rating) -> Rating:
    """Mostly as the Secretariat; sometimes one step better, seldom one worse."""
    if rating is Rating.INSUFFICIENT:
        return rng.choice((Rating.LARGELY, Rating.PARTIALLY))
    if rating is Rating.NO_LONGER_APPLICABLE or rng.random() < AGREEMENT:
        return rating
    place = SCALE.index(rating) + rng.choice((-1, -1, 1))
    return SCALE[min(max(place, 0), len(SCALE) - 1)]
