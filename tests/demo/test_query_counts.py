"""The pages people open most ask the database as often with two cycles as with ten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import pages, queries
from config import Settings
from tests.support.clock import START, MovableClock
from tests.support.databases import SECRET, Databases
from tracker import create_app
from tracker.db import db

MOST = 15
"""Statements on one page, the session's own included. The review desk needs most: nine files lie on it side by side."""


def counted(databases: Databases, stage: str, folder: Path) -> Iterator[dict[str, int]]:
    with databases.copy("sqlite", stage, folder) as url:
        settings = Settings(
            base_url="http://localhost", data_dir=folder, database_url=url, secret_key=SECRET, page_cache=0
        )
        app = create_app(settings, MovableClock(START))
        with app.app_context():
            listed = pages.pages(db.session)
        found: dict[str, Any] = queries.counts(app, listed)
        with app.app_context():
            db.engine.dispose()
        yield {page.name: found.get(page.name, "no answer") for page in listed}


@pytest.fixture(scope="module")
def small(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    yield from counted(databases, "demo", tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def large(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    yield from counted(databases, "demo5", tmp_path_factory.mktemp("demo5"))


def test_as_many_queries_with_more_data(small: dict[str, int], large: dict[str, int]) -> None:
    assert small == large
    assert "no answer" not in small.values(), small


def test_few_queries(small: dict[str, int]) -> None:
    assert {name: count for name, count in small.items() if count > MOST} == {}
