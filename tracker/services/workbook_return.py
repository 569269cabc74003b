"""A spreadsheet that came back: kept as lines, compared with what is stored now, accepted in one transaction.

Nothing is applied when a file arrives. Its lines wait in a ``WorkbookReturn`` of the person who sent it, until he or
she accepts all or some of them; each is compared anew with the report as it is at that moment. The shape of
``WorkbookReturn.content``: ``lines`` (``workbook_lines.Line``), ``problems`` (``workbook_parse.Problem``), ``digest``.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import Visibility
from tracker.files.kinds import Kind, recognise
from tracker.models import HistoryEntry, User, WorkbookReturn
from tracker.services import audit, reports
from tracker.services.history import FROM_WORKBOOK
from tracker.services.personal_data import IDENTIFIER, PERSONAL_DATA, require_clean
from tracker.services.workbook_content import ReturnedBook, Row, Seal
from tracker.services.workbook_lines import Line, merge, stored_now
from tracker.services.workbook_parse import Problem, Reader
from tracker.services.workbooks import Item, digest, items

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 12 * 1024 * 1024
"""Ours unpack to less than one, with the longest texts to some five; what is read is held in memory."""
KEPT_FOR = timedelta(days=30)
"""A file that nobody accepted is forgotten after so long; what was accepted stands in the reports."""

CLEAN, CONFLICT, BLOCKED = "clean", "conflict", "blocked"


def check_file(name: str, stream: BinaryIO, size: int) -> None:
    """Raises Unmet(file=code) for what is no spreadsheet of ours at first sight: before anything is unpacked."""
    if not name:
        raise Unmet(file="missing")
    if size > MOST_BYTES:
        raise Unmet(file="too_large")
    if name.lower().endswith((".ods", ".fods", ".xls", ".csv")):
        raise Unmet(file="save_as_xlsx")
    if recognise(name, stream).kind is not Kind.EXCEL:
        raise Unmet(file="save_as_xlsx")
    with zipfile.ZipFile(stream) as package:
        if sum(member.file_size for member in package.infolist()) > MOST_UNPACKED:
            raise Unmet(file="package")
    stream.seek(0)


def receive(session: Session, book: ReturnedBook, seal: Seal | None, *, actor: Actor, now: datetime) -> str | None:
    """Keep the lines in which the file differs, for its sender; the return's public id, None where nothing differs.

    ``seal``: what the file's signature holds, None where it is none of ours. A colleague of the same State may return
    what another downloaded; what counts is what the sender may write now. The same file sent again, while the first
    waits, is the first. Raises NotPermitted, Unmet(file=…): ``not_ours``, ``other_party``.
    """
    if not can(actor, Permission.WORKBOOK):
        raise NotPermitted(Permission.WORKBOOK)
    if seal is None:
        raise Unmet(file="not_ours")
    if seal.party != actor.party_code:
        raise Unmet(file="other_party")
    known = {item.report.id: item for item in items(session, actor, now=now, only=seal.reports)}
    reader = Reader(known, _base(book, seal, known))
    reader.read(book.rows)
    lines = [line for line in reader.lines if stored_now(known[line.report_id].content, line) != line.says]
    lines, identifying = _without_identifiers(lines)
    problems = [*_of_sheets(book, seal), *identifying, *(_masked(one) for one in reader.problems)]
    outcome = {"lines": len(lines), "problems": len(problems)}
    content = {"lines": [line.to_json() for line in lines], "problems": [one.to_json() for one in problems]}
    content["digest"] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()  # type: ignore[assignment]
    public_id = _kept(session, seal, content, actor=actor, now=now) if lines or problems else None
    audit.record(session, "workbook.returned", now=now, actor=actor, about=_about(public_id), new=outcome)
    session.flush()
    return public_id


def _base(book: ReturnedBook, seal: Seal, known: Mapping[int, Item]) -> dict[int, Mapping[str, Row] | None]:
    """What each report said when the file was made: from the file, if it still holds it unchanged."""
    if book.base and digest(book.base) == seal.base_digest:
        told: dict[str, dict[str, Row]] = json.loads(book.base)
        return {report_id: told.get(f"{report_id}", {}) for report_id in known}
    return {
        report_id: item.rows() if item.report.version == seal.reports[report_id][0] else None
        for report_id, item in known.items()
    }


def _without_identifiers(lines: list[Line]) -> tuple[list[Line], list[Problem]]:
    """What certainly identifies a person is not even kept while it waits: the cell is named, its text forgotten."""
    kept, problems = [], []
    for line in lines:
        if _personal_data(line.says) == IDENTIFIER:
            problems.append(Problem(line.place, IDENTIFIER, about=line.about.about))
        else:
            kept.append(line)
    return kept, problems


def _masked(problem: Problem) -> Problem:
    return replace(problem, typed="") if _personal_data({"note": problem.typed}) else problem


def _of_sheets(book: ReturnedBook, seal: Seal) -> list[Problem]:
    missing = [Problem("", "sheet_missing", about=name) for name in seal.sheets if name not in book.sheets]
    return missing + [Problem(book.sheets[name], "cut_off", about=name) for name in book.cut_off]


def _kept(session: Session, seal: Seal, content: dict[str, Any], *, actor: Actor, now: datetime) -> str:
    # Two clicks at once are one: the second waits here, then finds what the first kept.
    session.execute(sa.select(User.id).where(User.id == actor.user_id).with_for_update())
    for waiting in session.scalars(_of(actor).where(WorkbookReturn.applied_at.is_(None))):
        if waiting.content.get("digest") == content["digest"]:
            return waiting.public_id
    returned = WorkbookReturn(
        public_id=secrets.token_urlsafe(18),
        party_id=actor.party_id,
        user_id=actor.user_id,
        made_at=seal.made_at,
        uploaded_at=now,
        content=content,
    )
    session.add(returned)
    return returned.public_id


def _about(public_id: str | None) -> tuple[str, object] | None:
    return ("workbook_return", public_id) if public_id else None


def _of(actor: Actor) -> sa.Select[WorkbookReturn]:
    """What this person sent: its lines may hold parts that a colleague was not asked for."""
    return sa.select(WorkbookReturn).where(
        WorkbookReturn.user_id == actor.user_id, WorkbookReturn.party_id == actor.party_id
    )


@dataclass(frozen=True)
class Waiting:
    """A return in the list."""

    public_id: str
    uploaded_at: datetime
    lines: int
    problems: int
    accepted: int


def waiting(session: Session, actor: Actor) -> list[Waiting]:
    """This person's returns that still hold lines or problems, newest first."""
    found = []
    for one in session.scalars(_of(actor).order_by(WorkbookReturn.id.desc()).limit(20)):
        lines, problems = len(one.content.get("lines", ())), len(one.content.get("problems", ()))
        if lines or (problems and one.applied_at is None):
            done = (one.outcome or {}).get("accepted", 0)
            found.append(Waiting(one.public_id, one.uploaded_at, lines, problems, done))
    return found


def find(session: Session, public_id: str, actor: Actor, *, lock: bool = False) -> WorkbookReturn:
    """The return, for who sent it. Raises NotVisible for everybody else."""
    query = _of(actor).where(WorkbookReturn.public_id == public_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None or not can(actor, Permission.WORKBOOK):
        raise NotVisible
    return found


@dataclass(frozen=True)
class Compared:
    """One line as it stands now."""

    line: Line
    stored: Row
    status: str
    """``CLEAN``, ``CONFLICT`` (changed on the site as well, and differently) or ``BLOCKED``."""
    reason: str = ""
    """Why it is blocked: ``not_open``, ``not_yours``, ``identifier``."""
    doubtful: bool = False
    """Will need the report's explanation for the personal-data check."""


@dataclass(frozen=True)
class ReportLines:
    """The lines of one report."""

    item: Item
    version: int
    lines: list[Compared]


@dataclass(frozen=True)
class Difference:
    reports: list[ReportLines]
    problems: list[Problem]
    same: int
    """Lines that are stored by now just as the file has them."""

    def count(self, status: str) -> int:
        return sum(one.status == status for report in self.reports for one in report.lines)


def difference(
    session: Session, returned: WorkbookReturn, *, actor: Actor, now: datetime, lock: bool = False
) -> Difference:
    """Line by line: what is stored now, what the file says, what it was. Queries are constant in number."""
    lines = [Line.from_json(one) for one in returned.content.get("lines", ())]
    known = {one.report.id: one for one in items(session, actor, now=now, only={n.report_id for n in lines}, lock=lock)}
    compared = [_compared(known[line.report_id], line) for line in lines if line.report_id in known]
    different = [one for one in compared if one.stored != one.line.says]
    return Difference(
        reports=[
            ReportLines(item, item.report.version, found)
            for report_id, item in known.items()
            if (found := [one for one in different if one.line.report_id == report_id])
        ],
        problems=[Problem.from_json(one) for one in returned.content.get("problems", ())],
        same=len(compared) - len(different),
    )


def _compared(item: Item, line: Line) -> Compared:
    if not item.is_open or not item.answers(line.about):
        # What is stored of a part that is no longer this person's is not shown either.
        reason = "not_open" if item.answers(line.about) else "not_yours"
        return Compared(line, {}, BLOCKED, reason)
    stored = stored_now(item.content, line)
    found = _personal_data(line.says)
    if found == IDENTIFIER:
        return Compared(line, stored, BLOCKED, found)
    status = CLEAN if line.was is not None and stored == line.was else CONFLICT
    return Compared(line, stored, status, doubtful=bool(found))


def _personal_data(says: Row) -> str:
    """ "identifier" (certain: taken out or refused), "personal_data" (doubtful: to be explained) or ""."""
    texts = {name: says[name] for name in TYPED if name in says}
    try:
        require_clean("", **texts)
    except Unmet as unmet:
        return IDENTIFIER if IDENTIFIER in unmet.problems.values() else PERSONAL_DATA
    return ""


TYPED = ("narrative", "obstacles", "help_needed", "summary", "category", "note", "year")
"""Fields of free text."""


def apply(
    session: Session,
    returned: WorkbookReturn,
    *,
    chosen: Iterable[str] | None,
    seen: Mapping[int, int],
    actor: Actor,
    now: datetime,
) -> int:
    """Accept lines by their id, or (None) all that meet no conflict; the number of those accepted.

    A second click on the same button finds them accepted: 0, and no error.

    All of them in this transaction or none. ``seen``: the version of each report that the person had before the eyes.
    Raises Stale where one of the reports changed since; Unmet(lines="required") where nothing can be accepted.
    """
    compared = difference(session, returned, actor=actor, now=now, lock=True)
    wanted = None if chosen is None else set(chosen)
    accepted: set[str] = set()
    for report in compared.reports:
        taken = [one.line for one in report.lines if _is_taken(one, wanted)]
        if not taken:
            continue
        if seen.get(report.item.report.id) != report.version:
            raise Stale
        _save(session, report.item, taken, actor=actor, now=now)
        accepted |= {line.id for line in taken}
    if not accepted:
        if returned.applied_at is not None and (wanted is None or (wanted and not wanted & _ids(returned))):
            return 0
        raise Unmet(lines="required")
    left = [one.line for report in compared.reports for one in report.lines if one.line.id not in accepted]
    before = (returned.outcome or {}).get("accepted", 0)
    returned.applied_at = returned.applied_at or now
    returned.outcome = {"accepted": before + len(accepted), "left": len(left)}
    # What was accepted stands in the reports: its text is not kept a second time.
    returned.content = {**returned.content, "lines": [line.to_json() for line in left]}
    audit.record(
        session,
        "workbook.applied",
        now=now,
        actor=actor,
        about=("workbook_return", returned.public_id),
        new={"accepted": len(accepted), "left": len(left), "reports": len({i.split(":")[1] for i in accepted})},
    )
    session.flush()
    return len(accepted)


def _ids(returned: WorkbookReturn) -> set[str]:
    """Of the lines that still wait."""
    return {Line.from_json(one).id for one in returned.content.get("lines", ())}


def _is_taken(one: Compared, wanted: set[str] | None) -> bool:
    if wanted is None:
        return one.status == CLEAN
    return one.line.id in wanted and one.status != BLOCKED


def _save(session: Session, item: Item, lines: list[Line], *, actor: Actor, now: datetime) -> None:
    report = item.report
    reports.save(session, report, merge(item.content, lines), seen_version=report.version, actor=actor, now=now)
    session.add(
        HistoryEntry(
            commitment_id=report.commitment_id,
            report_id=report.id,
            party_id=report.party_id,
            at=now,
            action=FROM_WORKBOOK,
            actor_id=actor.user_id,
            actor_role=actor.role.value,
            visibility=Visibility.PARTY,
            details={"lines": len(lines)},
        )
    )


def discard(session: Session, returned: WorkbookReturn, *, actor: Actor, now: datetime) -> None:
    """Forget what was not accepted. What was accepted stays in the reports."""
    audit.record(
        session,
        "workbook.discarded",
        now=now,
        actor=actor,
        about=("workbook_return", returned.public_id),
        old={"lines": len(returned.content.get("lines", ()))},
    )
    session.delete(returned)


def sweep(session: Session, *, now: datetime) -> int:
    """Forget files that came back long ago. Returns how many."""
    old = sa.delete(WorkbookReturn).where(WorkbookReturn.uploaded_at < now - KEPT_FOR)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
