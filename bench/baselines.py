"""What the pages are compared with: a bare Flask "hello", and Flask with one indexed SELECT through SQLAlchemy Core."""

from __future__ import annotations

import os

import sqlalchemy as sa
from flask import Flask


def hello() -> Flask:
    """``bench.baselines:hello()`` for gunicorn."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


def select() -> Flask:
    """``bench.baselines:select()``: reads one commitment by its key from the database in BENCH_DATABASE."""
    app = Flask("select")
    engine = sa.create_engine(os.environ["BENCH_DATABASE"])
    commitment = sa.table("commitment", sa.column("id"), sa.column("party_id"))
    query = sa.select(commitment.c.party_id).where(commitment.c.id == sa.bindparam("id"))

    def one() -> str:
        with engine.connect() as connection:
            return str(connection.scalar(query, {"id": 17}))

    app.add_url_rule("/", view_func=one)
    return app
