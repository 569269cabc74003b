"""Settings are read from the environment once; a wrong one is refused with one sentence that names it."""

from __future__ import annotations

import stat
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from config import Settings, SettingsError

GOOD = {
    "TRACKER_ENV": "production",
    "TRACKER_SECRET_KEY": "k" * 40,
    "TRACKER_SMTP_URL": "smtps://user:word@mail.example",
    "TRACKER_BASE_URL": "https://tracker.example",
}


@pytest.fixture
def data(tmp_path: Path) -> dict[str, str]:
    """An environment that only says where the data lie."""
    return {"TRACKER_DATA_DIR": str(tmp_path / "data")}


def test_defaults_are_those_of_the_demonstration(data: dict[str, str], tmp_path: Path) -> None:
    settings = Settings.from_environment(data)
    assert not settings.is_production
    assert (settings.host, settings.port, settings.workers, settings.trusted_proxies) == ("127.0.0.1", 8000, 2, 0)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'tracker.sqlite3'}"
    assert settings.is_sqlite
    assert settings.smtp_url is None


def test_base_url_follows_host_and_port(data: dict[str, str]) -> None:
    settings = Settings.from_environment(data | {"TRACKER_HOST": "192.0.2.7", "TRACKER_PORT": "8080"})
    assert settings.base_url == "http://192.0.2.7:8080"


def test_base_url_of_an_ipv6_host_has_brackets(data: dict[str, str]) -> None:
    settings = Settings.from_environment(data | {"TRACKER_HOST": "::1", "TRACKER_PORT": "8080"})
    assert settings.base_url == "http://[::1]:8080"


def test_base_url_loses_its_last_stroke(data: dict[str, str]) -> None:
    assert Settings.from_environment(data | {"TRACKER_BASE_URL": "https://t.example/"}).base_url == "https://t.example"


def test_secret_is_made_once_and_kept_for_the_owner_only(data: dict[str, str], tmp_path: Path) -> None:
    first = Settings.from_environment(data).secret_key
    assert len(first) >= 32
    assert Settings.from_environment(data).secret_key == first
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600


def test_settings_do_not_change_and_do_not_show_secrets() -> None:
    settings = Settings(secret_key="hidden-key", smtp_url="smtp://user:hidden-word@host")
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]
    assert "hidden" not in repr(settings)


def test_production_starts_when_all_is_set(data: dict[str, str]) -> None:
    settings = Settings.from_environment(data | GOOD)
    assert settings.is_production
    assert settings.is_https


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_ENV", "staging"),
        ("TRACKER_PORT", "eighty"),
        ("TRACKER_PORT", "0"),
        ("TRACKER_PORT", "65536"),
        ("TRACKER_PORT", "٨٠"),
        ("TRACKER_WORKERS", "0"),
        ("TRACKER_WORKERS", "-1"),
        ("TRACKER_TRUSTED_PROXIES", "many"),
        ("TRACKER_BASE_URL", "tracker.example"),
        ("TRACKER_BASE_URL", "ftp://tracker.example"),
        ("TRACKER_BASE_URL", "https://name:secret@tracker.example"),
        ("TRACKER_BASE_URL", "https://tracker.example/?a=1"),
        ("TRACKER_DATABASE_URL", "mysql://host/name"),
        ("TRACKER_SMTP_URL", "mail.example:25"),
        ("TRACKER_MAIL_FROM", "nobody"),
        ("TRACKER_MAIL_FROM", "a@b.example\nBcc: c@d.example"),
        ("TRACKER_MAIL_FROM", "Tracker <a@b.example>"),
        ("TRACKER_MAIL_REPLY_TO", "a@b.example, c@d.example"),
        ("TRACKER_MAIL_PER_MINUTE", "-1"),
        ("TRACKER_MAIL_PER_DOMAIN_PER_MINUTE", "many"),
        ("TRACKER_BOUNCE_MAILDIR", "mail/bounces"),
    ],
)
def test_wrong_setting_is_named_in_one_sentence(data: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(data | {name: value})
    sentence = str(refused.value)
    assert name in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"TRACKER_SECRET_KEY": ""}, "TRACKER_SECRET_KEY"),
        ({"TRACKER_SECRET_KEY": "short"}, "TRACKER_SECRET_KEY"),
        ({"TRACKER_SECRET_KEY": "changeme"}, "TRACKER_SECRET_KEY"),
        ({"TRACKER_SMTP_URL": ""}, "TRACKER_SMTP_URL"),
        ({"TRACKER_BASE_URL": ""}, "TRACKER_BASE_URL"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    ],
)
def test_production_refuses(data: dict[str, str], changes: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.from_environment(data | GOOD | changes)


def test_passwords_stay_out_of_refusals(data: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(data | {"TRACKER_SMTP_URL": "smpt://user:hidden-word@host"})
    assert "hidden-word" not in str(refused.value)
