"""What an entry of the feed says, in the reader's language."""

from __future__ import annotations

from tracker import wording
from tracker.domain.vocabulary import CommentOutcome, PublicationKind, PublicationState
from tracker.services.public_site import Entry, Issued, News, Rated
from tracker.web.languages import choose
from tracker.web.languages import gettext as _


def said(entry: Entry) -> tuple[str, str]:
    """(title, summary) of an entry."""
    if entry.kind is News.ISSUED:
        return _issued(entry.about)
    if entry.kind is News.RATING:
        return _rated(entry.about)
    return _("Open data, version %(version)s") % {"version": entry.about}, _(
        "Tables of States, recommendations, reports and ratings, with a dictionary and a licence."
    )


def _issued(issue: Issued) -> tuple[str, str]:
    language = choose()
    subject = issued_subject(issue)
    title = _("%(number)s: %(subject)s") % {"number": issue.number, "subject": subject}
    summary = _("Issued on %(day)s; code %(code)s.") % {
        "day": wording.say_date(issue.issued_at.date(), language),
        "code": issue.code,
    }
    if issue.ended_at and issue.state is PublicationState.WITHDRAWN:
        title = _("Withdrawn: %(title)s") % {"title": title}
        summary += " " + _("Withdrawn on %(day)s.") % {"day": wording.say_date(issue.ended_at.date(), language)}
    elif issue.ended_at:
        title = _("Replaced: %(title)s") % {"title": title}
        summary += " " + _("Replaced on %(day)s.") % {"day": wording.say_date(issue.ended_at.date(), language)}
    return title, summary


def issued_subject(issue: Issued) -> str:
    """What an issued report is about: the party and the cycle, or the day."""
    language = choose()
    if issue.kind is PublicationKind.HEMISPHERIC_REPORT:
        name = wording.label(issue.kind, language)
    else:
        name = wording.pick(issue.party, language)
    if issue.is_as_of_date:
        period = _("as of %(day)s") % {"day": wording.say_date(issue.as_of.date(), language)}
    else:
        period = wording.pick(issue.cycle, language)
    return _("%(name)s, %(period)s") % {"name": name, "period": period}


def _rated(rated: Rated) -> tuple[str, str]:
    language = choose()
    title = _("%(state)s, %(code)s: %(rating)s") % {
        "state": wording.pick(rated.party, language),
        "code": rated.code,
        "rating": wording.label(rated.rating, language),
    }
    summary = _("Rating of “%(title)s” published for the reporting cycle %(cycle)s.") % {
        "title": wording.pick(rated.title, language),
        "cycle": wording.pick(rated.cycle, language),
    }
    if rated.comment is CommentOutcome.COMMENTED:
        summary += " " + _("The State’s comment stands beside it.")
    return title, summary
