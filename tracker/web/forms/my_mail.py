"""The form of one's own mail: the hour, the rhythms, away until a day."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker import wording
from tracker.domain.vocabulary import NoticeRhythm, ReminderRhythm
from tracker.services.mail_settings import HOURS
from tracker.web.forms.fields import ChoiceField, DayField, Form, RadiosField, SeenField
from tracker.web.languages import choose
from tracker.wording import N_


@cache
def _hours() -> tuple[tuple[str, str], ...]:
    return tuple((str(hour), f"{hour:02}:00") for hour in HOURS)


def _labels(words: type[ReminderRhythm] | type[NoticeRhythm]) -> list[tuple[str, str]]:
    return [(word.value, wording.label(word, choose())) for word in words]


class MyMailForm(Form):
    problems = {
        "hour": N_("Choose an hour from 05:00 to 20:00."),
        "past": N_("This day is over. Choose today or a later day, or leave it empty."),
        "too_long": N_("Choose a day within the next 60 days. For longer, hand your work over."),
        "nobody_else": N_(
            "Nobody else with your role could be reached while you are away, so the reminders would reach nobody."
            " Ask the Secretariat for an account for a colleague, or leave this empty."
        ),
    }

    mail_hour = ChoiceField(_l("From which hour on may mail leave?"), choices=_hours)
    reminder_rhythm = RadiosField(_l("Reminders of due dates"), choices=lambda: _labels(ReminderRhythm))
    notice_rhythm = RadiosField(_l("News about reports"), choices=lambda: _labels(NoticeRhythm))
    away_until = DayField(_l("Away until"), required=False)
    seen = SeenField()
    """``services.accounts.mark`` of what the form showed."""

    def values(self) -> dict[str, Any]:
        """What the form decides, by the names of the service's arguments."""
        return {
            "mail_hour": int(self.mail_hour.data or 0),
            "reminder_rhythm": ReminderRhythm(self.reminder_rhythm.data),
            "notice_rhythm": NoticeRhythm(self.notice_rhythm.data),
            "away_until": self.away_until.data,
            "seen": self.seen.data or "",
        }

    @classmethod
    def of(cls, stored: dict[str, Any], seen: str) -> MyMailForm:
        """The form as the choices are stored, or as it was sent."""
        away = stored["away_until"]
        return cls(data={**stored, "away_until": date.fromisoformat(away) if away else None, "seen": seen})
