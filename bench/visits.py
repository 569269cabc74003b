"""Visiting pages in turn, round after round, so that a busy moment of the machine touches all of them alike."""

from __future__ import annotations

import http.client
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.pages import Page
from bench.servers import HOST
from tracker.demo.people import PASSWORD

ROUNDS = 20
EACH = 10
"""Requests in a row to each page in each round: 200 in all."""


@dataclass(frozen=True)
class Visit:
    """One page on one server, as somebody."""

    key: str
    port: int
    path: str
    cookie: str = ""


def fetch(port: int, path: str, cookie: str = "", form: dict[str, str] | None = None) -> tuple[int, str, list[str]]:
    """Status, body and cookies of one answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        headers = {"Cookie": cookie} if cookie else {}
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{HOST}:{port}",
                "Referer": f"http://{HOST}:{port}{path}",
            }
            connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        cookies = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
        return answer.status, answer.read().decode("utf-8", "replace"), cookies
    finally:
        connection.close()


def sign_in(port: int, email: str) -> str:
    """The cookie of somebody who signed in on the page for it."""
    _status, page, cookies = fetch(port, "/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"email": email, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    status, _page, fresh = fetch(port, "/sign-in", "; ".join(cookies), form)
    if status not in (http.client.FOUND, http.client.SEE_OTHER):
        raise SystemExit(f"{email} could not sign in: the answer was {status}.")
    return "; ".join(fresh)


def answers(port: int, pages: Sequence[Page], key: str) -> tuple[list[Visit], list[str]]:
    """The visits that answer 200, and a line for each that does not."""
    people = {page.person for page in pages if page.person}
    cookies = {person: sign_in(port, person) for person in sorted(people)}
    visits, left_out = [], []
    for page in pages:
        visit = Visit(f"{key}{page.name}", port, page.path, cookies.get(page.person or "", ""))
        status, _body, _cookies = fetch(port, page.path, visit.cookie)
        if status == http.client.OK:
            visits.append(visit)
        else:
            left_out.append(f"{page.name}: {page.path} answers {status}")
    return visits, left_out


def durations(visits: Sequence[Visit], rounds: int = ROUNDS) -> dict[str, float]:
    """Seconds of one request to each, by key: the first quartile, which a busy machine disturbs less than the median.

    (What is short is seldom interrupted, what is long often: on a busy machine medians make long pages look worse.)
    """
    times: dict[str, list[float]] = {visit.key: [] for visit in visits}
    for _ in range(rounds):
        for visit in visits:
            for _ in range(EACH):
                begun = time.perf_counter()
                fetch(visit.port, visit.path, visit.cookie)
                times[visit.key].append(time.perf_counter() - begun)
    return {key: statistics.quantiles(seconds, n=4)[0] for key, seconds in times.items()}
