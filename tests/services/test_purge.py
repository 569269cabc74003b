"""Purge: what is erased is nowhere any more; that it was erased, by whom, when and why stays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import PEOPLE, Cast
from tracker.documents import status_report_pdf
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.vocabulary import EvidenceKind, ObservationState, ReportState, Visibility
from tracker.mail import outbox
from tracker.mail.rendering import Rendered
from tracker.models import (
    AuditEntry,
    Base,
    Evidence,
    HistoryEntry,
    InternalNote,
    Message,
    MessageAttachment,
    Observation,
    Organisation,
    ProgressReport,
    Purge,
    Question,
    ReportRevision,
    User,
    WorkbookReturn,
)
from tracker.services import personal_data, purge, purge_places, records, reports, status_reports
from tracker.services.purge_places import ERASED, NOT_SEARCHED
from tracker.services.report_content import ReportContent, of_draft

PASSAGE = "Rosa <Inventada> de l'Île"
TEXT = f"On 3 May {PASSAGE} was found & helped."
WHY = "A person was named."


def test_every_column_of_text_is_searched_or_left_out_for_a_reason() -> None:
    tables = Base.metadata.tables
    for name, reason in NOT_SEARCHED.items():
        table, _dot, column = name.partition(".")
        assert reason
        assert table in tables, f"{name} is no table any more"
        assert not column or column in tables[table].c, f"{name} is no column any more"
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, sa.Enum) and isinstance(column.type, sa.String | sa.Text | sa.JSON):
                left_out = table.name in NOT_SEARCHED or f"{table.name}.{column.name}" in NOT_SEARCHED
                assert left_out != (column in purge_places.searched().get(table, ())), f"{table.name}.{column.name}"
    blobs = {
        f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.c if isinstance(c.type, sa.LargeBinary)
    }
    notes = {"note_verbale.pdf", "note_verbale.docx"}  # papers that left; nothing in them was typed as free text
    issued = {"issued_edition.frozen", "issued_document.content"}  # services.purge_issues
    figures = {"data_file.content"}  # no text of people
    assert blobs == {"message_attachment.content"} | notes | issued | figures, "a new column of bytes: purge it as well"


@pytest.fixture
def report_id(any_cast: Cast) -> int:
    """A published report of the United States; ``any_cast.fill`` is not asked, so that the passage stands in it."""
    return any_cast.report_id("US", "CS-03")


def everywhere(cast: Cast, report_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The passage in every kind of place, through the services where they would take it."""
    with monkeypatch.context() as patch:
        patch.setattr(personal_data, "examine", lambda _texts: [])
        patch.setattr(reports, "findings", lambda _content: [])
        cast.fill(report_id, "focal.us", TEXT)
        cast._step(report_id, reports.ask_approval, "focal.us")
        cast._step(report_id, reports.refuse, "approver.us", comment=f"Shorten this: {TEXT}")
    with cast.writing() as session:
        report = records.report(session, report_id)
        assert report is not None
        content = replace(of_draft(report), summary=f"Twice: {PASSAGE} and {PASSAGE}.")
        user = session.scalars(sa.select(User.id).where(User.email == "reviewer@tracker.test")).one()
        now = cast.clock.now()
        session.add_all(
            [
                ReportRevision(
                    report_id=report_id, number=1, content=content.to_json(), sha256=content.sha256(), submitted_at=now
                ),
                InternalNote(report_id=report_id, text=TEXT, at=now, by_id=user),
                Question(
                    report_id=report_id, revision_number=1, text=TEXT, asked_at=now, asked_by_id=user, answer=TEXT,
                    answered_at=now, answered_by_id=user,
                ),
                Evidence(
                    public_id="e" * 32, party_id=report.party_id, kind=EvidenceKind.LINK, title=PASSAGE,
                    url="https://example.org/", created_at=now, created_by_id=user,
                ),
                WorkbookReturn(
                    public_id="w" * 32, party_id=report.party_id, user_id=user, made_at=now, uploaded_at=now,
                    content={"lines": [{"text": TEXT, "more": [PASSAGE]}]},
                ),
            ]
        )  # fmt: skip
        organisation = Organisation(name="Invented organisation", created_at=now)
        session.add(organisation)
        session.flush()
        session.add(
            Observation(
                commitment_id=report.commitment_id, report_id=report_id, party_id=report.party_id,
                organisation_id=organisation.id, state=ObservationState.FILED, text=TEXT, created_at=now, edited_at=now,
                edited_by_id=user,
            )
        )  # fmt: skip
        broken = TEXT.replace(" ", "\n  ")
        html = TEXT.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
        outbox.put(
            session, key="notice:9:9", kind="notice", recipient_id=user, to_address="reviewer@tracker.test",
            message=Rendered("About a report", broken, f"<p>{html}</p>", "en"), now=now,
            attachments=[("report.pdf", "application/pdf", b"%PDF broken")],
        )  # fmt: skip


def dump(session: Session) -> str:
    """Everything the database holds, as text."""
    lines = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(sa.select(table)):
            lines.append(f"{table.name} " + " | ".join(_said(value) for value in row))
    return "\n".join(lines)


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)


def erase(cast: Cast, name: str = "admin", **changed: Any) -> Purge:
    actor = cast.actor(name)
    with cast.writing() as session:
        seen = sum(one.count for one in purge.find(session, PASSAGE, actor=actor))
        arguments: dict[str, Any] = {"seen": seen, "reason": WHY, **changed}
        return purge.erase_passage(session, PASSAGE, actor=actor, now=cast.clock.now(), **arguments)


def test_a_passage_is_gone_from_everywhere_and_what_stays_says_so(
    any_cast: Cast, report_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere(any_cast, report_id, monkeypatch)
    version = any_cast.version(report_id)
    with any_cast.reading() as session:
        assert dump(session).count("Inventada") >= 15
        places = {one.place: one.count for one in purge.find(session, PASSAGE, actor=any_cast.actor("admin"))}
        digest = session.scalars(sa.select(ReportRevision.sha256).where(ReportRevision.report_id == report_id)).one()
    assert places["report_revision.content"] == 5
    assert places["element_answer.narrative"] == 3
    assert places["workbook_return.content"] == 2
    for place in ("message.text", "message.html", "history_entry.comment", "question.answer", "observation.text"):
        assert places[place] >= 1
    erase(any_cast)
    with any_cast.reading() as session:
        left = dump(session)
        assert "Inventada" not in left
        assert "was found & helped." in left, "only the passage goes"
        assert purge.find(session, PASSAGE, actor=any_cast.actor("admin")) == []
        done = session.scalars(sa.select(Purge)).one()
        assert (done.kind, done.reason, done.places) == ("passage", WHY, places)
        assert done.commitment_id == any_cast.commitment_id("US", "CS-03")
        assert done.at == any_cast.clock.now()
        [entry] = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "erased"))
        assert (entry.comment, entry.visibility) == (WHY, Visibility.FILE)
        [audit] = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "purge.passage"))
        assert audit.actor_id == done.by_id
        revision = session.scalars(sa.select(ReportRevision).where(ReportRevision.report_id == report_id)).one()
        content = ReportContent.from_json(revision.content)
        assert content.erased
        assert content.summary == f"Twice: {ERASED} and {ERASED}."
        assert revision.sha256 == digest, "the digest stays that of what was submitted"
    assert any_cast.version(report_id) > version, "a form that is still open cannot bring it back unseen"


def test_documents_that_were_mailed_go_with_it(any_cast: Cast) -> None:
    report_id = any_cast.report_id("US", "CS-02")
    any_cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
    name = "Rosalinda Inventada"
    any_cast._step(report_id, reports.comment, "focal.us", text=f"Ask {name}.")
    with any_cast.writing() as session:
        now = any_cast.clock.now()
        document = status_report_pdf.render(status_reports.build(session, "US", None, "en", now))
        user = session.scalars(sa.select(User).where(User.email == "focal.us@tracker.test")).one()
        outbox.put(
            session,
            key="status-report:1",
            kind="status_report",
            recipient_id=user.id,
            to_address=user.email,
            message=Rendered("Status report", "Attached.", "<p>Attached.</p>", "en"),
            now=now,
            attachments=[("report.pdf", "application/pdf", document), ("other.pdf", "application/pdf", b"%PDF-1.7")],
        )
    actor = any_cast.actor("admin")
    with any_cast.writing() as session:
        places = {one.place: one.count for one in purge.find(session, name, actor=actor)}
        assert places["message_attachment.content"] == 1
        purge.erase_passage(session, name, seen=sum(places.values()), reason=WHY, actor=actor, now=any_cast.clock.now())
    with any_cast.reading() as session:
        files = session.execute(sa.select(MessageAttachment.file_name, MessageAttachment.content)).all()
        assert sorted(one.file_name for one in files) == ["erased.txt", "other.pdf"]
        assert name not in dump(session)
        assert session.scalar(sa.select(sa.func.count()).select_from(Message)) > 0


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"admin", "admin2"}))
def test_refused_to_all_others(cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    with cast.writing() as session:
        with pytest.raises(NotPermitted):
            purge.find(session, PASSAGE, actor=actor)
        with pytest.raises(NotPermitted):
            purge.erase_passage(session, PASSAGE, seen=0, reason=WHY, actor=actor, now=cast.clock.now())
        with pytest.raises(NotPermitted):
            purge.listing(session, actor=actor)


@pytest.mark.parametrize(
    ("passage", "reason", "problems"),
    [
        ("", WHY, {"passage": "required"}),
        ("abc", WHY, {"passage": "too_common"}),
        ("implemented", WHY, {"passage": "too_common"}),
        ("Nowhere to be found", WHY, {"passage": "not_found"}),
        (PASSAGE, "", {"reason": "required"}),
        (PASSAGE, f"It was about {PASSAGE.upper()}", {"reason": "holds_passage"}),
        (PASSAGE, "Asked by rosa@example.com", {"reason": "identifier"}),
    ],
)
def test_what_is_asked_for(any_cast: Cast, passage: str, reason: str, problems: dict[str, str]) -> None:
    actor = any_cast.actor("admin")
    with pytest.raises(Unmet) as caught, any_cast.writing() as session:
        purge.erase_passage(session, passage, seen=0, reason=reason, actor=actor, now=any_cast.clock.now())
    assert caught.value.problems == problems


def test_what_was_seen_must_still_be_so(any_cast: Cast, report_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere(any_cast, report_id, monkeypatch)
    with pytest.raises(Stale):
        erase(any_cast, seen=1)
    with any_cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Purge)) == 0
        assert "Inventada" in dump(session)


def test_codes_and_dates_of_the_content_are_left_alone(any_cast: Cast, report_id: int) -> None:
    content = ReportContent(answers=(), summary="Born 2007-05-19.", evidence=())
    with any_cast.writing() as session:
        plain = content.to_json() | {
            "evidence": [{"title": "2007-05-19", "url": "", "speaks_of": "2007-05-19", "is_public": True}]
        }
        now = any_cast.clock.now()
        session.add(ReportRevision(report_id=report_id, number=1, content=plain, sha256="0" * 64, submitted_at=now))
    actor = any_cast.actor("admin")
    with any_cast.writing() as session:
        purge.erase_passage(session, "2007-05-19", seen=2, reason=WHY, actor=actor, now=any_cast.clock.now())
    with any_cast.reading() as session:
        kept = ReportContent.from_json(session.scalars(sa.select(ReportRevision.content)).one())
        assert kept.summary == f"Born {ERASED}."
        assert kept.evidence[0].title == ERASED
        assert kept.evidence[0].speaks_of == date(2007, 5, 19)
        assert session.get_one(ProgressReport, report_id)
