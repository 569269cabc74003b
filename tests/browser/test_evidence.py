"""Sending a file from the form of a report in a real browser, with scripts and without, at both widths."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Cast
from tests.support import samples
from tests.support.browser import DESKTOP, PHONE
from tracker.jobs import run_job

PICTURES = os.environ.get("TRACKER_TEST_PICTURES")
PDF = {"name": "Acta número 4.pdf", "mimeType": "application/pdf", "buffer": samples.pdf("An invented protocol")}
PAGE = {"name": "page.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}


@pytest.mark.console_errors_expected  # a refused file is answered with 422, which browsers write there
@pytest.mark.parametrize(("scripts", "window"), [(True, DESKTOP), (False, PHONE)], ids=["scripts", "none"])
def test_a_file_goes_with_a_report_and_nothing_typed_is_lost(
    cast: Cast,
    open_browser: Callable[..., Page],
    axe: Callable[..., None],
    fits: Callable[[Page], None],
    scripts: bool,
    window: dict[str, int],
) -> None:
    report = cast.report_id("US", "CS-03")
    page = open_browser(viewport=window, java_script_enabled=scripts)
    page.goto("/sign-in?lang=en")
    page.get_by_label("E-mail address").fill("focal.us@tracker.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")

    def look(name: str) -> None:
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"evidence-{name}-{window['width']}.png", full_page=True)
        fits(page)
        if scripts:
            axe(page)

    page.goto(f"/reports/{report}?lang=en")
    page.get_by_label("Of the whole (optional)").fill("Typed before the file was chosen.")
    look("form")
    page.get_by_role("button", name="Save draft and add a file").click()
    page.get_by_label("What it shows").fill("A protocol for referral")
    page.get_by_label("Date it speaks of").fill("2025-06-01")
    page.get_by_label("File", exact=True).set_input_files(files=[PAGE])
    page.get_by_role("button", name="Send the file").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("not what its ending says")
    if scripts:
        expect(summary).to_be_focused()
    expect(page.get_by_label("What it shows")).to_have_value("A protocol for referral")
    look("refused")
    page.get_by_label("File", exact=True).set_input_files(files=[PDF])
    page.get_by_role("button", name="Send the file").click()
    page.wait_for_url(f"**/reports/{report}/evidence")
    expect(page.get_by_text("The file is kept. It is being checked.")).to_be_visible()
    expect(page.get_by_text("Being checked", exact=True)).to_be_visible()
    look("attached")
    run_job(cast.app, "check-evidence", cast.clock.now())
    page.get_by_role("link", name="A protocol for referral").click()
    expect(page.get_by_text("Checked", exact=True)).to_be_visible()
    look("piece")
    page.get_by_role("link", name="Look at it here").click()
    expect(page.get_by_role("img", name="A protocol for referral, page 1")).to_be_visible()
    look("view")
    page.goto("/evidence")
    look("library")
    page.goto(f"/reports/{report}")
    expect(page.get_by_label("Of the whole (optional)")).to_have_value("Typed before the file was chosen.")
    expect(page.get_by_role("link", name="A protocol for referral")).to_be_visible()
