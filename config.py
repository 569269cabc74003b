"""The settings, read from the environment once and never changed afterwards.

Every name, its default and its meaning stand in ``docs/settings.md``; a test holds the two together.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

LANGUAGES: tuple[str, ...] = ("en", "es", "pt", "fr")
SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")
EVIDENCE_OPTIONS = frozenset({"region", "endpoint", "access_key_id", "secret_access_key", "session_token"})
"""What may stand behind the question mark of an S3 address."""
KNOWN_SECRETS = frozenset({"dev", "secret", "changeme", "change-me", "demo", "test"})
SECRET_MIN_LENGTH = 32


class SettingsError(Exception):
    """A setting is wrong or missing. The message is one plain sentence that names it."""


@dataclass(frozen=True)
class Settings:
    """What an operator decides. Durations are in seconds, sizes in bytes."""

    environment: Literal["demo", "production"] = "demo"
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    data_dir: Path = Path("var")
    database_url: str = "sqlite:///var/tracker.sqlite3"
    secret_key: str = field(default="", repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "tracker@localhost"
    mail_reply_to: str = ""
    """Where replies go; "" to the sender's address."""
    mail_per_minute: int = 0
    mail_per_domain_per_minute: int = 0
    bounce_maildir: Path | None = None
    trusted_proxies: int = 0
    workers: int = 2
    session_idle: int = 2 * 60 * 60
    session_absolute: int = 12 * 60 * 60
    max_body: int = 2 * 1024 * 1024
    page_cache: int = 60
    """How long a visitor's page is kept once rendered, at most; 0: not at all."""
    evidence_url: str | None = field(default=None, repr=False)
    clamd_url: str | None = None

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check ``TRACKER_*``.

        Raises SettingsError with one sentence that names the setting.
        """
        env = os.environ if environ is None else environ
        environment = env.get("TRACKER_ENV", "demo")
        if environment not in ("demo", "production"):
            raise SettingsError(f"TRACKER_ENV must be 'demo' or 'production', not '{environment}'.")
        host = env.get("TRACKER_HOST", "127.0.0.1")
        port = _number(env, "TRACKER_PORT", 8000, 1, 65535)
        data_dir = Path(env.get("TRACKER_DATA_DIR", "var")).resolve()
        settings = cls(
            environment=environment,  # type: ignore[arg-type]
            host=host,
            port=port,
            base_url=_base_url(env.get("TRACKER_BASE_URL", _address_of(host, port))),
            data_dir=data_dir,
            database_url=_database_url(env.get("TRACKER_DATABASE_URL", f"sqlite:///{data_dir / 'tracker.sqlite3'}")),
            secret_key=_secret_key(env.get("TRACKER_SECRET_KEY"), data_dir, environment),
            smtp_url=_smtp_url(env.get("TRACKER_SMTP_URL")),
            mail_from=_address("TRACKER_MAIL_FROM", env.get("TRACKER_MAIL_FROM", "tracker@localhost")),
            mail_reply_to=_address("TRACKER_MAIL_REPLY_TO", env.get("TRACKER_MAIL_REPLY_TO") or None),
            mail_per_minute=_number(env, "TRACKER_MAIL_PER_MINUTE", 0, 0, 100_000),
            mail_per_domain_per_minute=_number(env, "TRACKER_MAIL_PER_DOMAIN_PER_MINUTE", 0, 0, 100_000),
            bounce_maildir=_maildir(env.get("TRACKER_BOUNCE_MAILDIR")),
            trusted_proxies=_number(env, "TRACKER_TRUSTED_PROXIES", 0, 0, 10),
            workers=_number(env, "TRACKER_WORKERS", 2, 1, 64),
            page_cache=_number(env, "TRACKER_PAGE_CACHE_SECONDS", 60, 0, 3600),
            evidence_url=_evidence_url(env.get("TRACKER_EVIDENCE_URL")),
            clamd_url=_clamd_url(env.get("TRACKER_CLAMD_URL")),
        )
        if settings.is_production:
            _check_production(settings, env)
        return settings


def _check_production(settings: Settings, env: Mapping[str, str]) -> None:
    if not settings.smtp_url:
        raise SettingsError("TRACKER_SMTP_URL must be set in production: without it no mail leaves.")
    if not env.get("TRACKER_BASE_URL"):
        raise SettingsError("TRACKER_BASE_URL must be set in production: links in e-mail are built from it.")
    for name in ("FLASK_DEBUG", "FLASK_ENV"):
        if env.get(name, "").lower() in ("1", "true", "on", "yes", "development"):
            raise SettingsError(f"{name} must not be set in production: debugging shows the code to strangers.")


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name)
    if raw is None or raw == "":
        return default
    if not (raw.isascii() and raw.isdigit()) or not low <= int(raw) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not '{raw}'.")
    return int(raw)


def _address_of(host: str, port: int) -> str:
    """The address people type; an IPv6 address stands in brackets there."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _base_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingsError("TRACKER_BASE_URL must look like https://host or https://host/path.")
    return raw.rstrip("/")


def _database_url(raw: str) -> str:
    if not raw.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
        raise SettingsError("TRACKER_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    return raw


def _smtp_url(raw: str | None) -> str | None:
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in SMTP_SCHEMES or not parts.hostname:
        raise SettingsError(
            "TRACKER_SMTP_URL must look like smtp://host:25, smtps://user:password@host or"
            " smtp+starttls://user:password@host:587."
        )
    return raw


def _evidence_url(raw: str | None) -> str | None:
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1 and not parts.query:
        return raw
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme != "s3" or not parts.netloc or parts.username or not options.keys() <= EVIDENCE_OPTIONS:
        raise SettingsError(
            "TRACKER_EVIDENCE_URL must look like file:///folder or s3://bucket/prefix?region=name; further options:"
            f" {', '.join(sorted(EVIDENCE_OPTIONS))}."
        )
    return raw


def evidence_options(url: str) -> tuple[str, str, dict[str, str]]:
    """Bucket, prefix and options of an ``s3:`` address."""
    parts = urlsplit(url)
    return parts.netloc, parts.path.strip("/"), dict(parse_qsl(parts.query))


def _clamd_url(raw: str | None) -> str | None:
    if not raw:
        return None
    parts = urlsplit(raw)
    if (parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and not parts.netloc and parts.path):
        return raw
    raise SettingsError("TRACKER_CLAMD_URL must look like tcp://host:3310 or unix:///run/clamav/clamd.ctl.")


def _address(name: str, raw: str | None) -> str:
    if raw is None:
        return ""
    local, at, domain = raw.rpartition("@")
    if not (local and at and domain and raw.isascii() and raw.isprintable()) or any(c in raw for c in " <>,;:"):
        raise SettingsError(f"{name} must be one e-mail address.")
    return raw


def _maildir(raw: str | None) -> Path | None:
    """A folder that a mail server delivers to; only its inner folders are made by that server, with the first mail."""
    if not raw:
        return None
    if not Path(raw).is_absolute():
        raise SettingsError("TRACKER_BOUNCE_MAILDIR must be the whole path of a Maildir, beginning with /.")
    return Path(raw)


def _secret_key(raw: str | None, data_dir: Path, environment: str) -> str:
    """The given key; in the demonstration one made once and kept under the data folder."""
    if raw:
        if environment == "production" and (len(raw) < SECRET_MIN_LENGTH or raw.lower() in KNOWN_SECRETS):
            raise SettingsError(
                f"TRACKER_SECRET_KEY must be a secret of at least {SECRET_MIN_LENGTH} characters in production."
            )
        return raw
    if environment == "production":
        raise SettingsError("TRACKER_SECRET_KEY must be set in production.")
    path = data_dir / "secret-key"
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    data_dir.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w") as stream:
        stream.write(key)
    return key
