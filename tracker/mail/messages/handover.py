"""The mails of a handover: to who takes over, and to who hands over."""

from __future__ import annotations

from typing import Any

from tracker.mail.rendering import Button, Letter, Paragraph, Part, Quote, Rendered, Words, render


def to_successor(
    language: str, *, before: str, after: str, moved: dict[str, Any], note: str, url: str, account_url: str
) -> Rendered:
    """What came to the reader, and where to begin."""
    _ = Words(language)
    parts: list[Part] = [
        Paragraph(_("The work of %(name)s was handed over to you.", name=before)),
        Paragraph(
            _(
                "Assignments: %(assignments)s. Open reports last saved by your predecessor: %(drafts)s. E-mails that"
                " were waiting and now come to you: %(messages)s.",
                **moved,
            )
        ),
    ]
    if note:
        parts += [Paragraph(_("A word for you:")), Quote(note)]
    parts += [
        Paragraph(_("The briefing page shows what is open, what was said last, and who is who.")),
        Button(_("Read the briefing"), url),
    ]
    return render(
        Letter(
            subject=_("Handed over to you: the work of %(name)s", name=before),
            greeting=_("Dear %(name)s,", name=after),
            parts=tuple(parts),
            why=_("You get this mail because you take over reporting work in the tracker."),
            settings_url=account_url,
        ),
        language,
    )


def to_predecessor(
    language: str, *, before: str, after: str, moved: dict[str, Any], note: str, url: str, account_url: str
) -> Rendered:
    """That somebody else has it now."""
    _ = Words(language)
    parts: list[Part] = [
        Paragraph(_("Your work in the tracker was handed over to %(name)s.", name=after)),
        Paragraph(_("Assignments and waiting e-mails go there from now on. Nothing you wrote was changed or lost.")),
    ]
    return render(
        Letter(
            subject=_("Handed over to %(name)s", name=after),
            greeting=_("Dear %(name)s,", name=before),
            parts=tuple(parts),
            why=_("You get this mail because it was your work."),
            settings_url=account_url,
        ),
        language,
    )
