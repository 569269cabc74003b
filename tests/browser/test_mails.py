"""Mails as their readers see them: on a phone, light and dark, nothing sideways, readable for everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.support.browser import PHONE
from tracker.mail.sample_facts import invented, using
from tracker.mail.samples import SAMPLES

OF_A_PAGE = ("landmark-one-main", "region")
"""Rules for whole pages: a mail is an article inside a mail program, which has the landmarks."""
LONG = "Nichtregierungsorganisationszusammenarbeit" * 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(
    scheme: str, open_browser: Callable[..., Page], axe: Callable[..., None], fits: Callable[[Page], None]
) -> None:
    page = open_browser(viewport=PHONE, is_mobile=True, has_touch=True, color_scheme=scheme)
    groups = {name.partition(".")[0] for name in SAMPLES}
    for name, made in SAMPLES.items():
        page.set_content(made("fr").html)
        fits(page)
        if name.partition(".")[0] in groups:  # one of each kind: the rest differs in words only
            groups.discard(name.partition(".")[0])
            axe(page, skip=OF_A_PAGE)


def test_long_words_break(open_browser: Callable[..., Page], fits: Callable[[Page], None]) -> None:
    page = open_browser(viewport=PHONE, is_mobile=True, has_touch=True)
    usual = invented("es")
    titles = tuple((code, LONG) for code, _title in usual.commitments)
    with using(replace(usual, reader=LONG, typed=LONG, party=LONG, organisation=LONG, commitments=titles)):
        for made in SAMPLES.values():
            page.set_content(made("es").html)
            fits(page)


def test_button_is_large_enough_and_colours_follow_the_scheme(open_browser: Callable[..., Page]) -> None:
    found = {}
    for scheme in ("light", "dark"):
        page = open_browser(viewport=PHONE, color_scheme=scheme)
        page.set_content(SAMPLES["notices.return"]("es").html)
        box = page.locator(".act a").bounding_box()
        assert box is not None
        assert box["height"] >= 44
        found[scheme] = page.locator(".card").evaluate("node => getComputedStyle(node).backgroundColor")
    assert found["light"] == "rgb(255, 255, 255)"
    assert found["dark"] == "rgb(26, 37, 56)"
