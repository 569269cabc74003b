"""Give WTForms fields the markup of GOV.UK Frontend, in the reader's language.

The widget is chosen from the field's type when it is rendered, so forms stay plain WTForms and
also forms of libraries get the same look. Templates use `templates/macros/forms.html`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from govuk_frontend_wtf import wtforms_widgets as gov_widgets
from govuk_frontend_wtf.gov_form_base import GovFormBase, GovIterableBase
from jinja2 import Environment, PackageLoader, PrefixLoader
from markupsafe import Markup
from wtforms.fields import Field

_PACKAGES = ("govuk_frontend_jinja", "govuk_frontend_wtf")
MOST_DRAWN = 500
"""Empty fields kept as drawn: all forms in four languages have fewer."""
_drawn: dict[tuple[str, str], Markup] = {}


@cache
def _components() -> Environment:
    """The components in an environment of their own.

    They read options nobody gave, which the strict templates of this site must not do; and flask.render_template
    would run every context processor again for each field.
    """
    return Environment(loader=PrefixLoader({name: PackageLoader(name) for name in _PACKAGES}), autoescape=True)


class _Translated(GovFormBase):
    """What every widget shares: the reader's words, no empty hint, no context processors per field.

    The components write every `html` param unescaped, so none is ever passed: only `text`.
    """

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        classes = kwargs.pop("class", None) or kwargs.pop("class_", None)
        optional = kwargs.pop("mark_optional", True) and field.flags.optional
        kwargs.pop("required", None)  # browsers complain in their own language; the server's answer counts
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        if classes:
            params["classes"] = f"{params.get('classes', '')} {classes}".strip()
        if not (params.get("hint") or {}).get("text"):
            params.pop("hint", None)
        if params.get("errorMessage"):
            params["errorMessage"]["visuallyHiddenText"] = _("Error")
        if optional:
            for part in (params.get("label"), (params.get("fieldset") or {}).get("legend")):
                if part and part.get("text"):
                    part["text"] = _("%(label)s (optional)", label=part["text"])
        params.get("attributes", {}).pop("required", None)
        return params

    def render(self, params: dict[str, Any]) -> Markup:
        """The component. Its markup follows from ``params`` alone, so that of an empty field is drawn once.

        (One takes a millisecond. ``repr`` tells text that is escaped from text that is not. What people typed, and
        what was wrong with it, is not kept.)
        """
        if params.get("value") or params.get("errorMessage"):
            return self._draw(params)
        key = (self.template, repr(params))
        found = _drawn.get(key)
        if found is None:
            if len(_drawn) >= MOST_DRAWN:
                _drawn.clear()
            found = _drawn[key] = self._draw(params)
        return found

    def _draw(self, params: dict[str, Any]) -> Markup:
        return Markup(_components().get_template(self.template).render(params=params))  # noqa: S704


class _TranslatedGroup(_Translated, GovIterableBase):
    """Radios and checkboxes: the error summary links to the first of them."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        params.setdefault("idPrefix", field.id)
        return params


class TextInput(_Translated, gov_widgets.GovTextInput):
    def __init__(self, input_type: str = "text", **attributes: str) -> None:
        super().__init__()
        self.input_type = input_type
        self._attributes = attributes

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        return super().__call__(field, **{**self._attributes, **kwargs})

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        for key in ("autocomplete", "inputmode", "spellcheck"):
            if key in params["attributes"]:
                params[key] = params["attributes"].pop(key)
        limit = field.flags.maxlength
        if limit:
            params["attributes"].setdefault("maxlength", str(limit))
        return params


class DateInput(TextInput):
    """The browser's own date field: one value, understood in every language (three boxes would not be)."""

    def __init__(self) -> None:
        super().__init__("date")

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        params["classes"] = f"govuk-input--width-10 {params.get('classes', '')}".strip()
        if params.get("value") and field.data is None:
            params["type"] = "text"  # a date field would not show what was typed, because it is no date
        params["attributes"].pop("maxlength", None)
        return params


class PasswordInput(_Translated, gov_widgets.GovPasswordInput):
    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        kwargs["value"] = ""
        params = super().map_gov_params(field, **kwargs)
        if "autocomplete" in params["attributes"]:
            params["autocomplete"] = params["attributes"].pop("autocomplete")
        return params | {
            "showPasswordText": _("Show"),
            "hidePasswordText": _("Hide"),
            "showPasswordAriaLabelText": _("Show password"),
            "hidePasswordAriaLabelText": _("Hide password"),
            "passwordShownAnnouncementText": _("Your password is visible"),
            "passwordHiddenAnnouncementText": _("Your password is hidden"),
        }


class TextArea(_Translated, gov_widgets.GovTextArea):
    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs.pop("rows", None)
        params = super().map_gov_params(field, **kwargs)
        if rows:
            params["rows"] = rows
        return params


class CountedTextArea(TextArea, gov_widgets.GovCharacterCount):
    """A long text with its limit, counted while typing where scripts run."""

    template = gov_widgets.GovCharacterCount.template

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        params["attributes"].pop("maxlength", None)  # text over the limit must be seen, not cut
        return {
            "maxlength": field.flags.maxlength,
            "threshold": 50,
            "textareaDescriptionText": _("You can enter up to %{count} characters"),
            "charactersUnderLimitText": {
                "one": _("You have %{count} character remaining"),
                "other": _("You have %{count} characters remaining"),
            },
            "charactersAtLimitText": _("You have 0 characters remaining"),
            "charactersOverLimitText": {
                "one": _("You have %{count} character too many"),
                "other": _("You have %{count} characters too many"),
            },
        } | params


class Select(_Translated, gov_widgets.GovSelect):
    pass


class Radios(_TranslatedGroup, gov_widgets.GovRadioInput):
    pass


class Checkboxes(_TranslatedGroup, gov_widgets.GovCheckboxesInput):
    pass


class Checkbox(_TranslatedGroup, gov_widgets.GovCheckboxInput):
    pass


class FileInput(_Translated, gov_widgets.GovFileInput):
    pass


class Submit(_Translated, gov_widgets.GovSubmitInput):
    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        return params | {"type": "submit", "preventDoubleClick": True, "label": None}


_WIDGETS: dict[str, GovFormBase] = {
    "StringField": TextInput(),
    "EmailField": TextInput("email", spellcheck="false", autocomplete="email"),
    "URLField": TextInput("url", spellcheck="false"),
    "TelField": TextInput("tel", autocomplete="tel"),
    "SearchField": TextInput("search"),
    "IntegerField": TextInput(inputmode="numeric", spellcheck="false"),
    "DecimalField": TextInput(inputmode="decimal", spellcheck="false"),
    "FloatField": TextInput(inputmode="decimal", spellcheck="false"),
    "DateField": DateInput(),
    "DateTimeLocalField": TextInput("datetime-local"),
    "PasswordField": PasswordInput(),
    "TextAreaField": TextArea(),
    "SelectField": Select(),
    "RadioField": Radios(),
    "SelectMultipleField": Checkboxes(),
    "BooleanField": Checkbox(),
    "FileField": FileInput(),
    "MultipleFileField": FileInput(multiple=True),
    "SubmitField": Submit(),
}
_COUNTED = CountedTextArea()


def _widget(field: Field) -> GovFormBase | None:
    """The widget of a field's type, or of the nearest type it descends from; None keeps the field's own."""
    for kind in type(field).__mro__:
        widget = _WIDGETS.get(kind.__name__)
        if widget is not None:
            return _COUNTED if isinstance(widget, TextArea) and field.flags.maxlength else widget
    return None


def gov(field: Field, params: Mapping[str, Any] | None = None, **attributes: Any) -> Markup:
    """Render a bound field. `params` are those of the GOV.UK component, `attributes` those of the element."""
    widget = None if field.widget.__class__.__name__ == "HiddenInput" else _widget(field)
    if widget is None:
        return Markup(field(**attributes))  # noqa: S704 (WTForms escapes)
    return widget(field, params=dict(params or {}), **{**(field.render_kw or {}), **attributes})


def form_errors(form: Any) -> list[dict[str, str | None]]:
    """Every field's first error, in the order of the form, with the address of the field."""
    return list(_errors_of(form))


def _errors_of(form: Any) -> Iterator[dict[str, str | None]]:
    for message in getattr(form, "form_errors", ()):
        yield {"text": message, "href": None}
    for field in form:
        yield from _errors_of_field(field)


def _errors_of_field(field: Any) -> Iterator[dict[str, str | None]]:
    if not field.errors:
        return
    if hasattr(field, "form"):
        yield from _errors_of(field.form)
    elif hasattr(field, "entries"):
        for message in field.errors:
            if isinstance(message, str):
                yield {"text": message, "href": None}
        for entry in field.entries:
            yield from _errors_of_field(entry)
    elif field.widget.__class__.__name__ == "HiddenInput":
        yield {"text": field.errors[0], "href": None}
    else:
        yield {"text": field.errors[0], "href": f"#{field.id}"}


def init_app(app: Flask) -> None:
    """Register the `gov` filter and `form_errors`."""
    app.jinja_env.filters["gov"] = gov
    app.jinja_env.globals["form_errors"] = form_errors
