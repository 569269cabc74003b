"""The form of a report in a browser: saved while people type where scripts run, and nothing lost where they do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Cast
from tests.report_scene import act, stored, submitted_and_next_cycle
from tests.support.browser import PHONE
from tracker.domain.vocabulary import BudgetPurpose
from tracker.services import drafts
from tracker.services.report_content import ReportContent


def enter(page: Page, name: str, address: str) -> None:
    page.goto("/sign-in?lang=en")
    page.get_by_label("E-mail address").fill(f"{name}@tracker.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")
    page.goto(address)


@pytest.mark.console_errors_expected  # the connection that is taken away
def test_saved_while_typing(cast: Cast, live_server: object, page: Page) -> None:
    report_id = cast.report_id("US", "CS-03")
    enter(page, "focal.us", f"/reports/{report_id}")
    said = page.locator("[data-autosave-said]")
    obstacles = page.get_by_label("What stands in the way? (optional)")

    obstacles.fill("Typed and not yet sent.")
    expect(said).to_have_text("Saved 10:00", timeout=10_000)
    assert stored(cast, report_id).obstacles == "Typed and not yet sent."

    page.get_by_label("Percentage").fill("some")
    expect(said).to_contain_text("Not saved yet: 1 field needs your attention", timeout=10_000)
    page.get_by_label("Percentage").fill("45,5")
    expect(said).to_have_text("Saved 10:00", timeout=10_000)
    assert stored(cast, report_id).indicators[0].value == "45.5"

    # The connection goes and comes back: what was typed meanwhile is sent by itself.
    page.route("**/autosave", lambda route: route.abort())
    obstacles.fill("Typed without a connection.")
    expect(said).to_contain_text("The connection is gone", timeout=10_000)
    page.unroute("**/autosave")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(said).to_have_text("Saved 10:00", timeout=10_000)
    assert stored(cast, report_id).obstacles == "Typed without a connection."

    # Somebody else saves: the button shows both versions, and nothing is lost.
    act(cast, report_id, drafts.save, "focal.us", content=ReportContent((), obstacles="Theirs."))
    obstacles.fill("Mine.")
    expect(said).to_contain_text("this report was changed elsewhere", timeout=10_000)
    page.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(page.get_by_role("heading", name="Somebody changed this before you")).to_be_visible()
    expect(page.locator("#obstacles")).to_have_value("Mine.")
    expect(page.get_by_text("Theirs.", exact=True)).to_be_visible()


def test_everything_works_without_scripts_on_a_phone(
    cast: Cast,
    live_server: object,
    open_browser: Callable[..., Page],
) -> None:
    report_id = submitted_and_next_cycle(cast)
    page = open_browser(java_script_enabled=False, viewport=PHONE)
    enter(page, "focal.us", f"/reports/{report_id}")
    page.get_by_role("group", name="National budget allocated").get_by_role("button", name="Carry over").click()
    expect(page.get_by_label("Amount National budget allocated")).to_have_value("1 500 000.5")
    money = page.get_by_role("group", name="Line 1")
    money.get_by_label("Fiscal year").fill("2026")
    money.get_by_label("Currency").fill("usd")
    money.get_by_label("Against trafficking in persons").fill("1.000,50")
    money.get_by_label("Against drug trafficking").fill("24.512,25")
    page.get_by_role("button", name="Save draft and add lines").last.click()
    expect(page.get_by_text("1\u00a0:\u00a024.5")).to_be_visible()
    said = stored(cast, report_id)
    assert {b.purpose: b.amount for b in said.budget} == {
        BudgetPurpose.ANTI_TRAFFICKING: "1000.5",
        BudgetPurpose.ANTI_DRUG: "24512.25",
    }
    page.get_by_role("checkbox", name="this still holds").check()
    page.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(page.get_by_role("checkbox", name="this still holds")).to_have_count(0)


def test_the_form_is_accessible_and_fits_with_all_of_it_open(
    cast: Cast,
    live_server: object,
    open_browser: Callable[..., Page],
    axe: Callable[..., None],
    fits: Callable[[Page], None],
) -> None:
    report_id = submitted_and_next_cycle(cast)
    act(cast, report_id, drafts.carry_over, "focal.us", field=None)
    for viewport in (PHONE, {"width": 1280, "height": 900}):
        page = open_browser(viewport=viewport)
        enter(page, "focal.us", f"/reports/{report_id}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        axe(page)
        fits(page)
