"""The audit trail in the browser: all of it for administrators, a State's own for those who answer for it."""

from __future__ import annotations

from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.support.sending import send, statements
from tracker.domain.vocabulary import ReportState
from tracker.models import AuditEntry
from tracker.services import audit, audit_seal

ADMINISTRATORS = {"admin", "admin2"}
OWN = {name for name in PEOPLE if name.startswith(("focal", "alternate", "approver")) or name == "secretariat"}


def text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.get_data(as_text=True))


def newest(cast: Cast, event: str) -> AuditEntry:
    with cast.reading() as session:
        found = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.number.desc()).limit(1)
        ).one()
        session.expunge(found)
        return found


def count(cast: Cast, event: str) -> int:
    with cast.reading() as session:
        return session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == event)) or 0


def test_who_may_open_which(cast: Cast, client: FlaskClient) -> None:
    for address in ("/admin/audit", "/audit"):
        assert client.get(address).status_code == 302
    for name in PEOPLE:
        cast.sign_in(client, name)
        assert client.get("/admin/audit").status_code == (200 if name in ADMINISTRATORS else 403), name
        assert client.get("/audit").status_code == (200 if name in OWN else 403), name


def test_administrators_search(cast: Cast, client: FlaskClient) -> None:
    report_id, other = cast.report_id("BR", "CS-02"), cast.report_id("GT", "CS-02")
    cast.bring_to(report_id, ReportState.RATING_PROPOSED)
    cast.bring_to(other, ReportState.SUBMITTED, "gt")
    cast.sign_in(client, "admin")
    everything = text(client, "/admin/audit")
    assert "Rating proposed" in everything
    assert "Invented reviewer (Reviewer)" in everything
    assert "Brazil" in everything
    assert "Guatemala" in everything
    one = text(client, f"/admin/audit?record=progress_report:{report_id}")
    assert "Progress report: CS-02, 2026" in one
    assert "about one record" in one
    assert f"record=progress_report%3A{report_id}" in one
    assert f"record=progress_report%3A{other}" not in one
    proposed = text(client, "/admin/audit?event=report.propose")
    assert "1 entry" in proposed
    assert "State of the report or mail: Under review → Rating proposed" in " ".join(
        proposed.replace("<bdi>", "").replace("</bdi>", "").replace('<bdi class="">', "").split()
    )
    assert f"record=progress_report%3A{report_id}" not in text(client, "/admin/audit?party=GT")
    assert f"record=progress_report%3A{other}" not in text(client, "/admin/audit?q=reviewer@tracker")
    assert "No entry fits" in text(client, "/admin/audit?since=2026-03-03")
    assert "No entry fits" in text(client, "/admin/audit?until=2026-03-01")
    assert "Rating proposed" in text(client, "/admin/audit?since=2026-03-02&until=2026-03-02")


@pytest.mark.parametrize(
    "asked",
    ["since=x", "since=2026-02-30", "until=0001-01-01", "until=9999-12-31", "event=nothing", "party=%27", "record=A:1"],
)
def test_what_does_not_exist_is_not_asked(cast: Cast, client: FlaskClient, asked: str) -> None:
    cast.sign_in(client, "admin")
    assert "No entry fits" not in text(client, f"/admin/audit?{asked}")


def test_the_end_of_the_chain_is_shown(cast: Cast, client: FlaskClient) -> None:
    with cast.writing() as session:
        noted = audit_seal.seal(session, now=cast.clock.now())
    assert noted is not None
    cast.sign_in(client, "admin")
    page = text(client, "/admin/audit")
    with cast.reading() as session:
        last = audit_seal.last(session)
    assert f"The last entry is number {last.number}." in page
    assert last.sha256 in page
    assert noted.sha256 in page


def test_a_state_sees_its_own_and_nothing_from_inside_the_secretariat(cast: Cast, client: FlaskClient) -> None:
    report_id, other = cast.report_id("BR", "CS-02"), cast.report_id("GT", "CS-02")
    cast.bring_to(report_id, ReportState.RATING_PROPOSED)
    cast.bring_to(other, ReportState.SUBMITTED, "gt")
    token = audit.source_address.set("192.0.2.7")
    with cast.writing() as session:
        audit.record(
            session,
            "user.disabled",
            now=cast.clock.now(),
            actor=cast.actor("admin"),
            party_id=cast.party_id("BR"),
            internal=False,
        )
    audit.source_address.reset(token)
    cast.sign_in(client, "focal.br")
    page = text(client, "/audit?lang=en")
    assert f"record=progress_report%3A{report_id}" in page
    assert "Review begun" in page
    assert "The Secretariat (Reviewer)" in page
    assert "Invented approver.br (National approver)" in page
    assert "Account disabled" in page
    for hidden in (
        "Invented reviewer",
        "Rating proposed",
        f"record=progress_report%3A{other}",
        "Invented admin",
        "192.0.2.7",
    ):
        assert hidden not in page, hidden
    for asked in (
        f"record=progress_report:{other}",
        "event=report.propose",
        "party=GT&q=focal.gt",
        "event=report.take_up&q=reviewer@tracker",
    ):
        found = text(client, f"/audit?{asked}")
        if "take_up" not in asked:
            assert "No entry fits" in found, asked


def test_names_of_staff_cannot_be_found_out_by_filtering(cast: Cast, client: FlaskClient) -> None:
    """A filter by name must tell a State nothing that the list itself hides."""
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.UNDER_REVIEW)
    cast.sign_in(client, "focal.br")
    assert "No entry fits" in text(client, "/audit?q=Invented+reviewer&lang=en")
    assert "No entry fits" in text(client, "/audit?q=reviewer@tracker")
    assert "No entry fits" not in text(client, "/audit?q=approver.br")


def test_a_refusal_leaves_who_and_where_and_nothing_typed(cast: Cast, client: FlaskClient) -> None:
    report_id = cast.report_id("GT", "CS-02")
    cast.sign_in(client, "focal.br")
    assert client.get(f"/reports/{report_id}?q=typed+words").status_code == 404
    entry = newest(cast, "access.refused")
    assert (entry.record_type, entry.record_id) == ("progress_report", str(report_id))
    assert entry.new is not None
    assert entry.new["status"] == 404
    assert entry.new["method"] == "GET"
    assert (entry.actor_id, entry.party_id) == (cast.actor("focal.br").user_id, cast.party_id("BR"))
    assert entry.source_address == "127.0.0.1"
    assert send(client, f"/reviews/{report_id}/take-up", comment="typed words").status_code in (403, 404)
    assert client.get("/admin/audit").status_code == 403
    entry = newest(cast, "access.refused")
    assert entry.new == {"method": "GET", "endpoint": "audit.index", "status": 403}
    refused = count(cast, "access.refused")
    assert client.get("/no-such-page").status_code == 404
    assert cast.app.test_client().get(f"/reports/{report_id}").status_code == 302
    assert cast.app.test_client().get("/status-reports/zz").status_code == 404
    assert count(cast, "access.refused") == refused, "strangers and mistyped addresses are left out"


def test_a_document_taken_away_is_noted_of_people_signed_in(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/status-reports/br-2026.json").status_code == 200
    assert count(cast, "export") == 0
    cast.sign_in(client, "focal.gt")
    assert client.get("/status-reports/br-2026.json").status_code == 200
    entry = newest(cast, "export")
    assert (entry.record_type, entry.record_id) == ("status_report", "br-2026")
    assert entry.new == {"format": "json", "language": "es"}
    assert (entry.actor_id, entry.party_id) == (cast.actor("focal.gt").user_id, cast.party_id("GT"))


def test_queries_do_not_grow_with_the_entries(cast: Cast, client: FlaskClient) -> None:
    def asked(name: str, address: str) -> int:
        cast.sign_in(client, name)
        client.get(address)
        with statements(cast.app) as found:
            text(client, address)
        return len(found)

    few = [asked("admin", "/admin/audit"), asked("focal.br", "/audit")]
    with cast.writing() as session:
        for _turn in range(120):
            audit.record(session, "report.save", now=cast.clock.now(), actor=cast.actor("focal.br"))
    assert [asked("admin", "/admin/audit"), asked("focal.br", "/audit")] == few
    assert max(few) <= 10
    assert "121" in text(client, "/audit") or "Page 3" in text(client, "/audit")


def test_hostile_values_are_shown_as_text(cast: Cast, client: FlaskClient) -> None:
    with cast.writing() as session:
        audit.record(
            session,
            "user.changed",
            now=cast.clock.now(),
            actor=cast.actor("admin"),
            about=("user", "<b>1</b>"),
            new={"name": audit.Plain("<script>alert(1)</script>"), "odd": [1, {"length": 3}]},
        )
    cast.sign_in(client, "admin")
    page = client.get("/admin/audit").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
