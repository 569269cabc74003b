"""Each test has an application of its own; what Werkzeug compiles for a route is the same every time, and kept.

Without this, compiling some 150 routes anew took a sixth of the time of all tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.routing import Rule


@pytest.fixture(scope="session", autouse=True)
def routes_compiled_once() -> None:
    """For the whole run of a process."""
    compiled: dict[tuple[object, ...], Callable[..., Any]] = {}
    original = Rule._compile_builder

    def remembered(self: Rule, append_unknown: bool = True) -> Callable[..., Any]:
        given = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, append_unknown, given, tuple(self._trace))
        if key not in compiled:
            compiled[key] = original(self, append_unknown)
        return compiled[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]
