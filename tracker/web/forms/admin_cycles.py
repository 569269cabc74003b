"""The form for planning or changing a reporting cycle."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from config import LANGUAGES
from tracker.models import ReportingCycle
from tracker.models.base import NAME
from tracker.services.cycles import LONGEST_WINDOW, CyclePlan
from tracker.web.forms.fields import DayField, Form, LineField, VersionField
from tracker.web.languages import gettext as _
from tracker.wording import N_


class DaysField(wtforms.IntegerField):
    """A number of days, in ASCII digits."""

    def __init__(self, label: Any, *, most: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        raw = valuelist[0].strip() if valuelist and isinstance(valuelist[0], str) else ""
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 3):
            self.data = None
            return
        self.data = int(raw)

    def _value(self) -> str:
        typed = self.raw_data[0] if self.raw_data and isinstance(self.raw_data[0], str) else ""
        return "".join(c for c in typed[:20] if c.isprintable()) or str(self.data or "")

    def pre_validate(self, form: Any) -> None:
        if self.data is None or not 1 <= self.data <= self.most:
            sentence = _("Enter a whole number from 1 to %(most)s for “%(label)s”.")
            raise ValidationError(sentence % {"most": self.most, "label": self.label.text})


class CycleForm(Form):
    """``plan()`` is what it says; ``of(cycle)`` shows one that exists."""

    version = VersionField()
    code = LineField(_l("Code"), longest=20)
    title_en = LineField(_l("Title in English"), longest=NAME)
    title_es = LineField(_l("Title in Spanish"), longest=NAME)
    title_pt = LineField(_l("Title in Portuguese"), longest=NAME)
    title_fr = LineField(_l("Title in French"), longest=NAME)
    period_start = DayField(_l("First day of the period reported on"))
    period_end = DayField(_l("Last day of the period reported on"))
    opens_on = DayField(_l("Opens on"))
    due_on = DayField(_l("Reports are due on"))
    closes_on = DayField(_l("Closes on"))
    comment_days = DaysField(_l("Days for the State’s comment"), most=LONGEST_WINDOW)

    problems = {
        "not_a_code": N_("“%(label)s” may hold letters without accents, digits and hyphens only, such as 2026."),
        "before_start": N_("“%(label)s” is before the first day."),
        "before_opening": N_("“%(label)s” is before the cycle opens."),
        "before_due": N_("“%(label)s” is before the due date."),
        "open_already": N_("“%(label)s” can no longer be changed: the cycle is open."),
    }

    @classmethod
    def of(cls, cycle: ReportingCycle) -> CycleForm:
        titles = {f"title_{lang}": cycle.title.get(lang, "") for lang in LANGUAGES}
        return cls(formdata=None, obj=cycle, data=titles)

    def plan(self) -> CyclePlan:
        said: dict[str, Any] = self.data
        dates = ("period_start", "period_end", "opens_on", "due_on", "closes_on")
        return CyclePlan(
            code=said["code"],
            title={lang: said[f"title_{lang}"] for lang in LANGUAGES},
            comment_days=said["comment_days"],
            **{name: said[name] for name in dates},
        )


class OpenForm(Form):
    """The button that opens a cycle, with the version that the statement before it was about."""

    version = VersionField()
