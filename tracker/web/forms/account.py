"""Forms of the account: signing in, passwords, profile."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation, ValidationError

from tracker.domain import passwords
from tracker.models.base import NAME
from tracker.services.sign_in import Outcome
from tracker.web.forms.fields import ChoiceField, EmailField, Form, LineField, SeenField
from tracker.web.languages import OWN_NAMES
from tracker.web.languages import gettext as _
from tracker.wording import N_

_PLACES = ("America/", "Atlantic/", "Pacific/", "Europe/", "Africa/", "Asia/", "Australia/", "Indian/")


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """Time zones by place, the Americas first, as (IANA name, words)."""
    known = available_timezones()
    names = [name for place in _PLACES for name in sorted(known) if name.startswith(place)]
    return (("UTC", "UTC"), *((name, name.replace("_", " ").replace("/", " / ")) for name in names))


class AnyAddressField(EmailField):
    """An address to compare with those that are known: any text will do, and none is answered differently."""

    def check(self) -> None:
        """Nothing is asked of it."""


class PasswordField(wtforms.PasswordField):
    """A password: kept exactly as typed, never shown again."""

    def __init__(self, label: Any = None, validators: Iterable[Any] = (), *, new: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"autocomplete": "new-password" if new else "current-password"})
        super().__init__(label, list(validators), **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            raise StopValidation(_("Fill in “%(label)s”.") % {"label": self.label.text})


class _Guarded(Form):
    """A form with a password that is compared: what a refusal says, and with which status."""

    STATUS = {Outcome.WRONG: 422, Outcome.BRAKED: 429}
    checked: str
    wrong: str

    def refuse(self, outcome: Outcome) -> None:
        """Say why it is not accepted."""
        if outcome is Outcome.BRAKED:
            self.form_errors.append(_("Too many tries. Wait a quarter of an hour, or ask for a new password."))
        else:
            field = self._fields[self.checked]
            field.errors = [*field.errors, _(self.wrong)]


class SignInForm(_Guarded):
    checked = "password"
    wrong = N_("This e-mail address and this password do not go together.")

    email = AnyAddressField(_l("E-mail address"), render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"))


class ForgotForm(Form):
    email = EmailField(_l("E-mail address"), render_kw={"autocomplete": "username"})


class _ChoosesPassword(Form):
    """What a new password may not be, and that it is typed twice."""

    problems = {
        passwords.TOO_SHORT: N_("The password must have 15 characters or more. A sentence is easy to remember."),
        passwords.TOO_LONG: N_("The password may have 200 characters at most."),
        passwords.PATTERN: N_(
            "This password is a repetition or a row of keys, which is guessed first. Choose another."
        ),
        passwords.COMMON: N_("This password is among those that are guessed first. Choose another."),
        passwords.CONTEXT: N_(
            "This password holds your name, your address or a word of this site (such as trafficking, trata or OAS),"
            " which are guessed first. Choose another."
        ),
    }

    def validate_repeat_password(self, field: PasswordField) -> None:
        if field.data != self._fields["new_password"].data:
            raise ValidationError(_("The two passwords are not the same. Type them again."))


class NewPasswordForm(_ChoosesPassword):
    new_password = PasswordField(_l("New password"), new=True)
    repeat_password = PasswordField(_l("New password again"), new=True)


class ChangePasswordForm(_Guarded, _ChoosesPassword):
    checked = "present_password"
    wrong = N_("This is not your present password.")

    present_password = PasswordField(_l("Present password"))
    new_password = PasswordField(_l("New password"), new=True)
    repeat_password = PasswordField(_l("New password again"), new=True)


class ProfileForm(Form):
    name = LineField(_l("Name"), longest=NAME, render_kw={"autocomplete": "name"})
    language = ChoiceField(_l("Language"), choices=OWN_NAMES)
    time_zone = ChoiceField(_l("Time zone"), choices=time_zones)
    seen = SeenField()
    """``services.accounts.mark`` of what the form showed."""

    def values(self) -> dict[str, Any]:
        """What the form decides, by the names of the service's arguments."""
        return {name: self._fields[name].data for name in ("name", "language", "time_zone", "seen")}
