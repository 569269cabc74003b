"""The hemispheric report: all States of a cycle, counted anew from the rows; no ranking; constant queries."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from docx import Document

from tests import observation_scene, practice_scene, status_scene
from tests.cast import Cast
from tests.support.sending import statements
from tracker.documents import hemispheric_docx, hemispheric_json, hemispheric_pdf, hemispheric_xlsx
from tracker.documents.hemispheric_sections import sections
from tracker.documents.hemispheric_words import Words
from tracker.domain.compliance import Share
from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import PublicationKind, Rating, ReportState
from tracker.models import Assessment, Commitment, ProgressReport, Provision, ReportingCycle, ReportingParty
from tracker.services import frozen_reports, good_practices, hemispheric, reports
from tracker.services.hemispheric_content import HemisphericReport
from tracker.services.status_report_content import IssueFacts, Stage

LANGUAGES = ("en", "es", "pt", "fr")


def build(cast: Cast, language: str = "en", cycle: str = "2026") -> HemisphericReport:
    with cast.reading() as session:
        return hemispheric.build(session, cycle, language, cast.clock.now())


def play(cast: Cast) -> Cast:
    """Brazil at every stage, Guatemala with a rating, the Secretariat with a report; two good practices, one of them
    taken back."""
    observation_scene.decide(cast, observation_scene.write(cast, "BR", "CS-03"))
    cast.bring_to(cast.report_id("GT", "CS-03"), ReportState.PUBLISHED, "gt")
    own = cast.report_id("GS", "CS-01")
    cast.fill(own, "secretariat")
    cast._step(own, reports.submit, "secretariat")
    status_scene.play(cast)
    practice_scene.shared(cast, who="focal.gt", party="GT")
    gone = practice_scene.shared(cast, said=practice_scene.content("hush-taken-back"))
    practice_scene.act(cast, good_practices.take_back, gone, "focal.br", reason=practice_scene.REASON)
    return cast


@pytest.fixture
def played(any_cast: Cast) -> Cast:
    return play(any_cast)


@pytest.mark.both_databases
class TestContent:
    def test_counted_anew_from_the_rows(self, played: Cast) -> None:
        report = build(played)
        with played.reading() as session:
            rows = session.execute(
                sa.select(
                    ReportingParty.code,
                    Provision.code,
                    ProgressReport.first_submitted_at,
                    ProgressReport.on_time,
                    Assessment.rating,
                )
                .join(ReportingParty, ReportingParty.id == ProgressReport.party_id)
                .join(Commitment, Commitment.id == ProgressReport.commitment_id)
                .join(Provision, Provision.id == Commitment.provision_id)
                .outerjoin(Assessment, Assessment.id == ProgressReport.published_assessment_id)
                .where(ReportingParty.kind == "member_state")
            ).all()
        assert report.coverage.reported == Share(sum(1 for r in rows if r[2]), len(rows)) == Share(11, 480)
        assert report.coverage.on_time.count == sum(1 for r in rows if r[2] and r[3])
        for line in report.provisions:
            mine = [r for r in rows if r[1] == line.code]
            assert line.figures.reported == Share(sum(1 for r in mine if r[2]), len(mine))
            assert line.figures.rated.count == sum(1 for r in mine if r[4])
            for rating in Rating:
                assert line.figures.ratings[rating] == sum(1 for r in mine if r[4] is rating)
            assert sum(one.count for one in line.stages) == line.states == 32
        for state in report.states:
            mine = [r for r in rows if r[0] == state.code]
            assert state.reported == Share(sum(1 for r in mine if r[2]), len(mine))
            assert {*state.not_reported, *state.not_due} == {r[1] for r in mine if not r[2]}
        assert report.states_reporting == Share(2, 32)
        assert report.trend[-1].figures == report.coverage
        self.voices_due_and_not_due(report)
        self.secretariat_and_agencies_stand_apart(report)
        assert [(one.state_code, one.provision_code) for one in report.practices] == [("GT", "CS-03")]
        assert "hush-taken-back" not in str(report)

    def voices_due_and_not_due(self, report: HemisphericReport) -> None:
        by_code = {line.code: line for line in report.provisions}
        # Brazil: the observer says "not", as the rating does, and the State "partially". Guatemala: State and rating.
        assert by_code["CS-03"].voices == Share(2, 2)
        assert by_code["CS-02"].voices == Share(0, 1)
        assert report.at(Stage.NOT_DUE) == 0
        assert report.at(Stage.NOT_REPORTED) == 469
        assert {state.code for state in report.states if not state.not_reported} == set()

    def secretariat_and_agencies_stand_apart(self, report: HemisphericReport) -> None:
        own = {line.code: line for line in report.mandates}
        assert len(own) == 12
        assert (own["CS-01"].stage, own["CS-01"].parts) == (Stage.IN_REVIEW, ("CS-01.a",))
        assert (own["CS-01"].on_time, own["CS-01"].rating) == (True, None)
        assert own["CS-01"].states == Share(1, 32)
        assert own["WP-G-01"].states is None
        assert [line.code for line in report.agencies] == ["CS-10"]
        assert "CS-10" not in {line.code for line in report.provisions}

    def test_as_many_queries_whatever_the_data(self, any_cast: Cast) -> None:
        def counted() -> int:
            with any_cast.reading() as session, statements(any_cast.app) as asked:
                hemispheric.build(session, "2026", "en", any_cast.clock.now())
            return len(asked)

        before = counted()
        any_cast.bring_to(any_cast.report_id("BR", "CS-03"), ReportState.PUBLISHED)
        practice_scene.shared(any_cast)
        assert counted() == before == 11
        self.trend_ends_with_the_cycle_asked_for(any_cast)

    def trend_ends_with_the_cycle_asked_for(self, any_cast: Cast) -> None:
        with any_cast.writing() as session:
            before = session.scalars(sa.select(ReportingCycle).where(ReportingCycle.code == "2026")).one()
            values = {c.name: getattr(before, c.name) for c in ReportingCycle.__table__.columns}
            days = {n: values[n] + timedelta(days=366) for n in ("opens_on", "due_on", "closes_on")}
            session.add(ReportingCycle(**(values | days | {"id": None, "code": "2027"})))
        assert [point.code for point in build(any_cast).trend] == ["2026"]
        later = build(any_cast, cycle="2027")
        assert [point.code for point in later.trend] == ["2026", "2027"]
        assert (later.states, later.coverage.reported) == ((), Share(0, 0))
        assert Words(later).summary()
        for code in ("2031", "", "x" * 300):
            with pytest.raises(NotVisible):
                build(any_cast, cycle=code)


def without_texts(report: HemisphericReport) -> list[Any]:
    return [
        report.coverage,
        report.voices,
        report.stages,
        sorted((s.code, s.reported, s.not_reported, s.not_due) for s in report.states),
        [(p.code, p.figures, p.voices) for p in report.provisions],
        [(p.code, p.figures) for p in (*report.pillars, *report.themes)],
        [(m.code, m.rating, m.states) for m in (*report.mandates, *report.agencies)],
    ]


class TestDocuments:
    """Made from plain data: one database is enough."""

    def test_four_languages_and_all_formats_say_the_same(self, cast: Cast) -> None:
        play(cast)
        english = build(cast)
        for language in LANGUAGES:
            report = build(cast, language)
            assert without_texts(report) == without_texts(english)
            names = [state.name for state in report.states]
            assert len(names) == 32
            words = Words(report)
            said = [row for part in sections(words) for listed in part.tables for row in listed.table.rows]
            in_word = [
                tuple(cell.text for cell in row.cells)
                for table in Document(BytesIO(hemispheric_docx.render(report))).tables
                for row in table.rows
            ]
            assert set(said) <= set(in_word)
            data = json.loads(hemispheric_json.render(report))
            assert data["summary"] == words.summary()
            assert data["states"][0]["name"] == names[0]
            book = openpyxl.load_workbook(BytesIO(hemispheric_xlsx.render(report)))
            cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
            assert {words.summary()[0], names[-1], report.practices[0].title} <= {cell.value for cell in cells}
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
        table = next(p.tables[0].table for p in sections(Words(english)) if p.key == "states")
        shown = {row[0]: row[1] for row in table.rows}
        assert (shown["Brazil"], shown["Peru"]) == ("10 of 15", "0 of 15")
        assert "%" not in "".join(shown.values())

        for language in LANGUAGES:
            words = Words(build(cast, language))
            texts = [*words.summary(), *(c for p in sections(words) for x in p.tables for r in x.table.rows for c in r)]
            for text in texts:
                for found in re.finditer(r"%", text):
                    assert re.search(r"\d+ \w+ \d+ \(\d+[\u00a0\u202f ]?$", text[: found.start()]), text

    def test_alphabetical_in_the_readers_language_with_no_score(self, cast: Cast) -> None:
        spanish = [state.code for state in build(cast, "es").states]
        english = [state.code for state in build(cast, "en").states]
        assert spanish.index("US") < spanish.index("GD")
        assert english.index("US") > english.index("GD")
        fields = {field.name for field in dataclasses.fields(build(cast).states[0])}
        assert fields == {"code", "name", "reported", "on_time", "not_reported", "not_due"}

    def test_frozen_and_read_again_gives_the_same_bytes(self, cast: Cast) -> None:
        practice_scene.shared(cast)
        facts = IssueFacts("HR 1/2026", "7KQM-4XWP", date(2026, 6, 1), "https://tracker.test/verify/7kqm-4xwp")
        report = dataclasses.replace(build(cast, "pt"), issue=facts)
        again = frozen_reports.thaw(PublicationKind.HEMISPHERIC_REPORT, frozen_reports.freeze(report))
        assert (again, without_texts(again)) == (report, without_texts(report))
        for document in (hemispheric_docx, hemispheric_json, hemispheric_xlsx, hemispheric_pdf):
            assert document.render(report) == document.render(again)
        assert report.file_name("pdf") == "hemispheric-report-2026-pt.pdf"
        assert "HR 1/2026" in Words(again).issue_note
