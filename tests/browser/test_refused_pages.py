"""The rare pages: a refused change with what was typed, two who save one account, a comment that names somebody."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from tests.browser.test_account_pages import enter
from tests.cast import Cast
from tracker.domain.vocabulary import ReportState
from tracker.models import Assignment, User

PICTURES = os.environ.get("TRACKER_TEST_PICTURES")


@pytest.fixture(params=["page", "phone"])
def window(request: pytest.FixtureRequest, cast: Cast) -> Page:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture
def look(window: Page, axe: Callable[..., None], fits: Callable[[Page], None]) -> Callable[[str], None]:
    def check(name: str) -> None:
        if PICTURES:
            width = (window.viewport_size or {"width": 0})["width"]
            window.screenshot(path=Path(PICTURES) / f"refused-{name}-{width}.png", full_page=True)
        axe(window)
        fits(window)

    return check


def test_the_assignment_was_taken_away_while_typing(window: Page, cast: Cast, look: Callable[[str], None]) -> None:
    address = f"/reports/{cast.report_id('US', 'CS-03')}"
    window.goto("/sign-in")
    enter(window, "contributor.us@tracker.test")
    window.goto(address)
    window.get_by_label("Of the whole (optional)").fill("A long\nanswer <b>of</b> mine.")
    with cast.writing() as session:
        session.execute(sa.delete(Assignment))
    window.get_by_role("button", name="Save draft", exact=True).click()
    look("taken-away")
    area = window.get_by_label("Summary")
    assert area.input_value() == "A long\nanswer <b>of</b> mine."
    assert area.get_attribute("readonly") is not None


def test_two_administrators(window: Page, cast: Cast, look: Callable[[str], None]) -> None:
    address = f"/admin/people/{cast.actor('focal.us').user_id}"
    window.goto("/sign-in")
    enter(window, "admin@tracker.test")
    window.goto(address)
    window.get_by_label("Name", exact=True).fill("My spelling")
    with cast.writing() as session:
        session.execute(sa.update(User).where(User.email == "focal.us@tracker.test").values(name="Their spelling"))
    window.get_by_role("button", name="Save", exact=True).click()
    look("two-administrators")
    window.get_by_role("button", name="Save", exact=True).click()
    assert cast.actor("focal.us").name == "My spelling"


def test_a_comment_that_names_somebody(window: Page, cast: Cast, look: Callable[[str], None]) -> None:
    report_id = cast.report_id("US", "CS-02")
    cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT, "us")
    window.goto("/sign-in")
    enter(window, "focal.us@tracker.test")
    window.goto(f"/reports/{report_id}")
    window.get_by_label("Comment", exact=True).fill("Write to office@example.org.")
    window.get_by_role("button", name="Publish with this comment").click()
    look("comment")
    window.get_by_label("Why what was found is no data about a person").fill("The address of an office.")
    window.get_by_role("button", name="Publish with this comment").click()
    assert "The rating is published with your comment beside it." in window.content()
