"""The mails about questions: to the party what is asked, to the reviewer what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.mail.rendering import Button, Letter, Paragraph, Part, Quote, Rendered, Words, render


@dataclass(frozen=True)
class Asked:
    """What was asked about one report, in the reader's language where it is ours."""

    code: str
    title: str
    party: str
    url: str
    account_url: str
    questions: tuple[tuple[str, str], ...]
    """(element's code or "", the question) in the order of the report."""
    answer: str = ""


def asked(name: str, language: str, about: Asked) -> Rendered:
    """What a focal point is told as soon as a reviewer asks."""
    _ = Words(language)
    parts = [
        Paragraph(
            _.ngettext(
                "The Secretariat's reviewer has a question about this progress report. The report was not returned:"
                " an answer is enough.",
                "The Secretariat's reviewer has %(count)s questions about this progress report. The report was not"
                " returned: answers are enough.",
                len(about.questions),
            )
        ),
        _commitment(_, about),
        *_quoted(_, about),
        Paragraph(_("Question and answer are part of the file that your State and the Secretariat read. They are not"
                    " published.")),
        Button(_("Read and answer"), about.url),
    ]  # fmt: skip
    return _letter(_, name, _("Question of the Secretariat: %(code)s", code=about.code), parts, about)


def answered(name: str, language: str, about: Asked) -> Rendered:
    """What the reviewer is told as soon as the party answers."""
    _ = Words(language)
    parts = [
        Paragraph(_("%(party)s has answered a question about this progress report.", party=about.party)),
        _commitment(_, about),
        *_quoted(_, about),
        Paragraph(_("The answer:")),
        Quote(about.answer),
        Button(_("Open the review"), about.url),
    ]
    subject = _("Answered: %(code)s, %(party)s", code=about.code, party=about.party)
    return _letter(_, name, subject, parts, about)


def _commitment(_: Words, about: Asked) -> Paragraph:
    return Paragraph(
        _("Commitment: %(code)s, %(title)s (%(party)s)", code=about.code, title=about.title, party=about.party)
    )


def _quoted(_: Words, about: Asked) -> list[Part]:
    parts: list[Part] = []
    for element, text in about.questions:
        if element:
            parts.append(Paragraph(_("On %(element)s:", element=element)))
        parts.append(Quote(text))
    return parts


def _letter(_: Words, name: str, subject: str, parts: list[Part], about: Asked) -> Rendered:
    letter = Letter(
        subject=subject,
        greeting=_("Dear %(name)s,", name=name),
        parts=tuple(parts),
        why=_("You get this mail because this report is yours to act on or to follow."),
        settings_url=about.account_url,
    )
    return render(letter, _.language)
