"""The organisation's form for an observation, and the Secretariat's for declining one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

from tracker import wording
from tracker.domain.vocabulary import Rating
from tracker.models import Evidence, Observation
from tracker.models.base import NAME, URL
from tracker.services.observation_filing import VIEWS, Content, NewLink
from tracker.web.forms.fields import ChecksField, ChoiceField, DayField, Form, LineField, RadiosField, TextField
from tracker.web.forms.fields import VersionField as Version
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import OWN_NAMES, choose
from tracker.web.languages import gettext as _
from tracker.wording import N_

ROWS = ("1", "2", "3")
"""New links that can be typed at once; more are added after saving."""


class NameField(wtforms.HiddenField):
    """The random name of the piece of evidence that a row makes: a form sent twice makes it once."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""


class ObservationForm(Form):
    """``content()`` is what was typed; ``of(record)`` shows what is stored."""

    problems = {
        "no_link": N_("Enter an address that begins with https:// or http://."),
        "too_many": N_("No more than 20 pieces of evidence go with one observation."),
        "unchecked": N_("A file is still being checked, or needs an explanation. Look at it in your evidence."),
        "refused": N_("A file was refused by the check. Take it off."),
        "none": N_("No reporting cycle has asked for this commitment yet."),
    }

    version = Version()
    view = RadiosField(
        _l("Your organization’s view: how far is this commitment carried out?"),
        choices=lambda: [(value.value, wording.label(value, choose())) for value in VIEWS],
        required=False,
    )
    text = TextField(_l("What your organization has observed"), required=False)
    language = ChoiceField(_l("Language of the text"), choices=OWN_NAMES, required=False, blank=_l("Choose"))
    attached = ChecksField(_l("From your evidence"))
    title_1 = LineField(_l("Title of link 1"), longest=NAME, required=False)
    url_1 = LineField(_l("Address of link 1"), longest=URL, required=False)
    speaks_1 = DayField(_l("Date that link 1 speaks of"), required=False)
    name_1 = NameField()
    title_2 = LineField(_l("Title of link 2"), longest=NAME, required=False)
    url_2 = LineField(_l("Address of link 2"), longest=URL, required=False)
    speaks_2 = DayField(_l("Date that link 2 speaks of"), required=False)
    name_2 = NameField()
    title_3 = LineField(_l("Title of link 3"), longest=NAME, required=False)
    url_3 = LineField(_l("Address of link 3"), longest=URL, required=False)
    speaks_3 = DayField(_l("Date that link 3 speaks of"), required=False)
    name_3 = NameField()
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @classmethod
    def of(cls, record: Observation | None, language: str) -> ObservationForm:
        """The form as stored; a new one begins in the person's language."""
        names = {f"name_{row}": secrets.token_hex(16) for row in ROWS}
        if record is None:
            return cls(formdata=None, data={"version": 0, "language": language, **names})
        stored = {
            "version": record.version,
            "view": record.view.value if record.view else "",
            "text": record.text,
            "language": record.language,
            "attached": [one.evidence.public_id for one in record.attached],
            "explanation": record.explanation,
        }
        return cls(formdata=None, data=stored | names)

    def offer(self, library: Iterable[Evidence]) -> None:
        """Set the pieces of evidence to choose from; those chosen already come first."""
        chosen = set(self.attached.data or ())
        pieces = sorted(library, key=lambda piece: piece.public_id not in chosen)
        self.attached.offer((piece.public_id, _piece(piece)) for piece in pieces)

    @property
    def has_library(self) -> bool:
        return bool(self.attached.known)

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        texts = [self.text.data or "", *(self[f"title_{row}"].data or "" for row in ROWS)]
        return bool(self.explanation.data or self.explanation.errors) or looks_personal(*texts)

    def content(self) -> Content:
        said: dict[str, Any] = self.data
        return Content(
            view=Rating(said["view"]) if said["view"] else None,
            text=said["text"] or "",
            language=said["language"] or "",
            attached=tuple(said["attached"] or ()),
            links=tuple(
                NewLink(
                    row,
                    said[f"name_{row}"] or "",
                    said[f"title_{row}"] or "",
                    said[f"url_{row}"] or "",
                    said[f"speaks_{row}"],
                )
                for row in ROWS
            ),
            explanation=said["explanation"] or "",
        )


class DeclineForm(Form):
    version = Version()
    reason = TextField(_l("Reason for declining"))
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @property
    def asks_to_explain(self) -> bool:
        return bool(self.explanation.data or self.explanation.errors) or looks_personal(self.reason.data or "")


def _piece(piece: Evidence) -> str:
    added = _("added on %(day)s") % {"day": wording.say_date(piece.created_at.date(), choose())}
    known = [wording.label(piece.kind, choose()), added] + ([] if piece.is_public else [_("restricted")])
    return f"{piece.title} ({', '.join(known)})"
