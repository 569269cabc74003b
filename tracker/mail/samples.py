"""The catalogue of mails: one sample of each mail and of each of its variants.

The key is ``<module of tracker.mail.messages>.<variant>``. The tests store the text of each in four languages; the page
where administrators edit the wording shows them. Whoever adds a mail adds its samples here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from tracker import wording
from tracker.domain.vocabulary import ClosingKind, Rating, Role, Strength
from tracker.domain.workflow import Action
from tracker.mail import samples_of_practices, samples_of_the_day
from tracker.mail.messages import (
    accounts,
    assignments,
    closings,
    documents,
    escalations,
    extensions,
    handover,
    notices,
    observations,
    questions,
    trial,
)
from tracker.mail.rendering import Rendered
from tracker.mail.sample_facts import Facts, facts
from tracker.mail.samples_of_the_day import sample

Sample = Callable[[str], Rendered]

SAMPLES: dict[str, Sample] = samples_of_the_day.SAMPLES
SAMPLES.update(samples_of_practices.SAMPLES)


@sample("accounts.invitation")
def _invitation(language: str) -> Rendered:
    f = facts(language)
    url = f"{f.site.base_url}/invitation/an-invented-key"
    return accounts.invitation(f.reader, language, url, 7, f.other, wording.label(Role.FOCAL_POINT, language))


@sample("accounts.password_reset")
def _password_reset(language: str) -> Rendered:
    f = facts(language)
    return accounts.password_reset(f.reader, language, f"{f.site.base_url}/reset/an-invented-key", 1)


@sample("accounts.password_changed")
def _password_changed(language: str) -> Rendered:
    f = facts(language)
    when = wording.say_moment(datetime.combine(f.today, time(14, 5), UTC), language, f.time_zone)
    return accounts.password_changed(f.reader, language, when=when, forgot_url=f.site.forgot)


@sample("trial.trial")
def _trial(language: str) -> Rendered:
    f = facts(language)
    return trial.trial(f.reader, language, url=f"{f.site.base_url}/admin/mail")


def _asked_lines(f: Facts) -> list[assignments.Line]:
    (code, title), (code2, title2), _third = f.commitments
    return [
        assignments.Line(code, title, f.due_on, f.site.commitment(1)),
        assignments.Line(code2, title2, None, f.site.commitment(2)),
    ]


def _to_contributor(mail: Callable[..., Rendered], language: str) -> Rendered:
    f = facts(language)
    url, account_url = f.site.assignments, f.site.my_mail
    return mail(f.reader, language, _asked_lines(f), time_zone=f.time_zone, url=url, account_url=account_url)


SAMPLES["assignments.asked"] = partial(_to_contributor, assignments.asked)
SAMPLES["assignments.new_date"] = partial(_to_contributor, assignments.new_date)
SAMPLES["assignments.asked_again"] = partial(_to_contributor, assignments.asked_again)


@sample("assignments.taken_back")
def _taken_back(language: str) -> Rendered:
    f = facts(language)
    code, title = f.commitments[0]
    url, account_url = f.site.assignments, f.site.my_mail
    return assignments.taken_back(f.reader, language, code=code, title=title, url=url, account_url=account_url)


def _ready(whole: bool, language: str) -> Rendered:
    f = facts(language)
    code, title = f.commitments[0]
    return assignments.ready(
        f.reader,
        language,
        code=code,
        title=title,
        elements=() if whole else f.elements,
        person=f.other,
        institution=f.institution,
        url=f.site.report(1),
        account_url=f.site.my_mail,
    )


SAMPLES["assignments.ready"] = partial(_ready, False)
SAMPLES["assignments.ready_whole"] = partial(_ready, True)


def _closing(kind: ClosingKind | None, language: str) -> Rendered:
    f = facts(language)
    code, title = f.commitments[0]
    successor = " ".join(f.commitments[1]) if kind is ClosingKind.SUPERSEDED else ""
    said = closings.Said(code, title, f.party, kind, successor, f.typed, f.site.commitment(1), f.site.my_mail)
    return closings.closing(f.reader, language, said)


SAMPLES["closings.closed"] = partial(_closing, ClosingKind.SUPERSEDED)
SAMPLES["closings.followed_again"] = partial(_closing, None)


@sample("documents.status_report")
def _status_report(language: str) -> Rendered:
    f = facts(language)
    return documents.status_report(f.reader, language, f.party, f.today, f"{f.site.base_url}/status-reports/br")


def _escalation(nobody: bool, language: str) -> Rendered:
    f = facts(language)
    lines = tuple(
        escalations.OverdueLine(code, title, f.due_on - timedelta(days=30), bool(number), 23 + number)
        for number, (code, title) in enumerate(f.commitments[: 1 if nobody else 2])
    )
    closes_on = f.due_on + timedelta(days=60)
    said = escalations.Said(f.institution, f.party, f.cycle, closes_on, lines, nobody, f.site.base_url)
    return escalations.escalation(language, said)


SAMPLES["escalations.overdue"] = partial(_escalation, False)
SAMPLES["escalations.nobody_registered"] = partial(_escalation, True)


def _later(f: Facts) -> tuple[date, date]:
    return f.due_on + timedelta(days=20), f.due_on + timedelta(days=10)


@sample("extensions.asked")
def _extension_asked(language: str) -> Rendered:
    f = facts(language)
    until, _granted = _later(f)
    return extensions.asked(
        f.reader,
        language,
        [extensions.Line(code, title, f.due_on, until) for code, title in f.commitments[:2]],
        party=f.party,
        until=until,
        time_zone=f.time_zone,
        reason=f.typed,
        url=f.site.extensions,
        account_url=f.site.my_mail,
    )


def _extension_decided(granted: bool, language: str) -> Rendered:
    f = facts(language)
    until, shorter = _later(f)
    (code, title), (code2, title2), _third = f.commitments
    lines = [
        extensions.Line(code, title, f.due_on, until, until if granted else None, f.site.report(1)),
        extensions.Line(code2, title2, f.due_on, until, shorter if granted else None, f.site.report(2)),
    ]
    return extensions.decided(
        f.reader,
        language,
        lines,
        granted=granted,
        time_zone=f.time_zone,
        reason=f.typed,
        url=f.site.extensions,
        account_url=f.site.my_mail,
    )


SAMPLES["extensions.granted"] = partial(_extension_decided, True)
SAMPLES["extensions.refused"] = partial(_extension_decided, False)


def _handover(mail: Callable[..., Rendered], language: str) -> Rendered:
    f = facts(language)
    moved = {"assignments": 3, "drafts": 2, "messages": 1}
    url, account_url = f.site.briefing, f.site.my_mail
    return mail(language, before=f.other, after=f.reader, moved=moved, note=f.typed, url=url, account_url=account_url)


SAMPLES["handover.to_successor"] = partial(_handover, handover.to_successor)
SAMPLES["handover.to_predecessor"] = partial(_handover, handover.to_predecessor)


RATED = frozenset({Action.SEND_BACK, Action.CONFIRM, Action.COMMENT, Action.PUBLISH})
SAID = frozenset({Action.REFUSE, Action.RETURN, Action.SEND_BACK, Action.COMMENT, Action.REOPEN})
DATED = frozenset({Action.ASK_APPROVAL, Action.REFUSE, Action.RETURN, Action.CONFIRM})


def _notice(action: Action, language: str) -> Rendered:
    f = facts(language)
    code, title = f.commitments[0]
    moved = notices.Moved(
        action=action,
        code=code,
        title=title,
        party=f.party,
        url=f.site.report(1),
        account_url=f.site.my_mail,
        comment=f.typed if action in SAID else "",
        rating=Rating.LARGELY if action in RATED else None,
        strength=Strength.DOCUMENTED if action in RATED else None,
        until=f.due_on if action in DATED else None,
        time_zone=f.time_zone,
    )
    return notices.notice(f.reader, language, moved)


for _action in notices.TOLD:
    SAMPLES[f"notices.{_action.value}"] = partial(_notice, _action)


def _told(f: Facts) -> observations.Outcome:
    code, title = f.commitments[0]
    return observations.Outcome(
        organisation=f.organisation,
        code=code,
        title=title,
        party=f.party,
        cycle=f.cycle,
        view=Rating.PARTIALLY,
        reason=f.typed,
        url=f.site.observation(1),
        file_url=f.site.file_observation(1),
        public_url=f.site.public_commitment("BR", code),
        account_url=f.site.my_mail,
    )


@sample("observations.accepted")
def _observation_accepted(language: str) -> Rendered:
    f = facts(language)
    return observations.accepted(f.reader, language, _told(f))


@sample("observations.declined")
def _observation_declined(language: str) -> Rendered:
    f = facts(language)
    return observations.outcome(f.reader, language, _told(f))


@sample("observations.published_beside")
def _observation_published(language: str) -> Rendered:
    f = facts(language)
    rating, strength = Rating.LARGELY, Strength.DOCUMENTED
    return observations.published_beside(f.reader, language, _told(f), rating=rating, strength=strength)


def _for_the_state(open_for_comment: bool, language: str) -> Rendered:
    f = facts(language)
    until = f.due_on if open_for_comment else None
    return observations.for_the_state(f.reader, language, _told(f), comment_until=until, time_zone=f.time_zone)


SAMPLES["observations.for_the_state"] = partial(_for_the_state, False)
SAMPLES["observations.for_the_state_commenting"] = partial(_for_the_state, True)


def _question(f: Facts, answer: str = "") -> questions.Asked:
    code, title = f.commitments[0]
    asked = f.typed.split("\n")
    both = ((f.elements[0], asked[0]), ("", asked[-1]))
    return questions.Asked(code, title, f.party, f.site.report(1), f.site.my_mail, both[:1] if answer else both, answer)


@sample("questions.asked")
def _question_asked(language: str) -> Rendered:
    f = facts(language)
    return questions.asked(f.reader, language, _question(f))


@sample("questions.answered")
def _question_answered(language: str) -> Rendered:
    f = facts(language)
    return questions.answered(f.reader, language, _question(f, answer=f.typed))
