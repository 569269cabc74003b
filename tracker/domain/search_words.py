"""What is searched and what is asked for, as words: letters and digits without accents and case, nothing else.

Both databases are given the same words, parted by blanks, so that neither needs to know what a word is; and a question
is taken apart here, so that nothing typed by a person is ever read as the database's own language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

LONGEST_QUESTION = 200
"""Characters that are read of a question."""
MOST_TERMS = 16
LONGEST_WORD = 60
"""Letters of a word that count."""
SHORTEST_BEGINNING = 3
"""Letters that a plain word must have to find longer words that begin like it."""
MOST_LETTERS = 200_000
"""Of a text that is searched; a tsvector of PostgreSQL holds a megabyte."""

_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)(?:"|$)|(?P<plain>[^\s"]+)')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))


def words_of(text: str) -> list[str]:
    """The words of a text, folded: "Acción: n.º 3" is accion, n, o, 3."""
    if text.isascii():
        return [word[:LONGEST_WORD] for word in _WORD.findall(text.lower())]
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_marks()).casefold()
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded)]


def folded(text: str) -> str:
    """What is kept to be searched: the words of the text, parted by blanks, as far as they count."""
    return " ".join(words_of(text[:MOST_LETTERS]))[:MOST_LETTERS]


@cache
def _marks() -> dict[int, None]:
    """The combining marks, for ``str.translate``."""
    return dict.fromkeys(point for point in range(0x300, 0x1E950) if unicodedata.combining(chr(point)))


@dataclass(frozen=True)
class Term:
    """Words that stand one after the other."""

    words: tuple[str, ...]
    is_beginning: bool = False
    """The last word may go on."""


@dataclass(frozen=True)
class Question:
    """What is asked for: all of ``wanted``, none of ``unwanted``."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)

    def for_fts5(self) -> str:
        """As SQLite's FTS5 reads it. Words hold letters and digits only, so nothing needs to be escaped."""
        found = " AND ".join(map(_fts5, self.wanted))
        return f"({found}) NOT ({' OR '.join(map(_fts5, self.unwanted))})" if self.unwanted else found

    def for_tsquery(self) -> str:
        """As PostgreSQL's ``to_tsquery`` reads it."""
        return " & ".join([*map(_tsquery, self.wanted), *(f"!{_tsquery(term)}" for term in self.unwanted)])


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.is_beginning else ""}'


def _tsquery(term: Term) -> str:
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{':*' if term.is_beginning else ''})"


def question(typed: str) -> Question:
    """What a person typed: words, "phrases in quotation marks", -words that must not be there.

    A plain word of three letters or more also finds words that begin with it. Words joined by other signs (CS-03,
    d'avril) are a phrase. Never an error: what is no word is passed over.
    """
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    for term, is_wanted in _terms(typed[:LONGEST_QUESTION].translate(_QUOTES)):
        (wanted if is_wanted else unwanted)[term] = None
        if len(wanted) + len(unwanted) == MOST_TERMS:
            break
    return Question(tuple(wanted), tuple(unwanted))


def _terms(typed: str) -> Iterator[tuple[Term, bool]]:
    for part in _PART.finditer(typed):
        plain = part["plain"]
        is_wanted = not (part["minus"] or (plain or "").startswith("-"))
        words = tuple(words_of(plain if plain is not None else part["phrase"]))
        if words:
            yield Term(words, plain is not None and is_wanted and len(words[-1]) >= SHORTEST_BEGINNING), is_wanted
