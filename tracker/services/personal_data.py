"""The personal-data check on the server: what is refused, what must be explained, what a reader of a file is told.

What was found is shown to whoever wrote it and to nobody else: it is put into no log, no mail and no audit entry.
Errors name fields and codes, never the words (``Unmet``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.errors import Unmet
from tracker.domain.privacy import Finding, Suspicion, examine

IDENTIFIER, PERSONAL_DATA = "identifier", "personal_data"
"""Problem codes: certain, to be taken out; doubtful, to be taken out or explained."""


@dataclass(frozen=True)
class FileFinding:
    """What was found in a file: its place in the file ("name", "page 3", "Sheet1!B4"), masked."""

    place: str
    suspicion: Suspicion
    certain: bool
    masked: str
    """The first two characters and blocks; the words themselves stay in the file."""


def require_clean(explanation: str, **texts: str) -> dict[str, str]:
    """Refuse texts that look like data about a person, unless it is explained why they are none.

    ``texts`` by field name. Returns what the step's history and audit entries keep of it: the explanation, where one
    was needed, else nothing. Raises Unmet(<field>="identifier") for what is certain, whatever the explanation (which
    must hold none itself: Unmet(explanation="identifier")); Unmet(<field>="personal_data") for what is doubtful.
    """
    found = examine(texts.items())
    problems = _identifiers(found)
    if not explanation:
        problems = {one.field: PERSONAL_DATA for one in found} | problems
    else:
        problems |= _identifiers(examine([("explanation", explanation)]))
    if problems:
        raise Unmet(**problems)
    return {"personal_data_explanation": explanation} if found else {}


def require_no_identifiers(texts: Iterable[tuple[str, str]]) -> None:
    """Refuse what is certain in (field, text) pairs; doubtful passages may be saved and are explained at submission.

    Raises Unmet(<field>="identifier").
    """
    problems = _identifiers(examine(texts))
    if problems:
        raise Unmet(**problems)


def in_file(name: str, passages: Iterable[tuple[str, str]]) -> list[FileFinding]:
    """What is found in a file's name (place "name") and in the text taken out of it, as (place, text) pairs.

    For the check of uploaded files: a file with a certain finding is refused, one with doubtful findings needs a
    reason. Only the masked passages may be kept.
    """
    return [
        FileFinding(one.field, one.suspicion, one.certain, one.masked)
        for one in examine([("name", _spaced(name)), *passages])
    ]


def doubtful(texts: Iterable[tuple[str, str]]) -> list[Finding]:
    """The passages that were let through with an explanation, for whoever reviews the text, in the order of the texts.

    ``Finding.field`` says where, ``domain.privacy.around`` gives the words around it.
    """
    return examine(texts)


def _identifiers(found: Iterable[Finding]) -> dict[str, str]:
    return {one.field: IDENTIFIER for one in found if one.certain}


def _spaced(name: str) -> str:
    """A file's name with blanks for underscores, so that words in it are words."""
    return name.replace("_", " ")
