"""The State's commitments: the list with its filters, one commitment, and who was asked to answer it."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from tracker import wording
from tracker.db import db
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.text import fold
from tracker.domain.vocabulary import ReportState
from tracker.models import Commitment
from tracker.services import (
    assignment_lists,
    closings,
    commitment_record,
    commitments,
    extension_lists,
    good_practices,
    history,
    records,
    reminder_ledger,
)
from tracker.services.commitment_record import CycleReport
from tracker.services.standing import Reader, Standing, reader_of
from tracker.web import access, history_words, languages, paging
from tracker.web.languages import gettext as _
from tracker.wording import N_

blueprint = Blueprint("commitments", __name__)


@blueprint.get("/commitments")
@access.requires(Permission.COMMITMENT_LIST)
def index() -> ResponseReturnValue:
    """The commitments this person may see, in one cycle."""
    actor = access.actor()
    number = paging.asked()
    filters = _filters()
    choices = commitments.choices(db.session, actor, asked_cycle=filters.cycle)
    unknown = choices.unknown(filters)
    cycle = filters.cycle or next(iter(choices.cycles), "")
    listed = commitments.Listing([], 0)
    if cycle and not unknown:
        listed = commitments.listing(
            db.session, actor, filters, cycle_id=choices.cycle_ids[cycle], number=number, now=g.now
        )
    page = paging.page(number, listed.total, commitments.PAGE)
    shown = {"filters": filters, "choices": choices, "cycle": cycle, "listed": listed, "page": page, "unknown": unknown}
    answer = render_template("pages/commitments/index.html", **shown, options=_options(choices))
    return answer, 400 if unknown else 200


@blueprint.get("/commitments/<id:commitment_id>")
@access.requires(Permission.COMMITMENT_VIEW)
def show(commitment_id: int) -> ResponseReturnValue:
    """What was asked, where the report stands and what to do next, the published rating, and the history."""
    commitment = access.get_commitment(commitment_id, Permission.COMMITMENT_VIEW)
    actor = access.actor()
    number = paging.asked()
    reports, total = commitment_record.reports(db.session, commitment, actor, number=number, now=g.now)
    page = paging.page(number, total, commitment_record.PAGE)
    source, elements = commitment_record.asked(db.session, commitment)
    entries = history.of_commitment(db.session, commitment.id, actor)
    assignable = can(actor, Permission.COMMITMENT_ASSIGN, records.subject_of_commitment(commitment))
    reminded = number == 1 and reminder_ledger.may_read(actor, commitment)
    extensions = extension_lists.of_reports(db.session, [r.report_id for r in reports], actor, now=g.now)
    return render_template(
        "pages/commitments/show.html",
        commitment=commitment,
        provision=commitment.provision,
        party=commitment.party,
        source=source,
        elements=elements,
        reports=reports,
        page=page,
        current=reports[0] if reports and number == 1 else None,
        published=next((r for r in reports if r.published), None),
        next_step=_next_step(commitment, reports[0], actor) if reports and number == 1 else None,
        entries=history_words.told(
            entries,
            actor,
            party_id=commitment.party_id,
            party_name=commitment.party.name,
            cycles={r.report_id: r.cycle_title for r in reports},
        ),
        given=assignment_lists.of_commitment(db.session, commitment, now=g.now) if assignable else [],
        assignable=assignable,
        extensions=extensions,
        ledger=reminder_ledger.of_commitment(db.session, commitment, actor, size=reminder_ledger.FIRST)
        if reminded
        else None,
        may_observe=can(actor, Permission.OBSERVATION_FILE, records.subject_of_commitment(commitment)),
        closing=closings.newest(db.session, commitment.id) if commitment.closed_at else None,
        may_share=good_practices.may_make(db.session, commitment, actor),
    )


def _next_step(commitment: Commitment, report: CycleReport, actor: Actor) -> tuple[str, str, str] | None:
    """What this person may do now about the newest report, as (sentence, address, link text)."""
    here = f"/reports/{report.report_id}"
    reader = reader_of(actor, commitment.party_id, commitment.party.kind)
    if reader is Reader.STAFF:
        at_desk = report.standing != Standing.NOT_SUBMITTED
        return ("", f"/reviews/{report.report_id}", _("Open it at the review desk")) if at_desk else None
    if reader is Reader.OUTSIDE:
        return None
    known = _STEPS.get(report.standing)
    return (_(known[0]), here, _(known[1])) if known else ("", here, _("Read the report"))


_STEPS: dict[str, tuple[str, str]] = {
    ReportState.DRAFT: (N_("The report has still to be given."), N_("Go to the report")),
    ReportState.RETURNED: (N_("The report came back and has to be answered."), N_("Go to the report")),
    ReportState.AWAITING_APPROVAL: (N_("The report waits for the national approver."), N_("Go to the report")),
    ReportState.SUBMITTED: (
        N_("The report is with the Secretariat, and its review has not begun."),
        N_("Read the report"),
    ),
    ReportState.UNDER_REVIEW: (N_("The Secretariat is reviewing the report."), N_("Read the report")),
    ReportState.OPEN_FOR_COMMENT: (N_("A rating is proposed. You may comment on it."), N_("Read the proposed rating")),
}
"""What happens next, for the people of the party, and the text of the link."""


def _filters() -> commitments.Filters:
    ask = request.args.get
    return commitments.Filters(
        pillar=ask("pillar", ""),
        instrument=ask("instrument", ""),
        standing=ask("state", ""),
        due=ask("due", ""),
        assigned=ask("assigned", ""),
        party=ask("party", ""),
        cycle=ask("cycle", ""),
        differs=ask("differs", ""),
    )


def _options(choices: commitments.Choices) -> dict[str, list[tuple[str, str]]]:
    """The choices in the reader's language, as (value, text)."""
    lang = languages.choose()

    def texts(named: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
        return [(code, wording.pick(name, lang)) for code, name in named.items()]

    return {
        "pillar": texts(choices.pillars),
        "instrument": texts(choices.instruments),
        "state": [(value, wording.label(value, lang)) for value in choices.standings],
        "party": sorted(texts(choices.parties), key=lambda pair: fold(pair[1])),
        "cycle": texts(choices.cycles),
        "assigned": list(choices.assigned.items()),
    }
