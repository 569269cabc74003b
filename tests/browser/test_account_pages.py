"""The pages of the account and of people in a real browser: accessible, nothing to scroll sideways, at both widths."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from tests.cast import PASSWORD, Cast
from tracker.models import Message

PICTURES = os.environ.get("TRACKER_TEST_PICTURES")


def enter(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture(params=["page", "phone"])
def window(request: pytest.FixtureRequest, cast: Cast) -> Page:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture
def look(window: Page, axe: Callable[..., None], fits: Callable[[Page], None]) -> Callable[[str], None]:
    def check(name: str) -> None:
        if PICTURES:
            width = (window.viewport_size or {"width": 0})["width"]
            window.screenshot(path=Path(PICTURES) / f"account-{name}-{width}.png", full_page=True)
        axe(window)
        fits(window)

    return check


def test_signing_in_and_the_own_account(window: Page, look: Callable[[str], None]) -> None:
    window.goto("/account")
    look("sign-in")
    enter(window, "focal.us@tracker.test", "wrong")
    look("sign-in-refused")
    assert window.get_by_label("E-mail address").input_value() == "focal.us@tracker.test"
    enter(window, "focal.us@tracker.test")
    assert window.url.endswith("/account")
    look("profile")
    window.get_by_role("link", name="Choose which summaries you get").click()
    look("summaries")
    window.get_by_role("button", name="Take a summary").click()
    look("summary-new")
    window.goto("/account")
    window.get_by_role("link", name="Change the password").click()
    look("change-password")
    window.get_by_role("button", name="Change the password").click()
    look("change-password-refused")


def test_choosing_a_password_by_link(window: Page, cast: Cast, look: Callable[[str], None]) -> None:
    window.goto("/forgot-password")
    look("forgot")
    window.get_by_label("E-mail address").fill("focal.us@tracker.test")
    window.get_by_role("button").filter(has_text="Send me a link").click()
    look("forgot-sent")
    with cast.reading() as session:
        text = session.scalars(sa.select(Message.text)).one()
    link = re.search(r"/reset/\S+", text)
    assert link
    window.goto(link[0])
    window.get_by_label("New password", exact=True).fill("trata trata trata 1")
    window.get_by_label("New password again").fill("trata trata trata 1")
    window.get_by_role("button", name="Keep this password").click()
    look("new-password-refused")
    window.goto("/invitation/unknown")
    look("link-dead")


def test_what_was_typed_is_kept(window: Page, cast: Cast, look: Callable[[str], None]) -> None:
    window.goto("/sign-in")
    enter(window, "admin@tracker.test")
    window.goto("/admin/people/invite")
    look("invite")
    window.get_by_label("E-mail address").fill("kept@tracker.test")
    window.get_by_label("Name", exact=True).fill("Ñusta Avaré")
    window.get_by_label("Observer").check()
    window.get_by_label("Name of a new organization").fill("Ñandú")
    cast.clock.advance(hours=3)
    window.get_by_role("button", name="Send the invitation").click()
    look("kept-sign-in")
    enter(window, "admin@tracker.test")
    look("resume")
    window.get_by_role("button", name="Send it again").click()
    assert window.url.endswith("/admin/people")
    look("people-sent")


def test_administration(window: Page, cast: Cast, look: Callable[[str], None]) -> None:
    window.goto("/sign-in")
    enter(window, "admin@tracker.test")
    for name in (
        "",
        "/people",
        f"/people/{cast.actor('contributor.br').user_id}",
        f"/people/{cast.actor('admin').user_id}",
    ):
        window.goto(f"/admin{name}")
        look("admin" + name.replace("/", "-"))
