"""The library: the documents that the entries of the activities name. Titles only; the files are not held here."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import Activity, ActivityDocument
from tracker.services.plain_rows import rows

SHOWN = 50
"""Documents on a page."""


def listing(
    session: Session, *, language: str = "", kind: str = "", year: int | None = None, activity: str = "", page: int = 1
) -> tuple[list[sa.Row], int]:
    """(One page of the documents with their activity, newest activity first; how many there are).

    Filtered by language, kind, the year in which the activity began, and its code.
    """
    wanted = [
        condition
        for asked, condition in (
            (language, ActivityDocument.language == language),
            (kind, ActivityDocument.kind == kind),
            (year, sa.extract("year", Activity.starts_on) == year),
            (activity, Activity.code == activity),
        )
        if asked
    ]
    query = (
        sa.select(
            ActivityDocument.name,
            ActivityDocument.kind,
            ActivityDocument.language,
            Activity.code.label("activity_code"),
            Activity.title.label("activity_title"),
            Activity.starts_on,
            Activity.date_precision,
            Activity.date_uncertain,
            sa.func.count().over().label("all"),
        )
        .join(Activity, Activity.id == ActivityDocument.activity_id)
        .where(*wanted)
        .order_by(Activity.position, ActivityDocument.position)
    )
    found = list(rows(session, query.limit(SHOWN).offset((page - 1) * SHOWN)).all())
    if found or page == 1:
        return found, found[0].all if found else 0
    return found, session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


_WITH_DOCUMENTS = (
    sa.select(Activity.code, Activity.title)
    .where(sa.exists().where(ActivityDocument.activity_id == Activity.id))
    .order_by(Activity.position)
)


def activities_with_documents(session: Session) -> list[sa.Row]:
    """Code and title of the activities whose entries name documents, newest first."""
    return list(rows(session, _WITH_DOCUMENTS).all())


def languages(session: Session) -> list[str]:
    """The languages of the documents, by code."""
    found = session.scalars(sa.select(ActivityDocument.language).distinct())
    return sorted(language for language in found if language)
