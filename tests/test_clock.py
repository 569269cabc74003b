"""Time zones come from the pinned data, and old data are told of at the start (SAFETY D17)."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.support.clock import MovableClock
from tracker import create_app
from tracker.clock import is_old_zone_data
from tracker.db import db
from tracker.models import ReportingParty


def test_old_data_are_old() -> None:
    assert not is_old_zone_data("2026.6", datetime(2027, 12, 31, tzinfo=UTC))
    assert is_old_zone_data("2026.6", datetime(2028, 1, 1, tzinfo=UTC))


def test_the_start_warns_of_old_data(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    this_year = int(version("tzdata").partition(".")[0])
    create_app(settings, MovableClock(datetime(this_year, 6, 1, tzinfo=UTC)))
    assert "time_zones.old" not in capsys.readouterr().err
    create_app(settings, MovableClock(datetime(this_year + 2, 6, 1, tzinfo=UTC)))
    assert "time_zones.old" in capsys.readouterr().err


def test_every_party_has_a_zone_of_the_pinned_data(catalogue_app: Flask) -> None:
    with catalogue_app.app_context():
        zones = list(db.session.scalars(sa.select(ReportingParty.time_zone)))
    assert len(zones) == 37
    for zone in zones:
        assert ZoneInfo.no_cache(zone).key == zone
    assert not zoneinfo.TZPATH
