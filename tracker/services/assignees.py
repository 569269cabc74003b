"""Who was asked to answer, for lists."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import Assignment, Institution, User
from tracker.services.plain_rows import rows as plain


@cache
def _assignees() -> sa.Select:
    return (
        sa.select(Assignment.commitment_id, User.name, Institution.name.label("institution"))
        .join(User, User.id == Assignment.user_id)
        .outerjoin(Institution, Institution.id == User.institution_id)
        .where(Assignment.commitment_id.in_(sa.bindparam("ids", expanding=True)))
        .order_by(Assignment.id)
    )


def assigned_to(session: Session, commitment_ids: list[int]) -> dict[int, list[str]]:
    """Who was asked to answer, by commitment: the institution's name, else the person's. One query."""
    found: dict[int, list[str]] = {}
    for row in plain(session, _assignees(), {"ids": commitment_ids}):
        names, name = found.setdefault(row.commitment_id, []), row.institution or row.name
        # Who was asked for several elements is named once.
        if name not in names:
            names.append(name)
    return found
