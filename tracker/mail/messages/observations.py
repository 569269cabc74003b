"""Mails about observations: what became of one, to its organisation; that one was accepted, to the State."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker import wording
from tracker.mail.messages.notices import end_of_day
from tracker.mail.rendering import Button, Letter, Paragraph, Part, Quote, Rendered, Words, render


@dataclass(frozen=True)
class Outcome:
    """One observation, in the reader's language. ``view`` is a rating's code; ``reason`` why it was declined."""

    organisation: str
    code: str
    title: str
    party: str
    cycle: str
    view: str
    reason: str
    url: str
    file_url: str
    """Where it can be corrected."""
    public_url: str
    account_url: str


def accepted(name: str, language: str, told: Outcome) -> Rendered:
    """To the organisation: the Secretariat accepted it."""
    _ = Words(language)
    return _letter(
        _,
        name,
        told,
        _("Observation accepted: %(code)s, %(party)s", code=told.code, party=told.party),
        [
            Paragraph(_("The Secretariat has accepted the observation of %(organisation)s.",
                        organisation=told.organisation)),
            _commitment(_, told),
            Paragraph(
                _(
                    "The State and the Secretariat read it now. It becomes public together with the next rating of this"
                    " commitment that is published in this reporting cycle. You will be told."
                )
            ),
            Button(_("Read the observation"), told.url),
        ],
    )  # fmt: skip


def outcome(name: str, language: str, told: Outcome) -> Rendered:
    """To the organisation: the Secretariat declined it, and why."""
    _ = Words(language)
    return _letter(
        _,
        name,
        told,
        _("Observation declined: %(code)s, %(party)s", code=told.code, party=told.party),
        [
            Paragraph(_("The Secretariat has declined the observation of %(organisation)s for this reason:",
                        organisation=told.organisation)),
            Quote(told.reason),
            _commitment(_, told),
            Paragraph(_("You may correct the observation and file it again.")),
            Button(_("Correct it"), told.file_url),
        ],
    )  # fmt: skip


def published_beside(name: str, language: str, told: Outcome, *, rating: str, strength: str) -> Rendered:
    """To the organisation: its observation is public, beside which rating."""
    _ = Words(language)
    return _letter(
        _,
        name,
        told,
        _("Published beside the rating: %(code)s, %(party)s", code=told.code, party=told.party),
        [
            Paragraph(_("The rating of this commitment is published, and the observation of %(organisation)s with it.",
                        organisation=told.organisation)),
            _commitment(_, told),
            Paragraph(
                _(
                    "Rating: %(rating)s. Strength of evidence: %(strength)s.",
                    rating=wording.label(rating, language),
                    strength=wording.label(strength, language),
                )
            ),
            Paragraph(_("Your view was: %(view)s.", view=wording.label(told.view, language))),
            Button(_("Read what is published"), told.public_url),
        ],
    )  # fmt: skip


def for_the_state(name: str, language: str, told: Outcome, *, comment_until: date | None, time_zone: str) -> Rendered:
    """To who answers for the State: an observation was accepted on one of its commitments, and is not public yet."""
    _ = Words(language)
    if comment_until is not None:
        next_step = _(
            "It is not public yet. The rating is open for your comment until %(until)s: in it you may answer the"
            " observation too.",
            until=end_of_day(comment_until, time_zone, language),
        )
    else:
        next_step = _(
            "It is not public yet: it is published together with the next rating. When that rating is open for your"
            " comment, you may answer the observation too."
        )
    parts: list[Part] = [
        Paragraph(
            _("The Secretariat has accepted an observation of %(organisation)s on a commitment of your State.",
              organisation=told.organisation)
        ),
        _commitment(_, told),
        Paragraph(_("View of the organization: %(view)s.", view=wording.label(told.view, language))),
        Paragraph(next_step),
        Button(_("Read the observation"), told.url),
    ]  # fmt: skip
    letter = Letter(
        subject=_("Observation accepted on %(code)s", code=told.code),
        greeting=_("Dear %(name)s,", name=name),
        parts=tuple(parts),
        why=_("You get this mail because you answer for your State."),
        settings_url=told.account_url,
    )
    return render(letter, language)


def _commitment(_: Words, told: Outcome) -> Paragraph:
    return Paragraph(
        _(
            "Commitment: %(code)s, %(title)s (%(party)s), reporting cycle %(cycle)s",
            code=told.code,
            title=told.title,
            party=told.party,
            cycle=told.cycle,
        )
    )


def _letter(_: Words, name: str, told: Outcome, subject: str, parts: list[Part]) -> Rendered:
    letter = Letter(
        subject=subject,
        greeting=_("Dear %(name)s,", name=name),
        parts=tuple(parts),
        why=_("You get this mail because you observe for %(organisation)s.", organisation=told.organisation),
        settings_url=told.account_url,
    )
    return render(letter, _.language)
