"""Mails about good practices: to the other side when one is proposed or offered, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.mail.rendering import Button, Letter, Paragraph, Part, Quote, Rendered, Words, render


@dataclass(frozen=True)
class Told:
    """One good practice, in the reader's language but for what was typed. ``reason``: why it was declined or ended."""

    party: str
    code: str
    commitment: str
    title: str
    text: str
    reason: str
    to_staff: bool
    """The reader is of the Secretariat; else he or she answers for the party."""
    url: str
    public_url: str
    account_url: str


def proposed(name: str, language: str, told: Told) -> Rendered:
    """To who speaks for the State: the Secretariat would share what it did, if it agrees."""
    _ = Words(language)
    return _letter(
        _,
        name,
        told,
        _("May this be shared as a good practice? %(code)s", code=told.code),
        [
            Paragraph(
                _("The Secretariat proposes to share what your State did as a good practice, so that others can learn.")
            ),
            *_said(_, told),
            Paragraph(_("Nothing is public unless your State agrees. It may agree, or decline with a reason.")),
            Button(_("Read and decide"), told.url),
        ],
    )


def offered(name: str, language: str, told: Told) -> Rendered:
    """To staff: a State offers what it did."""
    _ = Words(language)
    return _letter(
        _,
        name,
        told,
        _("Good practice offered: %(code)s, %(party)s", code=told.code, party=told.party),
        [
            Paragraph(_("%(party)s offers to share what it did as a good practice.", party=told.party)),
            *_said(_, told),
            Paragraph(_("It becomes public when the Secretariat agrees.")),
            Button(_("Read and decide"), told.url),
        ],
    )


def agreed(name: str, language: str, told: Told) -> Rendered:
    """To the side that made it: the other side agreed, and it is public."""
    _ = Words(language)
    return _letter(
        _,
        name,
        told,
        _("Good practice shared: %(code)s, %(party)s", code=told.code, party=told.party),
        [
            Paragraph(_("Both sides agreed: this good practice is public now.")),
            *_said(_, told),
            Paragraph(_("The State and the Secretariat may each take it back at any time, with a reason.")),
            Button(_("Read what is public"), told.public_url),
        ],
    )


def declined(name: str, language: str, told: Told) -> Rendered:
    """To the side that made it: the other side does not agree, and why."""
    _ = Words(language)
    return _letter(
        _,
        name,
        told,
        _("Good practice not shared: %(code)s, %(party)s", code=told.code, party=told.party),
        [
            Paragraph(_("The other side did not agree to share this good practice. The reason given:")),
            Quote(told.reason),
            *_said(_, told),
            Button(_("Read it"), told.url),
        ],
    )


def taken_back(name: str, language: str, told: Told) -> Rendered:
    """To the other side: it was taken back, and why."""
    _ = Words(language)
    return _letter(
        _,
        name,
        told,
        _("Good practice taken back: %(code)s, %(party)s", code=told.code, party=told.party),
        [
            Paragraph(_("This good practice was taken back and is not public any more. The reason given:")),
            Quote(told.reason),
            *_said(_, told),
            Button(_("Read it"), told.url),
        ],
    )


def _said(_: Words, told: Told) -> list[Part]:
    about = _("Commitment: %(code)s, %(title)s (%(party)s)", code=told.code, title=told.commitment, party=told.party)
    return [Paragraph(about), Quote(f"{told.title}\n{told.text}")]


def _letter(_: Words, name: str, told: Told, subject: str, parts: list[Part]) -> Rendered:
    why = (
        _("You get this mail because the Secretariat decides on it.")
        if told.to_staff
        else _("You get this mail because you answer for your State.")
    )
    letter = Letter(
        subject=subject,
        greeting=_("Dear %(name)s,", name=name),
        parts=tuple(parts),
        why=why,
        settings_url=told.account_url,
    )
    return render(letter, _.language)
