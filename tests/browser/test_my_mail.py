"""The person's side of mail in a real browser: accessible, nothing to scroll sideways, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page

from tests.browser.test_account_pages import enter
from tests.cast import Cast
from tests.services.test_calendar_feed import key
from tests.services.test_inbox import put
from tests.services.test_mail_settings import user
from tracker.domain.vocabulary import MessageState
from tracker.models import Holiday


@pytest.fixture(params=["page", "phone"])
def window(request: pytest.FixtureRequest, cast: Cast) -> Page:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def test_my_mail_the_inbox_and_one_click(
    window: Page, cast: Cast, axe: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    def look() -> None:
        axe(window)
        fits(window)

    with cast.writing() as session:
        session.add(Holiday(party_id=cast.party_id("US"), day=date(2026, 7, 4), name="An invented day"))
    key(cast, "focal.us")
    put(cast, "focal.us", state=MessageState.HELD)
    first = put(cast, "focal.us", state=MessageState.FAILED)
    window.goto("/account/mail")
    enter(window, "focal.us@tracker.test")
    look()
    window.get_by_label("Away until").fill("2026-03-20")
    window.get_by_role("button", name="Save").click()
    assert "Nobody else with your role" in window.content()
    look()
    window.goto("/inbox")
    look()
    window.goto(f"/inbox/{first}")
    look()
    window.get_by_role("button", name="Mark as read").click()
    assert "Inbox (1 unread)" in " ".join((window.get_by_role("link", name="Inbox").first.text_content() or "").split())
    window.goto(f"/mail/stop/{user(cast, 'focal.us').mail_key}/reminders")
    look()
    window.get_by_role("button", name="Once a week only").click()
    look()
    assert window.get_by_role("button", name="Remind me at each step again").is_visible()
