"""What a party may hand on: its drafts and returned reports, and what keeps each from leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.domain.errors import NotPermitted, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import EvidenceKind, FileState, ReportState, Role
from tracker.domain.workflow import Action
from tracker.models import Commitment, Evidence, ProgressReport, Provision, ReportEvidence, ReportingParty
from tracker.services import reports
from tracker.services.records import subject_of
from tracker.services.report_content import of_draft

MOST = 100
"""Reports on the page and in one act; a State owes some 15 a cycle."""
STATES = (ReportState.DRAFT, ReportState.RETURNED)


@dataclass(frozen=True)
class Obstacles:
    """What keeps a report from leaving the party."""

    unanswered: tuple[str, ...] = ()
    """Codes of the elements without an answer."""
    unconfirmed: int = 0
    """Fields carried over that nobody confirmed."""
    unexplained: bool = False
    """The personal-data check found something; it is told of where submitting would refuse it."""
    files: bool = False
    """A file is not checked yet, needs an explanation or was refused."""

    @property
    def any(self) -> bool:
        return bool(self.unanswered or self.unconfirmed or self.unexplained or self.files)


@dataclass(frozen=True)
class Waiting:
    """One report that could be handed on."""

    report_id: int
    version: int
    code: str
    title: dict[str, str]
    cycle_title: dict[str, str]
    due_on: date
    overdue: bool
    is_returned: bool
    obstacles: Obstacles


def step_for(session: Session, actor: Actor) -> Action:
    """What this person hands on with: approval is asked for where the State wants it, else the report is submitted.

    Raises NotPermitted for whoever hands nothing on for a whole party.
    """
    if actor.role is Role.SECRETARIAT_REPORTER:
        return Action.SUBMIT
    if actor.role is not Role.FOCAL_POINT:
        raise NotPermitted(Permission.REPORT_SUBMIT)
    required = session.scalar(sa.select(ReportingParty.approval_required).where(ReportingParty.id == actor.party_id))
    return Action.ASK_APPROVAL if required else Action.SUBMIT


def waiting(session: Session, actor: Actor, step: Action, *, now: datetime) -> list[Waiting]:
    """The reports of the reader's party that this step could take on, by due date, each with what stands in its way.

    The same rules as when it is taken. The number of queries is the same whatever the data.
    """
    permission = Permission.REPORT_ASK_APPROVAL if step is Action.ASK_APPROVAL else Permission.REPORT_SUBMIT
    commitment = joinedload(ProgressReport.commitment)
    provision = commitment.joinedload(Commitment.provision)
    found = session.scalars(
        sa.select(ProgressReport)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .where(
            ProgressReport.party_id == actor.party_id,
            ProgressReport.state.in_(STATES),
            Commitment.is_followed,
        )
        .order_by(ProgressReport.opens_on.desc(), ProgressReport.due_on, Provision.position)
        .limit(MOST)
        .options(
            joinedload(ProgressReport.cycle),
            joinedload(ProgressReport.assessment),
            commitment.joinedload(Commitment.party),
            commitment.selectinload(Commitment.assignments),
            provision.selectinload(Provision.elements),
            provision.selectinload(Provision.indicators),
            selectinload(ProgressReport.answers),
            selectinload(ProgressReport.evidence),
            selectinload(ProgressReport.indicator_values),
            selectinload(ProgressReport.budget_lines),
            selectinload(ProgressReport.attached).joinedload(ReportEvidence.evidence).selectinload(Evidence.versions),
        )
    )
    return [
        _waiting(report, step, now) for report in found.unique() if can(actor, permission, subject_of(report, now=now))
    ]


def _waiting(report: ProgressReport, step: Action, now: datetime) -> Waiting:
    provision = report.commitment.provision
    return Waiting(
        report_id=report.id,
        version=report.version,
        code=provision.code,
        title=provision.title,
        cycle_title=report.cycle.title,
        due_on=report.due_on,
        overdue=report.due_at <= now,
        is_returned=report.state is ReportState.RETURNED,
        obstacles=_obstacles(report, step),
    )


def _obstacles(report: ProgressReport, step: Action) -> Obstacles:
    content = of_draft(report)
    problems = reports.lacking(report, content)
    missing = {name.partition("-")[2] for name, problem in problems.items() if problem == "required"}
    return Obstacles(
        unanswered=tuple(answer.element for answer in content.answers if answer.element in missing),
        unconfirmed=len(report.unconfirmed),
        unexplained=step is Action.SUBMIT and _is_refused(report),
        files=any(_unchecked(one.evidence) for one in report.attached),
    )


def _is_refused(report: ProgressReport) -> bool:
    try:
        reports.require_explained(of_draft(report))
    except Unmet:
        return True
    return False


def _unchecked(piece: Evidence) -> bool:
    if piece.kind is not EvidenceKind.FILE or not piece.versions:
        return False
    return piece.versions[-1].state is not FileState.CLEAN
