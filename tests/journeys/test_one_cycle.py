"""One clock through a whole cycle, by the pages people use, the jobs and a real mail server, on both databases.

Plan, open, remind, draft, ask for approval, approve, take up, return, answer, rate, confirm, comment, publish, and the
status report by mail. Nothing is done behind the pages' back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pypdf
import pytest
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.issue_scene import only
from tests.support.sending import send
from tests.support.smtp import SmtpServer
from tracker import jobs
from tracker.documents import formats

CYCLE = "2026-2"
ANSWERED = "CS-05"
ELEMENTS = ("CS-05.a", "CS-05.b")
PLAN = {
    "code": CYCLE,
    "title_en": "Second half of 2026",
    "title_es": "Segundo semestre de 2026",
    "title_pt": "Segundo semestre de 2026",
    "title_fr": "Second semestre 2026",
    "period_start": "2026-01-01",
    "period_end": "2026-06-30",
    "opens_on": "2026-09-10",
    "due_on": "2026-10-31",
    "closes_on": "2026-11-30",
    "comment_days": "30",
}


class Stage:
    """The cast at its browsers, with jobs run as the scheduler would."""

    def __init__(self, cast: Cast, server: SmtpServer) -> None:
        self.cast = cast
        self.server = server

    def at(self, name: str) -> FlaskClient:
        client = self.cast.app.test_client()
        self.cast.sign_in(client, name)
        return client

    def go_to(self, day: date, hour: int = 15) -> None:
        self.cast.clock.set(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))

    def run(self, *names: str) -> None:
        for name in names:
            assert jobs.run_job(self.cast.app, name).failed == 0

    def mail_to(self, name: str) -> list[str]:
        """The subjects delivered to this person since last asked, in order."""
        address = f"{name}@tracker.test"
        mine = [r for r in self.server.received if address in r.recipients]
        self.server.received[:] = [r for r in self.server.received if address not in r.recipients]
        return [str(r.message["Subject"]) for r in mine]

    def deliver(self) -> None:
        self.run("deliver-mail")

    def report_id(self) -> int:
        return self.cast.report_id("GT", ANSWERED, CYCLE)

    def act(self, name: str, path: str, **fields: object) -> None:
        """Send the form of one step as it stands on the page now, and follow to the page after it."""
        report_id = self.report_id()
        answer = send(self.at(name), path.format(id=report_id), version=self.cast.version(report_id), **fields)
        assert answer.status_code in (302, 303), answer.get_data(as_text=True)[:3000]

    def text(self, name: str, path: str, language: str = "en") -> str:
        page = self.at(name).get(path.format(id=self.report_id()), query_string={"lang": language})
        assert page.status_code == 200
        return page.get_data(as_text=True)

    def answers(self, said: str) -> dict[str, str]:
        fields = {"content": "1", "summary": "On the whole.", "evidence-0-url": "https://example.org/act"}
        fields |= {"evidence-0-title": "An act", "evidence-0-speaks_of": "2026-03-01", "evidence-0-access": "public"}
        for code in ELEMENTS:
            fields |= {f"self_assessment-{code}": "largely_implemented", f"narrative-{code}": said}
        return fields


def test_a_cycle_from_its_plan_to_the_status_report(
    any_cast: Cast, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(any_cast, smtp_server)
    visitor = any_cast.app.test_client()

    # The administrator plans a cycle; the clock opens it on its day.
    stage.go_to(date(2026, 9, 1))
    planned = send(stage.at("admin"), "/admin/cycles/new", version="", **PLAN)
    assert planned.status_code in (302, 303), planned.get_data(as_text=True)[:3000]
    stage.run("open-cycles")
    stage.go_to(date(2026, 9, 10))
    stage.run("open-cycles", "open-cycles")
    assert "CS-05" in stage.text("focal.gt", "/dashboard")

    # Thirty days before the due date one grouped mail goes to each person of the State, and only one.
    stage.go_to(date(2026, 10, 1))
    stage.run("reminders", "reminders", "deliver-mail")
    reminded = stage.mail_to("focal.gt")
    assert len(reminded) == 1
    assert "15" in reminded[0]
    assert stage.mail_to("approver.gt") == []
    stage.go_to(date(2026, 10, 2))
    stage.run("reminders", "deliver-mail")
    assert stage.mail_to("focal.gt") == []

    # Draft, approval inside the State: the Secretariat sees nothing of it.
    stage.act("focal.gt", "/reports/{id}", **stage.answers("First words of the State."))
    assert "First words of the State." in stage.text("focal.gt", "/reports/{id}")
    desk = stage.at("reviewer").get(f"/reviews/{stage.report_id()}")
    assert "First words of the State." not in desk.get_data(as_text=True)
    stage.act("focal.gt", "/reports/{id}/ask-approval", **stage.answers("First words of the State."))
    stage.deliver()
    assert len(stage.mail_to("approver.gt")) == 1
    stage.go_to(date(2026, 10, 5))
    stage.act("approver.gt", "/reports/{id}/submit")

    # Review: taken up, returned with a new date, answered, submitted again.
    stage.go_to(date(2026, 10, 12))
    assert "CS-05" in stage.text("reviewer", "/reviews")
    stage.act("reviewer", "/reviews/{id}/take-up")
    stage.act("reviewer", "/reviews/{id}/return", comment="Please name the act.", due_on="2026-11-10")
    stage.deliver()
    assert len(stage.mail_to("focal.gt")) == 1
    assert "Please name the act." in stage.text("focal.gt", "/reports/{id}")
    stage.go_to(date(2026, 11, 3))
    stage.run("reminders", "deliver-mail")
    assert len(stage.mail_to("focal.gt")) == 1
    stage.act("focal.gt", "/reports/{id}/ask-approval", **stage.answers("The act is named now."))
    stage.act("approver.gt", "/reports/{id}/submit")

    # A rating, confirmed by somebody else, is shown to the State before anybody else sees it.
    stage.go_to(date(2026, 11, 16))
    stage.act("reviewer", "/reviews/{id}/take-up")
    stage.act(
        "reviewer",
        "/reviews/{id}/propose",
        rating="partially_implemented",
        strength="documented",
        reasons="The act exists; its use is not shown.",
    )
    refused = send(
        stage.at("reviewer"), f"/reviews/{stage.report_id()}/confirm", version=any_cast.version(stage.report_id())
    )
    assert refused.status_code == 403
    assert "The act exists" not in stage.text("focal.gt", "/reports/{id}")
    stage.act("reviewer2", "/reviews/{id}/confirm")
    assert "The act exists" in stage.text("focal.gt", "/reports/{id}")
    public = visitor.get("/states/gt/CS-05", query_string={"lang": "en"}).get_data(as_text=True)
    assert "The act exists" not in public
    assert "The act is named now." not in public
    stage.deliver()
    stage.mail_to("focal.gt")

    # The State answers; rating and answer are published side by side.
    stage.go_to(date(2026, 11, 20))
    stage.act("focal.gt", "/reports/{id}/comment", comment="Its use will be shown next time.")
    public = visitor.get("/states/gt/CS-05", query_string={"lang": "en"}).get_data(as_text=True)
    for said in ("The act is named now.", "The act exists; its use is not shown.", "Its use will be shown next time."):
        assert said in public

    # After the cycle has closed, the status report goes to the State as a PDF, once.
    stage.go_to(date(2026, 12, 2))
    stage.run("reminders", "deliver-mail")
    smtp_server.received.clear()
    monkeypatch.setattr(formats, "RENDERERS", only("GT", "es"))
    stage.run("issue-reports", "status-reports", "status-reports", "deliver-mail", "deliver-mail")
    mine = [r for r in smtp_server.received if "focal.gt@tracker.test" in r.recipients]
    reports = [r for r in mine if any(part.get_content_type() == "application/pdf" for part in r.message.walk())]
    assert len(reports) == 1 + 1, "one for this cycle, one for the cycle that closed in June"
    texts = [_pdf(r.message) for r in reports]
    assert sum("Its use will be shown next time." in " ".join(text.split()) for text in texts) == 1
    assert all("Guatemala" in text for text in texts)

    # Everything that happened stands in the history, in the order it happened.
    history = stage.text("focal.gt", f"/commitments/{any_cast.commitment_id('GT', ANSWERED)}")
    assert "Please name the act." in history


def _pdf(message: object) -> str:
    part = next(p for p in message.walk() if p.get_content_type() == "application/pdf")  # type: ignore[attr-defined]
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(part.get_content())).pages)
