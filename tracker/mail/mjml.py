"""MJML to a Jinja template, once per process: what mail programs need of tables and styles is written by mrml.

The MJML holds Jinja's tags, which pass through the compiler as plain text; what people typed is filled in afterwards,
escaped, and never gets near the compiler. Nothing is included or loaded from anywhere.
"""

from __future__ import annotations

import re

import mrml

_OF_NO_USE = re.compile(r' vertical-align="[^"]*"| type="text/css"| xmlns(?::\w+)?="[^"]*"| /(?=>)|<!-- .*? -->')
"""Attributes that HTML does not know or need, slashes that end nothing, and our own comments."""
_OFFICE = "<o:OfficeDocumentSettings>"
_OFFICE_NAMED = '<o:OfficeDocumentSettings xmlns:o="urn:schemas-microsoft-com:office:office">'
"""What only Outlook reads keeps its own name space, inside the comment that only Outlook opens."""


def compiled(source: str) -> str:
    """The HTML of this MJML, Jinja's tags in place. Raises ValueError where the MJML is not right."""
    try:
        made = mrml.to_html(source, mrml.ParserOptions(include_loader=mrml.noop_loader()))
    except OSError as error:
        raise ValueError(f"MJML: {error}") from error
    if made.warnings or "<mj-" in made.content:
        raise ValueError(f"MJML: a tag or an attribute that there is not: {made.warnings}")
    plain = _OF_NO_USE.sub("", made.content).replace(_OFFICE, _OFFICE_NAMED)
    return re.sub(r"\n\s+", "\n", plain)
