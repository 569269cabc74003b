"""The public figures in a real browser: axe, nothing sideways, the slider, and the same without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests import status_scene
from tests.cast import Cast
from tests.support.browser import LiveServer
from tracker.services import cycles

PAGES = [
    "/figures",
    "/figures/map",
    "/figures/map?show=rating&provision=CS-03",
    "/figures/map?show=rating&pillar=prevention",
    "/figures/matrix",
    "/figures/matrix?state=br",
    "/figures/trend",
    "/figures/voices",
    "/figures/not-reported",
    "/figures/not-reported?by=commitment",
    "/figures/review-time",
    "/figures/matrix?pillar=nowhere",
]

LOOKED_AT_CLOSELY = PAGES[:2] + PAGES[4:9]
"""By axe: one of each shape."""


@pytest.fixture
def two_cycles(cast: Cast) -> None:
    status_scene.play(cast)
    now = cast.clock.now()
    with cast.writing() as session:
        cycle = cycles.plan(
            session,
            cycles.CyclePlan(
                code="2027",
                title=dict.fromkeys(("en", "es", "pt", "fr"), "2027"),
                period_start=date(2026, 1, 1),
                period_end=date(2026, 12, 31),
                opens_on=now.date(),
                due_on=date(2027, 4, 30),
                closes_on=date(2027, 6, 30),
                comment_days=30,
            ),
            actor=None,
            now=now,
        )
        cycles.open_cycle(session, cycle.id, now=now)


def test_at_both_widths(
    live_server: LiveServer,
    two_cycles: None,
    page: Page,
    phone: Page,
    axe: Callable[..., None],
    fits: Callable[[Page], None],
) -> None:
    for path in PAGES:
        page.goto(path)
        fits(page)
        if path in LOOKED_AT_CLOSELY:
            axe(page)
        phone.goto(path)
        fits(phone)
    axe(phone)


def test_the_slider_shows_another_cycle_in_place(live_server: LiveServer, two_cycles: None, page: Page) -> None:
    page.goto("/figures/map")
    expect(page.locator("h1")).to_contain_text("0 of 32")
    slider = page.get_by_role("slider", name="Reporting cycle")
    slider.focus()
    assert slider.get_attribute("aria-valuetext") == "2027"
    page.keyboard.press("ArrowLeft")
    expect(page.locator("h1")).to_contain_text("1 of 32")
    expect(page).to_have_url(f"{live_server.url}/figures/map?cycle=2026")
    expect(slider).to_be_focused()
    assert slider.get_attribute("aria-valuetext") == "2026"
    assert page.locator(".ct-cycles [aria-current]").inner_text() == "2026"


def test_without_scripts_the_cycles_are_links(
    live_server: LiveServer, two_cycles: None, open_browser: Callable[..., Page]
) -> None:
    page = open_browser(java_script_enabled=False)
    page.goto("/figures/map")
    assert page.get_by_role("slider").count() == 0
    page.get_by_role("link", name="2026", exact=True).click()
    assert "1 of 32" in page.locator("h1").inner_text()
    page.get_by_text("Choose what to show").click()
    page.get_by_label("Pillar").select_option("prevention")
    page.get_by_role("button", name="Apply filters").click()
    assert "cycle=2026" in page.url, "the cycle stays while the filters change"
    # Every State, the smallest islands too, is a link on the map.
    page.goto("/figures/map")
    assert page.locator("svg.ct-map__drawing a").count() == 35
