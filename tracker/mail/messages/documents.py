"""Mails that bring a document."""

from __future__ import annotations

from datetime import date

from tracker import wording
from tracker.mail.rendering import Button, Letter, Paragraph, Rendered, Words, render


def status_report(name: str, language: str, party_name: str, as_of: date, url: str) -> Rendered:
    """The status report of one party as it stood on ``as_of``; the PDF is attached by the caller."""
    _ = Words(language)
    day = wording.say_date(as_of, language)
    letter = Letter(
        subject=_("Status report: %(party)s, %(day)s", party=party_name, day=day),
        greeting=_("Dear %(name)s,", name=name),
        parts=(
            Paragraph(
                _("Attached is the status report of %(party)s as it stood on %(day)s.", party=party_name, day=day)
            ),
            Button(_("Open the status report"), url),
        ),
        why=_("You get this mail because you asked for it, or because you answer for these commitments."),
    )
    return render(letter, language)
