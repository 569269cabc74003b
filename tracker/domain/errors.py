"""What can go wrong by rule. Each error carries what the person needs to know; the web maps each to a page once."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule said no."""


class NotPermitted(DomainError):
    """Visible, but not for this person to do."""


class NotVisible(DomainError):
    """Not there, or not for this person to know of."""


class WrongState(DomainError):
    """The step does not start from where the record stands now: somebody was faster, or the page is old."""

    def __init__(self, action: str, state: str) -> None:
        super().__init__(f"{action} from {state}")
        self.action = action
        self.state = state


class Stale(DomainError):
    """The record changed since the person opened it.

    ``theirs`` is what is stored now, ``yours`` what was typed; both are shown and nothing is lost.
    """

    def __init__(self, theirs: Any = None, yours: Any = None) -> None:
        super().__init__("stale")
        self.theirs = theirs
        self.yours = yours


class Unmet(DomainError):
    """Something the step needs is missing. ``problems`` maps a field's name to a problem code."""

    def __init__(self, **problems: str) -> None:
        super().__init__(", ".join(f"{k}: {v}" for k, v in problems.items()))
        self.problems = problems
