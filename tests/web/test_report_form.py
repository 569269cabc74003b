"""The form of a report in depth: figures, money, what was said before, and one part of it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.report_scene import ELEMENTS, act, ask_for_one_element, full, stored, submitted_and_next_cycle, typed
from tests.support.sending import send
from tracker.domain.vocabulary import BudgetPurpose, BudgetStage
from tracker.models import ProgressReport
from tracker.services import drafts
from tracker.services.report_content import Budget, IndicatorAnswer

HOSTILE = "<script>alert(1)</script> {{7*7}}"


def page_of(client: FlaskClient, report_id: int) -> str:
    return client.get(f"/reports/{report_id}").get_data(as_text=True)


def unconfirmed(cast: Cast, report_id: int) -> list[str]:
    with cast.reading() as session:
        return session.get_one(ProgressReport, report_id).unconfirmed


@pytest.fixture
def report_id(cast: Cast, client: FlaskClient) -> int:
    cast.sign_in(client, "focal.us")
    return cast.report_id("US", "CS-03")


class TestFigures:
    def test_values_are_kept_as_typed_in_any_country(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        more = {
            "indicator-CS-03-I1-value": "na",
            "indicator-CS-03-I2-value": "1.500.000,50",
            "indicator-CS-03-I2-currency": "usd",
            "indicator-CS-03-I2-from": "2025-01-01",
            "indicator-CS-03-I2-to": "2025-12-31",
            "indicator-CS-03-I2-note": "Of the ministry.",
            "indicator-CS-03-I2-0-axis": "2",
            "indicator-CS-03-I2-0-category": "prevention",
            "indicator-CS-03-I2-0-value": "0",
            "indicator-CS-03-I2-0-currency": "",
            "indicator-CS-03-I2-1-axis": "2",
            "indicator-CS-03-I2-1-category": "protection",
            "indicator-CS-03-I2-1-value": "",
            "indicator-CS-03-I3-na": "1",
            "indicator-CS-03-I5-value": "45,5 %",
            "indicator-CS-03-I4-value": "99",
            "indicator-CS-03-I4-note": "computed figures are not typed",
            "budget-0-year": "2024/2025",
            "budget-0-here": "1 000 000",
            "budget-0-drugs": "24,500,000.00",
            "budget-0-note": "Estimate.",
            "obstacles": "Few staff.",
            "help_needed": "Training.",
            "evidence-0-title": "An act",
            "evidence-0-url": "https://example.org/act",
            "evidence-0-language": "nl",
        }
        assert send(client, f"/reports/{report_id}", **typed(cast, report_id, **more)).status_code == 303
        said = stored(cast, report_id)
        values = {(v.indicator[-2:], v.category): v for v in said.indicators}
        assert values["I1", ""].not_available
        assert (values["I2", ""].value, values["I2", ""].currency) == ("1500000.5", "USD")
        assert values["I2", ""].note == "Of the ministry."
        assert (values["I2", "prevention"].value, values["I2", "prevention"].currency) == ("0", "USD")
        assert not values["I2", "prevention"].not_available
        assert values["I2", "protection"].not_available
        assert values["I5", ""].value == "45.5"
        assert "I4" not in {code for code, _category in values}
        here, drugs = (BudgetPurpose.ANTI_TRAFFICKING, "1000000"), (BudgetPurpose.ANTI_DRUG, "24500000")
        assert [(b.purpose, b.amount) for b in said.budget] == [here, drugs]
        assert said.budget[0] == Budget(*here[:1], BudgetStage.ALLOCATED, "1000000", "USD", "2024/2025", "Estimate.")
        assert (said.obstacles, said.help_needed, said.evidence[0].language) == ("Few staff.", "Training.", "nl")
        page = page_of(client, report_id)
        assert "1 : 24.5" in page.replace("\xa0", " ")
        assert 'value="1 500 000.5"' in page
        again = typed(cast, report_id, **more)
        assert send(client, f"/reports/{report_id}", **again).status_code == 303
        assert cast.version(report_id) == again["version"], "the same form again changes nothing"

    def test_a_number_that_reads_in_two_ways_is_told(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        more = {"indicator-CS-03-I2-value": "1.234", "indicator-CS-03-I2-currency": "USD"}
        send(client, f"/reports/{report_id}", **typed(cast, report_id, **more))
        assert stored(cast, report_id).indicators[0].value == "1234"
        assert "“1.234” was read as 1,234." in page_of(client, report_id)

    @pytest.mark.parametrize(
        ("field", "value", "more"),
        [
            ("indicator-CS-03-I1-value", "perhaps", {}),
            ("indicator-CS-03-I2-value", "a lot", {"indicator-CS-03-I2-currency": "USD"}),
            ("indicator-CS-03-I2-currency", "quetzal", {"indicator-CS-03-I2-value": "5"}),
            ("indicator-CS-03-I5-value", "101", {}),
            ("indicator-CS-03-I5-value", "5", {"indicator-CS-03-I5-na": "1"}),
            ("indicator-CS-03-I5-from", "yesterday", {}),
            ("indicator-CS-03-I5-to", "2024-01-01", {"indicator-CS-03-I5-from": "2025-01-01"}),
            ("indicator-CS-03-I5-note", "x" * 501, {}),
            ("indicator-CS-03-I5-note", "NUL \x00", {}),
            ("indicator-CS-03-I5-0-category", "", {"indicator-CS-03-I5-0-value": "5"}),
            ("budget-0-here", "much", {"budget-0-year": "2025"}),
            ("budget-0-here", "", {"budget-0-year": "2025"}),
            ("budget-0-year", "", {"budget-0-here": "5"}),
            ("budget-0-currency", "ABC", {"budget-0-year": "2025", "budget-0-here": "5"}),
            ("evidence-0-language", "xx", {"evidence-0-title": "T", "evidence-0-url": "https://example.org"}),
            ("obstacles", "x" * 20_001, {}),
            ("obstacles", "Write to juana.ejemplo@example.org about her case.", {}),
            ("indicator-CS-03-I5-note", "Call juana.ejemplo@example.org.", {"indicator-CS-03-I5-value": "5"}),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
        self, cast: Cast, client: FlaskClient, report_id: int, field: str, value: str, more: dict[str, str]
    ) -> None:
        fields = typed(cast, report_id, **{**more, field: value, "help_needed": "Kept as typed."})
        answer = send(client, f"/reports/{report_id}", **fields)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert f'href="#{field}"' in page
        assert f'id="{field}"' in page
        assert "Kept as typed." in page
        for name, kept in more.items():
            if not name.endswith("-na"):
                assert re.search(rf'name="{re.escape(name)}"[^>]*value="{re.escape(kept)}"', page), name
        assert cast.version(report_id) == 1

    def test_typed_marks_are_shown_as_text(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        more = {
            "indicator-CS-03-I5-value": "5",
            "indicator-CS-03-I5-note": HOSTILE,
            "indicator-CS-03-I2-0-category": HOSTILE,
            "budget-0-year": "2025",
            "budget-0-here": "5",
            "budget-0-note": HOSTILE,
            "obstacles": HOSTILE,
        }
        assert send(client, f"/reports/{report_id}", **typed(cast, report_id, **more)).status_code == 303
        page = page_of(client, report_id)
        assert "<script>alert" not in page
        assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


class TestBefore:
    @pytest.fixture
    def second(self, cast: Cast, client: FlaskClient) -> int:
        found = submitted_and_next_cycle(cast)
        cast.sign_in(client, "focal.us")
        return found

    def test_last_cycle_stands_beside_every_field(self, cast: Cast, client: FlaskClient, second: int) -> None:
        page = page_of(client, second)
        assert page.count("Last report, 2026") == 3 + 3 + 5
        for said in ("As before.", "USD\xa01,500,000.50", "Not available", "Few staff.", "Training.", "An act"):
            assert said in page
        assert page.count('name="carry"') == 3 + 3 + 5 + 1
        assert "Nothing changed since the last report" in page

    def test_carry_over_saves_the_draft_first(self, cast: Cast, client: FlaskClient, second: int) -> None:
        fields = typed(cast, second, obstacles="Typed now.")
        answer = send(client, f"/reports/{second}", **fields, carry="indicator-CS-03-I2")
        assert (answer.status_code, answer.location) == (303, f"/reports/{second}#indicator-CS-03-I2")
        said = stored(cast, second)
        assert said.obstacles == "Typed now."
        assert said.indicators[0].value == "1500000.5"
        page = page_of(client, second)
        assert page.count('name="still"') == 1
        assert "1 field was carried over and waits to be confirmed." in page

    def test_submitting_asks_to_confirm_and_a_tick_confirms(self, cast: Cast, client: FlaskClient, second: int) -> None:
        act(cast, second, drafts.carry_over, "focal.us", field=None)
        page = page_of(client, second)
        fields = {"version": cast.version(second), "content": "1"}
        answer = send(client, f"/reports/{second}/ask-approval", **fields)
        assert answer.status_code == 422
        assert 'href="#budget"' in answer.get_data(as_text=True)
        still = re.findall(r'name="still" value="([^"]+)"', page)
        answer = send(client, f"/reports/{second}/ask-approval", **fields, still=still)
        assert answer.status_code == 303
        assert unconfirmed(cast, second) == []

    def test_nothing_changed_in_one_click_and_said_plainly(self, cast: Cast, client: FlaskClient, second: int) -> None:
        fields = {"version": cast.version(second), "content": "1", "unchanged": "1"}
        assert send(client, f"/reports/{second}", **fields).status_code == 303
        assert "Nothing changed since the last report: everything below" in page_of(client, second)
        cast.sign_in(client, "contributor.us")
        assert send(client, f"/reports/{second}/ask-approval", version=cast.version(second)).status_code == 303
        cast.sign_in(client, "approver.us")
        assert "Nothing changed since the last report: everything below" in page_of(client, second)
        assert "Nothing changed since the last report" in client.get("/approvals").get_data(as_text=True)

    def test_nothing_changed_does_not_swallow_what_is_typed(self, cast: Cast, client: FlaskClient, second: int) -> None:
        answer = send(client, f"/reports/{second}", **typed(cast, second), unchanged="1")
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert "cannot be said that nothing changed" in page
        assert page.count("Typed.</textarea>") == 3
        assert not stored(cast, second).nothing_changed

    def test_an_unknown_field_is_refused_in_words(self, cast: Cast, client: FlaskClient, second: int) -> None:
        answer = send(client, f"/reports/{second}", **typed(cast, second), carry="state")
        assert answer.status_code == 422
        assert "There is nothing to carry over here." in answer.get_data(as_text=True)


class TestOnePart:
    """A contributor who was asked for one element sees and changes that, and nothing else."""

    @pytest.fixture
    def part(self, cast: Cast, client: FlaskClient) -> int:
        report_id = cast.report_id("US", "CS-03")
        ask_for_one_element(cast)
        act(cast, report_id, drafts.save, "focal.us", content=full(cast, report_id))
        cast.sign_in(client, "contributor.us")
        return report_id

    def test_sees_only_that(self, cast: Cast, client: FlaskClient, part: int) -> None:
        page = page_of(client, part)
        assert 'name="narrative-CS-03.b"' in page
        for other in ("CS-03.a", "CS-03.c", "indicator-", "budget-0", "obstacles", "help_needed", "evidence-0"):
            assert f'name="{other}' not in page
            assert f'name="narrative-{other}"' not in page
        for said in ("Few staff.", "Training.", "1,500,000", "An act", "On the whole."):
            assert said not in page
        assert "Save and ask for approval" not in page

    def test_changes_only_that_whatever_is_sent(self, cast: Cast, client: FlaskClient, part: int) -> None:
        before = stored(cast, part)
        sly = typed(cast, part, obstacles="Sly.", summary="Sly.", still="budget")
        sly |= {"indicator-CS-03-I1-value": "no", "budget-0-year": "2025", "budget-0-here": "1"}
        assert send(client, f"/reports/{part}", **sly).status_code == 303
        after = stored(cast, part)
        assert [a.narrative for a in after.answers] == ["As before.", "Typed.", "As before."]
        assert (after.indicators, after.budget, after.obstacles) == (before.indicators, before.budget, before.obstacles)
        assert after.evidence == before.evidence

    def test_reads_only_that_once_it_has_left(self, cast: Cast, client: FlaskClient, part: int) -> None:
        cast.sign_in(client, "focal.us")
        assert send(client, f"/reports/{part}/ask-approval", version=cast.version(part)).status_code == 303
        cast.sign_in(client, "contributor.us")
        page = page_of(client, part)
        assert page.count("As before.") == 1
        assert "Few staff." not in page
        assert "1,500,000" not in page

    def test_is_shown_only_that_of_two_versions(self, cast: Cast, client: FlaskClient, part: int) -> None:
        answer = send(client, f"/reports/{part}", **(typed(cast, part) | {"version": 1}))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "CS-03.b: what was done" in page
        for said in ("CS-03.a", "Few staff.", "1,500,000"):
            assert said not in page

    @pytest.mark.parametrize("step", ["ask-approval", "submit", "recall", "comment", "waive", "refuse"])
    def test_takes_no_step_for_the_whole(self, cast: Cast, client: FlaskClient, part: int, step: str) -> None:
        assert send(client, f"/reports/{part}/{step}", version=cast.version(part)).status_code == 403

    def test_says_nothing_for_the_whole(self, cast: Cast, client: FlaskClient, part: int) -> None:
        answer = send(client, f"/reports/{part}", version=cast.version(part), content="1", unchanged="1")
        assert answer.status_code == 403


class TestTwoVersions:
    def test_figures_and_money_are_shown_and_sent_again(self, cast: Cast, client: FlaskClient, report_id: int) -> None:
        more = {
            "indicator-CS-03-I2-value": "7,5",
            "indicator-CS-03-I2-currency": "USD",
            "indicator-CS-03-I2-note": "Mine <b>.",
            "indicator-CS-03-I2-0-axis": "1",
            "indicator-CS-03-I2-0-category": "2024",
            "indicator-CS-03-I2-0-value": "3",
            "indicator-CS-03-I3-na": "1",
            "budget-0-year": "2025",
            "budget-0-here": "5",
            "obstacles": "Mine.",
        }
        mine = typed(cast, report_id, **more)
        act(cast, report_id, drafts.save, "focal.us", content=full(cast, report_id))
        answer = send(client, f"/reports/{report_id}", **mine)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        for said in ("Few staff.", "1 500 000.5 USD", "Mine &lt;b&gt;.", "Budget lines", "7,5 USD"):
            assert said in page
        again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        again |= {"obstacles": "Put together.", "csrf_token": None}
        again = {
            name: value.replace("&lt;", "<").replace("&gt;", ">") for name, value in again.items() if value is not None
        }
        again |= {f"narrative-{code}": "Typed." for code in ELEMENTS}
        assert send(client, f"/reports/{report_id}", **again).status_code == 303
        said = stored(cast, report_id)
        assert said.obstacles == "Put together."
        assert [(v.value, v.category) for v in said.indicators if v.indicator == "CS-03-I2"] == [
            ("7.5", ""),
            ("3", "2024"),
        ]
        assert said.indicators[0].note == "Mine <b>."
        assert [b.amount for b in said.budget] == ["5"]


def test_an_earlier_answer_of_a_spreadsheet_keeps_its_own_period(cast: Cast, client: FlaskClient) -> None:
    """What the form does not show of a category is not lost by saving the form."""
    cast.sign_in(client, "focal.us")
    report_id = cast.report_id("US", "CS-03")
    row = IndicatorAnswer("CS-03-I2", "3", "USD", axis=1, category="2024", note="From a spreadsheet.")
    content = full(cast, report_id)
    act(cast, report_id, drafts.save, "focal.us", content=type(content)(content.answers, indicators=(row,)))
    parts = {"axis": "1", "category": "2024", "value": "4", "currency": "USD"}
    shown = {f"indicator-CS-03-I2-0-{part}": value for part, value in parts.items()}
    send(client, f"/reports/{report_id}", **typed(cast, report_id, **shown))
    (kept,) = stored(cast, report_id).indicators
    assert (kept.value, kept.note) == ("4", "From a spreadsheet.")
