"""How many statements each page sends to the database."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench.pages import Page
from tracker.db import db
from tracker.demo.people import PASSWORD


def counts(app: Flask, pages: list[Page]) -> dict[str, int]:
    """Statements by page, at its second visit; pages that do not answer 200 are left out. BEGIN is none."""
    found: dict[str, int] = {}
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    clients: dict[str | None, FlaskClient] = {}
    for page in pages:
        client = clients.get(page.person) or _client(app, page.person)
        clients[page.person] = client
        client.get(page.path)
        statements.clear()
        answer = client.get(page.path)
        if answer.status_code == 200:
            found[page.name] = len([s for s in statements if not s.startswith(("BEGIN", "PRAGMA"))])
    return found


def _client(app: Flask, person: str | None) -> FlaskClient:
    client = app.test_client()
    if person is not None:
        app.config["WTF_CSRF_ENABLED"] = True
        page = client.get("/sign-in").get_data(as_text=True)
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        client.post("/sign-in", data={"email": person, "password": PASSWORD, "csrf_token": token})
    return client
