"""The form with which a copy of a document is sent to be checked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from tracker.web.forms.evidence import UploadField
from tracker.web.forms.fields import Form
from tracker.wording import N_


class CopyForm(Form):
    problems = {
        "empty": N_("The file is empty. Choose another."),
        "too_large": N_("The file is larger than 25 MB: no document of ours is."),
    }

    file = UploadField(_l("Copy of a document"))
