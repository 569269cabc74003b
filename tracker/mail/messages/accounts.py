"""Mails about the account itself: the link to a new password, word that it was changed, the invitation."""

from __future__ import annotations

from tracker.mail.rendering import Button, Letter, Paragraph, Rendered, Words, render


def password_reset(name: str, language: str, url: str, hours: int) -> Rendered:
    """The link to choose a new password, good for ``hours``."""
    _ = Words(language)
    letter = Letter(
        subject=_("Choose a new password"),
        greeting=_("Dear %(name)s,", name=name),
        parts=(
            Paragraph(_("Somebody asked for a new password for your account.")),
            Button(_("Choose a new password"), url),
            Paragraph(
                _.ngettext(
                    "The link works once, for %(count)s hour. Only the newest link works.",
                    "The link works once, for %(count)s hours. Only the newest link works.",
                    hours,
                )
            ),
            Paragraph(_("If it was not you, do nothing: your password stays as it is.")),
        ),
        why=_("You get this mail because your address was entered on the page for a forgotten password."),
    )
    return render(letter, language)


def password_changed(name: str, language: str, *, when: str, forgot_url: str) -> Rendered:
    """Word that the password is another one now; ``when`` as the reader reads moments."""
    _ = Words(language)
    letter = Letter(
        subject=_("Your password was changed"),
        greeting=_("Dear %(name)s,", name=name),
        parts=(
            Paragraph(_("The password of your account was changed on %(when)s. Other sessions have ended.", when=when)),
            Paragraph(
                _("If it was not you, choose a new password at once, and tell the Secretariat by answering this mail.")
            ),
            Button(_("Choose a new password"), forgot_url),
        ),
        why=_("You get this mail because it concerns the safety of your account."),
    )
    return render(letter, language)


def invitation(name: str, language: str, url: str, days: int, inviter: str, role_label: str) -> Rendered:
    """The link to a first password, good for ``days``; ``role_label`` in the reader's language."""
    _ = Words(language)
    letter = Letter(
        subject=_("Your account in the Commitments Tracker"),
        greeting=_("Dear %(name)s,", name=name),
        parts=(
            Paragraph(
                _(
                    "%(inviter)s has made an account for you in the Commitments Tracker, which follows up the"
                    " recommendations and mandates against trafficking in persons in the Americas.",
                    inviter=inviter,
                )
            ),
            Paragraph(_("Your role: %(role)s.", role=role_label)),
            Button(_("Choose a password and begin"), url),
            Paragraph(
                _.ngettext(
                    "The link works once, for %(count)s day.",
                    "The link works once, for %(count)s days.",
                    days,
                )
            ),
        ),
        why=_("You get this mail because an administrator entered your address."),
    )
    return render(letter, language)
