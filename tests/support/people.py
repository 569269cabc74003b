"""Finding a person of the cast by the name that ``tests.cast.PEOPLE`` gives."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import User


def person_id(session: Session, name: str) -> int:
    """The id of the person with this name of the cast."""
    return session.scalars(sa.select(User.id).where(User.email == f"{name}@tracker.test")).one()
