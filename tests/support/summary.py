"""The end of a run: what ran against SQLite, PostgreSQL, the browser and LibreOffice, what could not, and why."""

from __future__ import annotations

from collections import Counter

import pytest

RAN_WITH = "ran_with"
LACKED = "lacked"
TITLES = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "browser": "Browser",
    "office": "LibreOffice",
    "opensmtpd": "OpenSMTPD",
}


def note(request: pytest.FixtureRequest, what: str) -> None:
    """Remember that this test runs with ``sqlite``, ``postgresql``, ``browser`` or ``office``."""
    request.node.user_properties.append((RAN_WITH, what))


def skip(request: pytest.FixtureRequest, what: str, reason: str) -> None:
    """Skip this test for lack of something; the reason stands at the end of the run."""
    request.node.user_properties.append((LACKED, f"{what}: {reason}"))
    pytest.skip(f"{TITLES[what]}: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ran: dict[str, Counter[str]] = {what: Counter() for what in TITLES}
    lacked: dict[str, dict[str, int]] = {what: Counter() for what in TITLES}
    for outcome in ("passed", "failed", "skipped", "error", "xfailed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in getattr(report, "user_properties", []):
                if name == RAN_WITH and report.when == "call":
                    ran[value][outcome] += 1
                elif name == LACKED and report.when == "setup":
                    what, _, reason = value.partition(": ")
                    lacked[what][reason] += 1
    terminalreporter.section("what ran where")
    for what, title in TITLES.items():
        counts = ran[what]
        line = ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "nothing ran"
        terminalreporter.write_line(f"{title + ':':12} {line}")
        for reason, count in lacked[what].items():
            terminalreporter.write_line(f"{'':12} {count} could not run: {reason}")
    for line in getattr(terminalreporter.config, "tracker_lines", []):
        terminalreporter.write_line(line)
