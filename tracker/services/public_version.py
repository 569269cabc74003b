"""The state of what is public, as one number: the same number, the same pages."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.models import PublicVersion
from tracker.services.plain_rows import rows

_NUMBER = sa.select(PublicVersion.number)


def version(session: Session) -> int:
    """The number of the newest entry of the audit trail after which something public may read otherwise.

    Kept by ``trail`` in the transaction of the change. What follows from the clock alone (a due date that passes) does
    not move it.
    """
    found: int = rows(session, _NUMBER).scalar_one()
    return found
