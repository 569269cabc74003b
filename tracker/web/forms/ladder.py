"""The form of a ladder: lines of days, before or after the due date, and whom the step turns to. Lines left empty count
as taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request

from tracker.domain.ladder import FURTHEST, MOST, Steps
from tracker.domain.vocabulary import BY_HAND, PartyKind, Rung
from tracker.web.forms.fields import Form, SeenField
from tracker.web.languages import gettext as _
from tracker.wording import N_

BEFORE, AFTER = "before", "after"
BLANK_LINES = 3
LONGEST = 5
"""Characters of a number of days that are looked at."""
SENTENCES: dict[str, str] = {
    "required": N_("Enter at least one step."),
    "too_many": N_("A ladder has at most %(most)s steps."),
    "not_a_number": N_("Enter the days as a whole number from 0 to %(furthest)s."),
    "out_of_range": N_("Enter the days as a whole number from 0 to %(furthest)s."),
    "no_side": N_("Choose whether the days are before or after the due date."),
    "no_rung": N_("Choose whom the step turns to."),
    "twice": N_("There is another step on this day. Give each step a day of its own."),
    "not_for_this_kind": N_("Only Member States have a head of the authority and a Permanent Mission to turn to."),
    "before_due": N_("The head of the authority and the Permanent Mission are turned to only after the due date."),
    "rung_twice": N_("There is another step to the same office. Each is turned to once in a cycle."),
    "out_of_order": N_("By the order of protocol the head of the authority comes before the Permanent Mission."),
}


@dataclass
class TypedStep:
    """A line as typed. It stands in the list of errors like a field."""

    number: int
    days: str = ""
    side: str = BEFORE
    rung: str = Rung.FOCAL_POINT.value
    errors: list[str] = field(default_factory=list)
    widget: object = None

    @property
    def id(self) -> str:
        return f"step-{self.number}-days"

    @property
    def step(self) -> tuple[int, Rung]:
        """Day and rung; only of a line without errors."""
        days = int(self.days)
        return (-days if self.side == BEFORE else days), Rung(self.rung)


class LadderForm(Form):
    """``steps`` is what it says; ``of(steps, seen)`` shows a ladder that is in force."""

    seen = SeenField()

    def __init__(self, *args: Any, lines: list[TypedStep] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = _read() if lines is None else lines

    def __iter__(self) -> Iterator[Any]:
        yield from super().__iter__()
        yield from self.lines

    @classmethod
    def of(cls, steps: Steps, seen: str) -> LadderForm:
        lines = [
            TypedStep(number, str(abs(day)), BEFORE if day < 0 else AFTER, rung.value)
            for number, (day, rung) in enumerate(steps)
        ]
        return cls(formdata=None, data={"seen": seen}, lines=lines)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for line in self.lines:
            code = _shape(line)
            if code:
                line.errors = [_say(code)]
        return valid and not any(line.errors for line in self.lines)

    @property
    def steps(self) -> list[tuple[int, Rung]]:
        return [line.step for line in self.lines]

    def put(self, problems: Mapping[str, str]) -> None:
        """Put what the rules refuse beside its line; ``step-2`` is the third."""
        by_name = {f"step-{line.number}": line for line in self.lines}
        for name, code in problems.items():
            if name in by_name:
                by_name[name].errors = [_say(code)]
            else:
                self.form_errors.append(_say(code))

    def shown(self) -> list[TypedStep]:
        """The lines and some empty ones for more."""
        room = min(BLANK_LINES, MOST - len(self.lines))
        side = self.lines[-1].side if self.lines else BEFORE
        return self.lines + [TypedStep(len(self.lines) + n, side=side) for n in range(max(room, 0))]


def rungs(kind: PartyKind) -> list[Rung]:
    """Whom a step for this kind of party may turn to, in the order of protocol."""
    return [rung for rung in Rung if kind is PartyKind.MEMBER_STATE or rung not in BY_HAND]


def _read() -> list[TypedStep]:
    """The lines that were sent and hold days."""
    sent = request.form
    lines: list[TypedStep] = []
    for number in range(MOST + BLANK_LINES):
        days = "".join(c for c in sent.get(f"step-{number}-days", "")[:20] if c.isprintable()).strip()
        if days:
            side, rung = sent.get(f"step-{number}-side", ""), sent.get(f"step-{number}-rung", "")
            lines.append(TypedStep(len(lines), days, side, rung))
    return lines


def _shape(line: TypedStep) -> str:
    if not (line.days.isascii() and line.days.isdigit() and len(line.days) <= LONGEST and int(line.days) <= FURTHEST):
        return "not_a_number"
    if line.side not in (BEFORE, AFTER):
        return "no_side"
    return "" if line.rung in set(Rung) else "no_rung"


def _say(code: str) -> str:
    sentence = _(SENTENCES[code]) if code in SENTENCES else _("This line is not accepted as it is.")
    return sentence % {"most": MOST, "furthest": FURTHEST}
