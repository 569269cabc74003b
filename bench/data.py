"""The databases measured: the demonstration at each scale, made once and kept under ``build/bench``."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from config import Settings
from tracker import create_app
from tracker.db import db
from tracker.demo.load import load
from tracker.migrate import alembic

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "bench"
SOURCES = ("migrations/*.py", "seed_recommendations/*.yaml", "tracker/demo/**/*.py", "tracker/demo/texts/*.yaml")
SECRET = "a secret for benchmarks on the loopback only"  # noqa: S105


def settings(scale: int, folder: Path = FOLDER) -> Settings:
    """Settings of a demonstration at this scale, on SQLite."""
    data_dir = folder / f"scale-{scale}"
    return replace(
        Settings(),
        data_dir=data_dir,
        database_url=f"sqlite:///{data_dir / 'tracker.sqlite3'}",
        secret_key=SECRET,
        smtp_url=None,
        page_cache=0,
    )


def application(scale: int) -> Flask:
    """The application on that demonstration, as it is."""
    return create_app(settings(scale))


def prepare(scale: int) -> Settings:
    """Load the demonstration at this scale, unless it is there, made from the same files this week."""
    wanted = settings(scale)
    mark = wanted.data_dir / "made-from"
    digest = _digest()
    if mark.exists() and mark.read_text("ascii") == digest:
        return wanted
    wanted.data_dir.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(wanted.data_dir)
    wanted.data_dir.mkdir()
    begun = time.monotonic()
    app = create_app(wanted)
    with app.app_context():
        alembic.upgrade()
        load(db.session, wanted, now=datetime.now(UTC), scale=scale)
        db.engine.dispose()
    print(f"scale {scale}: loaded in {time.monotonic() - begun:.0f} s", flush=True)
    mark.write_text(digest, "ascii")
    return wanted


def _digest() -> str:
    """Of what the data is made from, and of the week: the demonstration is dated from its loading."""
    found = hashlib.sha256(f"{datetime.now(UTC):%G-%V}".encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()
