"""Why the clock replaced or withdrew an issue: sentences of the program, said in the reader's language.

A reason that a person typed is shown as it was typed.
"""

from __future__ import annotations

from tracker.wording import N_, translate

CYCLE_ENDED = N_("The reporting cycle ended: the report was issued again with all that was published in it.")
PASSAGE_ERASED = N_("A passage was erased.")
_SENTENCES = frozenset({CYCLE_ENDED, PASSAGE_ERASED})


def said(reason: str, language: str) -> str:
    """The reason as a reader of that language is told it."""
    return translate(reason, language) if reason in _SENTENCES else reason
