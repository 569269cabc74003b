"""Internal notes and questions on every address of the site, for every reader; and beside each rating its comment.

One walk along the application's own list of addresses, with the public and each role that is not the Secretariat's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pypdf
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter

from tests.cast import ASSIGNED, Cast
from tests.services.test_questions import answer, ask
from tests.support.worlds import kept
from tracker.domain.vocabulary import Rating, ReportState, Strength
from tracker.models import AuditEntry, HistoryEntry, Message
from tracker.services import notes, reports, reviews

NOTE = "hush-note-of-the-secretariat"
QUESTION = "hush-question-of-a-reviewer"
ANSWER = "hush-answer-of-the-state"
COMMENT = "An invented comment of the State."
OUTSIDE = (None, "observer", "focal.gt", "secretariat")
PARTY = ("focal.br", "contributor.br", "approver.br")
RATED = "ct-rating--largely_implemented"
"""As pages draw the one published rating of this scene; nothing else here is rated so."""
BESIDE = (
    COMMENT,
    "with a comment of the State",
    "com comentário do Estado",
    "avec un commentaire",
    "con un comentario",
)
LEFT_OUT = {"home.about", "home.help", "home.help_page"}
"""Pages that explain the words of the ratings."""


@pytest.fixture
def scene(cast: Cast) -> dict[str, object]:
    return play(cast)


@kept
def play(cast: Cast) -> dict[str, object]:
    """CS-03 of Brazil: a question answered, notes in each state, element ratings, published with a comment."""
    report_id = cast.report_id("BR", ASSIGNED)
    cast.bring_to(report_id, ReportState.UNDER_REVIEW)
    note(cast, report_id)
    question = ask(cast, report_id, {"": QUESTION})
    answer(cast, question, ANSWER)
    with cast.reading() as session:
        report = cast._report(session, report_id)
        codes = [e.code for e in report.commitment.provision.elements if e.is_owed_by(report.commitment.party.kind)]
    rated = {"rating": Rating.LARGELY, "strength": Strength.DOCUMENTED, "reasons": "Invented reasons."}
    by_element = dict.fromkeys(codes, Rating.LARGELY)
    cast._step(report_id, reviews.propose, "reviewer", **rated, element_ratings=by_element)
    note(cast, report_id, "admin")
    cast._step(report_id, reviews.confirm, "reviewer2")
    cast._step(report_id, reports.comment, "focal.br", text=COMMENT)
    note(cast, report_id)
    return {
        "report_id": report_id,
        "commitment_id": cast.commitment_id("BR", ASSIGNED),
        "question_id": question,
        "iso2": "br",
        "code": ASSIGNED,
        "cycle_id": 1,
        "id": 1,
    }


def note(cast: Cast, report_id: int, name: str = "reviewer") -> None:
    actor = cast.actor(name)
    with cast.writing() as session:
        notes.write(session, cast._report(session, report_id), text=NOTE, actor=actor, now=cast.clock.now())


def addresses(cast: Cast, scene: dict[str, object]) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of everything that answers a GET, filled with what the scene is about."""
    for rule in cast.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        closed = {name: sorted(one.items)[0] for name, one in rule._converters.items() if isinstance(one, AnyConverter)}
        values = {name: scene.get(name, closed.get(name, "1")) for name in rule.arguments}
        if rule.endpoint == "status_reports.document":
            for kind in ("json", "xlsx", "pdf"):
                yield rule.endpoint, f"/status-reports/br.{kind}"
            continue
        if rule.endpoint == "status_reports.show":
            values["code"] = "br"
        with cast.app.test_request_context():
            built = rule.build(values)
        if built is not None:
            yield rule.endpoint, built[1]


def text_in(body: bytes) -> str:
    """What a reader finds in a page, a spreadsheet or a PDF."""
    if body.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(body)).pages)
    if is_zipfile(BytesIO(body)):
        with ZipFile(BytesIO(body)) as archive:
            return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return body.decode("utf-8", "replace")


def walk(
    cast: Cast, client: FlaskClient, scene: dict[str, object], *, documents: bool
) -> Iterator[tuple[str, str, str]]:
    """(endpoint, address, text) of every answer that is a page or a document."""
    for endpoint, address in addresses(cast, scene):
        if endpoint == "status_reports.document" and not documents:
            continue
        found = client.get(f"{address}?lang=en")
        assert found.status_code < 500, address
        if found.status_code == 200:
            yield endpoint, address, text_in(found.data)


@pytest.mark.parametrize("name", [*OUTSIDE, *PARTY], ids=str)
def test_no_note_outside_the_secretariat_and_a_comment_beside_each_rating(
    cast: Cast, client: FlaskClient, scene: dict[str, object], name: str | None
) -> None:
    if name:
        cast.sign_in(client, name)
    looked, rated = 0, set()
    for endpoint, address, text in walk(cast, client, scene, documents=name is None):
        looked += 1
        assert NOTE not in text, address
        if name in OUTSIDE:
            assert QUESTION not in text, address
            assert ANSWER not in text, address
        if RATED in text and endpoint not in LEFT_OUT:
            rated.add(endpoint)
            assert any(said in re.sub(r"\s+", " ", text) for said in BESIDE), f"{address}: a rating, and no comment"
    assert looked >= 20
    assert {"states.show", "states.commitment", "catalogue.provision", "home.index", "status_reports.show"} <= rated


@pytest.mark.parametrize("name", ["reviewer", "admin"])
def test_the_secretariat_reads_notes_at_the_desk_only(
    cast: Cast, client: FlaskClient, scene: dict[str, object], name: str
) -> None:
    cast.sign_in(client, name)
    found = {endpoint for endpoint, _a, text in walk(cast, client, scene, documents=False) if NOTE in text}
    assert found == {"reviews.show"}


def test_no_mail_no_history_and_no_trail_holds_a_note(cast: Cast, scene: dict[str, object]) -> None:
    with cast.reading() as session:
        for row in session.execute(sa.select(Message.subject, Message.text, Message.html)):
            assert NOTE not in " ".join(row)
        for entry in session.execute(sa.select(HistoryEntry.comment, HistoryEntry.details)):
            assert NOTE not in f"{entry.comment}{entry.details}"
        for trail in session.execute(sa.select(AuditEntry.old, AuditEntry.new)):
            assert NOTE not in f"{trail.old}{trail.new}"


class TestDocuments:
    def test_the_comment_and_the_elements_stand_in_each(
        self, cast: Cast, client: FlaskClient, scene: dict[str, object]
    ) -> None:
        for kind in ("json", "xlsx", "pdf"):
            text = re.sub(r"\s+", " ", text_in(client.get(f"/status-reports/br.{kind}").data))
            assert COMMENT in text, kind
            assert f"{ASSIGNED}.a" in text, kind
        spoken = client.get("/status-reports/br.json").get_json()
        [line] = [one for one in spoken["commitments"] if one["code"] == ASSIGNED]
        assert set(line["rating"]["element_ratings"].values()) == {"largely_implemented"}

    def test_the_mail_that_tells_of_the_comment_quotes_it_beside_the_rating(
        self, cast: Cast, scene: dict[str, object]
    ) -> None:
        with cast.reading() as session:
            told = session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(1)).one()
            assert told.to_address == "reviewer@tracker.test"
            assert f"> {COMMENT}" in told.text
            assert "Rating: Largely implemented." in told.text
