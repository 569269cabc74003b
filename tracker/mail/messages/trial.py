"""The mail by which an administrator sees whether mail arrives."""

from __future__ import annotations

from tracker.mail.rendering import Button, Letter, Paragraph, Rendered, Words, render


def trial(name: str, language: str, *, url: str) -> Rendered:
    """To the administrator's own address; ``url``: where its fate is shown."""
    _ = Words(language)
    letter = Letter(
        subject=_("Test: mail arrives"),
        greeting=_("Dear %(name)s,", name=name),
        parts=(
            Paragraph(_("You asked for a test message. That you read it shows that mail leaves and arrives.")),
            Paragraph(_("If it came late, or into the folder for unwanted mail, tell whoever runs the mail server.")),
            Button(_("Mail"), url),
        ),
        why=_("You get this mail because you asked for it on the page about mail."),
    )
    return render(letter, language)
