"""How a share is said, wherever it is said: "n of m", with a percentage beside it where m is five or more.

Nothing else prints a percentage of ours (tests/house/test_percentages.py): without its denominator none can be read.
"""

from __future__ import annotations

from functools import lru_cache

from babel import numbers

from tracker import wording
from tracker.domain.compliance import Share
from tracker.wording import N_

N_OF_M = N_("%(number)s of %(total)s")
NOTHING = "–"
"""Where there is nothing to count."""


def say_share(share: Share, language: str) -> str:
    """ "18 of 20 (90%)"; below five "3 of 4"; a dash where there is nothing to count."""
    return _said(share.count, share.total, share.percent, language)


def say_count(share: Share, language: str) -> str:
    """ "18 of 20", for tables; a dash where there is nothing to count."""
    return _said(share.count, share.total, None, language)


def say_percent(share: Share, language: str) -> str:
    """ "90%" alone, only for a place where "18 of 20" stands before it; "" where there is none to say."""
    return "" if share.percent is None else _percent(share.percent, language)


@lru_cache(maxsize=512)
def _percent(percent: int, language: str) -> str:
    return numbers.format_percent(percent / 100, locale=wording.LOCALES[language])


@lru_cache(maxsize=4096)
def _said(count: int, total: int, percent: int | None, language: str) -> str:
    if not total:
        return NOTHING
    text = wording.translate(N_OF_M, language) % {"number": count, "total": total}
    if percent is None:
        return text
    return f"{text} ({_percent(percent, language)})"
