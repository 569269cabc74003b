"""Sending forms with a valid token, and counting the queries of a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tracker.db import db


def token(client: FlaskClient) -> str:
    """A valid form token of this client's session."""
    with client.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", "a" * 40)
    return str(URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps(raw))  # type: ignore[arg-type]


def send(client: FlaskClient, address: str, **fields: Any) -> TestResponse:
    """POST a form as a page of this site would."""
    return client.post(address, data={"csrf_token": token(client), **fields})


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that run inside the block, without BEGIN, COMMIT and ROLLBACK."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
