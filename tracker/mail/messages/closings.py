"""The mail that tells a party that a commitment is no longer followed, or is followed again."""

from __future__ import annotations

from dataclasses import dataclass

from tracker import wording
from tracker.domain.vocabulary import ClosingKind
from tracker.mail.rendering import Button, Letter, Paragraph, Part, Quote, Rendered, Words, render


@dataclass(frozen=True)
class Said:
    """One act, in the reader's language. ``kind`` None: the commitment is followed again."""

    code: str
    title: str
    party: str
    kind: ClosingKind | None
    successor: str
    reason: str
    url: str
    account_url: str


def closing(name: str, language: str, said: Said) -> Rendered:
    """What one reader is told of the act."""
    _ = Words(language)
    if said.kind is None:
        subject = _("Followed again: %(code)s", code=said.code)
        happened = _("The Secretariat follows this commitment again. The next reporting cycle asks for a report.")
    else:
        subject = _("No longer followed: %(code)s", code=said.code)
        happened = _(
            "The Secretariat has closed the follow-up of this commitment: %(kind)s. Nothing more is asked for; what was"
            " reported and rated stays readable.",
            kind=wording.label(said.kind, language).lower(),
        )
    parts: list[Part] = [
        Paragraph(happened),
        Paragraph(_("Commitment: %(code)s, %(title)s (%(party)s)", code=said.code, title=said.title, party=said.party)),
    ]
    if said.successor:
        parts.append(Paragraph(_("In its place: %(code)s", code=said.successor)))
    parts += [Paragraph(_("The reason:")), Quote(said.reason), Button(_("Open the commitment"), said.url)]
    letter = Letter(
        subject=subject,
        greeting=_("Dear %(name)s,", name=name),
        parts=tuple(parts),
        why=_("You get this mail because you answer for this commitment."),
        settings_url=said.account_url,
    )
    return render(letter, language)
