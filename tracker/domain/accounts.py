"""Rules about accounts: how often somebody may guess, how long links live, who needs a State."""

from __future__ import annotations

from datetime import timedelta

from tracker.domain.vocabulary import NATIONAL_ROLES, PartyKind, Role

MOST_FAILURES = 10
FAILURE_WINDOW = timedelta(minutes=15)
"""So many wrong passwords for one address within this time, wherever they come from; then it waits."""

RESET_LASTS = timedelta(hours=2)
INVITATION_LASTS = timedelta(days=7)
MOST_RESETS = 5
RESET_WINDOW = timedelta(hours=1)
"""So many mails with a reset link within this time; more requests change nothing."""

KEEP_ENDED = timedelta(days=30)
"""How long ended sessions and dead links stay before they are swept."""

PARTY_OF_ROLE: dict[Role, PartyKind] = {
    **dict.fromkeys(NATIONAL_ROLES, PartyKind.MEMBER_STATE),
    Role.SECRETARIAT_REPORTER: PartyKind.GENERAL_SECRETARIAT,
}
"""Whom a person of this role reports for; roles that are not here belong to no party."""


def has_brake(failures: int) -> bool:
    """Whether the next try has to wait."""
    return failures >= MOST_FAILURES


def self_lockout(*, is_self: bool, role: Role, active: bool) -> bool:
    """Whether an administrator would shut himself or herself out with this change."""
    return is_self and (not active or role is not Role.ADMINISTRATOR)
