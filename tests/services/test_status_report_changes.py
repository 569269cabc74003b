"""What changed since the report issued last: counted from what really happened in between, and told everywhere."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

from flask.testing import FlaskClient

from tests import extension_scene, observation_scene
from tests.cast import Cast
from tests.status_scene import play, rate
from tests.status_years_scene import FIRST, amounts, money, people, said, yes
from tracker.db import transaction
from tracker.documents import status_report_json
from tracker.documents.status_report_words import Words
from tracker.domain.vocabulary import PublicationKind, Rating, ReportState, Strength
from tracker.services import issued_reports, status_reports
from tracker.services.status_report_changes import between
from tracker.services.status_report_content import Changes, StatusReport
from tracker.services.status_report_last import compared

RENDERERS = {PublicationKind.STATUS_REPORT: {"json": status_report_json.render}}


def build(cast: Cast, cycle: str | None = "2026") -> StatusReport:
    with cast.reading() as session:
        return status_reports.build(session, "BR", cycle, "en", cast.clock.now())


def codes(changes: Changes) -> dict[str, list[str]]:
    """Each kind of change that there is, with the codes of its commitments."""
    found = {
        "reported": [code for code, _t in changes.reported],
        "rated": [one.code for one in changes.rated],
        "rerated": [one.code for one in changes.rerated],
        "commented": [code for code, _t in changes.commented],
        "observed": [code for code, _t in changes.observed],
        "extended": [one.code for one in changes.extended],
        "joined": [code for code, _t in changes.joined],
        "left": [code for code, _t in changes.left],
        "no_longer_rated": [code for code, _t in changes.no_longer_rated],
        "figures": [one.code for one in changes.figures],
        "money": [one.code for one in changes.money],
        "evidenced": [code for code, _t in changes.evidenced],
    }
    return {kind: listed for kind, listed in found.items() if listed}


def much_happens(cast: Cast) -> None:
    """One rating changes, one is new with a view of observers, one report comes in, one date is moved."""
    rate(cast, cast.report_id("BR", "CS-02"), Rating.LARGELY, Rating.PARTIALLY, Strength.CONFIRMED)
    rate(cast, cast.report_id("BR", "CS-06"), Rating.IMPLEMENTED, Rating.IMPLEMENTED, Strength.MEASURED)
    observation_scene.decide(cast, observation_scene.write(cast, "BR", "WP-S-06"))
    cast.bring_to(cast.report_id("BR", "WP-S-06"), ReportState.PUBLISHED)
    cast.bring_to(cast.report_id("BR", "CS-09"), ReportState.SUBMITTED)


def test_each_kind_of_change_is_found_and_nothing_else(any_cast: Cast) -> None:
    _report_id, request_id = extension_scene.asked(any_cast, "WP-S-03")
    play(any_cast)
    before = build(any_cast)
    assert between(before, before).is_empty
    much_happens(any_cast)
    extension_scene.decide(any_cast, "reviewer", [request_id], until=any_cast.clock.now().date().replace(day=28))
    after = build(any_cast)
    found = between(before, after)
    assert codes(found) == {
        "reported": ["CS-09", "WP-S-06"],
        "rated": ["WP-S-06"],
        "rerated": ["CS-02", "CS-06"],
        "commented": ["WP-S-06"],
        "observed": ["WP-S-06"],
        "extended": ["WP-S-03"],
        "evidenced": ["WP-S-06"],
    }
    (moved,) = found.extended
    assert (moved.before, moved.until) == (after.lines[0].due_on, any_cast.clock.now().date().replace(day=28))
    # A commitment was closed: it left. Read the other way round it came in, and what was reported went.
    fewer = replace(after, lines=after.lines[1:])
    assert codes(between(after, fewer)) == {"left": ["CS-01"]}
    assert set(codes(between(fewer, after))) == {"joined", "reported", "rated", "commented", "evidenced"}
    assert codes(between(after, before))["no_longer_rated"] == ["WP-S-06"]


def test_figures_money_and_evidence_that_came_or_changed(any_cast: Cast) -> None:
    play(any_cast)
    said(any_cast, "CS-03", FIRST, money("1000", "25000", "2025"), yes("yes"), amounts("1000"))
    before = build(any_cast)
    said(
        any_cast,
        "CS-03",
        FIRST,
        money("1500", "25000", "2025") + money("10", None, "2026"),
        yes("yes"),
        amounts("1200"),
    )
    said(any_cast, "CS-02", FIRST, (), people("700", "300", "400"))
    after = build(any_cast)
    found = between(before, after)
    assert codes(found) == {
        "figures": ["CS-02", "CS-02", "CS-03"],
        "money": ["CS-03", "CS-03"],
        "evidenced": ["CS-02"],
    }
    assert not found.is_empty
    assert between(after, after).is_empty
    words = Words(replace(after, changes=found))
    groups = {
        group.heading: [(code, detail) for code, _title, detail in group.items] for group in words.change_groups()
    }
    year = "1 January 2025 to 31 December 2025"
    assert [detail for _code, detail in groups["Figures declared since"]] == [
        "National plan or policy in force that covers the pillar (2026): Not available",
        "Persons identified and persons assisted, count per year (2026): 700",
    ]
    ((code, detail),) = groups["Figures that changed"]
    assert code == "CS-03"
    assert detail.endswith(f" ({year}): from BRL\xa01,000 to BRL\xa01,200")
    assert groups["Budget lines declared since"] == [
        ("CS-03", "2026, Executed: Against trafficking in persons: BRL\xa010")
    ]
    ((_code, detail),) = groups["Budget lines that changed"]
    assert detail.startswith("2025, Executed: from Against trafficking in persons: BRL\xa01,000; ")
    assert " to Against trafficking in persons: BRL\xa01,500; " in detail
    assert groups["Evidence made public since"] == [("CS-02", "")]
    # The language of the two reports does not make a figure another.
    with any_cast.reading() as session:
        spoken = status_reports.build(session, "BR", "2026", "fr", any_cast.clock.now())
    assert between(after, spoken).is_empty
    told = status_report_json.plain(replace(after, changes=found))["changes"]
    assert [one["code"] for one in told["figures"]] == ["CS-02-I1", "CS-02-I4", "CS-03-I2"]
    assert told["figures"][2]["before"]["value"] == "1000"
    assert {one["fiscal_year"]: one["before"] for one in told["budget"]} == {
        "2025": {"anti_trafficking": "1000", "anti_drug": "25000"},
        "2026": None,
    }
    assert told["evidence"] == ["CS-02"]


def test_words_say_what_it_was_and_what_it_is(any_cast: Cast) -> None:
    play(any_cast)
    before = build(any_cast)
    much_happens(any_cast)
    after = build(any_cast)
    words = Words(replace(after, changes=between(before, after)))
    told = words.change_sentences()
    assert told[0].startswith("Compared with the report as of ")
    assert told[1] == "Reported since: 2 (CS-09, WP-S-06)."
    assert (
        "Ratings that changed: 2 (CS-02 from Partially implemented to Largely implemented; Strength of evidence: from"
        " Declared only to Confirmed by another source; CS-06 Strength of evidence: from Confirmed by another source to"
        " Result measured)." in told
    )
    nothing = Words(replace(after, changes=between(after, after))).change_sentences()
    assert nothing[1:] == ["Nothing that this report shows has changed since."]
    other = Words(replace(after, changes=replace(between(after, after), cycle_before="2025"))).change_sentences()
    assert "That report covered the reporting cycle 2025, this one the cycle 2026." in other[0]


def issue(cast: Cast, subject: str) -> str:
    """Issue a report of Brazil; its number."""
    with cast.writing() as session:
        issue_id = issued_reports.begin(
            session, PublicationKind.STATUS_REPORT, subject, actor=cast.actor("admin"), now=cast.clock.now()
        )
    with cast.app.app_context():
        assert issued_reports.finish(transaction, issue_id, RENDERERS, now=cast.clock.now())
    with cast.reading() as session:
        return issued_reports.listed(session, party="BR")[0][0].number


def test_the_live_report_is_compared_with_the_one_issued_last(any_cast: Cast, client: FlaskClient) -> None:
    play(any_cast)
    number = issue(any_cast, "br-2026")
    much_happens(any_cast)
    with any_cast.reading() as session:
        live = compared(session, build(any_cast))
    assert live.last is not None
    assert live.last.number == number
    assert live.report.changes is not None
    assert codes(live.report.changes)["rated"] == ["WP-S-06"]
    page = client.get("/status-reports/br-2026?lang=en").get_data(as_text=True)
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
    assert "This is a live view of what is public. It is not an issued document." in text
    assert f"The report issued last is {number} of " in text
    assert f"/status-reports/{live.last.code.lower()}" in page
    assert "Ratings that changed (2)" in text
    assert "CS-06 Participation of victims as subjects of law in the proceedings : Strength of evidence: from" in text
    made = json.loads(client.get("/status-reports/br-2026.json").get_data())
    assert made["changes"]["since_number"] == number
    assert [one["commitment"] for one in made["changes"]["rerated"]] == ["CS-02", "CS-06"]
    # As of today there is no issue of its own: that of the same State serves.
    assert client.get("/status-reports/br.json").get_json()["changes"]["since_number"] == number
    assert client.get("/status-reports/gt.json").get_json()["changes"] is None


def test_the_issued_page_shows_what_was_frozen(any_cast: Cast, client: FlaskClient) -> None:
    play(any_cast)
    number = issue(any_cast, "br-2026")
    with any_cast.reading() as session:
        code = issued_reports.listed(session, party="BR")[0][0].slug
    shown = client.get(f"/status-reports/{code}?lang=fr")
    assert shown.status_code == 200
    much_happens(any_cast)
    again = client.get(f"/status-reports/{code}?lang=fr").get_data(as_text=True)
    assert number in again
    assert 'id="CS-01"' in again
    assert "WP-S-06" in again
    assert again.count("<svg") == shown.get_data(as_text=True).count("<svg")
