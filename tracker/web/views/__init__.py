"""The views, a module per subject; each is a blueprint named as its module."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

SUBJECTS = (
    "home",
    "feed",
    "sitemap",
    "account",
    "subscriptions",
    "inbox",
    "my_mail",
    "mail_stop",
    "calendar_feed",
    "dashboard",
    "commitments",
    "assignments",
    "reports",
    "submissions",
    "autosave",
    "evidence",
    "evidence_reports",
    "reviews",
    "workbooks",
    "questions",
    "extensions",
    "compare",
    "closings",
    "escalations",
    "offices",
    "channels",
    "handover",
    "observations",
    "voices",
    "reminder_ledger",
    "states",
    "catalogue",
    "figures",
    "instruments",
    "pillars",
    "issued_reports",
    "issuing",
    "verify",
    "status_reports",
    "search",
    "saved_views",
    "good_practices",
    "hemispheric",
    "open_data",
    "admin",
    "admin_people",
    "admin_organisations",
    "admin_cycles",
    "admin_catalogue",
    "admin_mail",
    "mail_texts",
    "ladder",
    "holidays",
    "mail_plan",
    "admin_purge",
    "audit",
    "health",
)


def register(app: Flask) -> None:
    """Register the blueprint of each subject."""
    for subject in SUBJECTS:
        app.register_blueprint(import_module(f"tracker.web.views.{subject}").blueprint)
