"""The forms about good practices: what is told, and the reason for declining or taking back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from tracker.models.base import NAME, TEXT, URL
from tracker.services.good_practices import Content
from tracker.web.forms.fields import ChoiceField, Form, LineField, TextField
from tracker.web.forms.fields import VersionField as Version
from tracker.web.forms.personal_data import EXPLANATION, looks_personal
from tracker.web.languages import OWN_NAMES
from tracker.wording import N_


class PracticeForm(Form):
    """``content()`` is what was typed; ``of(content, version)`` shows what is stored."""

    problems = {
        "no_link": N_("Enter an address that begins with https:// or http://."),
        "none": N_("A good practice is proposed beside a published rating, and this commitment has none."),
    }

    version = Version()
    title = LineField(_l("Title"), longest=NAME)
    text = TextField(_l("What was done, and what others can learn from it"), longest=TEXT)
    language = ChoiceField(_l("Language of the text"), choices=OWN_NAMES, blank=_l("Choose"))
    url = LineField(_l("Where to read more"), longest=URL, required=False)
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @classmethod
    def of(cls, content: Content | None, version: int, language: str) -> PracticeForm:
        """The form as stored; a new one begins in the person's language."""
        if content is None:
            return cls(formdata=None, data={"version": 0, "language": language})
        stored = {
            "version": version,
            "title": content.title,
            "text": content.text,
            "language": content.language,
            "url": content.url,
            "explanation": content.explanation,
        }
        return cls(formdata=None, data=stored)

    @property
    def asks_to_explain(self) -> bool:
        """Whether what was typed is only accepted with an explanation."""
        texts = [self.title.data or "", self.text.data or "", self.url.data or ""]
        return bool(self.explanation.data or self.explanation.errors) or looks_personal(*texts)

    def content(self) -> Content:
        return Content(
            title=self.title.data or "",
            text=self.text.data or "",
            language=self.language.data or "",
            url=self.url.data or "",
            explanation=self.explanation.data or "",
        )


class ReasonForm(Form):
    """Why it is declined or taken back."""

    version = Version()
    reason = TextField(_l("Reason"))
    explanation = TextField(_l("Why what was found is no data about a person"), longest=EXPLANATION, required=False)

    @property
    def asks_to_explain(self) -> bool:
        return bool(self.explanation.data or self.explanation.errors) or looks_personal(self.reason.data or "")
