"""The ladder of reminders: which step an item has reached, and which are past and will not be made up for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.domain.vocabulary import Step

LADDER: tuple[tuple[Step, int], ...] = (
    (Step.BEFORE_30, -30),
    (Step.BEFORE_14, -14),
    (Step.BEFORE_7, -7),
    (Step.BEFORE_1, -1),
    (Step.AFTER_1, 1),
    (Step.AFTER_7, 7),
    (Step.AFTER_21, 21),
)
"""Each step with its day counted from the due date, in order."""

EARLIEST_HOUR = 7
"""Mail leaves from this hour on the reader's own clock."""


@dataclass(frozen=True)
class Due:
    """The step to tell of today, and the earlier ones that an outage swallowed."""

    step: Step
    missed: tuple[Step, ...]


def reached(due_on: date, today: date, done: frozenset[Step]) -> Due | None:
    """What to remind of on ``today`` (the reader's date), given the steps already in the ledger.

    Only the latest step reached counts; after an outage the missed ones are recorded and not sent. None where
    nothing is reached, or the latest step is already in the ledger.
    """
    past = [step for step, day in LADDER if (today - due_on).days >= day]
    if not past or past[-1] in done:
        return None
    return Due(past[-1], tuple(step for step in past[:-1] if step not in done))


def is_before(step: Step) -> bool:
    """Whether the step comes before the due date."""
    return dict(LADDER)[step] < 0
