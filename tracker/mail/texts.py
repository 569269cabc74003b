"""The wording in force: what administrators put in place of shipped sentences of mails (docs/decisions/0030).

``rendering.Words`` asks ``in_force``. The rows are read with one query the first time a mail is rendered in a
transaction, and only then; so a change holds for every process from its commit on, and costs nothing elsewhere.

A wording is never run: ``fill`` puts values in the place of names, and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

from tracker.models import MailText

NAME = re.compile(r"%\((?P<name>\w+)\)s|%%")
_KEY = "tracker.mail.texts"
_READ = sa.select(MailText.language, MailText.shipped, MailText.text, MailText.plural)


@dataclass(frozen=True)
class Own:
    """One sentence in one language; ``plural`` "" where it has no plural."""

    text: str
    plural: str = ""


Wordings = Mapping[str, Own]
"""By the English text as shipped (``shipped``)."""
NONE: Wordings = {}
heard: ContextVar[list[tuple[str, str]] | None] = ContextVar("mail_sentences_heard", default=None)
"""While somebody listens: each sentence that is asked for, with its plural."""
_tried: ContextVar[tuple[str, Wordings] | None] = ContextVar("mail_texts_tried", default=None)
_session: Callable[[], Session | None] = lambda: None  # noqa: E731


def configure(session: Callable[[], Session | None]) -> None:
    """Name where the session of the present moment is found; done once, by the application's factory."""
    global _session
    _session = session


@contextmanager
def listening() -> Iterator[list[tuple[str, str]]]:
    """The sentences that mails rendered inside ask for, as shipped, in their order."""
    found: list[tuple[str, str]] = []
    token = heard.set(found)
    try:
        yield found
    finally:
        heard.reset(token)


@contextmanager
def trying(language: str, wordings: Wordings) -> Iterator[None]:
    """Mails rendered inside read as if these wordings were in force too."""
    token = _tried.set((language, wordings))
    try:
        yield
    finally:
        _tried.reset(token)


def in_force(language: str) -> Wordings:
    """The wordings of one language in the present transaction; none where there is no session."""
    stored, tried = _stored(language), _tried.get()
    return {**stored, **tried[1]} if tried is not None and tried[0] == language else stored


def _stored(language: str) -> Wordings:
    session = _session()
    if session is None:
        return NONE
    kept: tuple[SessionTransaction | None, dict[str, dict[str, Own]]] | None = session.info.get(_KEY)
    if kept is None or kept[0] is None or kept[0] is not session.get_transaction():
        found: dict[str, dict[str, Own]] = {}
        with session.no_autoflush:
            for row in filter(_usable, session.execute(_READ)):
                found.setdefault(row.language, {})[row.shipped] = Own(row.text, row.plural)
        kept = session.info[_KEY] = (session.get_transaction(), found)
    return kept[1].get(language, NONE)


def _usable(row: sa.Row) -> bool:
    """Whatever happened to a row since it was checked, a mail must not fail for it: then the shipped text holds."""
    known, several = names(row.shipped), "\n" in row.shipped
    return bool(row.text) and (bool(row.plural) or not several) and names(f"{row.text} {row.plural}") <= known


def forget(session: Session) -> None:
    """Read again next time: called by what changes a wording in this transaction."""
    session.info.pop(_KEY, None)


def shipped(one: str, many: str = "") -> str:
    """The English text of a sentence as one string: with its plural on a second line."""
    return f"{one}\n{many}" if many else one


def key(one: str, many: str = "") -> str:
    """What a sentence is known by: another text is another sentence."""
    return hashlib.sha256(shipped(one, many).encode()).hexdigest()


def names(text: str) -> frozenset[str]:
    """The names that stand in the text as %(name)s."""
    return frozenset(found["name"] for found in NAME.finditer(text) if found["name"])


def stray(text: str) -> bool:
    """Whether a percent sign stands in it that is neither part of a name nor doubled."""
    return "%" in NAME.sub("", text)


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with its names replaced, %% read as one sign, all else as it is. Raises KeyError for an unknown name."""
    return NAME.sub(lambda found: str(values[found["name"]]) if found["name"] else "%", text)
