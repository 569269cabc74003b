"""Filling in offline in a browser: downloaded, sent back, compared and accepted, without JavaScript on a phone too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.test_account_pages import enter
from tests.cast import Cast
from tests.support.browser import DESKTOP, PHONE
from tests.workbook_scene import XLSX, Book, narrative

LONG = "Three units work in the north of the country, and the budget of each is published every year in March."


@pytest.mark.parametrize("java_script", [True, False], ids=["desktop", "phone without scripts"])
def test_there_and_back(
    open_browser: Callable[..., Page],
    cast: Cast,
    axe: Callable[[Page], None],
    fits: Callable[[Page], None],
    java_script: bool,
) -> None:
    cast.fill(cast.report_id("US", "CS-03"), "focal.us", LONG)
    window = open_browser(viewport=DESKTOP if java_script else PHONE, java_script_enabled=java_script)
    window.goto("/sign-in")
    enter(window, "focal.us@tracker.test")
    window.goto("/commitments")
    window.get_by_role("link", name="Fill in offline").click()
    with window.expect_download() as download:
        window.get_by_role("button", name="Download the spreadsheet").click()
    book = Book(download.value.path().read_bytes())
    book.put("answers", "CS-03.a", narrative=LONG.replace("north", "south"), rating="Implemented")
    book.put("answers", "CS-03.b", narrative="Ours.").put("indicators", "CS-03-I2", value="many")
    cast.fill(cast.report_id("US", "CS-03"), "focal.us", LONG + " So it is.")
    sent = {"name": "back.xlsx", "mimeType": XLSX, "buffer": book.content()}
    window.get_by_label("The file that was filled in").set_input_files(sent)  # type: ignore[arg-type]
    window.get_by_role("button", name="Compare with what is stored").click()
    if java_script:
        axe(window)
        fits(window)
    assert window.get_by_text("Conflict", exact=True).count() == 2
    window.get_by_label("CS-03.b What was done").check()
    window.get_by_role("button", name="Accept the ticked lines").click()
    assert "2 lines are accepted." in window.inner_text("main")
    assert narrative(cast, "CS-03.b") == "Ours."
    assert narrative(cast, "CS-03.a") == LONG + " So it is."
    window.goto("/workbooks")
    if java_script:
        axe(window)
        fits(window)
