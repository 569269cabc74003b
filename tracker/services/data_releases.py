"""Releases of the open data: made by the clock where something in the tables changed, kept for ever.

At most one a day (UTC). The number counts within the year: 2026.1, 2026.2, …
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import DataFile, DataRelease
from tracker.services import audit, open_data, public_version
from tracker.services.open_data_content import Table
from tracker.services.plain_rows import rows

VERSION = re.compile(r"\d{4}\.[1-9]\d{0,4}", re.ASCII)
FILE = re.compile(r"[a-zA-Z][a-zA-Z0-9.-]{0,60}", re.ASCII)
SHOWN = 20
"""Releases on one page."""


class Made(Protocol):
    """A file as ``documents.open_data_files`` makes it."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def content(self) -> bytes: ...


class Maker(Protocol):
    """Makes the files of a release: ``documents.open_data_files.files``."""

    def __call__(self, tables: Sequence[Table], *, version: str, as_of: datetime, url: str) -> Sequence[Made]: ...


@dataclass(frozen=True)
class Found:
    """A file to hand out."""

    media_type: str
    sha256: str
    content: bytes


_NEWEST = sa.select(DataRelease.as_of, DataRelease.looked_at, DataRelease.seen_version, DataRelease.digest).order_by(
    DataRelease.id.desc()
)


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether it is worth looking: none was made today, and something changed since, or the day did."""
    last = rows(session, _NEWEST.limit(1)).one_or_none()
    if last is None:
        return True
    if _day(last.as_of) >= _day(now):
        return False
    return _day(last.looked_at) < _day(now) or last.seen_version != public_version.version(session)


def make(
    session: Session, *, now: datetime, base_url: str, maker: Maker, canonical: Callable[[Sequence[Table]], bytes]
) -> str | None:
    """Release what is public now; None where no table differs from the newest release, or one was made today.

    ``canonical`` says when two sets of tables are the same. The number of the new release.
    """
    if not is_due(session, now=now):
        return None
    last = session.scalars(sa.select(DataRelease).order_by(DataRelease.id.desc()).limit(1).with_for_update()).first()
    seen = public_version.version(session)
    tables = open_data.tables(session, now)
    digest = hashlib.sha256(canonical(tables)).hexdigest()
    if last is not None:
        last.looked_at, last.seen_version = now, seen
        if last.digest == digest:
            return None
    version = _next(now, last.version if last else "")
    release = DataRelease(version=version, as_of=now, digest=digest, looked_at=now, seen_version=seen)
    url = f"{base_url}/data/{version}"
    for position, one in enumerate(maker(tables, version=version, as_of=now, url=url), 1):
        release.files.append(
            DataFile(
                position=position,
                name=one.name,
                media_type=one.media_type,
                rows=one.rows,
                sha256=hashlib.sha256(one.content).hexdigest(),
                size=len(one.content),
                content=one.content,
            )
        )
    session.add(release)
    audit.record(session, "data.released", now=now, about=("data_release", version), new={"sha256": digest})
    return version


def _next(now: datetime, last: str) -> str:
    year = now.astimezone(UTC).year
    before, _dot, number = last.partition(".")
    return f"{year}.{int(number) + 1 if before == str(year) else 1}"


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


_LISTED = sa.select(DataRelease.version, DataRelease.as_of, sa.func.count().over().label("all")).order_by(
    DataRelease.id.desc()
)


def listed(session: Session, page: int) -> tuple[Sequence[sa.Row], int]:
    """(version, as_of) of one page of releases, newest first, and how many there are."""
    found = rows(session, _LISTED.limit(SHOWN).offset((page - 1) * SHOWN)).all()
    return found, found[0].all if found else 0


_RELEASE = sa.select(DataRelease.id, DataRelease.version, DataRelease.as_of, DataRelease.digest)
_FILES = (
    sa.select(DataFile.name, DataFile.media_type, DataFile.rows, DataFile.sha256, DataFile.size)
    .where(DataFile.release_id == sa.bindparam("release"))
    .order_by(DataFile.position)
)


def release(session: Session, version: str | None) -> tuple[sa.Row, Sequence[sa.Row]] | None:
    """A release and its files without their content; without a version the newest. None where there is none."""
    wanted = _RELEASE.order_by(DataRelease.id.desc()).limit(1) if version is None else _RELEASE
    if version is not None:
        wanted = wanted.where(DataRelease.version == version)
    row = rows(session, wanted).one_or_none()
    return (row, rows(session, _FILES, {"release": row.id}).all()) if row else None


_FILE = (
    sa.select(DataFile.media_type, DataFile.sha256, DataFile.content)
    .join(DataRelease, DataRelease.id == DataFile.release_id)
    .where(DataRelease.version == sa.bindparam("version"), DataFile.name == sa.bindparam("name"))
)


def file(session: Session, version: str, name: str) -> Found | None:
    """The content of one file, as it was released; None where there is none of that name."""
    row = rows(session, _FILE, {"version": version, "name": name}).one_or_none()
    return Found(row.media_type, row.sha256, bytes(row.content)) if row else None
