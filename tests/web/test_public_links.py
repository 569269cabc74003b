"""Every link of the public pages leads somewhere: to a route of this site, which answers."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.cast import Cast
from tests.web.test_public_pages import PAGES
from tracker.domain.vocabulary import ReportState

LINK = re.compile(r'<(?:a|form)\b[^>]*?\b(?:href|action)="(/[^"]*)"')


def test_every_link_of_a_public_page_leads_somewhere(cast: Cast, client: FlaskClient) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.PUBLISHED)
    routes = cast.app.url_map.bind("tracker.test")
    to_open: dict[tuple[str, bool], str] = {}
    """One address for each endpoint, with a query and without."""
    for page in PAGES:
        for raw in LINK.findall(client.get(page).get_data(as_text=True)):
            address = html.unescape(raw)
            path = urlsplit(address).path
            try:
                endpoint, _values = routes.match(path, method="GET")
            except HTTPException as error:
                raise AssertionError(f"{page} links to {address}") from error
            to_open.setdefault((endpoint, "?" in address), address)
    assert len(to_open) > 20
    for address in to_open.values():
        assert client.get(address).status_code in (200, 301, 302), address


def test_every_anchor_of_a_page_stands_on_it(cast: Cast, client: FlaskClient) -> None:
    for page in PAGES:
        text = client.get(page).get_data(as_text=True)
        for anchor in set(re.findall(r'href="#([^"]+)"', text)):
            assert f'id="{anchor}"' in text, (page, anchor)
