"""Which sentences stand in which mail: heard while the samples are rendered, and read off the modules of mails.

Nothing of this is done before somebody opens the page of mail texts; then it is kept for the life of the process.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker import wording
from tracker.mail import messages, texts
from tracker.mail.rendering import is_many
from tracker.mail.samples import SAMPLES
from tracker.wording import N_

GROUPS: dict[str, str] = {
    "reminders": N_("Reminders"),
    "held": N_("News kept for the mail of the day"),
    "summaries": N_("Summaries"),
    "notices": N_("When a report moves"),
    "questions": N_("Questions and answers"),
    "assignments": N_("Parts of a report"),
    "extensions": N_("Later due dates"),
    "observations": N_("Observations"),
    "good_practices": N_("Good practices"),
    "closings": N_("No longer followed"),
    "escalations": N_("Heads of authorities"),
    "documents": N_("Documents"),
    "handover": N_("Handover"),
    "accounts": N_("Accounts"),
    "trial": N_("Test messages"),
}
"""The modules of ``tracker.mail.messages``, in the order of the page."""
_MARKS = frozenset({"_", "N_"})


@dataclass(frozen=True)
class Sentence:
    """One sentence of mails, as shipped in English; ``many`` is its plural, "" where it has none."""

    one: str
    many: str = ""

    @property
    def key(self) -> str:
        return texts.key(self.one, self.many)

    @property
    def shipped(self) -> str:
        return texts.shipped(self.one, self.many)

    @property
    def names(self) -> frozenset[str]:
        """The placeholders of the plural, or of the only form."""
        return texts.names(self.many or self.one)

    def in_language(self, language: str) -> tuple[str, str]:
        """As shipped in that language: singular and plural."""
        catalogue = wording.translations(language)
        if not self.many:
            return catalogue.gettext(self.one), ""
        most = next(count for count in (2, 3, 0) if is_many(language, count))
        return catalogue.ngettext(self.one, self.many, 1), catalogue.ngettext(self.one, self.many, most)


def group(mail: str) -> str:
    """The module of a mail of the catalogue."""
    return mail.partition(".")[0]


@cache
def of_mail(mail: str) -> tuple[Sentence, ...]:
    """What this mail says, in its order."""
    with texts.listening() as found:
        SAMPLES[mail]("en")
    return tuple(dict.fromkeys(Sentence(one, many) for one, many in found))


@cache
def of_group(name: str) -> tuple[Sentence, ...]:
    """What the mails of one module can say: also what no sample happens to say."""
    source = Path(messages.__file__).parent / f"{name}.py"
    return tuple(dict.fromkeys(_marked(ast.parse(source.read_text("utf-8")))))


@cache
def by_key() -> dict[str, Sentence]:
    """Every sentence of every mail."""
    found = [sentence for mail in SAMPLES for sentence in of_mail(mail)]
    found += [sentence for name in GROUPS for sentence in of_group(name)]
    return {sentence.key: sentence for sentence in found}


@cache
def mails_with(sentence: Sentence) -> tuple[str, ...]:
    """The mails that say it."""
    return tuple(mail for mail in SAMPLES if sentence in of_mail(mail))


def _marked(tree: ast.Module) -> Iterator[Sentence]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        said = [one.value for one in node.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if called in _MARKS and said:
            yield Sentence(said[0])
        elif called == "ngettext" and len(said) == 2:
            yield Sentence(said[0], said[1])
