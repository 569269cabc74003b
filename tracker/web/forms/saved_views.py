"""The form that keeps a list with its filters under a name."""

from __future__ import annotations

import wtforms
from flask_babel import lazy_gettext as _l

from tracker.models.base import NAME
from tracker.web.forms.fields import Form, LineField
from tracker.wording import N_


class NameForm(Form):
    problems = {
        "taken": N_("You keep another view under this name."),
        "too_many": N_("You keep 50 views already: remove one first."),
    }

    name = LineField(_l("Name of the view"), longest=NAME, render_kw={"autocomplete": "off"})


class ViewForm(NameForm):
    path = wtforms.HiddenField()
    query = wtforms.HiddenField()
