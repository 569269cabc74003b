"""Which elements of a report a person answers: who was asked for single elements reads and writes those only."""

from __future__ import annotations

from tracker.domain.assignments import parts_of
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import Role
from tracker.models import ProgressReport


def elements_for(report: ProgressReport, actor: Actor) -> frozenset[str] | None:
    """Codes of the elements that a contributor was asked for; None: everything, as for everybody else.

    It says nothing about whether the person may read or write the report at all: that is asked of the policy.
    """
    if actor.role is not Role.CONTRIBUTOR:
        return None
    asked = parts_of(report.commitment.assignments, actor.user_id)
    if asked is None:
        return None
    return frozenset(e.code for e in report.commitment.provision.elements if e.id in asked)
