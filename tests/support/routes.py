"""Several applications are put together in a run; what Werkzeug makes of a route is the same every time, and kept.

Without this, reading and compiling some 200 routes anew took a sixth of the time of all tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart


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
    _read_once()


def _read_once() -> None:
    """An address is taken apart once for the same converters, which hold nothing of their application."""
    read: dict[object, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]] = {}
    original = Rule._parse_rule

    def remembered(self: Rule, rule: str) -> Iterable[RulePart]:
        key = (rule, *self.map.converters.items())
        if key not in read:
            before = len(self._trace)
            parts = list(original(self, rule))
            trace = self._trace[before:]
            read[key] = parts, trace, {name: self._converters[name] for is_variable, name in trace if is_variable}
            return parts
        parts, trace, converters = read[key]
        self._trace.extend(trace)
        self._converters.update(converters)
        self.arguments.update(converters)
        return parts

    Rule._parse_rule = remembered  # type: ignore[method-assign]
