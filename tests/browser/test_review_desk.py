"""The review desk and the comparison in a browser: keys, their switch, and both widths."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Cast
from tests.services.test_compare import twice_submitted
from tests.support.browser import PHONE
from tracker.domain.vocabulary import ReportState


def enter(page: Page, name: str) -> None:
    page.goto("/sign-in?lang=en")
    page.get_by_label("E-mail address").fill(f"{name}@tracker.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")


def test_from_one_report_to_the_next_by_keys_that_can_be_switched_off(
    cast: Cast, open_browser: Callable[..., Page], axe: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    first, second = cast.report_id("US", "CS-02"), cast.report_id("US", "CS-04")
    for report_id in (first, second):
        cast.bring_to(report_id, ReportState.UNDER_REVIEW, "us")
    page = open_browser()
    enter(page, "reviewer")
    page.goto(f"/reviews/{first}")
    axe(page)
    page.keyboard.press("n")
    page.wait_for_url(f"**/reviews/{second}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/reviews/{first}")
    page.get_by_text("Write an internal note").click()
    page.get_by_label("Internal note", exact=True).fill("")
    page.get_by_label("Internal note", exact=True).press_sequentially("neither jumps")
    expect(page.get_by_label("Internal note", exact=True)).to_have_value("neither jumps")
    page.get_by_role("button", name="Switch the keys off").click()
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Switch the keys on")).to_be_visible()
    assert page.url.endswith(f"/reviews/{first}")


def test_without_scripts_the_links_lead_on(cast: Cast, open_browser: Callable[..., Page]) -> None:
    first, second = cast.report_id("US", "CS-02"), cast.report_id("US", "CS-04")
    for report_id in (first, second):
        cast.bring_to(report_id, ReportState.SUBMITTED, "us")
    page = open_browser(java_script_enabled=False)
    enter(page, "reviewer")
    page.goto(f"/reviews/{first}")
    expect(page.get_by_text("Switch the keys off")).to_be_hidden()
    page.get_by_role("link", name="Next in the queue").click()
    assert page.url.endswith(f"/reviews/{second}")


def test_the_comparison_on_a_phone(
    cast: Cast, open_browser: Callable[..., Page], axe: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    report_id = twice_submitted(cast)
    page = open_browser(viewport=PHONE)
    enter(page, "reviewer")
    for address in (f"/reports/{report_id}/compare", f"/reviews/{report_id}", "/questions"):
        page.goto(address)
        axe(page)
        fits(page)
