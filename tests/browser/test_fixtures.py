"""The browser's fixtures catch what they promise to catch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.browser import LiveServer, Watch

WRONG = "<!doctype html><html><body><img src='x.png'><div style='width: 3000px'>wide</div></body></html>"


def test_a_page_is_opened_from_the_live_server(page: Page, live_server: LiveServer) -> None:
    answer = page.goto("/robots.txt")
    assert answer is not None
    assert answer.status == 200
    assert page.url == live_server("/robots.txt")


def test_faults_of_accessibility_and_width_are_found(
    page: Page, axe: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    page.set_content(WRONG)
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
    with pytest.raises(AssertionError, match="px wide"):
        fits(page)


def test_errors_of_the_console_are_kept() -> None:
    watch = Watch("http://127.0.0.1:1")
    watch._console("error", "Failed to load resource: the server responded with a status of 422 (…)")
    watch._console("log", "hello")
    assert watch.errors == []
    watch._console("error", "Refused to execute inline script")
    assert watch.errors == ["Refused to execute inline script"]
