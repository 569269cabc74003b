"""The forms of erasing: look for a passage, erase it, erase a file. A passage never stands in an address."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.models.base import LINE, NAME
from tracker.web.forms.fields import Form, LineField, TextField, VersionField
from tracker.wording import N_

_PASSAGE = {
    "too_common": N_("This is too short, or a word that the program itself needs. Enter a longer passage."),
    "not_found": N_("The passage stands nowhere."),
}
_REASON = {"holds_passage": N_("The reason stays for ever. Do not repeat the passage in it.")}


class PassageForm(Form):
    problems = _PASSAGE

    passage = TextField(_l("The exact passage"), longest=LINE * 4)


class ErasePassageForm(PassageForm):
    problems = {**_PASSAGE, **_REASON}

    reason = TextField(_l("Reason"), longest=LINE * 4)
    seen = VersionField()


class EraseFileForm(Form):
    problems = {**_REASON, "not_found": N_("There is nothing left to erase.")}

    file = LineField(_l("Address of the file’s page, or the last part of it"), longest=NAME * 2)
    number = LineField(_l("Version"), longest=6, required=False)
    reason = TextField(_l("Reason"), longest=LINE * 4)

    def said(self) -> dict[str, Any]:
        """Public id and version as the service takes them; a version that is no number is none there is."""
        typed = (self.number.data or "").strip()
        number = int(typed) if typed.isascii() and typed.isdigit() else 0
        return {
            "public_id": (self.file.data or "").rstrip("/").rpartition("/")[2],
            "number": number if typed else None,
            "reason": self.reason.data,
        }
