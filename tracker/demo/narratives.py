"""The invented texts, read from ``texts/``: every one begins with a mark that says so, in the reader's language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tracker.domain.vocabulary import PartyKind, Rating, Role

FOLDER = Path(__file__).parent / "texts"


class Narratives:
    """The texts of one language. Which of several is said is decided by the report's own random numbers."""

    def __init__(self, texts: dict[str, Any]) -> None:
        self._texts = texts
        self.mark: str = texts["mark"]

    def cycle_title(self, period: str) -> str:
        return str(self._texts["cycle"]).format(period=period.replace("-", "–"))

    def person(self, role: Role, party: str) -> str:
        """A name that nobody takes for a person's: "Focal point, Brazil (demonstration)"."""
        return f"{self._texts['people'][role.value]}, {party} ({self._texts['demonstration']})"

    def institution(self, choice: int) -> str:
        names = self._texts["institutions"]
        return f"{names[choice % len(names)]} ({self._texts['demonstration']})"

    def answer(self, rng: Random, rating: Rating, label: str, kind: PartyKind) -> str:
        """What a party says about one part of a provision that it rates so."""
        of_bodies = kind is not PartyKind.MEMBER_STATE and "narratives_of_bodies" in self._texts
        suffix = "_of_bodies" if of_bodies else ""
        told = rng.choice(self._texts["narratives" + suffix][rating.value])
        first, second = rng.sample(self._texts["details" + suffix], 2)
        sentences = [told.replace("{label}", label.rstrip(". ")), first]
        if rng.random() < 0.5:
            sentences.append(second)
        return self._marked(" ".join(s.replace("{n}", str(rng.randint(5, 60))) for s in sentences))

    def summary(self, rng: Random) -> str:
        text = rng.choice(self._texts["summary"])
        return self._marked(text) if text else ""

    def evidence(self, rng: Random, count: int) -> list[str]:
        """Titles of documents; each says itself that it is invented."""
        return rng.sample(self._texts["evidence"], count)

    def reasons(self, rating: Rating) -> str:
        return self._marked(self._texts["reasons"][rating.value])

    def said(self, rng: Random, what: str) -> str:
        """One of the texts kept under ``what``: state_comment, return, refusal, send_back, reopening, …"""
        texts = self._texts[what]
        text = texts if isinstance(texts, str) else rng.choice(texts)
        return self._marked(text.replace("{n}", str(rng.randint(5, 60))))

    def _marked(self, text: str) -> str:
        return f"{self.mark} {text}"


@cache
def narratives(language: str) -> Narratives:
    """The texts of a language; English where there are none."""
    path = FOLDER / f"{language}.yaml"
    if not path.exists():
        return narratives("en")
    return Narratives(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))
