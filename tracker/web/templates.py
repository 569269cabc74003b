"""The template environment: Flask's, with two short ways, because a page writes a thousand values.

The globals of a template are one plain dictionary. Jinja keeps them as a chain of two, which it walks in Python at
every rendering and at every import of a macro file: a tenth of a millisecond each time. Globals must therefore stand
before the first page is rendered.

What is markup already (three values of four: our own texts, what a macro wrote) is written as it is. Jinja's own
``escape`` asks it for its markup and copies that, to the same end.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template as JinjaTemplate
from markupsafe import Markup, escape


def written(value: Any) -> Markup:
    """``markupsafe.escape``."""
    return value if type(value) is Markup else escape(value)


class Template(JinjaTemplate):
    @classmethod
    def from_code(cls, *given: Any, **named: Any) -> JinjaTemplate:
        template = super().from_code(*given, **named)
        template.root_render_func.__globals__["escape"] = written
        return template


class Environment(FlaskEnvironment):
    template_class = Template

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}
