"""Evidence in the browser's way: sending, replacing, attaching, giving out (SAFETY A6, C12-C15)."""

from __future__ import annotations

import io
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.support import samples
from tests.support.sending import token
from tracker.domain.vocabulary import FileState
from tracker.jobs import run_job
from tracker.models import EvidenceVersion

NAME = "0123456789abcdef0123456789abcdef"


def send(client: FlaskClient, to: str = "/evidence/new", **more: Any) -> TestResponse:
    data = {
        "csrf_token": token(client),
        "name": NAME,
        "title": "An invented act",
        "speaks_of": "2025-06-01",
        "language": "es",
        "access": "public",
        "file": (io.BytesIO(samples.pdf()), "acta.pdf"),
    } | more
    return client.post(to, data={k: v for k, v in data.items() if v is not None})


def check(cast: Cast) -> None:
    run_job(cast.app, "check-evidence", cast.clock.now())


def states(cast: Cast) -> list[FileState]:
    with cast.reading() as session:
        return list(session.scalars(sa.select(EvidenceVersion.state).order_by(EvidenceVersion.id)))


def test_a_file_is_sent_checked_attached_and_given_out(cast: Cast, client: FlaskClient) -> None:
    report = cast.report_id("BR", "CS-03")
    cast.sign_in(client, "focal.br")
    answer = send(client, f"/evidence/new?report={report}")
    assert (answer.status_code, answer.location) == (303, f"/reports/{report}/evidence")
    page = client.get(answer.location).text
    assert "An invented act" in page
    assert "Being checked" in page
    assert client.get(f"/evidence/{NAME}/1/file").status_code == 404, "in quarantine"
    check(cast)
    assert states(cast) == [FileState.CLEAN]
    given = client.get(f"/evidence/{NAME}/1/file")
    assert given.data == samples.pdf()
    assert given.headers["Content-Disposition"].startswith('attachment; filename="acta.pdf"')
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert given.headers["Cache-Control"] == "no-store"
    view = client.get(f"/evidence/{NAME}/1/view")
    assert f"/evidence/{NAME}/1/view/1" in view.text
    picture = client.get(f"/evidence/{NAME}/1/view/1")
    assert (picture.mimetype, picture.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert client.get(f"/evidence/{NAME}/1/view/2").status_code == 404
    assert "An invented act" in client.get("/evidence").text
    shown = client.get(f"/evidence/{NAME}").text
    assert "Not scanned for viruses" in shown
    assert "in the draft" in shown
