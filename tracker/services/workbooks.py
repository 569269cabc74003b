"""A State's open items as one spreadsheet: what a person may fill in, gathered for ``documents.workbook``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.domain.assignments import parts_of
from tracker.domain.errors import NotPermitted
from tracker.domain.measures import DataType, is_asked_of
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Role
from tracker.domain.workflow import EDITABLE
from tracker.models import (
    Assessment,
    Commitment,
    Element,
    Evidence,
    Indicator,
    IndicatorValue,
    ProgressReport,
    Provision,
    ReportEvidence,
    ReportingParty,
    ReportRevision,
)
from tracker.services import audit
from tracker.services.plain_rows import rows as plain
from tracker.services.records import subject_of
from tracker.services.report_content import ReportContent, of_draft
from tracker.services.workbook_content import (
    ANSWERS,
    BLANK_BUDGET,
    BLANK_CATEGORIES,
    BUDGET,
    INDICATORS,
    WHOLE,
    AnswerLine,
    BudgetLine,
    IndicatorLine,
    Row,
    Seal,
    WholeLine,
    Workbook,
)
from tracker.services.workbook_lines import Key, parse_key, rows_of


@dataclass(frozen=True)
class Item:
    """A report of the party, and which parts of it this person answers."""

    report: ProgressReport
    content: ReportContent
    parts: frozenset[int] | None
    """Ids of elements; None: all of it."""
    is_open: bool
    """Whether this person may write it now."""

    @property
    def elements(self) -> list[Element]:
        """What this person answers, in the catalogue's order."""
        kind = self.report.commitment.party.kind
        return [
            one
            for one in self.report.commitment.provision.elements
            if one.is_owed_by(kind) and (self.parts is None or one.id in self.parts)
        ]

    @property
    def indicators(self) -> list[Indicator]:
        """Indicators are answered by who answers the whole; computed ones by nobody."""
        if self.parts is not None:
            return []
        found = self.report.commitment.provision.indicators
        kind = self.report.commitment.party.kind
        typed = [one for one in found if not one.computed and one.data_type != DataType.RATIO]
        return [one for one in typed if is_asked_of(one.code, kind)]

    @property
    def asks_budget(self) -> bool:
        return self.parts is None and self.report.commitment.provision.asks_budget

    def rows(self) -> dict[str, Row]:
        """What the report says now, as far as this person answers it."""
        found = rows_of(self.report.id, self.content)
        return {text: row for text, row in found.items() if (key := parse_key(text)) and self.answers(key)}

    def answers(self, key: Key) -> bool:
        """Whether this person answers the row with this key."""
        if key.sheet == ANSWERS:
            return any(one.code == key.about for one in self.elements)
        if key.sheet == INDICATORS:
            return any(one.code == key.about for one in self.indicators)
        return self.asks_budget if key.sheet == BUDGET else self.parts is None


def items(
    session: Session, actor: Actor, *, now: datetime, only: Iterable[int] | None = None, lock: bool = False
) -> list[Item]:
    """The reports that this person may write now, in the catalogue's order. The number of queries is constant.

    ``only``: these reports of the party, open or not; ``lock``: nobody else writes them until the transaction ends.
    """
    wanted = sa.select(ProgressReport.id).where(ProgressReport.party_id == actor.party_id)
    if only is not None:
        wanted = wanted.where(ProgressReport.id.in_(sorted(only)))
        if lock:
            session.execute(wanted.order_by(ProgressReport.id).with_for_update())
    else:
        wanted = wanted.where(ProgressReport.state.in_(EDITABLE))
    found = []
    for report in session.scalars(_reports().where(ProgressReport.id.in_(wanted))).unique():
        is_open = report.state in EDITABLE and can(actor, Permission.REPORT_EDIT, subject_of(report, now=now))
        parts = parts_of(report.commitment.assignments, actor.user_id) if actor.role is Role.CONTRIBUTOR else None
        item = Item(report, of_draft(report), parts, is_open)
        if only is not None or (is_open and item.elements):
            found.append(item)
    return found


def _reports() -> sa.Select[ProgressReport]:
    commitment = joinedload(ProgressReport.commitment)
    return (
        sa.select(ProgressReport)
        .join(Commitment, Commitment.id == ProgressReport.commitment_id)
        .join(Provision, Provision.id == Commitment.provision_id)
        .options(
            commitment.joinedload(Commitment.party),
            commitment.joinedload(Commitment.provision).selectinload(Provision.elements),
            commitment.joinedload(Commitment.provision).selectinload(Provision.indicators),
            commitment.selectinload(Commitment.assignments),
            joinedload(ProgressReport.cycle),
            joinedload(ProgressReport.assessment),
            selectinload(ProgressReport.answers),
            selectinload(ProgressReport.evidence),
            selectinload(ProgressReport.indicator_values).joinedload(IndicatorValue.indicator),
            selectinload(ProgressReport.budget_lines),
            selectinload(ProgressReport.attached).joinedload(ReportEvidence.evidence).selectinload(Evidence.versions),
        )
        .order_by(Provision.position, ProgressReport.opens_on, ProgressReport.id)
        .execution_options(populate_existing=True)
    )


def gather(session: Session, actor: Actor, *, language: str, now: datetime, address: str = "") -> Workbook:
    """All that this person may fill in, with last cycle's answers beside it. Raises NotPermitted."""
    if not can(actor, Permission.WORKBOOK):
        raise NotPermitted(Permission.WORKBOOK)
    open_items = items(session, actor, now=now)
    before = _previous(session, [item.report for item in open_items])
    base = {str(item.report.id): item.rows() for item in open_items}
    cycles = {item.report.cycle_id: item.report.cycle.title for item in open_items}
    party = session.get_one(ReportingParty, actor.party_id)
    plain_base = json.dumps(base, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    made = Workbook(
        party=party.name,
        person=actor.name,
        role=actor.role,
        language=language,
        made_at=now,
        time_zone=party.time_zone,
        cycles=tuple(cycles.values()),
        answers=tuple(line for item in open_items for line in _answers(item, base, before, actor)),
        indicators=tuple(line for item in open_items for line in _indicators(item, base, before)),
        budget=tuple(line for item in open_items for line in _budget(item, base)),
        whole=tuple(_whole(item, base) for item in open_items if item.parts is None),
        seal=Seal(
            party=party.code,
            user_id=actor.user_id,
            language=language,
            made_at=now,
            reports={item.report.id: (item.report.version, item.content.sha256()) for item in open_items},
            base_digest=digest(plain_base),
            sheets=(),
        ),
        base=plain_base,
        address=address,
    )
    return replace(made, seal=replace(made.seal, sheets=made.sheets))


def note_made(session: Session, workbook: Workbook, *, actor: Actor, now: datetime) -> None:
    """Write down that the spreadsheet left the site."""
    audit.record(
        session,
        "workbook.made",
        now=now,
        actor=actor,
        about=("reporting_party", actor.party_id),
        new={
            "reports": len(workbook.seal.reports),
            "answers": len(workbook.answers),
            "indicators": len(workbook.indicators),
            "language": audit.Plain(workbook.language),
        },
    )


def digest(text: str) -> str:
    """What the seal keeps of a long text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _previous(session: Session, reports: list[ProgressReport]) -> dict[int, ReportContent]:
    """By commitment: what was published last, before the cycles of these reports. One query."""
    if not reports:
        return {}
    earlier = (
        sa.select(
            ProgressReport.commitment_id,
            ReportRevision.content,
            sa.func.row_number()
            .over(partition_by=ProgressReport.commitment_id, order_by=ProgressReport.opens_on.desc())
            .label("nth"),
        )
        .join(Assessment, Assessment.id == ProgressReport.published_assessment_id)
        .join(ReportRevision, ReportRevision.id == Assessment.revision_id)
        .where(
            ProgressReport.commitment_id.in_({report.commitment_id for report in reports}),
            ProgressReport.id.not_in([report.id for report in reports]),
        )
        .subquery()
    )
    query = sa.select(earlier.c.commitment_id, earlier.c.content).where(earlier.c.nth == 1)
    return {row.commitment_id: ReportContent.from_json(row.content) for row in plain(session, query)}


Base = dict[str, dict[str, Row]]
Before = dict[int, ReportContent]


def _answers(item: Item, base: Base, before: Before, actor: Actor) -> Iterable[AnswerLine]:
    report = item.report
    provision = report.commitment.provision
    previous = before.get(report.commitment_id)
    said = {a.element: a.narrative for a in previous.answers} if previous else {}
    for element in item.elements:
        key = str(Key(ANSWERS, report.id, element.code))
        own = [
            one.due_on
            for one in report.commitment.assignments
            if one.user_id == actor.user_id and one.due_on and one.element_id in (None, element.id)
        ]
        translated = provision.text if element.is_whole and provision.text_status else {}
        yield AnswerLine(
            key=key,
            code=element.code,
            title=provision.title,
            label={} if element.is_whole else element.label,
            words=element.fragment,
            translation={lang: text for lang, text in translated.items() if lang != "en"},
            due_on=min([*own, report.due_on]),
            cycle=report.cycle.title,
            previous=said.get(element.code, ""),
            said=base[str(report.id)].get(key, {}),
        )


def _indicators(item: Item, base: Base, before: Before) -> Iterable[IndicatorLine]:
    rows = base[str(item.report.id)]
    previous = before.get(item.report.commitment_id)
    last = {v.indicator: v for v in previous.indicators if v.axis == 0} if previous else {}
    for indicator in item.indicators:
        kept = sum(1 for v in item.content.indicators if v.indicator == indicator.code and v.axis)
        lines = 1 + (kept + BLANK_CATEGORIES if indicator.disaggregation else kept)
        for number in range(lines):
            key = str(Key(INDICATORS, item.report.id, indicator.code, number))
            whole = last.get(indicator.code) if number == 0 else None
            yield IndicatorLine(
                key=key,
                code=indicator.code,
                cycle=item.report.cycle.title,
                number=number,
                label=indicator.label,
                unit=indicator.unit or {},
                note=indicator.note or {},
                data_type=indicator.data_type,
                choices=tuple(indicator.choices),
                axes=tuple(indicator.disaggregation),
                previous=whole.value if whole else "",
                previous_currency=whole.currency if whole else "",
                said=rows.get(key, {}),
            )


def _budget(item: Item, base: Base) -> Iterable[BudgetLine]:
    if not item.asks_budget:
        return
    provision = item.report.commitment.provision
    for number in range(1, len(item.content.budget) + BLANK_BUDGET + 1):
        key = str(Key(BUDGET, item.report.id, number=number))
        yield BudgetLine(
            key, provision.code, provision.title, item.report.cycle.title, base[str(item.report.id)].get(key, {})
        )


def _whole(item: Item, base: Base) -> WholeLine:
    report = item.report
    provision = report.commitment.provision
    key = str(Key(WHOLE, report.id))
    return WholeLine(
        key, provision.code, provision.title, report.due_on, report.cycle.title, base[str(report.id)].get(key, {})
    )


def count_open(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many reports a spreadsheet would hold. Two queries."""
    commitment = joinedload(ProgressReport.commitment)
    query = (
        sa.select(ProgressReport)
        .where(ProgressReport.party_id == actor.party_id, ProgressReport.state.in_(EDITABLE))
        .options(
            commitment.joinedload(Commitment.party),
            commitment.selectinload(Commitment.assignments),
            joinedload(ProgressReport.cycle),
            joinedload(ProgressReport.assessment),
        )
    )
    found = session.scalars(query).unique()
    return sum(can(actor, Permission.REPORT_EDIT, subject_of(report, now=now)) for report in found)
