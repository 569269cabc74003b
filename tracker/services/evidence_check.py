"""Quarantine: each file is scanned, opened, cleaned and read before anybody is given it.

The slow part touches no transaction; what came of it is written in one, if the row still stands as it was. A crash in
between leaves the file waiting, and it is looked at again. What lies in the store without a row is swept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import FileState
from tracker.files.inspection import inspect
from tracker.files.kinds import KIND_OF
from tracker.files.scanning import Scan, ScannerFailed, scan
from tracker.files.store import Store, Stored
from tracker.logs import log
from tracker.models import Evidence, EvidenceVersion
from tracker.services import audit
from tracker.services.personal_data import in_file

Transaction = Callable[[], AbstractContextManager[Session]]
PATIENCE = timedelta(days=1)
"""How long a file without a row is left in the store: whoever sent it may still be writing the row."""
AT_A_TIME = 50
MOST_FINDINGS = 200
IDENTIFIER, INFECTED, NO_TEXT = "identifier", "infected", "no_text"


@dataclass
class Outcome:
    """What one round came to."""

    done: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Waiting:
    """A file to be looked at."""

    version_id: int
    key: str
    media_type: str
    file_name: str
    name_explained: bool
    """What was found in the name when it was sent was explained then."""


@dataclass(frozen=True)
class Found:
    """What the look at one file gave."""

    state: FileState
    scan: Scan
    problem: str = ""
    findings: tuple[list[str], ...] = ()
    """(place, kind, masked excerpt) of each doubtful passage."""
    cleaned: Stored | None = field(default=None)
    """Where the file without metadata lies, if it was written anew."""


def check_all(
    transaction: Transaction,
    store: Store,
    waiting: Iterable[Waiting],
    *,
    clamd_url: str | None,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Look at these files, one after the other."""
    outcome = Outcome()
    for one in waiting:
        if stopping():
            break
        try:
            found = look(store, one, clamd_url)
            with transaction() as session:
                kept = conclude(session, one, found, now=clock())
        except ScannerFailed as error:
            outcome.failed += 1
            log.warning("evidence.scanner_failed", kind=str(error))
            break  # it would fail for the others as well
        except Exception as error:
            outcome.failed += 1
            log.error("evidence.check_failed", version=one.version_id, kind=type(error).__name__, exc_info=error)
            continue
        outcome.done += kept
        if found.cleaned is not None:
            store.delete(one.key if kept else found.cleaned.key)
    return outcome


def waiting_files(session: Session) -> list[Waiting]:
    """The files that wait, the oldest first."""
    rows = session.execute(
        sa.select(
            EvidenceVersion.id,
            EvidenceVersion.store_key,
            EvidenceVersion.media_type,
            EvidenceVersion.file_name,
            Evidence.explanation,
        )
        .join(Evidence, Evidence.id == EvidenceVersion.evidence_id)
        .where(EvidenceVersion.state == FileState.WAITING)
        .order_by(EvidenceVersion.id)
        .limit(AT_A_TIME)
    )
    return [Waiting(r.id, r.store_key, r.media_type, r.file_name, bool(r.explanation)) for r in rows]


def look(store: Store, one: Waiting, clamd_url: str | None) -> Found:
    """Scan, open, clean and read one file; no transaction is open. Raises ScannerFailed, FileNotFoundError."""
    said = scan(store.read(one.key), clamd_url)
    if said is Scan.INFECTED:
        return Found(FileState.REFUSED, said, INFECTED)
    with tempfile.TemporaryDirectory() as name:
        source, folder = Path(name) / "source", Path(name) / "out"
        folder.mkdir()
        store.fetch(one.key, source)
        seen = inspect(source, KIND_OF[one.media_type], folder)
        if seen.problem:
            return Found(FileState.REFUSED, said, seen.problem)
        passages = in_file("" if one.name_explained else one.file_name, seen.texts)
        findings = tuple([one.place, one.suspicion.value, one.masked] for one in passages[:MOST_FINDINGS])
        if any(one.certain for one in passages):
            return Found(FileState.REFUSED, said, IDENTIFIER, findings)
        cleaned = None
        if seen.cleaned is not None:
            with seen.cleaned.open("rb") as stream:
                cleaned = store.put(stream)
        for number, picture in enumerate(seen.pages, 1):
            store.put_page(cleaned.key if cleaned else one.key, number, picture)
    state = FileState.NEEDS_REASON if findings else FileState.CLEAN
    return Found(state, said, "" if seen.texts else NO_TEXT, findings, cleaned)


def conclude(session: Session, one: Waiting, found: Found, *, now: datetime) -> bool:
    """Write what was found; False where the row is no longer as it was (purged meanwhile)."""
    version = session.scalars(
        sa.select(EvidenceVersion)
        .where(
            EvidenceVersion.id == one.version_id,
            EvidenceVersion.state == FileState.WAITING,
            EvidenceVersion.store_key == one.key,
        )
        .with_for_update()
    ).one_or_none()
    if version is None:
        return False
    version.state, version.scan, version.problem = found.state, found.scan.value, found.problem
    version.findings = list(found.findings)
    version.checked_at = now
    if found.cleaned is not None:
        version.store_key, version.size = found.cleaned.key, found.cleaned.size
        version.sha256 = found.cleaned.sha256
    audit.record(
        session,
        "evidence.check",
        now=now,
        party_id=version.evidence.party_id,
        about=("evidence", version.evidence_id),
        new={
            "number": version.number,
            "state": found.state,
            "scan": audit.Plain(found.scan.value),
            "problem": audit.Plain(found.problem),
            "findings": len(found.findings),
        },
    )
    return True


def sweep(transaction: Transaction, store: Store, *, now: datetime) -> int:
    """Erase what lies in the store without a row: uploads broken off, contents purged. How many."""
    before = now - PATIENCE
    lying = store.keys(older_than=before)
    with transaction() as session:  # after the listing: a row written in between is then seen
        known = set(session.scalars(sa.select(EvidenceVersion.store_key)))
    for key in lying - known:
        store.delete(key)
    return len(lying - known) + store.drop_unfinished(older_than=before)
