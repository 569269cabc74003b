"""What a door itself writes into the audit trail: a refusal, and a document that a signed-in person took away.

The one exception to "a GET never writes" (docs/house.md): the entry has a small transaction of its own, begun when
everything is read.
"""

from __future__ import annotations

from flask import g, request

from tracker.db import transaction
from tracker.services import audit
from tracker.web.access import maybe_actor


def refused(status: int) -> None:
    """A door said no: 403, or 404 for a record that is not there or not for this person to know of.

    Which address was asked for and the number in it, never what was typed. Strangers are left out: they find public
    pages only, and whoever guesses addresses must not fill the trail.
    """
    person = maybe_actor()
    if person is None:
        return
    with transaction() as session:
        audit.record(
            session,
            "access.refused",
            now=g.now,
            actor=person,
            about=_record_asked(),
            new={
                "method": audit.Plain(request.method),
                "endpoint": audit.Plain(request.endpoint or ""),
                "status": status,
            },
        )


def _record_asked() -> tuple[str, int] | None:
    """The record that the address names by number, as other entries name it."""
    for name, value in (request.view_args or {}).items():
        if isinstance(value, int):
            kind = name.removesuffix("_id")
            return ("progress_report" if kind == "report" else kind), value
    return None


def exported(what: str, key: object, **facts: str) -> None:
    """A signed-in person took a document away: ``what`` kind, of which record, in which ``facts`` (format, language).

    What is public anyway is noted of signed-in people only. Call it when the document can be made, before it goes out.
    """
    person = maybe_actor()
    if person is None:
        return
    with transaction() as session:
        audit.record(
            session,
            "export",
            now=g.now,
            actor=person,
            about=(what, key),
            new={name: audit.Plain(value) for name, value in facts.items()},
        )
