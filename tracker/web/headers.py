"""Headers of every answer: nothing is loaded from elsewhere, nothing is framed, nothing private is cached."""

from __future__ import annotations

from wsgiref.headers import Headers

import secure
from flask import Flask, Response

from config import Settings
from tracker.web.access import maybe_actor

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def _fixed(settings: Settings) -> list[tuple[str, str]]:
    headers = secure.Secure(
        csp=secure.ContentSecurityPolicy().value(CONTENT_SECURITY_POLICY),
        hsts=secure.StrictTransportSecurity().max_age(31_536_000).include_subdomains() if settings.is_https else None,
        referrer=secure.ReferrerPolicy().same_origin(),
        xcto=secure.XContentTypeOptions().nosniff(),
        xfo=secure.XFrameOptions().deny(),
        permissions=secure.PermissionsPolicy().value("camera=(), geolocation=(), microphone=()"),
        coop=secure.CrossOriginOpenerPolicy().same_origin(),
    )
    return list(headers.headers.items())


def of_static_files(headers: Headers, _path: str, _url: str) -> None:
    """What goes with a stylesheet, a script or a font: it is what its type says, and nothing else."""
    headers["X-Content-Type-Options"] = "nosniff"


def init_app(app: Flask, settings: Settings) -> None:
    """The fixed headers are worked out once; whether a page may be cached depends on who asks."""
    fixed = _fixed(settings)
    names = frozenset(name.lower() for name, _value in fixed)

    def add(response: Response) -> Response:
        headers = response.headers
        present = {name.lower() for name, _value in headers}
        headers.extend(fixed if names.isdisjoint(present) else [h for h in fixed if h[0].lower() not in present])
        if maybe_actor() is not None or response.status_code >= 400:
            headers["Cache-Control"] = "no-store"
        elif "cache-control" not in present:
            headers["Cache-Control"] = "no-cache"
        if "vary" in present:
            response.vary.update(("Cookie", "Accept-Language"))
        else:
            headers["Vary"] = "Cookie, Accept-Language"
        return response

    app.after_request(add)
