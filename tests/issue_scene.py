"""Issuing in tests: with documents of one line each, so that a number costs no typesetting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.cast import Cast
from tracker.db import transaction
from tracker.documents import status_report_pdf
from tracker.domain.vocabulary import PublicationKind
from tracker.services import issue_subjects, issued_reports, issued_reports_read
from tracker.services.issued_reports_read import Issue

FORMATS = ("pdf", "docx", "xlsx", "json")


def plain(form: str) -> Any:
    """A renderer whose document says which report it was made from."""
    return lambda report: f"{form} of {report.issue.number} in {report.language}: {report!r}".encode()


PLAIN: issued_reports.Renderers = {kind: {form: plain(form) for form in FORMATS} for kind in PublicationKind}


def only(party_code: str, language: str) -> issued_reports.Renderers:
    """Real PDFs of one party in one language, documents of one line for all else."""

    def pdf(report: Any) -> bytes:
        is_meant = getattr(report, "party_code", "") == party_code and report.language == language
        return status_report_pdf.render(report) if is_meant else plain("pdf")(report)

    return {kind: {**PLAIN[kind], "pdf": pdf} for kind in PublicationKind}


def begin(cast: Cast, subject: str = "br-2026", name: str | None = "admin", **more: Any) -> int:
    """Number and freeze; ``name`` None: the clock."""
    kind = issue_subjects.parse(subject).kind
    actor = cast.actor(name) if name else None
    with cast.writing() as session:
        return issued_reports.begin(session, kind, subject, actor=actor, now=cast.clock.now(), **more)


def finish(cast: Cast, issue_id: int, renderers: Mapping[Any, Any] = PLAIN, now: datetime | None = None) -> bool:
    with cast.app.app_context():
        return issued_reports.finish(transaction, issue_id, renderers, now=now or cast.clock.now())


def issue(cast: Cast, subject: str = "br-2026", name: str | None = "admin", **more: Any) -> Issue:
    """Issue a report; as it is read afterwards."""
    issue_id = begin(cast, subject, name, **more)
    assert finish(cast, issue_id)
    return read(cast, issue_id)


def read(cast: Cast, issue_id: int) -> Issue:
    with cast.reading() as session:
        return issued_reports_read.by_id(session, issue_id)


def withdraw(cast: Cast, one: Issue, reason: str = "Issued by mistake.", name: str = "admin") -> Issue:
    actor = cast.actor(name)
    with cast.writing() as session:
        return issued_reports.withdraw(
            session,
            one.id,
            reason=reason,
            explanation="",
            seen_version=one.version,
            actor=actor,
            now=cast.clock.now(),
        )
