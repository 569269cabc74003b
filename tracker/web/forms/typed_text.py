"""Reading typed text where a form is read by hand: cleaned, measured, and never lost; errors by field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from werkzeug.datastructures import MultiDict

from tracker.domain.text import UnusableText, clean, without_unusable
from tracker.web.languages import gettext as _

LONGEST_DAY = 20
"""Letters kept of what is no date."""


class Sent:
    """What a form brought. ``errors``: field to message, filled as fields are read."""

    def __init__(self, fields: MultiDict[str, str], errors: dict[str, str]) -> None:
        self._fields = fields
        self.errors = errors

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def raw(self, name: str) -> str:
        """As it came: for names of choices, never to be stored."""
        return self._fields.get(name, "")

    def all(self, name: str) -> Sequence[str]:
        """Every value under a name: checkboxes."""
        return self._fields.getlist(name)

    def text(self, name: str, longest: int, *, multiline: bool = True, at: str = "") -> str:
        """The text as it will be kept; what cannot be is replaced and told. ``at``: the field of the error."""
        raw = self.raw(name)
        at = at or name
        try:
            text = clean(raw, multiline=multiline)
        except UnusableText:
            self.errors[at] = _("The text holds a character that cannot be kept. It was replaced: look at it.")
            return without_unusable(raw, multiline=multiline)
        if len(text) > longest:
            self.errors[at] = _("The text has %(length)s characters; at most %(most)s are possible.") % {
                "length": len(text),
                "most": longest,
            }
        return text

    def day(self, name: str, *, at: str = "") -> str:
        """A date as typed; an error where it is none."""
        typed = without_unusable(self.raw(name), multiline=False)[:LONGEST_DAY]
        if typed and not is_day(typed):
            self.errors.setdefault(at or name, _("Enter the date as year-month-day."))
        return typed


def is_day(text: str) -> bool:
    """Year, month and day in figures, within two centuries."""
    if len(text) != 10 or not text.isascii():
        return False
    try:
        return 1900 <= date.fromisoformat(text).year <= 2199
    except ValueError:
        return False


def as_day(text: str) -> date | None:
    """Of what ``is_day`` or is empty."""
    return date.fromisoformat(text) if text else None
