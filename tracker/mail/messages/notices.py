"""The mail that goes at once when a report moved: what happened, why, what to do next, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker import wording
from tracker.domain.workflow import Action
from tracker.mail.rendering import Button, Letter, Paragraph, Part, Quote, Rendered, Words, render


@dataclass(frozen=True)
class Moved:
    """One report that moved, in the reader's language. ``until`` is a day that ends in ``time_zone``."""

    action: Action
    code: str
    title: str
    party: str
    url: str
    account_url: str
    comment: str = ""
    rating: str | None = None
    strength: str | None = None
    until: date | None = None
    time_zone: str = "UTC"


def notice(name: str, language: str, moved: Moved) -> Rendered:
    """What one reader is told of one step. Raises KeyError for a step nobody is told of."""
    _ = Words(language)
    subject, happened, next_step, button = _WORDS[moved.action](_, moved)
    parts: list[Part] = [
        Paragraph(happened),
        Paragraph(_("Commitment: %(code)s, %(title)s (%(party)s)", code=moved.code, title=moved.title,
                    party=moved.party)),
    ]  # fmt: skip
    if moved.rating and moved.strength:
        parts.append(
            Paragraph(
                _(
                    "Rating: %(rating)s. Strength of evidence: %(strength)s.",
                    rating=wording.label(moved.rating, language),
                    strength=wording.label(moved.strength, language),
                )
            )
        )
    if moved.comment:
        parts.append(Quote(moved.comment))
    if next_step:
        parts.append(Paragraph(next_step))
    parts.append(Button(button, moved.url))
    letter = Letter(
        subject=subject,
        greeting=_("Dear %(name)s,", name=name),
        parts=tuple(parts),
        why=_("You get this mail because this report is yours to act on or to follow."),
        settings_url=moved.account_url,
    )
    return render(letter, language)


def end_of_day(day: date, time_zone: str, language: str) -> str:
    """A deadline as people read it: a date that ends at midnight somewhere, and where."""
    _ = Words(language)
    return _(
        "the end of %(day)s (time in %(zone)s)",
        day=wording.say_date(day, language),
        zone=time_zone.replace("_", " "),
    )


def _until(_: Words, moved: Moved) -> str:
    return end_of_day(moved.until, moved.time_zone, _.language) if moved.until else ""


def _ask_approval(_: Words, m: Moved) -> tuple[str, str, str, str]:
    until = _until(_, m)
    return (
        _("Approval asked for: %(code)s", code=m.code),
        _("A progress report is ready and waits for your approval."),
        _("It can be submitted until %(until)s.", until=until) if until else "",
        _("Read and decide"),
    )


def _refuse(_: Words, m: Moved) -> tuple[str, str, str, str]:
    until = _until(_, m)
    return (
        _("Not approved: %(code)s", code=m.code),
        _("The national approver did not approve this progress report and says why:"),
        _("Please change it and ask for approval again. It is due at %(until)s.", until=until) if until else "",
        _("Open the report"),
    )


def _return(_: Words, m: Moved) -> tuple[str, str, str, str]:
    until = _until(_, m)
    return (
        _("Returned with a comment: %(code)s", code=m.code),
        _("The Secretariat's reviewer has read this progress report and returned it with a comment:"),
        _("Please answer and submit it again. The new due date is %(until)s.", until=until) if until else "",
        _("Open the report"),
    )


def _send_back(_: Words, m: Moved) -> tuple[str, str, str, str]:
    return (
        _("Rating sent back: %(code)s, %(party)s", code=m.code, party=m.party),
        _("A colleague asks you to think again about the rating you proposed:"),
        _("The report is under review with you again."),
        _("Open the review"),
    )


def _confirm(_: Words, m: Moved) -> tuple[str, str, str, str]:
    until = _until(_, m)
    return (
        _("Rating open for your comment: %(code)s", code=m.code),
        _("The Secretariat has rated this commitment. The rating is not public yet."),
        _(
            "You may comment, or say that you have no comment, until %(until)s. Your comment is published beside the"
            " rating. Without an answer the rating is published then.",
            until=until,
        )
        if until
        else "",
        _("Read the rating and answer"),
    )


def _comment(_: Words, m: Moved) -> tuple[str, str, str, str]:
    return (
        _("Commented and published: %(code)s, %(party)s", code=m.code, party=m.party),
        _("%(party)s has commented on the rating. Rating and comment are published:", party=m.party),
        "",
        _("Read the comment"),
    )


def _publish(_: Words, m: Moved) -> tuple[str, str, str, str]:
    return (
        _("Rating published: %(code)s", code=m.code),
        _("The time for comment has ended, no comment was received, and the rating is published."),
        "",
        _("Read what is published"),
    )


def _reopen(_: Words, m: Moved) -> tuple[str, str, str, str]:
    return (
        _("Review reopened: %(code)s", code=m.code),
        _("The Secretariat has opened the review of this report again, for this reason:"),
        _("What was published stays readable until a new rating takes its place. You need not do anything now."),
        _("Open the report"),
    )


_WORDS = {
    Action.ASK_APPROVAL: _ask_approval,
    Action.REFUSE: _refuse,
    Action.RETURN: _return,
    Action.SEND_BACK: _send_back,
    Action.CONFIRM: _confirm,
    Action.COMMENT: _comment,
    Action.PUBLISH: _publish,
    Action.REOPEN: _reopen,
}
"""Subject, what happened, what to do next, and the words on the button: every step that somebody is told of."""

TOLD = tuple(_WORDS)
"""The steps that somebody is told of at once."""
