"""Valid HTML: every page that a test opens is kept, and at the end of the run all are checked at once with vnu.

The checker needs Java and its jar (``.ci/run`` fetches both); without them the end of the run says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import session

CHANGING = re.compile(r'(nonce="|name="csrf_token"[^>]*value="|id="csrf_token"[^>]*value=")[^"]*')
"""What differs between two visits of one page."""
SHOWN = 20
PROCESSES = os.cpu_count() or 1
"""At the end of a run nothing else is left to do."""
NO_FAULT = re.compile(r"^CSS: “mso-[a-z-]+”: Property “mso-[a-z-]+” doesn't exist")
"""In mails: how Outlook is told of spaces around tables and buttons; every other program passes over them."""


def checker() -> tuple[str, Path] | str:
    """Java and the jar, or why there is no checker."""
    java = shutil.which("java")
    if java is None:
        return "no Java runtime found"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    jar = Path(os.environ.get("TRACKER_TEST_VNU_JAR") or cache / "commitments-tracker" / "vnu.jar")
    if not jar.is_file():
        return "no vnu.jar found (.ci/run fetches it; TRACKER_TEST_VNU_JAR names another place)"
    return java, jar


class PageClient(FlaskClient):
    """Visits pages at the configured address, and keeps each page of HTML for the check at the end."""

    pages: Path | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self.application.extensions["tracker.settings"].base_url)
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and self.pages is not None and response.get_data():
            keep(self.pages, response.request.path, response.get_data(as_text=True))
        return response

    def session_transaction(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("base_url", self.application.extensions["tracker.settings"].base_url)
        return super().session_transaction(*args, **kwargs)


def keep(folder: Path, path: str, text: str) -> None:
    name = hashlib.sha256(CHANGING.sub(r"\1", text).encode("utf-8", "replace")).hexdigest()[:20]
    page = folder / f"{name}.html"
    if not page.exists():
        page.write_text(text, "utf-8", "replace")
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
        page.with_suffix(".json").write_text(json.dumps({"path": path, "test": test}), "utf-8")


def page_folder(config: pytest.Config) -> Path | None:
    """Where pages are kept; None where nothing can check them."""
    if isinstance(checker(), str):
        return None
    folder = session.shared(config) / "pages"
    folder.mkdir(exist_ok=True)
    return folder


def faults(folder: Path) -> list[str]:
    """What the checker says against the kept pages, each fault once with a page and a test where it occurs."""
    found = checker()
    if isinstance(found, str):
        raise RuntimeError(found)
    java, jar = found
    # Short runs: what its second compiler would gain is less than what that costs.
    command = (java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss2m", "-jar", str(jar))
    options = ("--format", "json", "--stdout", "--exit-zero-always", "--skip-non-html")
    pages = sorted(map(str, folder.glob("*.html")))
    parts = [part for first in range(PROCESSES) if (part := pages[first::PROCESSES])]
    with ThreadPoolExecutor(PROCESSES) as threads:
        answers = list(threads.map(lambda part: _checked((*command, *options, *part)), parts))
    seen: dict[str, str] = {}
    for message in (message for answer in answers for message in answer):
        if message["type"] == "info" or NO_FAULT.match(message["message"]):
            continue
        origin = json.loads(Path(message["url"].removeprefix("file:")).with_suffix(".json").read_text("utf-8"))
        seen.setdefault(
            message["message"],
            f"{message['message']}\n    at {origin['path']} in {origin['test']}\n"
            f"    {' '.join(message.get('extract', '').split())}",
        )
    return list(seen.values())


def _checked(command: tuple[str, ...]) -> list[dict[str, Any]]:
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    messages: list[dict[str, Any]] = json.loads(answer.stdout)["messages"]
    return messages


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workerinput"):
        return
    report = _verdict(config)
    if report is None:
        return
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.stats.setdefault(report.outcome, []).append(report)
    if report.failed:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _verdict(config: pytest.Config) -> pytest.TestReport | None:
    """Check the kept pages, say a line about it, and return what counts as one more test."""
    lines = config.__dict__.setdefault("tracker_lines", [])
    found = checker()
    if isinstance(found, str):
        lines.append(f"{'Valid HTML:':12} not checked: {found}")
        return _report("failed", f"HTML was not checked: {found}") if session.NO_SKIPS else None
    folder = session.shared(config) / "pages"
    pages = len(list(folder.glob("*.html"))) if folder.exists() else 0
    if not pages:
        lines.append(f"{'Valid HTML:':12} no page was opened")
        return None
    wrong = faults(folder)
    lines.append(f"{'Valid HTML:':12} {pages} pages checked, {len(wrong)} faults")
    lines.extend(wrong[:SHOWN])
    return _report("failed", f"{len(wrong)} faults, listed above") if wrong else _report("passed", "")


def _report(outcome: Any, text: str) -> pytest.TestReport:
    location = ("tests/support/html.py", None, "valid HTML")
    return pytest.TestReport("valid HTML", location, {}, outcome, text or None, "call")
