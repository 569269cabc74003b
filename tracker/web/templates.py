"""The template environment: Flask's, with the globals of a template as one plain dictionary.

Jinja keeps them as a chain of two, which it walks in Python at every rendering and at every import of a macro file:
a tenth of a millisecond each time. Globals must therefore stand before the first page is rendered.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment as FlaskEnvironment


class Environment(FlaskEnvironment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}
