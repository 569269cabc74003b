"""Parts of ``templates/macros/charts.html`` that are drawn dozens of times on a page.

A legend follows from its words alone and is kept; a bar of ratings is put together here, because a template takes
ten times as long for its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from flask import Flask, current_app
from markupsafe import Markup, escape

from tracker.documents.figure_palette import DASHED, PALETTE, fill

WIDE_ENOUGH = 6
"""Hundredths of a bar from which its number fits."""


def legend(items: Iterable[tuple[str, str]], prefix: str) -> Markup:
    """As the macro ``legend_drawn``."""
    return _legend(tuple(items), prefix)


@lru_cache(maxsize=256)
def _legend(items: tuple[tuple[str, str], ...], prefix: str) -> Markup:
    module = current_app.jinja_env.get_template("macros/charts.html").module
    return Markup(module.legend_drawn(items, prefix))  # type: ignore[attr-defined]  # noqa: S704 (a macro's)


def bar_words(counts: Mapping[str, int], keys: Sequence[tuple[str, str]]) -> str:
    """What a bar shows, read out: "Implemented: 3; Not reported: 1"."""
    return "; ".join(f"{label}: {counts[key]}" for key, label in keys if counts.get(key))


def bar(counts: Mapping[str, int], total: int, keys: Sequence[tuple[str, str]], prefix: str) -> Markup:
    """The parts of one bar of ratings, in the order of ``keys``; ``prefix`` as given to the macro ``patterns``."""
    parts: list[str] = []
    x = 0.0
    for key, label in keys if total else ():
        count = counts.get(key)
        if not count:
            continue
        share = count * 100 / total
        edge = 'stroke="#10264a" stroke-dasharray="3 2"' if key in DASHED else 'stroke="#ffffff" stroke-width="1.500"'
        parts.append(
            f'<rect x="{x:.3f}%" y="1" width="{share:.3f}%" height="32" fill="{fill(key, prefix)}" {edge}>'
            f"<title>{escape(label)}: {count}</title></rect>"
        )
        if share >= WIDE_ENOUGH:
            parts.append(
                f'<text x="{x + share / 2:.3f}%" y="22" text-anchor="middle" font-size="15" font-weight="600"'
                f' fill="{PALETTE[key][2]}" aria-hidden="true">{count}</text>'
            )
        x += share
    return Markup("".join(parts))  # noqa: S704 (escaped above)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(kept_legend=legend, bar_of_ratings=bar, words_of_bar=bar_words)
