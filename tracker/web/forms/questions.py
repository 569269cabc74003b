"""The forms of the dialogue about a report: questions, answers, internal notes."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from tracker import wording
from tracker.services.questions import About
from tracker.web.forms.fields import TextField, VersionField
from tracker.web.forms.reviews import Written
from tracker.web.languages import choose

WHOLE = "whole"
"""The field for a question about the whole report; the others are named by their element's code."""


class QuestionForm(Written):
    """What is asked, by element; made by ``ask_form``."""

    version = None  # type: ignore[assignment]  # a question changes nothing that the reviewer saw

    @property
    def asked(self) -> dict[str, str]:
        """By the element's code, "" for the whole."""
        texts = {field.name: field.data or "" for field in self if field.type == "TextField"}
        texts.pop("explanation", None)
        return {"" if name == WHOLE else name: text for name, text in texts.items()}

    @property
    def texts(self) -> list[TextField]:
        return [field for field in self if field.type == "TextField" and field.name != "explanation"]


def ask_form(elements: Iterable[About], *, shown_only: bool = False) -> QuestionForm:
    """The form for a report that answers these elements. ``shown_only``: empty, whatever was sent."""
    fields = {
        one.code: TextField(f"{one.code} {wording.pick(one.label, choose())}", required=False)
        for one in elements
        if not one.is_whole
    }
    fields[WHOLE] = TextField(_l("About the whole report"), required=False)
    kind = type("AskForm", (QuestionForm,), fields)
    return kind(formdata=None) if shown_only else kind()


class AnswerForm(Written):
    version = VersionField()
    text = TextField(_l("Your answer"))


class WithdrawForm(Written):
    version = VersionField()


class NoteForm(Written):
    version = None  # type: ignore[assignment]
    note = TextField(_l("Internal note"))
