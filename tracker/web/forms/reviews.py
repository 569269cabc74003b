"""The forms of a review: one per step, each with the report's version that the reviewer saw."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from tracker import wording
from tracker.domain.compliance import roll_up
from tracker.domain.vocabulary import Rating, Strength
from tracker.domain.workflow import Action
from tracker.services.questions import About
from tracker.web.forms.fields import ChoiceField, DayField, Form, RadiosField, TextField, VersionField
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import choose
from tracker.wording import N_


class Decision(Form):
    """What every step of a review carries. ``said()`` is what it hands to the service."""

    version = VersionField()

    def said(self) -> dict[str, Any]:
        return {}

    def typed(self) -> list[tuple[str, str]]:
        """What a person wrote, as (label, text): shown again where the step could not be taken."""
        texts = []
        for field in self:
            if field.type in ("TextField", "RadioField", "DayField", "ChoiceField") and field.data:
                texts.append((str(field.label.text), _in_words(field.data)))
        return texts


class Written(Decision):
    """A step with words of the reviewer's own: the personal-data check may ask to explain them."""

    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        texts = [field.data or "" for field in self if field.type == "TextField" and field.name != "explanation"]
        return bool(self.explanation.data) or looks_personal(*texts)


class ReturnForm(Written):
    comment = TextField(_l("What the State should add or explain"))
    due_on = DayField(_l("New due date"))
    problems = {
        "not_in_the_future": N_("“%(label)s” must be after today in the State’s own time zone."),
        "too_far": N_("“%(label)s” may be a year from now at most."),
    }

    def said(self) -> dict[str, Any]:
        return {
            "comment": self.comment.data,
            "due_on": self.due_on.data,
            "explanation": self.explanation.data,
        }


def _words(kinds: Iterable[str]) -> Any:
    return lambda: [(kind, wording.label(kind, choose())) for kind in kinds]


class ProposeForm(Written):
    """With a field per element where the provision has parts: ``for_elements`` makes that form."""

    elements: tuple[str, ...] = ()
    """Codes of the elements that may be rated by themselves; each is the name of a field."""
    rating = RadiosField(_l("Rating"), choices=_words(Rating))
    strength = RadiosField(_l("Strength of evidence"), choices=_words(Strength))
    reasons = TextField(_l("Reasons"))
    strength_reason = TextField(_l("On the strength of evidence"), required=False)
    differs_on_purpose = BooleanField(_l("The reasons say why the whole is rated otherwise than its elements"))
    problems = {
        "required": N_("Fill in “%(label)s”."),
        "all_or_none": N_("Rate all elements or none: “%(label)s” is missing."),
    } | {f"comes_to_{rating.value}": N_("By the stated rule the elements come to another rating. Say in the reasons "
                                        "why, and confirm it here.") for rating in Rating}  # fmt: skip

    @classmethod
    def for_elements(cls, elements: Iterable[About]) -> type[ProposeForm]:
        """The form for a report that answers these elements."""
        return _with_elements(tuple((e.code, wording.pick(e.label, choose())) for e in elements if not e.is_whole))

    @property
    def element_fields(self) -> list[Any]:
        return [self._fields[code] for code in self.elements]

    @property
    def element_ratings(self) -> dict[str, Rating]:
        """Those chosen, by the element's code."""
        return {f.name: Rating(f.data) for f in self.element_fields if f.data in set(Rating)}

    @property
    def comes_to(self) -> Rating | None:
        """What the elements come to by the stated rule; None while one is not rated."""
        return roll_up([self.element_ratings.get(code) for code in self.elements])

    def said(self) -> dict[str, Any]:
        return {
            "element_ratings": self.element_ratings,
            "differs_on_purpose": bool(self.differs_on_purpose.data),
            "rating": Rating(self.rating.data) if self.rating.data else None,
            "strength": Strength(self.strength.data) if self.strength.data else None,
            "reasons": self.reasons.data,
            "strength_reason": self.strength_reason.data,
            "explanation": self.explanation.data,
        }


@lru_cache(maxsize=256)
def _with_elements(parts: tuple[tuple[str, str], ...]) -> type[ProposeForm]:
    """(code, label) of each; kept, because a class costs more to make than the rest of the form."""
    fields: dict[str, Any] = {
        code: ChoiceField(f"{code} {label}", choices=_words(Rating), blank="–", required=False) for code, label in parts
    }
    return type(
        "ProposeFormWithElements", (ProposeForm,), {**fields, "elements": tuple(code for code, _label in parts)}
    )


class SendBackForm(Written):
    comment = TextField(_l("What your colleague should think of again"))

    def said(self) -> dict[str, Any]:
        return {"comment": self.comment.data, "explanation": self.explanation.data}


class ReopenForm(Written):
    comment = TextField(_l("Reason for reopening"))

    def said(self) -> dict[str, Any]:
        return {"reason": self.comment.data, "explanation": self.explanation.data}


FORMS: dict[Action, type[Decision]] = {
    Action.TAKE_UP: Decision,
    Action.TAKE_OVER: Decision,
    Action.RETURN: ReturnForm,
    Action.PROPOSE: ProposeForm,
    Action.SEND_BACK: SendBackForm,
    Action.CONFIRM: Decision,
    Action.REOPEN: ReopenForm,
}


def _in_words(value: Any) -> str:
    if isinstance(value, date):
        return wording.say_date(value, choose())
    return wording.label(value, choose()) if value in wording.LABELS else str(value)
