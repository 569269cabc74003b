"""The forms about organisations of observers: name and website, an accreditation, its last day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker import wording
from tracker.domain.text import fold
from tracker.models.base import NAME, URL
from tracker.web.forms.fields import ChecksField, DayField, Form, LineField, SeenField, VersionField
from tracker.web.languages import choose
from tracker.wording import N_


class OrganisationForm(Form):
    problems = {
        "taken": N_("Another organization has this name."),
        "no_link": N_("Enter an address that begins with https:// or http://."),
    }

    version = VersionField()
    name = LineField(_l("Name of the organization"), longest=NAME, render_kw={"autocomplete": "off"})
    website = LineField(_l("Website"), longest=URL, required=False, render_kw={"autocomplete": "off"})


class AccreditForm(Form):
    problems = {
        "overlaps": N_("For one of these States there is a period already that shares a day with this one."),
        "before_start": N_("“%(label)s” is before the first day."),
    }

    states = ChecksField(_l("States"), required=True)
    starts_on = DayField(_l("First day of the accreditation"))
    ends_on = DayField(_l("Last day of the accreditation"), required=False)

    def offer(self, parties: Iterable[Any]) -> None:
        """Set the States to choose from, by name in the reader's language."""
        lang = choose()
        named = ((party.code, wording.pick(party.name, lang)) for party in parties)
        self.states.offer(sorted(named, key=lambda pair: fold(pair[1])))


class LastDayForm(Form):
    problems = {
        "overlaps": N_("Another period for the same State shares a day with this one."),
        "before_start": N_("“%(label)s” is before the first day."),
    }

    seen = SeenField()
    last_day = DayField(_l("Last day of the accreditation"))
