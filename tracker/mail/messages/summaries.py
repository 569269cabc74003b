"""The weekly mail: what waits for the reader first, then what changed since the last one, then the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker import wording
from tracker.domain.vocabulary import ObservationState
from tracker.domain.workflow import Action
from tracker.mail.messages.reminders import due_text
from tracker.mail.rendering import Button, Heading, Item, Items, Letter, Paragraph, Part, Rendered, Words, render
from tracker.wording import N_


class Waits(StrEnum):
    """What may wait for somebody."""

    RETURNED = "returned"
    TO_WRITE = "to_write"
    TO_APPROVE = "to_approve"
    TO_COMMENT = "to_comment"
    TO_TAKE_UP = "to_take_up"
    UNDER_REVIEW = "under_review"
    TO_CONFIRM = "to_confirm"
    REFUSED_MAIL = "refused_mail"


@dataclass(frozen=True)
class WaitingItem:
    """One report that waits. ``party`` is named where the reader sees several."""

    text: str
    url: str
    due_on: date | None = None
    days_left: int = 0
    comment_until: date | None = None


@dataclass(frozen=True)
class Waiting:
    """How many wait of one kind, and the first of them."""

    what: Waits
    count: int
    first: tuple[WaitingItem, ...]


@dataclass(frozen=True)
class ChangedItem:
    """What happened to one commitment: (action, day on the reader's calendar), in order."""

    party: str
    text: str
    url: str
    steps: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class Counted:
    """The figures of the present cycle, of what this reader sees."""

    cycle: str
    owed: int
    reported: int
    on_time: int
    rated: int


@dataclass(frozen=True)
class Week:
    waiting: tuple[Waiting, ...]
    changed: tuple[ChangedItem, ...]
    further: int
    """Changed commitments that are not listed."""
    counted: Counted | None
    several_parties: bool
    time_zone: str = ""
    """Where the due dates end; "" where none is named."""
    trail: tuple[int, str] | None = None
    """Number and hash of the audit trail's last entry, for administrators: kept in a mailbox, out of the database."""


STEPS: Mapping[str, str] = {
    "assigned": N_("assigned"),
    "unassigned": N_("no longer assigned"),
    "frozen": N_("follow-up suspended"),
    "resumed": N_("follow-up goes on"),
    "question_asked": N_("question asked"),
    "question_answered": N_("question answered"),
    "question_withdrawn": N_("question withdrawn"),
    "handed_over": N_("handed over to a successor"),
    "closed": N_("follow-up ended"),
    "followed_again": N_("followed again"),
    "erased": N_("something erased from all versions"),
    "from_workbook": N_("answers taken from a spreadsheet"),
    "part_dated": N_("another date for a part"),
    "part_ready": N_("part ready"),
    "part_asked_again": N_("part asked for again"),
    "part_changed": N_("part changed after it was ready"),
    "extension_asked": N_("later due date asked for"),
    "extension_granted": N_("later due date granted"),
    "extension_refused": N_("later due date not granted"),
    "extension_withdrawn": N_("request for a later due date taken back"),
    "extension_lapsed": N_("request for a later due date lapsed"),
    "escalation_written": N_("head of the authority written to"),
    "escalation_not_now": N_("head of the authority or Permanent Mission not written to for now"),
    "note_prepared": N_("note verbale prepared"),
    "note_handed_over": N_("note verbale handed over"),
    Action.ASK_APPROVAL: N_("approval asked for"),
    Action.SUBMIT: N_("submitted"),
    Action.REFUSE: N_("approval refused"),
    Action.RECALL: N_("taken back by the State"),
    Action.TAKE_UP: N_("review begun"),
    Action.TAKE_OVER: N_("review taken over"),
    Action.RETURN: N_("returned with a comment"),
    Action.PROPOSE: N_("rating proposed"),
    Action.SEND_BACK: N_("rating sent back to the reviewer"),
    Action.CONFIRM: N_("rating confirmed, open for comment"),
    Action.COMMENT: N_("commented and published"),
    Action.WAIVE: N_("published, without a comment"),
    Action.PUBLISH: N_("published, no comment received"),
    Action.REOPEN: N_("review reopened"),
    ObservationState.FILED: N_("observation filed"),
    ObservationState.ACCEPTED: N_("observation accepted"),
    ObservationState.DECLINED: N_("observation declined"),
    ObservationState.WITHDRAWN: N_("observation withdrawn"),
}
"""What a step is called in a list of changes."""


def summary(name: str, language: str, week: Week, *, dashboard_url: str, account_url: str) -> Rendered:
    """The summary of one reader's week."""
    _ = Words(language)
    parts: list[Part] = []
    if week.waiting:
        parts.append(Heading(_("What waits for you")))
        for waiting in week.waiting:
            parts.append(Paragraph(_waits(_, waiting.what, waiting.count)))
            if waiting.first:
                parts.append(Items(tuple(_waiting_item(_, item) for item in waiting.first)))
        if week.time_zone:
            parts.append(
                Paragraph(_("Dates end at midnight, time in %(zone)s.", zone=week.time_zone.replace("_", " ")))
            )
    else:
        parts.append(Paragraph(_("Nothing waits for you at the moment.")))
    parts.append(Button(_("Open your list"), dashboard_url))
    parts.append(Heading(_("What changed since the last summary")))
    parts += _changes(_, week)
    if week.counted is not None and week.counted.owed:
        parts.append(Heading(_("Figures so far: %(cycle)s", cycle=week.counted.cycle)))
        parts.append(Paragraph(_figures(_, week.counted)))
    if week.trail is not None:
        number, sha256 = week.trail
        parts.append(Heading(_("Audit trail")))
        parts.append(Paragraph(_("The last entry is number %(number)s.", number=number)))
        parts.append(Paragraph(f"SHA-256 {sha256}"))
        parts.append(Paragraph(_("Keep this mail: it shows later whether something was cut off.")))
    letter = Letter(
        subject=_subject(_, week),
        greeting=_("Dear %(name)s,", name=name),
        parts=tuple(parts),
        why=_("You get this summary on Mondays when something changed. You can switch it off."),
        settings_url=account_url,
    )
    return render(letter, language)


def _subject(_: Words, week: Week) -> str:
    ngettext = _.ngettext
    changed = len(week.changed) + week.further
    waiting = sum(w.count for w in week.waiting)
    said = ngettext("%(count)s commitment changed", "%(count)s commitments changed", changed)
    if not waiting:
        return _("Weekly summary: %(changed)s", changed=said)
    return _("Weekly summary: %(waiting)s waiting for you, %(changed)s", waiting=waiting, changed=said)


def _changes(_: Words, week: Week) -> list[Part]:
    ngettext = _.ngettext
    parts: list[Part] = []
    for party in dict.fromkeys(item.party for item in week.changed):
        if week.several_parties:
            parts.append(Paragraph(party))
        lines = [_changed_item(_, item) for item in week.changed if item.party == party]
        parts.append(Items(tuple(lines)))
    if week.further:
        parts.append(
            Paragraph(
                ngettext(
                    "And %(count)s further commitment: see the list of commitments.",
                    "And %(count)s further commitments: see the list of commitments.",
                    week.further,
                )
            )
        )
    return parts


def _changed_item(_: Words, item: ChangedItem) -> Item:
    steps = [f"{wording.say_date(day, _.language)}: {_(STEPS[action])}" for action, day in item.steps]
    return Item(item.text, item.url, "; ".join(steps))


def _waiting_item(_: Words, item: WaitingItem) -> Item:
    note = ""
    if item.due_on is not None:
        note = due_text(_, item.due_on, item.days_left)
    elif item.comment_until is not None:
        note = _("You may comment until %(day)s.", day=wording.say_date(item.comment_until, _.language))
    return Item(item.text, item.url, note, urgent=item.due_on is not None and item.days_left < 0)


def _waits(_: Words, what: Waits, n: int) -> str:
    ngettext = _.ngettext
    if what is Waits.RETURNED:
        return ngettext("%(count)s report was returned with a comment:",
                        "%(count)s reports were returned with a comment:", n)  # fmt: skip
    if what is Waits.TO_WRITE:
        return ngettext("%(count)s report is still to be submitted:",
                        "%(count)s reports are still to be submitted:", n)  # fmt: skip
    if what is Waits.TO_APPROVE:
        return ngettext("%(count)s report waits for approval:", "%(count)s reports wait for approval:", n)
    if what is Waits.TO_COMMENT:
        return ngettext("%(count)s rating is open for comment:", "%(count)s ratings are open for comment:", n)
    if what is Waits.TO_TAKE_UP:
        return ngettext("%(count)s report waits for a reviewer:", "%(count)s reports wait for a reviewer:", n)
    if what is Waits.UNDER_REVIEW:
        return ngettext("%(count)s report is under review with you:",
                        "%(count)s reports are under review with you:", n)  # fmt: skip
    if what is Waits.TO_CONFIRM:
        return ngettext("%(count)s proposed rating waits for confirmation:",
                        "%(count)s proposed ratings wait for confirmation:", n)  # fmt: skip
    return ngettext("%(count)s mail was refused and did not arrive.",
                    "%(count)s mails were refused and did not arrive.", n)  # fmt: skip


def _figures(_: Words, counted: Counted) -> str:
    return _(
        "%(reported)s of %(owed)s commitments reported; %(on_time)s of those %(reported)s on time;"
        " %(rated)s of those %(reported)s with a published rating.",
        reported=counted.reported,
        owed=counted.owed,
        on_time=counted.on_time,
        rated=counted.rated,
    )
