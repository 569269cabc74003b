"""What one run of the tests shares between its processes: a folder, and what the run could not do and why."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import room

SHARED = pytest.StashKey[Path]()
NO_SKIPS = os.environ.get("TRACKER_TEST_NO_SKIPS", "") not in ("", "0")


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def shared(config: pytest.Config) -> Path:
    """The folder of this run, the same in all its processes."""
    return config.stash[SHARED]


@contextmanager
def only_one(config: pytest.Config, name: str) -> Iterator[None]:
    """One process of the run at a time."""
    with (shared(config) / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def owner(config: pytest.Config) -> int:
    """The process whose end is the end of the run."""
    return int(json.loads((shared(config) / "run.json").read_text("utf-8"))["owner"])


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if is_worker(config):
        config.stash[SHARED] = Path(config.workerinput["tracker_shared"])  # type: ignore[attr-defined]
        return
    # Databases and files of tests are written through to the disk as everywhere: where that is memory, at once.
    place = room.in_memory()
    if place is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))
    folder = Path(tempfile.mkdtemp(prefix="tracker-tests-"))
    (folder / "run.json").write_text(json.dumps({"owner": os.getpid()}), "utf-8")
    config.stash[SHARED] = folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    node.workerinput["tracker_shared"] = str(shared(node.config))  # type: ignore[attr-defined]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_worker(config) and SHARED in config.stash:
        shutil.rmtree(shared(config), ignore_errors=True)


def _forbid_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipped, and TRACKER_TEST_NO_SKIPS forbids that: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than processors: some tests wait for a browser, a server or a lock."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of minutes begins early and in a process of its own, so that none waits for it at the end.

    The list is dealt out in equal parts, and what is left of a part is taken from its end.
    """
    long = [item for item in items if item.get_closest_marker("minutes")]
    if not long or len(long) == len(items):
        return
    rest = [item for item in items if item not in long]
    for number, item in enumerate(long):
        rest.insert(number * -(-len(rest) // len(long)), item)
    items[:] = rest
