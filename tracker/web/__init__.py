"""The web: HTTP and nothing else. A request comes through the door (``access``), a view, and out as a page."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, ValidationError
from whitenoise import WhiteNoise

from config import Settings
from tracker.clock import Clock
from tracker.domain.issue_codes import ADDRESS

STATIC = Path(__file__).parent.parent / "static"
YEAR = 365 * 24 * 3600


class IdConverter(BaseConverter):
    """A record's number in an address: ASCII digits, no leading zero, within 64 bits. Anything else is 404."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        if not value.isascii():
            raise ValidationError
        return int(value)


class IssueCodeConverter(BaseConverter):
    """What looks like the code of an issued document; whether it is one, the view sees (``domain.issue_codes``)."""

    regex = ADDRESS


def init_app(app: Flask, settings: Settings) -> None:
    """Put the doors on the application."""
    from tracker.web import (
        access,
        activity_lines,
        charts,
        cookies,
        errors,
        evidence_words,
        frame,
        headers,
        languages,
        measures,
        preview,
        public_cache,
        public_lines,
        said,
        session,
        table_lines,
        templates,
        uploads,
        views,
    )
    from tracker.web.forms import personal_data, widgets

    app.jinja_environment = templates.Environment
    app.session_interface = cookies.SignedCookies()
    app.url_map.converters["id"] = IdConverter
    app.url_map.converters["issue"] = IssueCodeConverter
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=settings.max_body,
        MAX_FORM_PARTS=1000,
        TRUSTED_HOSTS=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    clock: Clock = app.extensions["tracker.clock"]

    @app.before_request
    def _moment() -> None:
        g.now = clock.now()
        languages.forget()

    session.init_app(app, settings)
    csrf = CSRFProtect(app)
    app.extensions["tracker.csrf_protect"] = csrf.protect
    access.init_app(app)
    languages.init_app(app, settings)
    said.init_app(app)
    measures.init_app(app)
    evidence_words.init_app(app)
    uploads.init_app(app, settings)
    public_lines.init_app(app)
    charts.init_app(app)
    table_lines.init_app(app)
    activity_lines.init_app(app)
    preview.init_app(app)
    headers.init_app(app, settings)
    errors.init_app(app)
    widgets.init_app(app)
    personal_data.init_app(app)
    frame.init_app(app)
    # Last, so that it sees an answer before anything is added that belongs to one reader.
    public_cache.init_app(app, settings)
    _templates(app, settings)
    views.register(app)
    _leave_out_the_unused(app)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=0)  # type: ignore[method-assign]


def _leave_out_the_unused(app: Flask) -> None:
    """What runs at every request and does nothing here.

    Flask-Principal loads an identity that Flask-Security's own views would ask for: ours ask ``domain.policy``. And
    no view is asynchronous, so nothing needs to be looked at for being so.
    """
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if type(getattr(hook, "__self__", None)).__name__ != "Principal"]
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]


def _templates(app: Flask, settings: Settings) -> None:
    from tracker.documents import figure_palette
    from tracker.web import access, frame, headers, languages, map, session

    version = _version_of(STATIC)
    prefix = f"/static/{version}"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=prefix,
        max_age=YEAR,
        allow_all_origins=False,
        add_headers_function=headers.of_static_files,
    )
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.globals["asset"] = lambda path: f"{prefix}/{path}"
    env.globals["lang_url"] = languages.lang_url
    env.globals["languages"] = languages.OWN_NAMES
    env.globals["figure_palette"] = figure_palette
    env.globals["map_geometry"] = map.map_geometry
    env.globals["states_drawing"] = map.states_drawing
    env.globals["kept_states_map"] = map.kept_states_map
    env.globals["demo_mode"] = not settings.is_production

    @app.context_processor
    def _page() -> dict[str, object]:
        person = access.maybe_actor()
        return {
            "actor": person,
            "unread_messages": session.unread(),
            "lang": languages.choose(),
            "navigation": frame.menu(),
        }


def _version_of(folder: Path) -> str:
    """A short name that changes when a static file does."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}:{path.stat().st_size}".encode())
            digest.update(path.read_bytes() if path.suffix in {".css", ".js"} else b"")
    return digest.hexdigest()[:12]
