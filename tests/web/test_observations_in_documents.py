"""An observation stands in page, JSON, spreadsheet and PDF of the status report with the rating, and never before."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pypdf
from flask.testing import FlaskClient

from tests import observation_scene as scene
from tests.cast import Cast
from tracker.domain.vocabulary import ObservationState, ReportState

WORD = "seen-by-observers"
CODES = {
    "CS-02": (ObservationState.DRAFT, ReportState.PUBLISHED),
    "CS-04": (ObservationState.FILED, ReportState.PUBLISHED),
    "CS-05": (ObservationState.DECLINED, ReportState.PUBLISHED),
    "CS-06": (ObservationState.ACCEPTED, ReportState.OPEN_FOR_COMMENT),
    "CS-07": (ObservationState.WITHDRAWN, ReportState.PUBLISHED),
}
"""None of these is public."""


def texts(client: FlaskClient) -> dict[str, str]:
    """All that the public may read of Brazil, by kind of document."""
    book = openpyxl.load_workbook(BytesIO(client.get("/status-reports/br-2026.xlsx").data))
    pdf = pypdf.PdfReader(BytesIO(client.get("/status-reports/br-2026.pdf").data))
    return {
        "commitment": "".join(client.get(f"/states/br/{code}").text for code in (*CODES, "CS-03")),
        "state": client.get("/states/br").text + client.get("/provisions/CS-03").text,
        "page": client.get("/status-reports/br-2026").text,
        "json": client.get("/status-reports/br-2026.json").text,
        "xlsx": " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row),
        "pdf": " ".join(page.extract_text() for page in pdf.pages).replace("-\n", "-"),
    }


def test_public_with_the_rating_in_every_document_and_not_before(cast: Cast, client: FlaskClient) -> None:
    for code, (state, report) in CODES.items():
        scene.bring(cast, state, code=code, text=f"{WORD} secret-{state.value}")
        cast.bring_to(cast.report_id("BR", code), report)
    scene.bring(cast, ObservationState.ACCEPTED, text=f"{WORD} open <b>word</b>")
    before = texts(client)
    for kind, text in before.items():
        assert WORD not in text, kind
        assert "An invented organisation" not in text, kind
    cast.bring_to(cast.report_id("BR", "CS-03"), ReportState.PUBLISHED)
    after = texts(client)
    for kind in ("commitment", "page", "json", "xlsx", "pdf"):
        assert WORD in after[kind], kind
        assert "secret-" not in after[kind], kind
        assert "An invented organisation" in after[kind], kind
    for kind in ("commitment", "page"):
        assert "&lt;b&gt;word" in after[kind]
