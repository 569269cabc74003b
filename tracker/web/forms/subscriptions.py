"""The form of a subscription to summaries. What the chosen scope does not ask for counts for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

from tracker.domain.policy import Actor
from tracker.domain.subscriptions import MOST_REPORTS, scopes
from tracker.domain.text import fold
from tracker.domain.vocabulary import Role, SummaryRhythm, SummaryScope
from tracker.services import subscriptions
from tracker.services.subscriptions import Wanted
from tracker.web.forms.fields import ChecksField, ChoiceField, Form, RadiosField, VersionField
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.wording import N_, label, pick


def scope_words(role: Role) -> list[tuple[str, str]]:
    """The scopes that this role is offered, in words."""
    own = {
        Role.OBSERVER: _("The States you are accredited for"),
        Role.CONTRIBUTOR: _("What you were asked to answer"),
        Role.SECRETARIAT_REPORTER: _("The General Secretariat"),
    }.get(role, _("Your State"))
    words = {
        SummaryScope.OWN: own,
        SummaryScope.STATES: _("Some States"),
        SummaryScope.EVERYTHING: _("All States"),
        SummaryScope.INSTRUMENT: _("One instrument"),
    }
    return [(scope.value, words[scope]) for scope in scopes(role)]


class SubscriptionForm(Form):
    problems: Mapping[str, str] = {
        "required": N_("Choose at least one of “%(label)s”."),
        subscriptions.EQUAL: N_("You take this summary already, in this rhythm."),
        subscriptions.TOO_MANY: N_("You take as many summaries as are possible. Stop one of them first."),
        subscriptions.NO_STATE: N_(
            "A status report is about one State. Choose your State or some States, or go without it."
        ),
        subscriptions.TOO_MANY_STATES: N_("So many status reports do not go with a mail. Choose fewer States."),
    }

    version = VersionField()
    rhythm = RadiosField(
        _l("How often"), choices=lambda: [(rhythm.value, label(rhythm, choose())) for rhythm in SummaryRhythm]
    )
    scope = RadiosField(_l("Of what"))
    states = ChecksField(_l("States"))
    instrument = ChoiceField(_l("Instrument"), required=False, blank=_l("Choose an instrument"))
    when_empty = wtforms.BooleanField(_l("Also tell me when nothing changed"))
    attach_report = wtforms.BooleanField(_l("Attach the status report as PDF"))

    def offer(self, reader: Actor, states: Iterable[Any], instruments: Iterable[Any]) -> None:
        """Set what this person may choose from."""
        lang = choose()
        named = ((one.code, pick(one.name, lang)) for one in states)
        self.scope.offer(scope_words(reader.role))
        self.states.offer(sorted(named, key=lambda pair: fold(pair[1])))
        if self.states.choices:
            several = _("Attach the status report of each State in it as PDF (%(most)s at most)")
            self.attach_report.label.text = several % {"most": MOST_REPORTS}
        self.instrument.offer((one.code, pick(one.title, lang)) for one in instruments)

    def wanted(self) -> Wanted:
        """What the form decides."""
        scope = SummaryScope(self.scope.data)
        return Wanted(
            rhythm=SummaryRhythm(self.rhythm.data),
            scope=scope,
            states=tuple(self.states.data or ()) if scope is SummaryScope.STATES else (),
            instrument=(self.instrument.data or "") if scope is SummaryScope.INSTRUMENT else "",
            when_empty=bool(self.when_empty.data),
            attach_report=bool(self.attach_report.data),
        )


def shown(stored: Wanted) -> dict[str, Any]:
    """What is stored, by the names of the form's fields."""
    return {
        "rhythm": stored.rhythm.value,
        "scope": stored.scope.value,
        "states": list(stored.states),
        "instrument": stored.instrument,
        "when_empty": stored.when_empty,
        "attach_report": stored.attach_report,
    }
