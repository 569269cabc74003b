"""The fields that forms are made of: text is cleaned before anything looks at it, and every refusal names the field.

A field knows its longest text (the column's constant of ``models.base``) and whether it must be filled in; messages
are in the reader's language, and what was typed stays in the form. ``put_problems`` puts a rule's refusal
(``domain.errors.Unmet``) beside the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import wtforms
from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from wtforms import ValidationError
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation

from tracker.domain.addresses import BadAddress, normal_address
from tracker.domain.errors import Unmet
from tracker.domain.text import UnusableText, clean, without_unusable
from tracker.models.base import ADDRESS, LINE, TEXT
from tracker.web.forms import personal_data
from tracker.web.languages import gettext as _
from tracker.wording import N_

Choices = Iterable[tuple[str, str]]
_UNSENT = ImmutableMultiDict[str, str]()

PROBLEMS: dict[str, str] = {
    "required": N_("Fill in “%(label)s”."),
    "missing": N_("Fill in “%(label)s”."),
    "too_long": N_("“%(label)s” is too long."),
    "unknown": N_("Choose one of the list for “%(label)s”."),
    "taken": N_("“%(label)s” is used already."),
}
"""What each problem code of the rules says beside a field; a form adds its own in ``problems``."""


class Form(FlaskForm):
    """A form of this site. Only the fields of a sent form are read: never JSON, never files unless a field asks."""

    problems: Mapping[str, str] = {}
    """Problem code to sentence (marked with ``N_``), where this form says it in its own words."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> MultiDict | None:
            """What was sent; None for a form that is only shown."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if request.method == "POST" else None


def put_problems(form: Any, problems: Mapping[str, str]) -> None:
    """Put each problem of a rule beside its field; those about no field of this form go above the form."""
    words = {**PROBLEMS, **getattr(form, "problems", {})}
    for name, code in problems.items():
        field = form._fields.get(name)
        sentence = words.get(code)
        if field is not None and code in personal_data.PROBLEMS:
            typed = getattr(field.data, "filename", field.data)
            field.errors = [*field.errors, personal_data.sentence(typed or "")]
            continue
        label = str(field.label.text) if field is not None else name.replace("_", " ")
        text = (
            _(sentence) % {"label": label}
            if sentence
            else _("“%(label)s” is not accepted as it is.") % {"label": label}
        )
        if field is None:
            form.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


@contextmanager
def problems_into(form: Any) -> Iterator[None]:
    """Around a transaction: what the rules refuse is put into the form, and ``form.errors`` tells.

    ``with problems_into(form), transaction() as session: service.verb(session, …)``
    """
    try:
        yield
    except Unmet as error:
        put_problems(form, error.problems)


class _Cleaned(wtforms.Field):
    """What the text fields share. ``longest`` in characters, counted as stored."""

    multiline = False

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Callable] = (),
        *,
        longest: int = LINE,
        required: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators), **kwargs)
        self.longest = longest
        self.required = required
        self.flags.maxlength = longest
        self.flags.optional = not required

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist:
            return
        raw = valuelist[0] if isinstance(valuelist[0], str) else ""
        try:
            self.data = clean(raw, multiline=self.multiline)
        except UnusableText as error:
            self.data = without_unusable(raw, multiline=self.multiline)
            raise ValueError(
                self.say(
                    _("“%(label)s” holds a character that cannot be kept (%(code)s). It was replaced: look at it.")
                )
                % {"code": str(error)}
            ) from error

    def say(self, sentence: str) -> str:
        """The sentence with this field's label in it; other gaps stay for the caller."""
        return sentence.replace("%(label)s", str(self.label.text).replace("%", "%%"))

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation()
        self.data = self.data or ""
        if not self.data:
            if self.required:
                raise StopValidation(self.say(_("Fill in “%(label)s”.")) % {})
            raise StopValidation()
        if len(self.data) > self.longest:
            sentence = self.say(_("“%(label)s” is too long: %(length)s characters; at most %(most)s are possible."))
            raise StopValidation(sentence % {"length": len(self.data), "most": self.longest})
        self.check()

    def check(self) -> None:
        """What this kind of field asks beyond that; raises ValidationError."""


class LineField(_Cleaned, wtforms.StringField):
    """One line of text."""


class TextField(_Cleaned, wtforms.TextAreaField):
    """Text of several lines; line breaks are kept as one kind."""

    multiline = True

    def __init__(self, label: Any = None, validators: Iterable[Callable] = (), **kwargs: Any) -> None:
        kwargs.setdefault("longest", TEXT)
        super().__init__(label, validators, **kwargs)


class EmailField(_Cleaned, wtforms.EmailField):
    """An e-mail address; ``data`` is as the database keeps it, in lower case."""

    def __init__(self, label: Any = None, validators: Iterable[Callable] = (), **kwargs: Any) -> None:
        kwargs.setdefault("longest", ADDRESS)
        super().__init__(label, validators, **kwargs)

    def check(self) -> None:
        try:
            self.data = normal_address(self.data or "")
        except BadAddress as error:
            raise ValidationError(_("Enter an e-mail address like name@ministry.gov.")) from error


class _Chosen:
    """Choices as pairs (value, label); whatever else is sent is refused in the reader's language."""

    required: bool

    def __init__(
        self,
        label: Any = None,
        validators: Iterable[Callable] = (),
        *,
        choices: Choices | Callable[[], Choices] = (),
        required: bool = True,
        blank: Any = None,
        **kwargs: Any,
    ) -> None:
        pairs = choices if callable(choices) else list(choices)
        self.required = required
        self.blank = blank
        self._pairs = pairs
        super().__init__(label, list(validators), choices=self._listed, **kwargs)  # type: ignore[call-arg]
        self.flags.optional = not required  # type: ignore[attr-defined]

    def offer(self, pairs: Choices) -> None:
        """Set the choices of this form, where they depend on data."""
        self._pairs = list(pairs)
        self.choices = self._listed()

    def _listed(self) -> list[SelectChoice]:
        pairs = self._pairs() if callable(self._pairs) else self._pairs
        listed = [SelectChoice(value, label) for value, label in pairs]
        return [SelectChoice("", self.blank), *listed] if self.blank is not None else listed

    @property
    def known(self) -> set[str]:
        return {choice.value for choice in self._listed()} - {""}


class ChoiceField(_Chosen, wtforms.SelectField):  # type: ignore[misc]
    """A drop-down list. ``data`` is the value, "" where nothing is chosen (give ``blank`` its label)."""

    def pre_validate(self, form: Any) -> None:
        self.data = self.data or ""
        if not self.data:
            if self.required:
                raise StopValidation(_("Choose “%(label)s”.") % {"label": self.label.text})
            raise StopValidation()
        if self.data not in self.known:
            self.data = ""
            raise StopValidation(_("Choose one of the list for “%(label)s”.") % {"label": self.label.text})


class RadiosField(_Chosen, wtforms.RadioField):  # type: ignore[misc]
    """Choices shown all at once. ``data`` is the value, "" where nothing is chosen."""

    def __init__(self, label: Any = None, validators: Iterable[Callable] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.type = "RadioField"  # what the template macros ask for

    pre_validate = ChoiceField.pre_validate


class ChecksField(_Chosen, wtforms.SelectMultipleField):  # type: ignore[misc]
    """Any number of choices. ``data`` is a list of values, in the order sent, each once."""

    def __init__(self, label: Any = None, validators: Iterable[Callable] = (), **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(label, validators, **kwargs)
        self.type = "SelectMultipleField"  # what the template macros ask for

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = list(dict.fromkeys(v for v in valuelist if isinstance(v, str)))

    def pre_validate(self, form: Any) -> None:
        self.data = self.data or []
        if self.required and not self.data:
            raise StopValidation(_("Choose at least one of “%(label)s”.") % {"label": self.label.text})
        known = self.known
        if any(value not in known for value in self.data):
            self.data = [value for value in self.data if value in known]
            raise StopValidation(_("Choose one of the list for “%(label)s”.") % {"label": self.label.text})


class DayField(wtforms.DateField):
    """A date in the browser's own date input: YYYY-MM-DD, from 1900 to 2199."""

    def __init__(
        self, label: Any = None, validators: Iterable[Callable] = (), *, required: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(label, list(validators), **kwargs)
        self.required = required
        self.flags.optional = not required
        self._typed = ""

    def _value(self) -> str:
        return self._typed or (self.data.isoformat() if self.data else "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist:
            return
        raw = valuelist[0] if isinstance(valuelist[0], str) else ""
        self._typed = without_unusable(raw, multiline=False)[:20]
        self.data = None
        if not self._typed:
            return
        try:
            if len(self._typed) != 10 or not self._typed.isascii():
                raise ValueError
            day = date.fromisoformat(self._typed)
            if not 1900 <= day.year <= 2199:
                raise ValueError
        except ValueError as error:
            raise ValueError(
                _("Enter a date for “%(label)s” as year-month-day.") % {"label": self.label.text}
            ) from error
        self.data = day

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation()
        if self.data is None:
            if self.required:
                raise StopValidation(_("Fill in “%(label)s”.") % {"label": self.label.text})
            raise StopValidation()


class VersionField(wtforms.HiddenField):
    """The record's version that the person saw, as a number; 0 where it was left out or tampered with (then stale)."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        raw = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""
        self.data: Any = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


class SeenField(wtforms.HiddenField):
    """A mark of what the form showed, for records without a version; "" where it was left out (then stale)."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""
