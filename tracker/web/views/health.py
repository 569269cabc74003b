"""Two addresses for machines: whether the process lives, and whether everything behind it does."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, jsonify
from flask.typing import ResponseReturnValue

from config import Settings
from tracker.db import db
from tracker.domain.policy import Permission, can
from tracker.migrate import alembic
from tracker.services import health
from tracker.services.health import Health
from tracker.web.access import maybe_actor, public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process lives. Asks nothing of anybody."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """One word for strangers; the parts for administrators.

    503 where the database is not there or not up to date: no page can be answered. "degraded" is 200, because pages
    are: the scheduler is not running, a job fails, mail does not leave, or the disk is nearly full.
    """
    settings: Settings = current_app.extensions["tracker.settings"]
    if alembic.needs_upgrade():
        return jsonify(status="unavailable"), 503
    found = health.look(
        db.session,
        rhythms=health.RHYTHMS,
        mail_leaves=settings.smtp_url is not None,
        folder=settings.data_dir,
        now=g.now,
    )
    status = "ok" if found.well else "degraded"
    if not can(maybe_actor(), Permission.MAIL_VIEW):
        return jsonify(status=status)
    return jsonify(status=status, **_details(found))


def _details(found: Health) -> dict[str, object]:
    return {
        "parts": dict(found.parts),
        "scheduler_at": found.scheduler_at.isoformat() if found.scheduler_at else None,
        "late_jobs": found.late_jobs,
        "failing_jobs": found.failing_jobs,
        "mails_waiting": found.waiting,
        "oldest_waiting_at": found.oldest_waiting_at.isoformat() if found.oldest_waiting_at else None,
        "mails_refused": found.refused,
        "disk_free_bytes": found.disk_free_bytes,
    }
