"""The addresses for machines: a word for strangers, the parts for administrators."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests.cast import Cast
from tracker.db import db, transaction
from tracker.jobs import TIMETABLE, beat
from tracker.jobs_scheduler import NAME
from tracker.mail import outbox
from tracker.mail.rendering import Rendered
from tracker.services import health
from tracker.services.health import RHYTHMS


def alive(app: Flask, name: str = NAME, *, ok: bool = True) -> None:
    with app.app_context():
        beat(name, app.extensions["tracker.clock"].now(), ok=ok)


def test_the_process_lives(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_word_for_strangers(any_app: Flask, client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"status": "degraded"}
    alive(any_app)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_the_parts_for_administrators_only(cast: Cast, client: FlaskClient) -> None:
    alive(cast.app)
    for name in ("focal.br", "reviewer", "observer"):
        cast.sign_in(client, name)
        assert client.get("/readyz").json == {"status": "ok"}
    cast.sign_in(client, "admin")
    found = client.get("/readyz").json
    assert found is not None
    assert found["parts"] == dict.fromkeys(["database", "scheduler", "jobs", "mail_queue", "disk"], True)


def test_a_silent_scheduler_and_failing_or_late_jobs(cast: Cast, client: FlaskClient) -> None:
    alive(cast.app)
    cast.sign_in(client, "admin")
    alive(cast.app, "publish", ok=False)
    assert client.get("/readyz").json["failing_jobs"] == ["publish"]  # type: ignore[index]
    alive(cast.app, "publish")
    assert client.get("/readyz").json["status"] == "ok"  # type: ignore[index]
    cast.clock.advance(minutes=6)
    found = client.get("/readyz").json
    assert found is not None
    assert found["status"] == "degraded"
    assert found["parts"]["scheduler"] is False
    cast.clock.advance(minutes=30)
    alive(cast.app)
    found = client.get("/readyz").json
    assert found is not None
    assert found["late_jobs"] == ["publish"]


def test_mail_that_does_not_leave(any_app: Flask, settings: Settings, clock: object) -> None:
    now = any_app.extensions["tracker.clock"].now()
    with any_app.app_context():
        beat(NAME, now, ok=True)
        with transaction() as session:
            outbox.put(
                session, key="x", kind="notice", recipient_id=None, to_address="a@b.test",
                message=Rendered("s", "t", "h", "en"), now=now - timedelta(hours=3),
            )  # fmt: skip
        look = {"rhythms": RHYTHMS, "folder": settings.data_dir, "now": now}
        stuck = health.look(db.session, mail_leaves=True, **look)  # type: ignore[arg-type]
        assert not stuck.parts["mail_queue"]
        assert (stuck.waiting, stuck.oldest_waiting_at) == (1, now - timedelta(hours=3))
        assert health.look(db.session, mail_leaves=False, **look).parts["mail_queue"]  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["sqlite:///{folder}/none/there.sqlite3"])
def test_without_a_database_no_page_can_be_answered(app: Flask, settings: Settings, url: str) -> None:
    from tracker import create_app

    broken = create_app(replace(settings, database_url=url.format(folder=settings.data_dir)))
    client = broken.test_client()
    assert client.get("/healthz", base_url=settings.base_url).status_code == 200
    assert client.get("/readyz", base_url=settings.base_url).status_code == 503


def test_an_empty_database_is_not_ready(settings: Settings, app: Flask) -> None:
    from tracker import create_app

    fresh = create_app(replace(settings, database_url=f"sqlite:///{settings.data_dir}/fresh.sqlite3"))
    answer = fresh.test_client().get("/readyz", base_url=settings.base_url)
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable"})
    with fresh.app_context():
        db.engine.dispose()


def test_every_job_of_the_timetable_is_looked_after() -> None:
    assert {job.name for job in TIMETABLE} == set(RHYTHMS)
