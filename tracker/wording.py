"""The words people read for the closed lists, and the translator for any language, without a web request.

Pages, mails and documents all say the same word because they all look here. The catalogues under
``tracker/translations`` are those of Flask-Babel too.
"""

from __future__ import annotations

import gettext as gettext_module
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import dates

from tracker.domain.vocabulary import (
    BudgetPurpose,
    BudgetStage,
    ClosingKind,
    CommentOutcome,
    EvidenceKind,
    ExtensionDecision,
    FileState,
    InstrumentKind,
    MessageState,
    ObservationState,
    PartyKind,
    ProvisionKind,
    Rating,
    ReportState,
    Role,
    Strength,
)
from tracker.domain.workflow import Action

TRANSLATIONS = Path(__file__).parent / "translations"
DOMAIN = "messages"


def N_(text: str) -> str:  # noqa: N802  (the name that extraction tools know)
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return text


LABELS: dict[str, str] = {
    Role.FOCAL_POINT: N_("Focal point"),
    Role.CONTRIBUTOR: N_("Contributor"),
    Role.APPROVER: N_("National approver"),
    Role.REVIEWER: N_("Reviewer"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.SECRETARIAT_REPORTER: N_("Secretariat reporter"),
    Role.OBSERVER: N_("Observer"),
    PartyKind.MEMBER_STATE: N_("Member State"),
    PartyKind.GENERAL_SECRETARIAT: N_("General Secretariat"),
    PartyKind.COOPERATION_AGENCIES: N_("International cooperation agencies"),
    ReportState.DRAFT: N_("Draft"),
    ReportState.AWAITING_APPROVAL: N_("Awaiting approval"),
    ReportState.RETURNED: N_("Returned"),
    ReportState.SUBMITTED: N_("Submitted"),
    ReportState.UNDER_REVIEW: N_("Under review"),
    ReportState.RATING_PROPOSED: N_("Rating proposed"),
    ReportState.OPEN_FOR_COMMENT: N_("Open for comment"),
    ReportState.PUBLISHED: N_("Published"),
    Rating.IMPLEMENTED: N_("Implemented"),
    Rating.LARGELY: N_("Largely implemented"),
    Rating.PARTIALLY: N_("Partially implemented"),
    Rating.NOT: N_("Not implemented"),
    Rating.INSUFFICIENT: N_("Insufficient information"),
    Rating.NO_LONGER_APPLICABLE: N_("No longer applicable"),
    Strength.DECLARED_ONLY: N_("Declared only"),
    Strength.DOCUMENTED: N_("Documented"),
    Strength.CONFIRMED: N_("Confirmed by another source"),
    Strength.MEASURED: N_("Result measured"),
    CommentOutcome.COMMENTED: N_("The State commented"),
    CommentOutcome.WAIVED: N_("The State waived its comment"),
    CommentOutcome.NONE_RECEIVED: N_("No comment received"),
    InstrumentKind.CIVIL_SOCIETY_RECOMMENDATIONS: N_("Recommendations of civil society"),
    InstrumentKind.WORK_PLAN: N_("Work plan"),
    InstrumentKind.STRATEGY: N_("Strategy"),
    ProvisionKind.RECOMMENDATION: N_("Recommendation"),
    ProvisionKind.ACTIVITY: N_("Activity"),
    ProvisionKind.MANDATE: N_("Mandate"),
    ProvisionKind.ASSEMBLY_PROVISION: N_("General Assembly provision"),
    MessageState.QUEUED: N_("Waiting"),
    MessageState.SENDING: N_("Being sent"),
    MessageState.SENT: N_("Sent"),
    MessageState.FAILED: N_("Refused"),
    BudgetPurpose.ANTI_TRAFFICKING: N_("Against trafficking in persons"),
    BudgetPurpose.ANTI_DRUG: N_("Against drug trafficking"),
    BudgetStage.ALLOCATED: N_("Allocated"),
    BudgetStage.EXECUTED: N_("Executed"),
    EvidenceKind.FILE: N_("File"),
    EvidenceKind.LINK: N_("Link"),
    FileState.WAITING: N_("Being checked"),
    FileState.NEEDS_REASON: N_("Needs an explanation"),
    FileState.CLEAN: N_("Checked"),
    FileState.REFUSED: N_("Refused by the check"),
    FileState.PURGED: N_("Erased"),
    ExtensionDecision.GRANTED: N_("Granted"),
    ExtensionDecision.REFUSED: N_("Not granted"),
    ExtensionDecision.WITHDRAWN: N_("Taken back before a decision"),
    ExtensionDecision.LAPSED: N_("Lapsed: the report was submitted before a decision"),
    ClosingKind.SUPERSEDED: N_("Superseded"),
    ClosingKind.MERGED: N_("Merged into another commitment"),
    ClosingKind.OVERTAKEN: N_("Overtaken by events"),
    ClosingKind.FULFILLED: N_("Fulfilled"),
    ObservationState.DRAFT: N_("Draft, not filed"),
    ObservationState.FILED: N_("Filed"),
    ObservationState.ACCEPTED: N_("Accepted"),
    ObservationState.DECLINED: N_("Declined"),
    ObservationState.WITHDRAWN: N_("Withdrawn"),
    Action.ASK_APPROVAL: N_("Ask for approval"),
    Action.SUBMIT: N_("Submit"),
    Action.REFUSE: N_("Refuse approval"),
    Action.RECALL: N_("Recall"),
    Action.TAKE_UP: N_("Take up"),
    Action.TAKE_OVER: N_("Take over"),
    Action.RETURN: N_("Return to the State"),
    Action.PROPOSE: N_("Propose a rating"),
    Action.SEND_BACK: N_("Send back to the reviewer"),
    Action.CONFIRM: N_("Confirm the rating"),
    Action.COMMENT: N_("Comment"),
    Action.WAIVE: N_("Waive the comment"),
    Action.PUBLISH: N_("Publish"),
    Action.REOPEN: N_("Reopen"),
    "not_submitted": N_("Not submitted"),
    "reported": N_("Reported"),
    "not_reported": N_("Not reported"),
    "recommended_by_civil_society": N_("Recommended by civil society"),
    "possible_activity": N_("Possible activity recommended to States"),
    "urged": N_("Urged by the General Assembly"),
    "instruction": N_("Instruction of the General Assembly"),
    "structural": N_("Structural"),
    "process": N_("Process"),
    "outcome": N_("Outcome"),
}
"""The word for each member of a closed list, in English; no key stands for two things."""


@cache
def translations(language: str) -> gettext_module.NullTranslations:
    """The catalogue of a language; English reads as written."""
    return gettext_module.translation(DOMAIN, TRANSLATIONS, languages=[language], fallback=True)


def translate(text: str, language: str) -> str:
    """The text in that language."""
    return translations(language).gettext(text) if text else ""


def label(value: str, language: str) -> str:
    """The word for a member of a closed list in that language."""
    return translate(LABELS[value], language)


def pick(texts: dict[str, str] | None, language: str) -> str:
    """One language of a text kept in several; English, else any, where it is missing."""
    if not texts:
        return ""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))


LOCALES = {"en": "en", "es": "es_419", "pt": "pt_BR", "fr": "fr"}
"""The Unicode locale whose rules write dates and numbers in each language."""


@lru_cache(maxsize=4096)
def say_date(day: date, language: str) -> str:
    """A date in words: 7 November 2012, 7 de noviembre de 2012."""
    if language == "en":
        return f"{day.day} {dates.format_date(day, 'MMMM y', locale='en')}"
    said = dates.format_date(day, "long", locale=LOCALES[language])
    return said.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else said


def say_moment(moment: datetime, language: str, time_zone: str) -> str:
    """Date, time and zone as the clock there shows it: 7 November 2012, 14:05 (America/Lima)."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return f"{say_date(local.date(), language)}, {local:%H:%M} ({time_zone.replace('_', ' ')})"
