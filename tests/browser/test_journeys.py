"""One journey per role in a real browser, on one report, each page accessible and fitting its window."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Cast
from tests.support.browser import PHONE
from tracker.domain.vocabulary import ReportState

PICTURES = os.environ.get("TRACKER_TEST_PICTURES")
STATE = "us"
"""Reports in English, so that the labels below are those on the page."""


@dataclass
class Theatre:
    """A window per person; every page that is looked at is checked."""

    open_browser: Callable[..., Page]
    axe: Callable[..., None]
    fits: Callable[[Page], None]
    seen: int = field(default=0)

    def enter(self, name: str, **options: object) -> Page:
        page = self.open_browser(**options)
        page.goto("/sign-in?lang=en")
        page.get_by_label("E-mail address").fill(f"{name}@tracker.test")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/dashboard")
        self.look(page, name)
        return page

    def look(self, page: Page, name: str) -> None:
        self.seen += 1
        if PICTURES:
            width = (page.viewport_size or {"width": 0})["width"]
            page.screenshot(path=Path(PICTURES) / f"journey-{self.seen:02}-{name}-{width}.png", full_page=True)
        self.axe(page)
        self.fits(page)


@pytest.fixture
def theatre(
    cast: Cast, open_browser: Callable[..., Page], axe: Callable[..., None], fits: Callable[[Page], None]
) -> Theatre:
    return Theatre(open_browser, axe, fits)


def answer_all(page: Page, said: str) -> None:
    for group in page.get_by_role("group", name="How far is this carried out?").all():
        group.get_by_label("Largely implemented").check()
    for narrative in page.get_by_label("What was done in this period?").all():
        narrative.fill(said)


def test_a_report_from_the_contributor_to_the_public(theatre: Theatre, cast: Cast) -> None:
    report_id = cast.report_id("US", "CS-03")

    contributor = theatre.enter(f"contributor.{STATE}", viewport=PHONE, is_mobile=True, has_touch=True)
    contributor.get_by_role("link", name="Necessary resources, visible in national budgets").first.click()
    theatre.look(contributor, "form")
    answer_all(contributor, "The budget names the purpose.")
    first = contributor.get_by_role("group", name="Link 1")
    first.get_by_label("What it shows").fill("An invented act")
    first.get_by_label("Web address").fill("not an address")
    contributor.get_by_role("button", name="Save draft", exact=True).click()
    theatre.look(contributor, "form-refused")
    expect(contributor.get_by_label("What was done in this period?").first).to_have_value(
        "The budget names the purpose."
    )
    contributor.get_by_role("group", name="Link 1").get_by_label("Web address").fill("https://example.org/act")
    contributor.get_by_role("button", name="Save draft", exact=True).click()
    assert contributor.goto(f"/reports/{cast.report_id('US', 'CS-04')}").status == 404  # type: ignore[union-attr]

    focal = theatre.enter(f"focal.{STATE}")
    focal.goto(f"/reports/{report_id}")
    expect(focal.get_by_label("What was done in this period?").first).to_have_value("The budget names the purpose.")
    focal.get_by_role("button", name="Save and ask for approval").click()
    theatre.look(focal, "asked")

    approver = theatre.enter(f"approver.{STATE}")
    approver.get_by_role("button", name="Approve reports").click()
    theatre.look(approver, "approvals")
    approver.locator(f"#report-{report_id}").check()
    approver.get_by_role("button", name="Approve and submit selected").click()
    theatre.look(approver, "approved")
    expect(approver.get_by_text("Done")).to_be_visible()

    reviewer = theatre.enter("reviewer")
    reviewer.goto("/reviews")
    theatre.look(reviewer, "queue")
    reviewer.goto(f"/reviews/{report_id}")
    reviewer.get_by_role("button", name="Take up the review").click()
    reviewer.get_by_role("group", name="Rating", exact=True).get_by_label("Implemented", exact=True).check()
    reviewer.get_by_role("group", name="Strength of evidence").get_by_label("Declared only").check()
    reviewer.get_by_label("Reasons", exact=True).fill("The act names the purpose.")
    reviewer.get_by_role("button", name="Propose this rating").click()
    theatre.look(reviewer, "proposal-refused")
    expect(reviewer.get_by_label("Reasons", exact=True)).to_have_value("The act names the purpose.")
    reviewer.get_by_role("group", name="Strength of evidence").get_by_label("Documented").check()
    reviewer.get_by_role("button", name="Propose this rating").click()
    theatre.look(reviewer, "proposed")
    assert reviewer.get_by_role("button", name="Confirm the rating").count() == 0

    colleague = theatre.enter("reviewer2")
    colleague.goto(f"/reviews/{report_id}")
    colleague.get_by_role("button", name="Confirm the rating").click()
    theatre.look(colleague, "confirmed")

    focal.goto(f"/reports/{report_id}")
    theatre.look(focal, "right-of-reply")
    focal.get_by_label("Comment", exact=True).fill("We agree.")
    focal.get_by_role("button", name="Publish with this comment").click()
    theatre.look(focal, "published")
    focal.goto(f"/commitments/{cast.commitment_id('US', 'CS-03')}")
    theatre.look(focal, "history")

    visitor = theatre.open_browser(viewport=PHONE, java_script_enabled=False)
    visitor.goto("/?lang=en")
    visitor.get_by_role("link", name="United States").first.click()
    visitor.get_by_role("link", name="Necessary resources, visible in national budgets").first.click()
    expect(visitor.get_by_text("The budget names the purpose.").first).to_be_visible()
    expect(visitor.get_by_text("The act names the purpose.").first).to_be_visible()
    expect(visitor.get_by_text("We agree.").first).to_be_visible()


def test_two_people_on_one_report_see_both_texts(theatre: Theatre, cast: Cast) -> None:
    address = f"/reports/{cast.report_id('US', 'CS-06')}"
    first, second = theatre.enter(f"focal.{STATE}"), theatre.enter(f"focal.{STATE}", viewport=PHONE)
    for page in (first, second):
        page.goto(address)
    answer_all(first, "The words of the first.")
    first.get_by_role("button", name="Save draft", exact=True).click()
    answer_all(second, "The words of the second.")
    second.get_by_role("button", name="Save draft", exact=True).click()
    theatre.look(second, "conflict")
    for words in ("The words of the first.", "The words of the second."):
        expect(second.get_by_text(words).first).to_be_visible()


def test_the_secretariat_reports_on_its_own_mandates(theatre: Theatre, cast: Cast) -> None:
    reporter = theatre.enter("secretariat")
    reporter.goto(f"/reports/{cast.report_id('GS', 'WP-G-01')}")
    answer_all(reporter, "Materials were published.")
    reporter.get_by_role("button", name="Save and submit").click()
    theatre.look(reporter, "own-mandate")
    with cast.reading() as session:
        report = cast._report(session, cast.report_id("GS", "WP-G-01"))
        assert report.state is ReportState.SUBMITTED


def test_an_observer_reads_what_is_published(theatre: Theatre, cast: Cast) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    observer = theatre.enter("observer")
    observer.goto(f"/commitments/{cast.commitment_id('BR', 'CS-02')}")
    theatre.look(observer, "commitment")
    expect(observer.get_by_text("An invented comment of the State.").first).to_be_visible()
    assert observer.goto(f"/commitments/{cast.commitment_id('US', 'CS-02')}").status == 404  # type: ignore[union-attr]


def test_an_administrator_invites_and_the_newcomer_enters(theatre: Theatre, cast: Cast) -> None:
    administrator = theatre.enter("admin")
    administrator.goto("/admin/people/invite")
    theatre.look(administrator, "invite")
    administrator.get_by_label("E-mail address").fill("newcomer@tracker.test")
    administrator.get_by_label("Name", exact=True).fill("An invented newcomer")
    administrator.get_by_role("radio", name="Focal point").check()
    administrator.locator("#party_code").select_option(label="United States")
    administrator.get_by_role("button", name="Send the invitation").click()
    administrator.goto("/admin/mail")
    theatre.look(administrator, "mail")
    administrator.locator("table a").first.click()
    theatre.look(administrator, "mail-read")
    text = administrator.locator("main textarea").input_value()
    link = next(word for word in text.split() if "/invitation/" in word)

    newcomer = theatre.open_browser()
    newcomer.goto(link)
    theatre.look(newcomer, "invitation")
    chosen = "seven quiet words for a door"
    for box in newcomer.locator("input[type=password]").all():
        box.fill(chosen)
    newcomer.locator("main form button[type=submit]").click()
    newcomer.goto("/dashboard")
    if "sign-in" in newcomer.url:
        newcomer.get_by_label("E-mail address").fill("newcomer@tracker.test")
        newcomer.get_by_label("Password", exact=True).fill(chosen)
        newcomer.get_by_role("button", name="Sign in").click()
    theatre.look(newcomer, "newcomer")
    expect(newcomer.get_by_role("heading", name="To do", level=1)).to_be_visible()
