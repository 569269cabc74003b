"""A summary: what waits for the reader first, then what changed since the last one, then the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker import wording
from tracker.domain.vocabulary import ObservationState, SummaryRhythm
from tracker.domain.workflow import Action
from tracker.mail.day import Section
from tracker.mail.messages.reminders import due_text
from tracker.mail.outbox import URGENCY, Attachment
from tracker.mail.rendering import Button, Heading, Item, Items, Paragraph, Part, Words
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
    TO_ANSWER = "to_answer"
    EXTENSIONS = "extensions"
    OBSERVATIONS = "observations"
    REFUSED_MAIL = "refused_mail"


DECISIONS = frozenset(
    {
        *(Waits.TO_APPROVE, Waits.TO_COMMENT, Waits.TO_CONFIRM),
        *(Waits.TO_ANSWER, Waits.EXTENSIONS, Waits.OBSERVATIONS),
    }
)
"""What the reader decides; the rest is to be written, read or looked after."""
REPORTS = frozenset({Waits.RETURNED, Waits.TO_WRITE, Waits.TO_TAKE_UP, Waits.UNDER_REVIEW})


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
    """What waits of one kind. Each is named once: ``count`` new ones with the first of them, ``before`` told before."""

    what: Waits
    count: int
    first: tuple[WaitingItem, ...] = ()
    before: int = 0


@dataclass(frozen=True)
class ChangedItem:
    """What happened to one commitment: (action, day on the reader's calendar), in order; ``earlier`` more before."""

    party: str
    text: str
    url: str
    steps: tuple[tuple[str, date], ...]
    earlier: int = 0


@dataclass(frozen=True)
class Counted:
    """The figures of the present cycle, of what this reader sees."""

    cycle: str
    owed: int
    reported: int
    on_time: int
    rated: int


@dataclass(frozen=True)
class Summary:
    """What one subscription has to tell. ``about`` names its scope in the reader's language."""

    rhythm: SummaryRhythm
    about: str
    waiting: tuple[Waiting, ...] | None
    """None where an earlier heading of the same mail says it."""
    changed: tuple[ChangedItem, ...]
    further: int
    """Changed commitments that are not listed."""
    counted: Counted | None
    """None where the figures are those of the last summary, or stand in the mail already."""
    several_parties: bool
    time_zone: str = ""
    """Where the due dates end; "" where none is named."""
    trail: tuple[int, str] | None = None
    """Number and hash of the audit trail's last entry, for administrators: kept in a mailbox, out of the database."""
    stands_above: tuple[str, ...] = ()
    """Headings of this mail under which some of the changes stand already."""
    attached: tuple[str, ...] = ()
    """Names of the States whose status reports come along."""


TITLES: Mapping[SummaryRhythm, str] = {
    SummaryRhythm.WEEKLY: N_("Weekly summary: %(about)s"),
    SummaryRhythm.MONTHLY: N_("Monthly summary: %(about)s"),
    SummaryRhythm.QUARTERLY: N_("Quarterly summary: %(about)s"),
    SummaryRhythm.AT_PUBLICATION: N_("Newly published: %(about)s"),
}
WHY: Mapping[SummaryRhythm, str] = {
    SummaryRhythm.WEEKLY: N_("You get a summary every week because you take it; one click stops it."),
    SummaryRhythm.MONTHLY: N_("You get a summary every month because you take it; one click stops it."),
    SummaryRhythm.QUARTERLY: N_("You get a summary every quarter because you take it; one click stops it."),
    SummaryRhythm.AT_PUBLICATION: N_(
        "You get a summary when something is published because you take it; one click stops it."
    ),
}


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
    "practice_proposed": N_("good practice proposed"),
    "practice_offered": N_("good practice offered"),
    "practice_shared": N_("good practice shared"),
    "practice_declined": N_("good practice not shared"),
    "practice_withdrawn": N_("good practice taken back"),
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


def title(rhythm: SummaryRhythm, about: str, language: str) -> str:
    """The heading under which a summary stands in a mail."""
    return Words(language)(TITLES[rhythm], about=about)


def section(
    summary: Summary,
    language: str,
    *,
    dashboard_url: str,
    unsubscribe_url: str,
    attachments: tuple[Attachment, ...] = (),
) -> Section:
    """The summary as a part of the mail of the day."""
    _ = Words(language)
    parts: list[Part] = [Heading(title(summary.rhythm, summary.about, language))]
    if summary.waiting is not None:
        parts += _waiting(_, summary.waiting, summary.time_zone)
        parts.append(Button(_("Open your list"), dashboard_url))
    parts.append(Heading(_("What changed since the last summary")))
    parts += _changes(_, summary)
    if summary.counted is not None and summary.counted.owed:
        parts.append(Heading(_("Figures so far: %(cycle)s", cycle=summary.counted.cycle)))
        parts.append(Paragraph(_figures(_, summary.counted)))
    if summary.attached:
        parts.append(
            Paragraph(_("Attached as PDF: the status report of %(states)s.", states=", ".join(summary.attached)))
        )
    if summary.trail is not None:
        number, sha256 = summary.trail
        parts.append(Heading(_("Audit trail")))
        parts.append(Paragraph(_("The last entry is number %(number)s.", number=number)))
        parts.append(Paragraph(f"SHA-256 {sha256}"))
        parts.append(Paragraph(_("Keep this mail: it shows later whether something was cut off.")))
    return Section(
        kind="summary",
        subject=_subject(_, summary),
        parts=tuple(parts),
        why=_(WHY[summary.rhythm]),
        unsubscribe_url=unsubscribe_url,
        attachments=attachments,
        urgency=URGENCY["summary"],
        url=dashboard_url,
    )


def _subject(_: Words, summary: Summary) -> str:
    ngettext = _.ngettext
    changed = len(summary.changed) + summary.further
    said = (
        ngettext("%(count)s commitment changed", "%(count)s commitments changed", changed)
        if changed
        else _("nothing changed")
    )
    decisions, reports = (
        sum(w.count + w.before for w in summary.waiting or () if w.what in kinds) for kinds in (DECISIONS, REPORTS)
    )
    if decisions:
        waits = ngettext("%(count)s decision waits for you", "%(count)s decisions wait for you", decisions)
    elif reports:
        waits = ngettext("%(count)s report waits for you", "%(count)s reports wait for you", reports)
    else:
        return title(summary.rhythm, said, _.language)
    return _("%(waiting)s; %(changed)s", waiting=waits, changed=said)


def _waiting(_: Words, found: tuple[Waiting, ...], time_zone: str) -> list[Part]:
    """What is new is named; what was named before is counted, so that no line comes twice."""
    ngettext = _.ngettext
    parts: list[Part] = [Heading(_("What waits for you"))]
    for waiting in found:
        if waiting.count:
            parts.append(Paragraph(_waits(_, waiting.what, waiting.count)))
        if waiting.first:
            parts.append(Items(tuple(_waiting_item(_, item) for item in waiting.first)))
    before = sum(waiting.before for waiting in found)
    if before:
        parts.append(
            Paragraph(
                ngettext(
                    "%(count)s item that an earlier summary told still waits: see your list.",
                    "%(count)s items that earlier summaries told still wait: see your list.",
                    before,
                )
            )
        )
    if len(parts) == 1:
        parts.append(Paragraph(_("Nothing waits for you at the moment.")))
    if time_zone and any(item.due_on for waiting in found for item in waiting.first):
        parts.append(Paragraph(_("Dates end at midnight, time in %(zone)s.", zone=time_zone.replace("_", " "))))
    return parts


def _changes(_: Words, summary: Summary) -> list[Part]:
    ngettext = _.ngettext
    parts: list[Part] = []
    if summary.stands_above:
        above = "; ".join(f"“{one}”" for one in summary.stands_above)
        parts.append(Paragraph(_("What stands under %(headings)s is not repeated here.", headings=above)))
    elif not summary.changed:
        parts.append(Paragraph(_("Nothing changed.")))
    for party in dict.fromkeys(item.party for item in summary.changed):
        if summary.several_parties:
            parts.append(Paragraph(party))
        lines = [_changed_item(_, item) for item in summary.changed if item.party == party]
        parts.append(Items(tuple(lines)))
    if summary.further:
        parts.append(
            Paragraph(
                ngettext(
                    "And %(count)s further commitment: see the list of commitments.",
                    "And %(count)s further commitments: see the list of commitments.",
                    summary.further,
                )
            )
        )
    return parts


def _changed_item(_: Words, item: ChangedItem) -> Item:
    steps = [f"{wording.say_date(day, _.language)}: {_(STEPS[action])}" for action, day in item.steps]
    if item.earlier:
        steps.insert(0, _.ngettext("%(count)s earlier step", "%(count)s earlier steps", item.earlier))
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
    if what is Waits.TO_ANSWER:
        return ngettext("%(count)s question of the Secretariat waits for an answer.",
                        "%(count)s questions of the Secretariat wait for an answer.", n)  # fmt: skip
    if what is Waits.EXTENSIONS:
        return ngettext("%(count)s request for a later due date waits for a decision.",
                        "%(count)s requests for a later due date wait for a decision.", n)  # fmt: skip
    if what is Waits.OBSERVATIONS:
        return ngettext("%(count)s observation of civil society waits for a decision.",
                        "%(count)s observations of civil society wait for a decision.", n)  # fmt: skip
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
