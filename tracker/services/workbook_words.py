"""The words of a spreadsheet's drop-downs in every language, folded: a file may be in any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from config import LANGUAGES
from tracker.domain.measures import NO, YES, DataType
from tracker.domain.text import fold
from tracker.domain.vocabulary import SELF_RATINGS, BudgetPurpose, BudgetStage
from tracker.models import Indicator
from tracker.wording import N_, label, translate

YES_WORD, NO_WORD = N_("Yes"), N_("No")
NOT_AVAILABLE = N_("Not available")
_TRUE = ("yes", "y", "true", "si", "sim", "oui", "verdadero", "verdadeiro", "vrai")
_FALSE = ("no", "n", "false", "nao", "non", "falso", "faux")

Words = Mapping[str, str]


@cache
def ratings() -> Words:
    return {fold(label(rating, lang)): rating.value for rating in SELF_RATINGS for lang in LANGUAGES}


@cache
def purposes() -> Words:
    return {fold(label(one, lang)): one.value for one in BudgetPurpose for lang in LANGUAGES}


@cache
def stages() -> Words:
    return {fold(label(one, lang)): one.value for one in BudgetStage for lang in LANGUAGES}


@cache
def yes_or_no() -> Words:
    words = dict.fromkeys(_TRUE, YES) | dict.fromkeys(_FALSE, NO)
    for lang in LANGUAGES:
        words |= {fold(translate(YES_WORD, lang)): YES, fold(translate(NO_WORD, lang)): NO}
    return words


@cache
def not_available() -> Words:
    """What says "not available", and what says that it is not so."""
    return {**yes_or_no(), **{fold(translate(NOT_AVAILABLE, lang)): YES for lang in LANGUAGES}}


def is_not_available(text: str) -> bool:
    """Whether somebody wrote "not available" where the value goes."""
    return fold(text).strip(" .") in {fold(translate(NOT_AVAILABLE, lang)) for lang in LANGUAGES}


def values_of(indicator: Indicator) -> Words:
    """What may stand in the cell of its value, where that is a word."""
    if indicator.data_type == DataType.BOOLEAN:
        return yes_or_no()
    return _texts((choice, choice["en"]) for choice in indicator.choices)


def axes_of(indicator: Indicator) -> Words:
    """The disaggregations by their number, 1 first."""
    return _texts((axis, f"{number}") for number, axis in enumerate(indicator.disaggregation, 1))


def _texts(pairs: Iterable[tuple[Mapping[str, str], str]]) -> Words:
    return {fold(text): value for texts, value in pairs for text in texts.values()}
