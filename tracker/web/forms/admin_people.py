"""The form about a person, for inviting and for changing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

from tracker import wording
from tracker.domain.text import fold
from tracker.domain.vocabulary import Role
from tracker.models.base import NAME
from tracker.services.people import Details
from tracker.web.forms.account import time_zones
from tracker.web.forms.differences import Difference, differences
from tracker.web.forms.fields import ChoiceField, EmailField, Form, LineField, RadiosField, SeenField
from tracker.web.languages import OWN_NAMES, choose
from tracker.wording import N_


class PersonForm(Form):
    """An account as an administrator sees it. Which parts count depends on the role; the service says so."""

    problems = {
        "required": N_("Fill in “%(label)s”: this role needs it."),
        "taken": N_("Another account has this address."),
        "no_address": N_("Enter an e-mail address like name@ministry.gov."),
        "of_another_state": N_(
            "This institution is of another State. Choose one of the same State, or name a new one."
        ),
        "own_account": N_("You cannot give up your own role. Ask another administrator."),
    }

    email = EmailField(_l("E-mail address"), render_kw={"autocomplete": "off"})
    name = LineField(_l("Name"), longest=NAME, render_kw={"autocomplete": "off"})
    role = RadiosField(_l("Role"), choices=lambda: [(role.value, wording.label(role, choose())) for role in Role])
    party_code = ChoiceField(_l("State"), required=False, blank=_l("None"))
    is_alternate = wtforms.BooleanField(_l("Alternate focal point"))
    institution_id = ChoiceField(_l("Institution"), required=False, blank=_l("None"))
    institution_name = LineField(_l("Name of a new institution"), longest=NAME, required=False)
    organisation_id = ChoiceField(_l("Organization"), required=False, blank=_l("None"))
    organisation_name = LineField(_l("Name of a new organization"), longest=NAME, required=False)
    language = ChoiceField(_l("Language"), required=False, choices=OWN_NAMES, blank=_l("As the State writes"))
    time_zone = ChoiceField(_l("Time zone"), required=False, choices=time_zones, blank=_l("As in the State’s capital"))

    seen = SeenField()
    """``services.accounts.mark`` of the account as the form showed it; empty for a new one."""

    def offer(self, parties: Iterable[Any], institutions: Iterable[Any], organisations: Iterable[Any]) -> None:
        """Set the choices that depend on data, by name in the reader's language."""
        lang = choose()
        states = sorted(((p.code, wording.pick(p.name, lang)) for p in parties), key=lambda pair: fold(pair[1]))
        self.party_code.offer(states)
        self.organisation_id.offer((str(row.id), row.name) for row in organisations)
        self.institution_id.offer(
            (str(row.id), f"{wording.pick(row.party_name, lang)}: {row.name}") for row in institutions
        )

    def details(self) -> Details:
        """What was entered, as the service takes it. Valid forms only."""
        return Details(
            email=self.email.data or "",
            name=self.name.data or "",
            role=Role(self.role.data),
            party_code=self.party_code.data or "",
            is_alternate=bool(self.is_alternate.data),
            institution_id=int(self.institution_id.data) if self.institution_id.data else None,
            institution_name=self.institution_name.data or "",
            language=self.language.data or "",
            time_zone=self.time_zone.data or "",
            organisation_id=int(self.organisation_id.data) if self.organisation_id.data else None,
            organisation_name=self.organisation_name.data or "",
        )

    def differences(self, stored: Mapping[str, Any]) -> list[Difference]:
        """Where what was typed is not what ``services.people.given`` says is stored now."""
        new = {
            "institution_id": self.institution_name.data or "",
            "organisation_id": self.organisation_name.data or "",
        }
        return differences(self, stored, new)
