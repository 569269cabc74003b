"""The history of a commitment in plain words, a sentence per entry, in the reader's language.

Names of staff are told to staff; names of a party's people to that party and to staff. Everybody else reads the role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from tracker import wording
from tracker.domain.policy import Actor
from tracker.domain.vocabulary import STAFF_ROLES, GoodPracticeState, ObservationState
from tracker.domain.workflow import Action
from tracker.services import history
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.wording import N_

SENTENCES: dict[str, str] = {
    history.COMMITTED: N_("The commitment was entered into the follow-up."),
    history.ASSIGNED: N_("%(who)s asked %(assignee)s to answer."),
    "assigned_dated": N_("%(who)s asked %(assignee)s to answer by %(due_on)s."),
    "assigned_part": N_("%(who)s asked %(assignee)s to answer %(part)s."),
    "assigned_part_dated": N_("%(who)s asked %(assignee)s to answer %(part)s by %(due_on)s."),
    history.UNASSIGNED: N_("%(who)s no longer asks %(assignee)s to answer."),
    "unassigned_part": N_("%(who)s no longer asks %(assignee)s to answer %(part)s."),
    history.PART_DATED: N_("%(who)s took back the date set for %(assignee)s: the report's own date holds."),
    "part_dated_dated": N_("%(who)s set a new date for %(assignee)s: %(due_on)s."),
    history.PART_READY: N_("%(who)s said that all that was asked for is ready."),
    "part_ready_part": N_("%(who)s said that the part is ready: %(part)s."),
    history.PART_ASKED_AGAIN: N_("%(who)s asked %(assignee)s to go on with the part."),
    history.PART_CHANGED: N_("%(who)s changed a part that was said to be ready."),
    history.EXTENSION_ASKED: N_("%(who)s asked for a later due date: %(new_day)s instead of %(due_on)s."),
    history.EXTENSION_GRANTED: N_("%(who)s granted a later due date: %(new_day)s instead of %(due_on)s."),
    history.EXTENSION_REFUSED: N_("%(who)s did not grant the later due date asked for, %(new_day)s."),
    history.EXTENSION_WITHDRAWN: N_("%(who)s no longer asks for a later due date."),
    history.EXTENSION_LAPSED: N_("The request for a later due date lapsed: the report was submitted first."),
    history.QUESTION_ASKED: N_("%(who)s asked a question."),
    history.QUESTION_ANSWERED: N_("%(who)s answered a question."),
    history.QUESTION_WITHDRAWN: N_("%(who)s no longer asks a question."),
    history.ESCALATION_WRITTEN: N_("%(who)s wrote to the head of the authority about what is overdue."),
    history.ESCALATION_NOT_NOW: N_("%(who)s decided not to write for now. For: %(rung)s."),
    history.NOTE_PREPARED: N_("%(who)s prepared the note verbale %(number)s to the Permanent Mission."),
    history.NOTE_HANDED_OVER: N_("The note verbale %(number)s was handed over to the Permanent Mission on %(day)s."),
    history.FROZEN: N_("The follow-up of this commitment is suspended: the State no longer takes part."),
    history.FROM_WORKBOOK: N_("%(who)s accepted answers from a spreadsheet, in number of lines: %(lines)s."),
    "resumed": N_("The follow-up of this commitment goes on: the State takes part again."),
    history.HANDED_OVER: N_("%(who)s handed over what %(before)s was asked to answer to %(assignee)s."),
    history.ERASED: N_("%(who)s erased a passage or a file from all versions."),
    history.CLOSED: N_("%(who)s closed the follow-up of this commitment: %(closing)s."),
    history.FOLLOWED_AGAIN: N_("%(who)s took the follow-up of this commitment up again."),
    Action.ASK_APPROVAL: N_("%(who)s asked for approval."),
    Action.SUBMIT: N_("%(who)s submitted revision %(revision)s."),
    Action.REFUSE: N_("%(who)s refused approval."),
    Action.RECALL: N_("%(who)s took the report back before its review began."),
    Action.TAKE_UP: N_("%(who)s took up the review."),
    Action.TAKE_OVER: N_("%(who)s took the review over."),
    Action.RETURN: N_("%(who)s returned the report with a comment. New due date: %(due_on)s."),
    Action.PROPOSE: N_("%(who)s proposed a rating: %(rating)s (%(strength)s)."),
    Action.SEND_BACK: N_("%(who)s sent the proposed rating back to the reviewer."),
    Action.CONFIRM: N_("%(who)s confirmed the rating: %(rating)s (%(strength)s). Open for comment until %(until)s."),
    Action.COMMENT: N_("%(who)s commented on the rating, and it was published."),
    Action.WAIVE: N_("%(who)s had no comment, and the rating was published."),
    Action.PUBLISH: N_("No comment was received in time, and the rating was published."),
    Action.REOPEN: N_("%(who)s reopened the report."),
    ObservationState.FILED: N_("%(organisation)s filed an observation. Its view: %(view)s."),
    ObservationState.WITHDRAWN: N_("%(organisation)s withdrew its observation."),
    ObservationState.ACCEPTED: N_("%(who)s accepted the observation of %(organisation)s. Its view: %(view)s."),
    ObservationState.DECLINED: N_("%(who)s declined the observation of %(organisation)s."),
    GoodPracticeState.PROPOSED: N_("%(who)s proposed to share a good practice."),
    GoodPracticeState.OFFERED: N_("%(who)s offered a good practice to be shared."),
    GoodPracticeState.SHARED: N_("%(who)s agreed, and a good practice is shared with the public."),
    GoodPracticeState.DECLINED: N_("%(who)s did not agree to share a good practice."),
    GoodPracticeState.WITHDRAWN: N_("%(who)s took a good practice back."),
}


class Told(NamedTuple):
    """What ``macros/ui.html`` history reads."""

    title: str
    when: datetime
    when_text: str
    who: str
    """The reporting cycle, where the entry is about a report."""
    text: str


def told(
    rows: Iterable[Any],
    actor: Actor,
    *,
    party_id: int,
    party_name: Mapping[str, str],
    cycles: Mapping[int, Mapping[str, str]],
) -> list[Told]:
    """Rows of ``services.history.of_commitment`` in words. ``cycles``: report id to the title of its cycle."""
    lang = choose()
    inside = actor.is_staff or actor.party_id == party_id
    party = wording.pick(dict(party_name), lang)
    found = []
    for row in rows:
        details = row.details or {}
        values = _values(details, lang)
        values["who"] = _who(row, actor, inside, party, lang)
        sentence = _sentence(row.action, details)
        found.append(
            Told(
                title=_(sentence) % values if sentence else row.action,
                when=row.at,
                when_text=wording.say_moment(row.at, lang, actor.time_zone),
                who=wording.pick(dict(cycles.get(row.report_id, {})), lang),
                text=_text(row.comment, details.get("personal_data_explanation", ""), inside),
            )
        )
    return found


def _plain(value: Any, _lang: str) -> Any:
    return value


def _values(details: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What a sentence may name, from the details of its entry; a dash for what they do not hold."""
    values: dict[str, Any] = dict.fromkeys(_NAMED, "–")
    for key, value in details.items():
        if key in _SAID:
            name, say = _SAID[key]
            values[name] = say(value, lang)
    return values


def _sentence(action: str, details: Mapping[str, Any]) -> str | None:
    """The sentence for an action; an assignment's says what part was asked for and by when, where that is known."""
    part = "_part" if details.get("element") else ""
    dated = "_dated" if details.get("due_on") else ""
    return next((SENTENCES[k] for k in (f"{action}{part}{dated}", f"{action}{part}", f"{action}{dated}", action)
                 if k in SENTENCES), None)  # fmt: skip


def _who(row: Any, actor: Actor, inside: bool, party: str, lang: str) -> str:
    if row.actor_role is None:
        return ""
    role = wording.label(row.actor_role, lang)
    of_staff = row.actor_role in STAFF_ROLES
    if row.actor_name and (actor.is_staff if of_staff else inside):
        return f"{row.actor_name} ({role})"
    whose = _("The Secretariat") if of_staff else party
    return f"{whose} ({role})"


def _text(comment: str, explanation: str, inside: bool) -> str:
    """The words of an entry; what was explained to the personal-data check is for staff and the party itself."""
    if not explanation or not inside:
        return comment
    explained = _("Explained to the personal-data check: %(text)s") % {"text": explanation}
    return f"{comment}\n\n{explained}".strip()


def _day(text: Any, lang: str) -> str:
    return wording.say_date(date.fromisoformat(text), lang) if text else "–"


def _label(value: Any, lang: str) -> str:
    return wording.label(value, lang) if value in wording.LABELS else "–"


_SAID: dict[str, tuple[str, Callable[[Any, str], Any]]] = {
    "revision": ("revision", _plain),
    "assignee": ("assignee", _plain),
    "lines": ("lines", _plain),
    "due_on": ("due_on", _day),
    "comment_until": ("until", _day),
    "until": ("new_day", _day),
    "element": ("part", _plain),
    "before": ("before", _plain),
    "rung": ("rung", _label),
    "number": ("number", _plain),
    "day": ("day", _day),
    "kind": ("closing", _label),
    "rating": ("rating", _label),
    "strength": ("strength", _label),
    "organisation": ("organisation", _plain),
    "view": ("view", _label),
}
"""Of the details of an entry: the name in the sentence, and how it is said."""
_NAMED = tuple(name for name, _say in _SAID.values())
