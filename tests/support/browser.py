"""Tests in a real browser: Debian's Chromium through Playwright, a live server, and axe for accessibility."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from werkzeug.serving import make_server

from tests.support import summary
from tests.support.smtp import free_port

AXE = Path(__file__).parent.parent / "browser" / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}
PATIENCE_MS = 15_000
FAULTS = """options => axe.run(document, options).then(result => result.violations.map(one =>
    `${one.id} (${one.impact}): ${one.help}\\n` + one.nodes.slice(0, 5).map(node =>
        `    ${node.target.join(" ")}: ${node.html.slice(0, 200)}`).join("\\n")))"""
"""What axe finds wrong, in words made in the page: all that it found in order is megabytes to hand over."""


@dataclass
class LiveServer:
    """The application on a port of this machine; ``url`` is also ``settings.base_url``."""

    url: str
    app: Flask

    def __call__(self, path: str) -> str:
        """The address of a path."""
        return f"{self.url}{path}"


@pytest.fixture
def live_port() -> int:
    """The port that ``live_server`` will use, known before the application is made."""
    return free_port()


@pytest.fixture
def live_server(app: Flask, live_port: int) -> Iterator[LiveServer]:
    """The test's application, served by threads of this process: clock and database are those of the test."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", live_port))
        listening.listen(64)
        server = make_server("127.0.0.1", live_port, _whole(app), threaded=True, fd=listening.fileno())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield LiveServer(f"http://127.0.0.1:{live_port}", app)
        server.shutdown()
        thread.join(10)
        server.server_close()


def _whole(app: Flask) -> Callable[..., Iterable[bytes]]:
    """The application with each answer read to its end and closed before any of it is written.

    Werkzeug's server leaves an answer open, and with it a static file, where the browser goes away in the middle.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if (close := getattr(body, "close", None)) is not None:
                close()

    return answer


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser | str]:
    """One browser for the run of a process, or the reason why there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        yield "no Chromium found (Debian: apt-get install chromium)"
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browser(request: pytest.FixtureRequest, chromium: Browser | str) -> Browser:
    """The browser; the test is skipped, with the reason told at the end, where there is none."""
    if isinstance(chromium, str):
        summary.skip(request, "browser", chromium)
    summary.note(request, "browser")
    return chromium  # type: ignore[return-value]  # narrowed: skip raises


class Watch:
    """What a page must not do: load from elsewhere, or write errors to the console."""

    def __init__(self, origin: str) -> None:
        self.origin = urlsplit(origin).netloc
        self.foreign: list[str] = []
        self.errors: list[str] = []

    def route(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("data", "blob", "about") or address.netloc == self.origin:
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"{error}"))
        page.on("console", lambda said: self._console(said.type, said.text))

    def _console(self, kind: str, text: str) -> None:
        # Chromium reports every answer of 4xx as an error of the console; forms that come back are such answers.
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.errors.append(text)


@pytest.fixture
def open_browser(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer
) -> Iterator[Callable[..., Page]]:
    """Makes a page with cookies of its own: ``open_browser(viewport=PHONE, java_script_enabled=False, …)``.

    At the end of the test, loading from another place or an error in the console fails it.
    """
    watch = Watch(live_server.url)
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        options.setdefault("viewport", DESKTOP)
        options.setdefault("locale", "en")
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.route("**/*", watch.route)
        context.on("page", watch.follow)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not watch.foreign, f"the browser was sent elsewhere: {watch.foreign}"
    if request.node.get_closest_marker("console_errors_expected") is None:
        assert not watch.errors, f"errors in the browser's console: {watch.errors}"


@pytest.fixture
def page(open_browser: Callable[..., Page]) -> Page:
    """A page at desktop width; ``page.goto("/path")`` goes to the live server."""
    return open_browser()


@pytest.fixture
def phone(open_browser: Callable[..., Page]) -> Page:
    """A page at phone width."""
    return open_browser(viewport=PHONE, is_mobile=True, has_touch=True)


def _settled(page: Page) -> None:
    """Wait for style, pictures and fonts: before, things are small and close together, or as large as they come."""
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => true)")


@pytest.fixture
def axe() -> Callable[..., None]:
    """``axe(page)`` fails where the page has a fault of accessibility; ``skip=("rule-id",)`` needs a reason."""
    source = AXE.read_text("utf-8")

    def check(page: Page, *, skip: tuple[str, ...] = ()) -> None:
        _settled(page)
        page.evaluate(source)
        options = {
            "runOnly": {"type": "tag", "values": RULES},
            "rules": {rule: {"enabled": False} for rule in skip},
            "resultTypes": ["violations"],
        }
        told = page.evaluate(FAULTS, options)
        assert not told, f"{page.url} has {len(told)} faults of accessibility:\n" + "\n".join(told)

    return check


@pytest.fixture
def fits() -> Callable[[Page], None]:
    """``fits(page)`` fails where the page can be scrolled sideways."""

    def check(page: Page) -> None:
        _settled(page)
        wide, view = page.evaluate("[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]")
        assert wide <= view, f"{page.url} is {wide} px wide in a window of {view} px"

    return check
