"""What a status report gathers: what the public may see, with as many queries whatever the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.status_scene import play
from tracker.db import db
from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import CommentOutcome, Rating, ReportState
from tracker.models import Provision
from tracker.services import reviews, status_reports
from tracker.services.status_report_content import Stage, StatusReport


def build(cast: Cast, party: str = "BR", cycle: str | None = "2026", language: str = "en") -> StatusReport:
    with cast.reading() as session:
        return status_reports.build(session, party, cycle, language, cast.clock.now())


def stages(report: StatusReport) -> dict[str, Stage]:
    return {line.code: line.stage for line in report.lines}


def test_each_commitment_stands_where_the_public_may_know(any_cast: Cast) -> None:
    play(any_cast)
    found = stages(build(any_cast))
    assert found["CS-01"] is found["WP-S-05"] is Stage.PUBLISHED
    assert found["CS-04"] is Stage.OPEN_FOR_COMMENT
    # Under review, a rating not yet confirmed and a return are one thing to the public.
    assert found["CS-05"] is found["CS-07"] is found["WP-S-01"] is Stage.IN_REVIEW
    # A draft awaiting approval is no report.
    assert found["WP-S-02"] is found["CS-09"] is Stage.NOT_REPORTED


def test_before_the_due_date_nothing_is_missing_yet(any_cast: Cast) -> None:
    assert set(stages(build(any_cast)).values()) == {Stage.NOT_DUE}
    any_cast.clock.set(datetime(2026, 5, 1, 2, 59, tzinfo=UTC))
    assert set(stages(build(any_cast)).values()) == {Stage.NOT_DUE}
    any_cast.clock.set(datetime(2026, 5, 1, 3, 0, tzinfo=UTC))  # midnight in Brasília
    assert set(stages(build(any_cast)).values()) == {Stage.NOT_REPORTED}


def test_nothing_unpublished_is_in_it(cast: Cast) -> None:
    play(cast)
    report = build(cast)
    said = {line.code: line.rating for line in report.lines}
    assert all(said[code] is None for code in ("CS-04", "CS-05", "CS-07", "WP-S-01", "WP-S-02"))
    rating = said["CS-01"]
    assert rating is not None
    assert rating.reasons == "Invented reasons."
    assert rating.comment == "An invented comment of the State."
    assert rating.comment_outcome is CommentOutcome.COMMENTED
    assert rating.statement is not None
    assert [title for title, _url, _on in rating.statement.evidence] == ["An invented act"]
    assert "restricted" not in repr(report)


def test_what_was_published_stands_while_its_report_is_open_again(cast: Cast) -> None:
    report_id = cast.report_id("BR", "CS-01")
    cast.bring_to(report_id, ReportState.PUBLISHED)
    before = build(cast)
    cast._step(report_id, reviews.reopen, "admin", reason="A mistake.")
    after = build(cast)
    assert after.lines == before.lines
    assert after.standing == before.standing


def test_the_self_assessment_is_that_of_the_rated_revision(cast: Cast) -> None:
    cast.bring_to(cast.report_id("BR", "CS-01"), ReportState.PUBLISHED)
    line = build(cast).lines[0]
    assert line.rating
    assert line.rating.self_assessment is Rating.PARTIALLY
    assert line.rating.differs


@pytest.mark.parametrize("code", ["XX", "CU", "ICA", "", "br"])
def test_who_owes_no_report_has_none(any_cast: Cast, code: str) -> None:
    with pytest.raises(NotVisible):
        build(any_cast, code)
    with pytest.raises(NotVisible):
        build(any_cast, code, None)


def test_a_cycle_that_is_not_open_has_none(any_cast: Cast) -> None:
    with pytest.raises(NotVisible):
        build(any_cast, "BR", "1999")


@pytest.mark.parametrize(
    ("code", "found"), [("br", ("BR", None)), ("br-2026", ("BR", "2026")), ("GS-2026-a", ("GS", "2026-a"))]
)
def test_a_code_is_read(code: str, found: tuple[str, str | None]) -> None:
    assert status_reports.parse_code(code) == found


@pytest.mark.parametrize(
    "code", ["", "b", "brasil", "br-", "br-\x00", "br-2026-", "br 2026", "br-" + "1" * 21, "ñu", "b\u212a"]
)
def test_what_no_code_can_be_is_nowhere(code: str) -> None:
    with pytest.raises(NotVisible):
        status_reports.parse_code(code)


def test_texts_are_in_the_readers_language_and_figures_are_the_same(cast: Cast) -> None:
    cast.bring_to(cast.report_id("BR", "CS-01"), ReportState.PUBLISHED)
    spanish, english = build(cast, language="es"), build(cast, language="en")
    assert spanish.name == "Brasil"
    assert english.name == "Brazil"
    assert spanish.lines[0].is_unofficial
    assert not english.lines[0].is_unofficial
    assert spanish.coverage == english.coverage
    assert spanish.standing == english.standing


def test_a_language_that_is_missing_reads_in_english(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        provision = session.scalars(sa.select(Provision).where(Provision.code == "CS-01")).one()
        english = provision.title["en"]
        provision.title = {"en": english, "es": ""}
    assert build(any_cast, language="es").lines[0].title == english
    assert build(any_cast, language="pt").lines[0].title == english


def test_the_general_secretariat_has_a_report_like_any_state(any_cast: Cast) -> None:
    report = build(any_cast, "GS", None)
    assert report.coverage.reported.total == 12
    assert not report.is_state
    assert report.code == "gs"


def test_the_number_of_queries_does_not_grow_with_the_data(cast: Cast) -> None:
    def queries() -> int:
        seen: list[str] = []
        with cast.reading() as session:
            engine = db.engine

            def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
                seen.append(statement)

            sa.event.listen(engine, "before_cursor_execute", note)
            status_reports.build(session, "BR", None, "en", cast.clock.now())
            sa.event.remove(engine, "before_cursor_execute", note)
        return len([s for s in seen if s.lstrip().upper().startswith("SELECT")])

    empty = queries()
    play(cast)
    assert queries() == empty == 9


def test_as_of_is_a_minute_on_the_partys_clock(cast: Cast) -> None:
    cast.clock.set(datetime(2026, 5, 20, 1, 30, 59, tzinfo=UTC))
    report = build(cast)
    assert report.as_of == datetime(2026, 5, 20, 1, 30, tzinfo=UTC)
    assert report.as_of_day.isoformat() == "2026-05-19"
    assert replace(report, as_of=report.as_of + timedelta(hours=3)).as_of_day.isoformat() == "2026-05-20"
