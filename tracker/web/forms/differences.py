"""Where what was typed into a form is not what is stored by now, in words: for the second of two who save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.web.languages import gettext as _


@dataclass(frozen=True)
class Difference:
    """One field where the two are not the same."""

    label: str
    theirs: str
    yours: str


def differences(form: Any, stored: Mapping[str, Any], instead: Mapping[str, str] | None = None) -> list[Difference]:
    """``stored`` by field name; ``instead``: what was typed elsewhere in the form and counts for a field."""
    found = []
    for name, theirs in stored.items():
        field, other = form[name], (instead or {}).get(name, "")
        if other or _plain(theirs) != _plain(field.data):
            yours = other or in_words(field, field.data)
            found.append(Difference(str(field.label.text), in_words(field, theirs), yours))
    return found


def in_words(field: Any, value: Any) -> str:
    """A value of this field as the page shows it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    words = {str(choice.value): str(choice.label) for choice in getattr(field, "choices", None) or ()}
    values = value if isinstance(value, list) else [str(_plain(value))]
    return ", ".join(words.get(one, one) for one in values) or "–"


def _plain(value: Any) -> Any:
    """The order of choices and the kind of nothing make no difference; a day is as its field sends it."""
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, list) else value or ""
