"""The forms about evidence: a file or a link with what is said of it, a newer version, a reason."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import wtforms
from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError
from wtforms.validators import StopValidation

from tracker.models import Evidence
from tracker.models.base import LINE, NAME, URL
from tracker.services.evidence import About
from tracker.web import uploads
from tracker.web.forms.fields import (
    ChoiceField,
    DayField,
    Form,
    LineField,
    RadiosField,
    SeenField,
    TextField,
    VersionField,
)
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import OWN_NAMES
from tracker.web.languages import gettext as _
from tracker.wording import N_

FILE_PROBLEMS: dict[str, str] = {
    "required": N_("Choose a file."),
    "empty": N_("The file is empty. Choose another."),
    "too_large": N_("The file is larger than 25 MB. Send a smaller one, or a link to it."),
    "type": N_(
        "This type of file is not taken. Taken are PDF, Word (DOCX), Excel (XLSX), pictures (PNG, JPEG), text (TXT)"
        " and CSV, up to 25 MB."
    ),
    "content": N_("The content of the file is not what its ending says. Open it, save it again and send that file."),
    "macros": N_(
        "This file can hold programs (macros, embedded objects), or is in an old format that can. Save it as DOCX,"
        " XLSX or PDF and send that."
    ),
    "program": N_("The name of the file has the ending of a program or web page inside it. Rename the file."),
    "protected": N_("The file is protected by a password. Send it without."),
    "package": N_(
        "The file is damaged or holds other files. Open it in Word or Excel, save it again as DOCX or XLSX and send"
        " that."
    ),
    "pdf_program": N_("The PDF holds a script or attached files. Print it to a new PDF and send that."),
    "damaged": N_("The file cannot be read. Open it, save it again and send that file."),
    "too_many_pixels": N_("The picture has more than 64 million points. Make it smaller and send that."),
    "infected": N_("The virus scanner found something in the file."),
    "identifier": N_(
        "The file holds data that identify a person, such as an identity number. Take them out and send the file again."
    ),
    "personal_data": N_("The name of the file looks like data about a person. Rename it, or explain why it is none."),
}
"""Problem code to sentence: at the form, and on the page of a file that the check refused."""
MORE_LANGUAGES = (
    ("nl", "Nederlands"),
    ("ht", "Kreyòl ayisyen"),
    ("gn", "Avañe’ẽ"),
    ("qu", "Runasimi"),
    ("ay", "Aymara"),
)
PUBLIC, RESTRICTED = "public", "restricted"


class UploadField(wtforms.FileField):
    """A file, as it was sent; None where none was chosen."""

    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, list(validators), **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        sent = request.files.get(self.name) if formdata is not None else None
        self.data: FileStorage | None = sent if uploads.is_sent(sent) else None

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            raise StopValidation(_("Choose a file."))


def _address(_form: Form, field: Any) -> None:
    parts = urlsplit(field.data or "")
    if field.data and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValidationError(_("Enter a web address that begins with https:// or http://."))


class _DetailsForm(Form):
    """What is said of a piece of evidence, at first and when it is corrected."""

    problems: Mapping[str, str] = {}

    title = LineField(_l("What it shows"), longest=NAME)
    speaks_of = DayField(_l("Date it speaks of"), required=False)
    language = ChoiceField(
        _l("Language of the document"), choices=(*OWN_NAMES, *MORE_LANGUAGES), required=False, blank=_l("Not said")
    )
    access = RadiosField(
        _l("Who may read it"),
        choices=lambda: [
            (PUBLIC, _("Everybody, once the rating is published")),
            (RESTRICTED, _("Restricted: your own side and the Secretariat only")),
        ],
        default=PUBLIC,
    )
    explanation = TextField(
        _l("Why what was found is no data about a person"), longest=EXPLANATION, required=False, render_kw={"rows": 2}
    )

    @property
    def asks_to_explain(self) -> bool:
        """Whether title, address or name of the file are only accepted with an explanation."""
        file, url = self._fields.get("file"), self._fields.get("url")
        name = file.data.filename if file is not None and file.data is not None else ""
        return bool(self.explanation.data) or looks_personal(self.title.data or "", name or "", url.data if url else "")

    def about(self) -> About:
        """What was entered. Valid forms only."""
        return About(
            title=self.title.data or "",
            speaks_of=self.speaks_of.data,
            language=self.language.data or "",
            is_public=self.access.data == PUBLIC,
            explanation=self.explanation.data or "",
        )


class DetailsForm(_DetailsForm):
    """What is said of a piece that exists; ``of(piece)`` shows it."""

    version = VersionField()

    @classmethod
    def of(cls, piece: Evidence) -> DetailsForm:
        return cls(
            formdata=None,
            title=piece.title,
            speaks_of=piece.speaks_of,
            language=piece.language,
            access=PUBLIC if piece.is_public else RESTRICTED,
            version=piece.version,
        )


class _AboutForm(_DetailsForm):
    """What is said of a piece to be."""

    name = SeenField(default=lambda: secrets.token_hex(16))
    """The random name of the piece to be: a form that is sent twice makes one piece."""


class FileForm(_AboutForm):
    """A file as a new piece of evidence."""

    problems = {name: text for name, text in FILE_PROBLEMS.items() if name not in ("required", "personal_data")}

    file = UploadField(_l("File"))


class LinkForm(_AboutForm):
    """A link as a new piece of evidence."""

    url = LineField(_l("Web address"), [_address], longest=URL, render_kw={"spellcheck": "false"})


class VersionForm(Form):
    """A newer version of a file."""

    problems = FileForm.problems

    file = UploadField(_l("File"))
    explanation = TextField(
        _l("Why what was found is no data about a person"), longest=EXPLANATION, required=False, render_kw={"rows": 2}
    )
    seen = SeenField()
    """Number of the newest version that the page showed."""

    def seen_number(self) -> int:
        raw = self.seen.data or ""
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 0


class ReasonForm(Form):
    """Why the doubtful passages of a file are no data about a person."""

    explanation = TextField(
        _l("Why these passages are no data about a person"), longest=LINE * 4, render_kw={"rows": 4}
    )
