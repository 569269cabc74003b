"""Correcting what is said of a piece of evidence: title, date, language, and who may read it.

Submissions keep the words they were submitted with. Who may read follows the stricter of the two, what was submitted
and what holds now (``services.evidence_access``): restricting takes effect at once everywhere, making public only with
what is submitted afterwards.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.models import Evidence
from tracker.services import audit
from tracker.services.evidence import About
from tracker.services.evidence_access import is_owner
from tracker.services.personal_data import require_clean

FIELDS = ("title", "speaks_of", "language", "is_public")


def correct(session: Session, piece: Evidence, about: About, *, seen_version: int, actor: Actor, now: datetime) -> bool:
    """Put these details in place of what stands there. False where they stand there already, as in a form sent twice.

    Raises NotPermitted; Stale where somebody changed the piece since ``seen_version``; Unmet(title=…).
    """
    if not can(actor, Permission.EVIDENCE_ADD) or not is_owner(session, piece, actor):
        raise NotPermitted(Permission.EVIDENCE_ADD)
    session.refresh(piece, with_for_update={"of": Evidence})
    if not about.title:
        raise Unmet(title="required")
    old, new = _details(piece), _details(about)
    changed = [name for name in FIELDS if old[name] != new[name]]
    if not changed:
        return False
    if piece.version != seen_version:
        raise Stale
    if "title" in changed:  # one that stays was looked at when it came
        require_clean(about.explanation, title=about.title)
    for name in changed:
        setattr(piece, name, new[name])
    piece.explanation = about.explanation or piece.explanation
    session.flush()
    audit.record(
        session,
        "evidence.details",
        now=now,
        actor=actor,
        party_id=piece.party_id,
        internal=False,
        about=("evidence", piece.id),
        old={name: _kept(name, old[name]) for name in changed},
        new={name: _kept(name, new[name]) for name in changed},
    )
    return True


def _details(said: Evidence | About) -> dict[str, Any]:
    return {name: getattr(said, name) for name in FIELDS}


def _kept(name: str, value: Any) -> Any:
    """As the trail keeps it: of the title, which somebody typed, only a digest."""
    return audit.Plain(value) if name == "language" else value
