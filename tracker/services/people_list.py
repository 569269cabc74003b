"""The list of accounts for administrators: filters, pages, the same few queries whatever the number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import Role
from tracker.models import Institution, ReportingParty, User

PAGE = 50


class AccountState(StrEnum):
    """Derived: no column holds it."""

    ACTIVE = "active"
    INVITED = "invited"
    DISABLED = "disabled"


_IS = {
    AccountState.ACTIVE: sa.and_(User.active.is_(True), User.password.is_not(None)),
    AccountState.INVITED: sa.and_(User.active.is_(True), User.password.is_(None)),
    AccountState.DISABLED: User.active.is_(False),
}
_STATE = sa.case(
    (_IS[AccountState.DISABLED], AccountState.DISABLED.value),
    (_IS[AccountState.INVITED], AccountState.INVITED.value),
    else_=AccountState.ACTIVE.value,
)


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty means all. ``words`` are looked for in names and addresses."""

    role: Role | None = None
    party_code: str = ""
    state: AccountState | None = None
    words: str = ""


def listing(session: Session, filters: Filters, *, number: int) -> tuple[list[sa.Row[Any]], int]:
    """The rows of one page, by name, and how many there are in all."""
    conditions = _conditions(filters)
    joined = sa.outerjoin(User, ReportingParty, ReportingParty.id == User.party_id)
    total = session.scalar(sa.select(sa.func.count()).select_from(joined).where(*conditions)) or 0
    rows = session.execute(
        sa.select(
            User.id,
            User.name,
            User.email,
            User.role,
            User.is_alternate,
            User.last_sign_in_at,
            _STATE.label("state"),
            ReportingParty.name.label("party_name"),
            Institution.name.label("institution"),
        )
        .select_from(joined)
        .outerjoin(Institution, Institution.id == User.institution_id)
        .where(*conditions)
        .order_by(sa.func.lower(User.name), User.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    return list(rows), total


def state_of(user: User) -> AccountState:
    """Whether the account is in use."""
    if not user.active:
        return AccountState.DISABLED
    return AccountState.INVITED if user.password is None else AccountState.ACTIVE


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.role:
        conditions.append(User.role == filters.role)
    if filters.party_code:
        conditions.append(ReportingParty.code == filters.party_code)
    if filters.state:
        conditions.append(_IS[filters.state])
    for word in filters.words.split()[:10]:
        conditions.append(
            sa.or_(User.name.icontains(word, autoescape=True), User.email.icontains(word, autoescape=True))
        )
    return conditions
