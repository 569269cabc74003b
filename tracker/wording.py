"""The words people read for the closed lists, and the translator for any language, without a web request.

Pages, mails and documents all say the same word because they all look here. The catalogues under
``tracker/translations`` are those of Flask-Babel too.
"""

from __future__ import annotations

import gettext as gettext_module
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from babel import dates, numbers

from tracker.domain.deadlines import zone
from tracker.domain.measures import BETWEEN_CHOICES, YES, DataType, parts_of_choice
from tracker.domain.small_counts import FEWER, HIDDEN
from tracker.domain.vocabulary import (
    BudgetPurpose,
    BudgetStage,
    ChannelKind,
    ClosingKind,
    CommentOutcome,
    EscalationState,
    EvidenceKind,
    ExtensionDecision,
    FileState,
    GoodPracticeState,
    InstrumentKind,
    IssueRhythm,
    MessageState,
    NoticeRhythm,
    ObservationState,
    OfficeKind,
    PartyKind,
    ProvisionKind,
    PublicationKind,
    PublicationState,
    Rating,
    ReminderOutcome,
    ReminderRhythm,
    ReportState,
    Role,
    Rung,
    Strength,
    SummaryRhythm,
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
    MessageState.HELD: N_("Kept for the mail of the day"),
    MessageState.GROUPED: N_("In the mail of the day"),
    MessageState.WITHDRAWN: N_("No longer needed"),
    ReminderRhythm.EACH_STEP: N_("At each step before and after a due date"),
    ReminderRhythm.WEEKLY: N_("Once a week; the last day before a date and what is overdue come at once"),
    NoticeRhythm.AT_ONCE: N_("At once"),
    NoticeRhythm.DAILY: N_("Once a day, with the mail of the day"),
    SummaryRhythm.WEEKLY: N_("Every week"),
    SummaryRhythm.MONTHLY: N_("Every month"),
    SummaryRhythm.QUARTERLY: N_("Every quarter"),
    SummaryRhythm.AT_PUBLICATION: N_("When something is published"),
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
    GoodPracticeState.PROPOSED: N_("Proposed to the State"),
    GoodPracticeState.OFFERED: N_("Offered to the Secretariat"),
    GoodPracticeState.SHARED: N_("Shared"),
    GoodPracticeState.DECLINED: N_("Not shared: the other side declined"),
    GoodPracticeState.WITHDRAWN: N_("No longer shared: taken back"),
    Rung.FOCAL_POINT: N_("Main focal points"),
    Rung.ALTERNATE: N_("Focal points and their alternates"),
    Rung.AUTHORITY: N_("Head of the authority"),
    Rung.MISSION: N_("Permanent Mission"),
    ReminderOutcome.SENT: N_("Sent"),
    ReminderOutcome.GROUPED: N_("Sent, named after another"),
    ReminderOutcome.PASSED_OVER: N_("Passed over: a later step was told"),
    ReminderOutcome.DONE: N_("Not needed: it was done"),
    ReminderOutcome.EXTENDED: N_("Not needed: more time was given"),
    ReminderOutcome.MUTED: N_("Not sent: the person was away"),
    ReminderOutcome.NO_ADDRESS: N_("Not sent: no address that takes mail"),
    EscalationState.WAITING: N_("Waiting for a decision"),
    EscalationState.SENT: N_("Written"),
    EscalationState.DISMISSED: N_("Not written for now"),
    EscalationState.LAPSED: N_("Without object"),
    OfficeKind.AUTHORITY: N_("Head of the authority"),
    OfficeKind.MISSION: N_("Permanent Mission"),
    ChannelKind.EMERGENCY: N_("Emergency number"),
    ChannelKind.HOTLINE: N_("Hotline against trafficking in persons"),
    ChannelKind.POLICE: N_("Police"),
    ChannelKind.PROSECUTION: N_("Public prosecution"),
    ChannelKind.CHILDREN: N_("Protection of children"),
    ChannelKind.CONSULAR: N_("Consular help for nationals abroad"),
    PublicationKind.STATUS_REPORT: N_("Status report"),
    PublicationKind.HEMISPHERIC_REPORT: N_("Hemispheric report"),
    PublicationState.PREPARING: N_("Being prepared"),
    PublicationState.ISSUED: N_("Stands"),
    PublicationState.REPLACED: N_("Replaced"),
    PublicationState.WITHDRAWN: N_("Was withdrawn"),
    IssueRhythm.NEVER: N_("At the end of a cycle only"),
    IssueRhythm.QUARTERLY: N_("Every quarter"),
    IssueRhythm.HALF_YEARLY: N_("Every half-year"),
    IssueRhythm.YEARLY: N_("Every year"),
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
    FEWER: N_("fewer than 5"),
    HIDDEN: N_("not shown, so that a count under 5 cannot be worked out"),
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
    local = moment.astimezone(zone(time_zone))
    return f"{say_date(local.date(), language)}, {local:%H:%M} ({time_zone.replace('_', ' ')})"


DECIMALS = "#,##0.##################"
DECIMALS_OF_MONEY = "#,##0.00################"


@lru_cache(maxsize=4096)
def say_number(value: str, language: str) -> str:
    """A canonical decimal (``domain.measures``) as the language writes it, every digit kept: 1,234.5 or 1.234,5."""
    return numbers.format_decimal(Decimal(value), DECIMALS, locale=LOCALES[language], decimal_quantization=False)


@lru_cache(maxsize=4096)
def say_money(value: str, currency: str, language: str) -> str:
    """An amount with its ISO 4217 code, which no two currencies share: USD 1,234.50."""
    pattern = DECIMALS_OF_MONEY if "." in value else DECIMALS
    said = numbers.format_decimal(Decimal(value), pattern, locale=LOCALES[language], decimal_quantization=False)
    return f"{currency}\u00a0{said}" if currency else said


@lru_cache(maxsize=4096)
def say_percent(value: str, language: str) -> str:
    """A percentage, given in hundredths: 45.5 → 45.5% or 45,5 %."""
    share = Decimal(value) / 100
    return numbers.format_percent(share, locale=LOCALES[language], decimal_quantization=False)


def say_ratio(one_to: str, language: str) -> str:
    """A ratio by its right side: 1 : 24.5."""
    return f"1\u00a0:\u00a0{say_number(one_to, language)}"


def say_measure(
    data_type: str,
    value: str,
    language: str,
    *,
    currency: str = "",
    choices: Sequence[dict[str, str]] = (),
) -> str:
    """A canonical value (``domain.measures``) in words; a key of ``LABELS`` in its place is said."""
    if not value:
        return ""
    if value in LABELS:
        return label(value, language)
    match data_type:
        case DataType.BOOLEAN:
            return translate(N_("Yes") if value == YES else N_("No"), language)
        case DataType.DATE:
            return say_date(date.fromisoformat(value), language)
        case DataType.CHOICE | DataType.MULTI_CHOICE:
            words = {one["en"]: pick(one, language) for one in choices}
            return BETWEEN_CHOICES.join(words.get(one, one) for one in parts_of_choice(value))
        case DataType.MONEY:
            return say_money(value, currency, language)
        case DataType.PERCENTAGE:
            return say_percent(value, language)
        case DataType.RATIO:
            return say_ratio(value, language)
    return say_number(value, language)
