"""Every figure of a State and a cycle, counted anew from the rows by other code, wherever the product shows it.

Page, PDF, Word, Excel and JSON of the status report; the hemispheric report; the public figures and their CSV; the open
data; the mail that carries the report. In four languages, on the demonstration's closed and open cycles.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import defusedxml.ElementTree as ElementTree
import openpyxl
import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.support import recomputed
from tests.support.recomputed import RATINGS, Counted, Line
from tracker.db import db
from tracker.jobs import run_job
from tracker.models import DataFile, Message, ReportingCycle, ReportingParty, StatusReportMail, User

STATES = ("BR", "AG", "GT")
OF = {"en": "of", "es": "de", "pt": "de", "fr": "sur"}


@dataclass
class World:
    app: Flask
    client: FlaskClient
    cycles: list[str]
    """Opened, oldest first."""
    lines: dict[str, list[Line]]

    def own(self, cycle: str, party: str) -> list[Line]:
        return [line for line in self.lines[cycle] if line.party == party]

    def json(self, path: str) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.get_json()

    def csv(self, path: str) -> list[dict[str, str]]:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def _world(app: Flask) -> World:
    with app.app_context():
        session = db.session
        now = app.extensions["tracker.clock"].now()
        opened = sa.select(ReportingCycle.code).where(ReportingCycle.opened_at.is_not(None))
        cycles = list(session.scalars(opened.order_by(ReportingCycle.opens_on)))
        lines = {code: recomputed.lines(session, code, now) for code in cycles}
        session.rollback()
    world = World(app, app.test_client(), cycles, lines)
    # The demonstration holds what there is to compare.
    closed = recomputed.count(world.lines[cycles[0]])
    assert len(cycles) == 2
    assert closed.owed == 493
    assert closed.rated > 400
    assert sum(line.voices_differ for line in world.lines[cycles[0]]) > 50
    return world


@pytest.fixture
def world(demo_app: Flask) -> World:
    return _world(demo_app)


@pytest.fixture
def any_world(any_demo_app: Flask) -> World:
    return _world(any_demo_app)


def share(count: int, of: int) -> dict[str, int | None]:
    return {"count": count, "of": of, "percent": round(100 * count / of) if of >= 5 else None}


def ratings(said: dict[str, Any]) -> dict[str, int]:
    return {code: said["by_rating"][code] for code in RATINGS}


def agrees(said: dict[str, Any], counted: Counted) -> None:
    """The part of a JSON document that speaks of ratings."""
    assert said["rated"] == share(counted.rated, counted.reported)
    assert said["differing"] == share(counted.differing, counted.both)
    assert ratings(said) == counted.ratings
    assert {code: number for code, number in said["by_strength"].items() if number} == counted.strengths


def test_status_reports_as_json(any_world: World) -> None:
    world = any_world
    for cycle in world.cycles:
        for party in STATES:
            own = world.own(cycle, party)
            counted = recomputed.count(own)
            said = world.json(f"/status-reports/{party}-{cycle}.json".lower())
            assert said["coverage"]["reported"] == share(counted.reported, counted.owed)
            assert said["coverage"]["on_time"] == share(counted.on_time, counted.reported)
            agrees(said["ratings"], counted)
            assert said["extensions"] == {
                "asked": sum(len(line.extensions) for line in own),
                "granted": sum(line.extensions.count("granted") for line in own),
                "refused": sum(line.extensions.count("refused") for line in own),
            }
            for axis in ("pillars", "themes"):
                groups = recomputed.by(own, axis)
                assert {group["code"] for group in said[axis]} == set(groups)
                for group in said[axis]:
                    assert group["commitments"] == groups[group["code"]].owed
                    assert ratings(group) == groups[group["code"]].ratings
            for line, shown in zip(own, said["commitments"], strict=True):
                rating = shown["rating"] or {}
                assert (shown["code"], shown["stage"]) == (line.provision, line.stage)
                assert rating.get("rating") == line.rating
                assert rating.get("strength") == line.strength
                assert rating.get("self_assessment") == (line.own if line.rating else None)
                assert sorted(view["view"] for view in rating.get("observations", ())) == sorted(line.views)
                assert rating.get("voices_differ", False) == line.voices_differ
            # Up to and with this cycle.
            for point in said["trend"]:
                then = recomputed.count(world.own(point["cycle"], party))
                assert point["reported"] == share(then.reported, then.owed)
                assert point["on_time"] == share(then.on_time, then.reported)
                assert ratings(point) == then.ratings


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00ad", ""))


def page_text(page: bytes) -> str:
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page.decode(), flags=re.S)
    return squeezed(unescape(re.sub(r"<[^>]+>", " ", text)))


def pdf_text(content: bytes) -> str:
    return squeezed(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


def word_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return squeezed(" ".join("".join(t.text or "" for t in p.iter(f"{space}t")) for p in root.iter(f"{space}p")))


def workbook_rows(content: bytes) -> Iterator[list[Any]]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows(values_only=True):
            yield [value for value in row if value is not None]


@pytest.mark.parametrize("language", OF)
def test_page_pdf_word_and_excel_say_the_same(world: World, language: str) -> None:
    cycle = world.cycles[0]
    for party in STATES[:2]:
        own = world.own(cycle, party)
        counted = recomputed.count(own)
        address = f"/status-reports/{party}-{cycle}".lower()
        texts = {
            "page": page_text(world.client.get(f"{address}?lang={language}").data),
            "pdf": pdf_text(world.client.get(f"{address}.pdf?lang={language}").data),
            "docx": word_text(world.client.get(f"{address}.docx?lang={language}").data),
        }
        for kind, text in texts.items():
            for count, of in (
                (counted.reported, counted.owed),
                (counted.on_time, counted.reported),
                (counted.rated, counted.reported),
                (counted.differing, counted.both),
            ):
                assert f"{count} {OF[language]} {of}" in text, (kind, party, count, of)
                percent = re.search(rf"{count} {OF[language]} {of} \((\d+)\s?%\)", text)
                assert (percent is not None) == (of >= 5), (kind, party)
                if percent:
                    assert int(percent[1]) == round(100 * count / of), (kind, party)
            # Rows of the table by pillar and theme: six ratings, those without one, all.
            for axis in ("pillars", "themes"):
                for group in recomputed.by(own, axis).values():
                    row = [*group.ratings.values(), group.owed - group.rated, group.owed]
                    assert f" {' '.join(map(str, row))} " in f"{text} ", (kind, party, axis)
        rows = list(workbook_rows(world.client.get(f"{address}.xlsx?lang={language}").data))
        for count, of in ((counted.reported, counted.owed), (counted.on_time, counted.reported)):
            assert any(row[1:3] == [count, of] for row in rows), (party, count, of)
        for group in recomputed.by(own, "pillars").values():
            row = [*group.ratings.values(), group.owed - group.rated, group.owed]
            assert any(found[1:] == row for found in rows), party


def test_the_state_s_page_and_the_home_page(world: World) -> None:
    for cycle in world.cycles:
        for party in STATES:
            counted = recomputed.count(world.own(cycle, party))
            text = page_text(world.client.get(f"/states/{party.lower()}?cycle={cycle}&lang=en").data)
            assert f"{counted.reported} of {counted.owed}" in text
    newest = world.lines[world.cycles[-1]]
    whole = recomputed.count(newest)
    home = page_text(world.client.get("/?lang=en").data)
    assert f"{whole.reported} of {whole.owed}" in home
    assert f"{whole.rated} of {whole.reported}" in home
    states = [line for line in newest if line.party_kind == "member_state"]
    some = {line.party for line in states if line.reported}
    assert f"{len(some)} of {len({line.party for line in states})}" in home


def test_public_figures(any_world: World) -> None:
    world = any_world
    for cycle in world.cycles:
        every = world.lines[cycle]
        # The matrix: each commitment once.
        said = world.json(f"/figures/matrix.json?cycle={cycle}")
        shown = {
            (row["party"]["code"], code): value
            for table in said["tables"]
            for row in table["rows"]
            for code, value in row.items()
            if code != "party" and value is not None
        }
        told = {"open_for_comment": "in_review"}
        assert shown == {
            (line.party, line.provision): line.rating or told.get(line.stage, line.stage) for line in every
        }
        # Who has not reported.
        said = world.json(f"/figures/not-reported.json?cycle={cycle}")
        (table,) = (table for table in said["tables"] if table["key"] == "state")
        for row in table["rows"]:
            counted = recomputed.count([line for line in every if line.party == row["party"]["code"]])
            assert row["reported"] == {"count": counted.reported, "of": counted.owed}
            assert row["not_reported"] == {"count": counted.stages.get("not_reported", 0), "of": counted.owed}
            assert row["not_due"] == {"count": counted.stages.get("not_due", 0), "of": counted.owed}
        # Where the voices differ.
        said = world.json(f"/figures/voices.json?cycle={cycle}")
        (table,) = (table for table in said["tables"] if table["key"] == "commitments")
        differing = {(row["party"]["code"], row["provision"]["code"]) for row in table["rows"]}
        assert differing == {(line.party, line.provision) for line in every if line.voices_differ}
        # The map, by coverage.
        said = world.json(f"/figures/map.json?cycle={cycle}")
        for row in said["tables"][0]["rows"]:
            counted = recomputed.count([line for line in every if line.party == row["state"]["code"]])
            assert row["reported"] in ({"count": counted.reported, "of": counted.owed}, None)
    # Over cycles.
    for row in world.json("/figures/trend.json")["tables"][0]["rows"]:
        counted = recomputed.count(world.lines[row["cycle"]["code"]])
        assert row["reported"] == {"count": counted.reported, "of": counted.owed}
        assert row["on_time"] == {"count": counted.on_time, "of": counted.reported}
        assert row["rated"] == {"count": counted.rated, "of": counted.reported}
    for row in world.json("/figures/review-time.json")["tables"][0]["rows"]:
        days = sorted(
            line.days_of_review for line in world.lines[row["cycle"]["code"]] if line.days_of_review is not None
        )
        assert row["ratings"] == len(days)
        classes = {key: value for key, value in row.items() if key.startswith("days_")}
        for key, value in classes.items():
            least, _dash, most = key.removeprefix("days_").partition("-")
            assert value == len([one for one in days if int(least) <= one <= int(most or 10**6)]), key


def test_csv_says_what_json_says(world: World) -> None:
    cycle = world.cycles[0]
    lines = world.csv(f"/figures/not-reported.csv?cycle={cycle}")
    counted = {party: recomputed.count(world.own(cycle, party)) for party in STATES}
    for party, found in counted.items():
        (row,) = [line for line in lines if party in line.values()]
        assert str(found.reported) in row.values()
        assert str(found.owed) in row.values()
    run_job(world.app, "open-data")
    with world.app.app_context():
        content = db.session.scalar(sa.select(DataFile.content).where(DataFile.name == "coverage.csv"))
        db.session.rollback()
    assert content is not None
    released = {(row["party"], row["cycle"]): row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
    for code in world.cycles:
        for party in {line.party for line in world.lines[code]}:
            found = recomputed.count(world.own(code, party))
            row = released[party, code]
            assert [int(row[name]) for name in ("owed", "reported", "on_time", "rated")] == [
                found.owed,
                found.reported,
                found.on_time,
                found.rated,
            ]


def test_the_hemispheric_report(any_world: World) -> None:
    world = any_world
    for cycle in world.cycles:
        every = [line for line in world.lines[cycle] if line.party_kind == "member_state"]
        whole = recomputed.count(every)
        said = world.json(f"/hemispheric-report/{cycle}.json".lower())
        assert said["coverage"]["reported"] == share(whole.reported, whole.owed)
        assert said["coverage"]["on_time"] == share(whole.on_time, whole.reported)
        agrees(said["ratings"], whole)
        assert {code: n for code, n in said["stages"].items() if n} == whole.stages
        for row in said["provisions"]:
            counted = recomputed.count([line for line in every if line.provision == row["code"]])
            assert row["reported"] == share(counted.reported, counted.owed)
            agrees(row, counted)
        for group in said["pillars"]:
            assert ratings(group) == recomputed.by(every, "pillars")[group["code"]].ratings
        for row in said["states"]:
            counted = recomputed.count([line for line in every if line.party == row["code"]])
            assert row["reported"] == share(counted.reported, counted.owed)
        by_code = {line.provision: line for line in world.lines[cycle] if line.party == "GS"}
        for row in said["general_secretariat"]:
            assert (row["rating"], row["stage"]) == (by_code[row["code"]].rating, by_code[row["code"]].stage)


def test_the_mail_carries_the_same_figures(world: World) -> None:
    """The report of the closed cycle, as it goes out by mail to those who answer for a State."""
    with world.app.app_context():
        party = db.session.scalars(sa.select(ReportingParty.id).where(ReportingParty.code == "BR")).one()
        people = set(db.session.scalars(sa.select(User.id).where(User.party_id == party)))
        # The demonstration has noted it as sent when it was loaded.
        db.session.execute(sa.delete(StatusReportMail).where(StatusReportMail.party_id == party))
        db.session.commit()
    for name in ("issue-reports", "status-reports"):
        assert not run_job(world.app, name).failed
    with world.app.app_context():
        mails = db.session.scalars(sa.select(Message).where(Message.kind == "status_report"))
        pdfs = {mail.language: mail.attachments[0].content for mail in mails if mail.recipient_id in people}
        db.session.rollback()
    counted = recomputed.count(world.own(world.cycles[0], "BR"))
    assert pdfs
    for language, content in pdfs.items():
        text = pdf_text(content)
        for count, of in ((counted.reported, counted.owed), (counted.rated, counted.reported)):
            assert f"{count} {OF[language]} {of}" in text
