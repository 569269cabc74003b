"""Every public page in a real browser, at the width of a desk and of a telephone: axe, and nothing sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.cast import Cast
from tests.escalation_scene import enter_office
from tests.services.test_reporting_channels import enter
from tests.support.browser import LiveServer
from tracker.domain.vocabulary import ReportState

PAGES = [
    "/",
    "/states",
    "/states/br",
    "/states/cu",
    "/states/gs",
    "/states/br/CS-02",
    "/states/br/CS-03",
    "/states/br/CS-04",
    "/provisions",
    "/provisions/CS-01",
    "/provisions/WP-S-01",
    "/activities",
    "/activities/ACT-22",
    "/library",
    "/good-practices",
    "/hemispheric-report/2026",
    "/status-reports",
    "/status-reports/br",
    "/status-reports/gt-2026",
    "/search",
    "/search?q=invented&state=BR&lang=en",
    "/search?q=nowhere&year=1999&kind=report",
    "/instruments",
    "/instruments/CSC-2012",
    "/pillars",
    "/pillars/protection",
    "/how-it-works",
    "/report-a-case",
    "/verify",
    "/verify/file",
    "/data",
    "/about",
    "/help",
    "/accessibility",
    "/privacy",
    "/nowhere",
]


@pytest.fixture
def something_published(cast: Cast) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    cast.bring_to(cast.report_id("BR", "CS-03"), ReportState.SUBMITTED)
    enter(cast)
    enter_office(cast, url="https://authority.example/")


def test_public_pages_at_the_width_of_a_desk(
    live_server: LiveServer,
    something_published: None,
    page: Page,
    axe: Callable[..., None],
    fits: Callable[[Page], None],
) -> None:
    for path in PAGES:
        page.goto(path)
        axe(page)
        fits(page)


def test_public_pages_at_the_width_of_a_telephone(
    live_server: LiveServer,
    something_published: None,
    phone: Page,
    axe: Callable[..., None],
    fits: Callable[[Page], None],
) -> None:
    for path in PAGES:
        phone.goto(path)
        axe(phone)
        fits(phone)


@pytest.mark.parametrize("language", ["es", "pt", "fr"])
def test_longer_words_still_fit(
    live_server: LiveServer, something_published: None, phone: Page, fits: Callable[[Page], None], language: str
) -> None:
    for path in PAGES:
        phone.goto(f"{path}?lang={language}")
        fits(phone)


def test_a_visitor_finds_a_published_answer_without_javascript(
    live_server: LiveServer, something_published: None, open_browser: Callable[..., Page]
) -> None:
    page = open_browser(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="See the States").click()
    page.get_by_role("link", name="Brazil", exact=True).click()
    page.get_by_role("link", name="State responsibility for prevention, protection and prosecution").click()
    assert page.get_by_text("Largely implemented").first.is_visible()
    assert page.get_by_text("Comment of Brazil").first.is_visible()
    page.get_by_role("link", name="More about CS-02").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("State responsibility")
