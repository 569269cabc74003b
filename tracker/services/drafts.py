"""The draft of a report: kept as it is typed, carried over from the cycle before, or said to be as it was."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.domain.errors import NotPermitted, Stale, Unmet, WrongState
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.workflow import EDITABLE
from tracker.models import Evidence, ProgressReport, ReportEvidence
from tracker.services import assignments, audit, draft_rows, previous, report_fields
from tracker.services.personal_data import require_no_identifiers
from tracker.services.records import subject_of
from tracker.services.report_content import ReportContent, of_draft
from tracker.services.report_parts import elements_for


def save(
    session: Session,
    report: ProgressReport,
    content: ReportContent,
    *,
    seen_version: int,
    actor: Actor,
    now: datetime,
    confirmed: Collection[str] = (),
) -> None:
    """Keep what was typed. Nothing has to be complete in a draft.

    ``confirmed``: fields carried over of which the person says that they still hold. Of who was asked for single
    elements only these are taken; everything else stays as stored. Whether nothing changed is never taken from
    ``content``: ``nothing_changed`` says it, and any other change takes it back.

    Raises NotPermitted; WrongState once it left the party; Stale, with both contents, where somebody else saved
    since ``seen_version``; Unmet for values that are none, and for identifiers of persons ("identifier") in what is
    new. The same content sent twice is saved once and no error.
    """
    stored = _open(session, report, actor, now)
    content = draft_rows.in_order(report, stored, content, elements_for(report, actor))
    unconfirmed = _still_unconfirmed(report, stored, content, confirmed)
    if content == stored:
        if unconfirmed != list(report.unconfirmed) or report.started_at is None:
            report.unconfirmed = unconfirmed
            _touch(session, report, stored, stored, actor=actor, now=now)
        return
    if seen_version != report.version:
        raise Stale(theirs=stored, yours=content)
    _keep(session, report, stored, replace(content, nothing_changed=False), unconfirmed, actor=actor, now=now)


def carry_over(
    session: Session, report: ProgressReport, field: str | None, *, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Put what was said in the cycle before into one field, or into all (None). Nothing typed is overwritten.

    What came over is ``unconfirmed`` until the person confirms or changes it. Raises NotPermitted, WrongState, Stale;
    Unmet(carry=…) where nothing was said before ("nothing") or the field is none of this person's ("unknown").
    """
    stored = _open(session, report, actor, now)
    if seen_version != report.version:
        raise Stale(theirs=stored, yours=stored)
    mine = elements_for(report, actor)
    found = previous.before(session, report)
    before = report_fields.limited(found.to_carry, mine) if found else None
    if before is None or not report_fields.names(before):
        raise Unmet(carry="nothing")
    wanted = report_fields.names(before) if field is None else [field]
    if not set(wanted) <= set(report_fields.names(before)):
        raise Unmet(carry="unknown")
    content = stored
    for name in wanted:
        content = report_fields.carried(content, before, name)
    content = replace(draft_rows.in_order(report, stored, content, mine), nothing_changed=False)
    came = [n for n in wanted if report_fields.value(content, n) != report_fields.value(stored, n)]
    if came:
        unconfirmed = [*(n for n in report.unconfirmed if n not in came), *came]
        _keep(session, report, stored, content, unconfirmed, actor=actor, now=now)


def nothing_changed(
    session: Session, report: ProgressReport, *, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Say that everything still is as it was reported in the cycle before: all of it is copied, and confirmed.

    Evidence kept in versions is attached again, as it is now. Raises NotPermitted (also for who was asked for single
    elements), WrongState, Stale; Unmet(nothing_changed=…) where nothing was said before ("nothing") or the draft
    says something else by now ("differs").
    """
    stored = _open(session, report, actor, now)
    if elements_for(report, actor) is not None:
        raise NotPermitted(Permission.REPORT_EDIT)
    if seen_version != report.version:
        raise Stale(theirs=stored, yours=stored)
    found = previous.before(session, report)
    if found is None:
        raise Unmet(nothing_changed="nothing")
    content = draft_rows.in_order(report, stored, found.to_carry, None)
    content = replace(content, nothing_changed=True, privacy_explanation=found.content.privacy_explanation)
    if report_fields.differing(stored, content):
        raise Unmet(nothing_changed="differs")
    _attach_again(session, report, found.content, actor, now)
    _keep(session, report, stored, content, [], actor=actor, now=now)


def may_say_nothing_changed(content: ReportContent, found: previous.Previous | None) -> bool:
    """Whether the draft says nothing that was not said before, so that nothing typed would be lost."""
    return found is not None and not content.nothing_changed and not report_fields.differing(content, found.to_carry)


def _open(session: Session, report: ProgressReport, actor: Actor, now: datetime) -> ReportContent:
    """What is stored, once whoever saves now is done: the same text sent twice is then seen to be so."""
    if not can(actor, Permission.REPORT_EDIT, subject_of(report, now=now)):
        raise NotPermitted(Permission.REPORT_EDIT)
    session.refresh(report, with_for_update={"of": ProgressReport})
    if report.state not in EDITABLE:
        raise WrongState("edit", report.state.value)
    return of_draft(report)


def _keep(
    session: Session,
    report: ProgressReport,
    stored: ReportContent,
    content: ReportContent,
    unconfirmed: list[str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    _refuse_identifiers(stored, content)
    draft_rows.write(report, content)
    report.unconfirmed = unconfirmed
    _touch(session, report, stored, content, actor=actor, now=now)


def _still_unconfirmed(
    report: ProgressReport, stored: ReportContent, content: ReportContent, confirmed: Collection[str]
) -> list[str]:
    """What was carried over and is neither confirmed, nor changed, nor taken out."""
    return [
        name
        for name in report.unconfirmed
        if name not in confirmed
        and report_fields.says(content, name)
        and report_fields.value(content, name) == report_fields.value(stored, name)
    ]


def _refuse_identifiers(stored: ReportContent, content: ReportContent) -> None:
    """What is certainly an identifier of a person does not get in; what stood there before is told at submission."""
    known = {text for _name, text in stored.texts()}
    explained = ("privacy_explanation", content.privacy_explanation)
    require_no_identifiers([one for one in (*content.texts(), explained) if one[1] not in known])


def _attach_again(session: Session, report: ProgressReport, before: ReportContent, actor: Actor, now: datetime) -> None:
    wanted = {one.evidence for one in before.attachments}
    if not wanted:
        return
    there = {one.evidence_id for one in report.attached}
    pieces = session.scalars(
        sa.select(Evidence).where(Evidence.public_id.in_(wanted), Evidence.party_id == report.party_id)
    )
    for piece in pieces:
        if piece.id not in there:
            report.attached.append(ReportEvidence(evidence_id=piece.id, attached_at=now, attached_by_id=actor.user_id))


def _touch(
    session: Session,
    report: ProgressReport,
    stored: ReportContent,
    content: ReportContent,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Note who saved, in the report and in the audit trail."""
    report.started_at = report.started_at or now
    report.edited_at = now
    report.edited_by_id = actor.user_id
    assignments.note_change(session, report, actor=actor, now=now)
    # Also where only rows of other tables changed, twice in one moment: the version counts every change.
    flag_modified(report, "edited_at")
    audit.record(
        session,
        "report.save",
        now=now,
        actor=actor,
        party_id=report.party_id,
        about=("progress_report", report.id),
        old={"sha256": stored.sha256()},
        new={"sha256": content.sha256()},
    )
    session.flush()
