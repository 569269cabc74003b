"""The public figures: picture, table and every file say the same, and nothing that is not published."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
import xml.etree.ElementTree as ET

import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests import observation_scene, status_scene
from tests.cast import Cast
from tests.support.sending import statements
from tracker.domain.compliance import figures
from tracker.domain.vocabulary import ObservationState, PartyKind, Rating
from tracker.models import AuditEntry, Provision
from tracker.services import public_cells, public_figures
from tracker.services.public_cells import Cell

NAMES = ("map", "matrix", "trend", "voices", "not-reported", "review-time")
SVG = "{http://www.w3.org/2000/svg}"


def lines(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def cells_of(cast: Cast) -> list[Cell]:
    with cast.reading() as session:
        cycle = public_figures.current_cycle(session)
        assert cycle is not None
        return public_cells.cells(session, cycle.id, cast.clock.now())


def title_of(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return html.unescape(found[1])


class TestOneSetOfFigures:
    def test_page_and_files_agree_with_the_cells(self, cast: Cast, client: FlaskClient) -> None:
        observation_scene.bring(cast, ObservationState.ACCEPTED, "BR", "CS-02")
        status_scene.play(cast)
        cells = cells_of(cast)
        counted = figures(map(public_cells.cell_item, cells))

        page = client.get("/figures/matrix").text
        assert f"rating: {counted.rated.count} of {counted.reported.total}" in title_of(page)
        brazil = next(line for line in lines(client, "/figures/matrix.csv") if line["State: code"] == "BR")
        for cell in cells:
            if cell.party_code == "BR":
                said = brazil[cell.provision_code]
                assert (said == "Largely implemented") == (cell.rating is Rating.LARGELY), cell.provision_code
                assert (said == "Reported, under review") == (cell.reported_at is not None and cell.rating is None)

        mine = figures(public_cells.cell_item(c) for c in cells if c.party_code == "BR")
        on_map = next(line for line in lines(client, "/figures/map.csv") if line["State: code"] == "BR")
        assert (int(on_map["Reported"]), int(on_map["Reported: of how many"])) == (mine.reported.count, 15)
        assert f"{mine.reported.count} of 15</a>" in client.get("/figures/map").text
        asked = json.loads(client.get("/figures/map.json").data)
        in_json = next(row for row in asked["tables"][0]["rows"] if row["state"]["code"] == "BR")
        assert in_json["reported"] == {"count": mine.reported.count, "of": 15}
        book = load_workbook(io.BytesIO(client.get("/figures/map.xlsx").data))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        assert next(row for row in rows if row[1] == "BR")[3:5] == (mine.reported.count, 15)

        differing = [c for c in cells if c.voices_differ]
        listed = lines(client, "/figures/voices.csv")
        assert {line["Recommendation or mandate: code"] for line in listed} == {c.provision_code for c in differing}
        assert f"{len(differing)} of {counted.rated.count}" in title_of(client.get("/figures/voices").text)
        seen = next(line for line in listed if line["Recommendation or mandate: code"] == "CS-02")
        assert seen["Observers"] == "Not implemented"

        missing = [c for c in cells if c.reported_at is None]
        late = lines(client, "/figures/not-reported.csv?by=commitment")
        assert len(late) == len(missing)
        assert {line["Where it stands"] for line in late} == {"Due and not reported"}
        of_state = next(line for line in lines(client, "/figures/not-reported.csv") if line["State: code"] == "GT")
        assert (of_state["Due and not reported"], of_state["Reported"]) == ("15", "0")

        (now,) = lines(client, "/figures/trend.csv")
        assert (int(now["Reported"]), int(now["On time"])) == (counted.reported.count, counted.on_time.count)
        (took,) = lines(client, "/figures/review-time.csv")
        assert int(took["Ratings published"]) == counted.rated.count
        assert took["0 to 14 days"] == took["Ratings published"]
        assert (
            title_of(client.get("/figures/review-time").text)
            == f"Half of {counted.rated.count} reviews took 0 days or fewer."
        )

    def test_each_figure_leads_to_the_items_behind_it(self, cast: Cast, client: FlaskClient) -> None:
        status_scene.play(cast)
        for name in NAMES:
            page = client.get(f"/figures/{name}").text
            found = set(re.findall(r'href="(/(?:figures|states|provisions)/[^"#]+)"', page))
            assert len(found) > 5, name
            for address in sorted(found)[::9]:
                assert client.get(html.unescape(address)).status_code == 200, (name, address)

    def test_narrowed_by_filters(self, cast: Cast, client: FlaskClient) -> None:
        status_scene.play(cast)
        page = client.get("/figures/map?show=rating&provision=CS-03").text
        assert title_of(page) == "CS-03, States with a published rating: 1 of 32 (3%)."
        assert 'aria-label="Brazil: Not implemented"' in page
        assert page.count("Due and not reported</a>") == 31
        page = client.get("/figures/map?show=rating&pillar=prevention").text
        assert "Prevention, ratings that are" in title_of(page)
        assert "no State gets a grade" in client.get("/figures/map?show=rating").text
        assert len(lines(client, "/figures/matrix.csv?state=br")) == 1
        assert len(lines(client, "/figures/matrix.csv?subregion=caribbean")) == 14
        assert set(lines(client, "/figures/matrix.csv?provision=cs-03")[0]) == {"State", "State: code", "CS-03"}
        assert {
            line["State: code"] for line in lines(client, "/figures/not-reported.csv?instrument=WP-2010-2012&state=gs")
        } == {"GS"}
        assert lines(client, "/figures/voices.csv?own=partially_implemented&rating=partially_implemented")
        for name in NAMES:
            page = client.get(f"/figures/{name}?pillar=nowhere").text
            assert "Nothing matches" in page, name
            assert f'href="/figures/{name}"' in page, name

    def test_what_there_is_not(self, cast: Cast, client: FlaskClient) -> None:
        for asked in (
            "matrix?cycle=1999",
            "matrix?page=99",
            "matrix?page=x",
            "not-reported?by=ranking",
            "map?show=score",
            "review-time?days=1",
            "voices?own=good",
            "ranking",
            "map.pdf",
        ):
            assert client.get(f"/figures/{asked}").status_code == 404, asked
        for name, value in itertools.product(
            ("provision", "subregion", "by", "days"), ("%00", "%ED%A0%80", "' OR 1=1", "9" * 30)
        ):
            for format in ("", ".csv"):
                answer = client.get(f"/figures/not-reported{format}?{name}={value}")
                assert answer.status_code in (200, 404), (name, value)

    def test_before_the_first_cycle(self, catalogue_app: object, client: FlaskClient) -> None:
        assert client.get("/figures").status_code == 200
        for name in NAMES:
            assert "No reporting cycle is open yet" in client.get(f"/figures/{name}").text
            assert client.get(f"/figures/{name}.csv").status_code == 200
            assert client.get(f"/figures/{name}.svg").status_code == 404


class TestFairness:
    def test_states_stand_in_the_order_of_the_readers_alphabet(self, cast: Cast, client: FlaskClient) -> None:
        status_scene.play(cast)
        for name in ("map", "matrix", "not-reported"):
            codes = [
                next(v for k, v in line.items() if k.endswith(": code"))
                for line in lines(client, f"/figures/{name}.csv?lang=fr")
            ]
            assert codes.index("EC") < codes.index("US") < codes.index("GT"), f"{name}: Équateur, États-Unis, Guatemala"

    def test_a_percentage_never_stands_alone(self, cast: Cast, client: FlaskClient) -> None:
        status_scene.play(cast)
        for name in NAMES:
            for format in ("", ".json", ".csv", ".svg"):
                text = html.unescape(client.get(f"/figures/{name}{format}").text)
                text = re.sub(r"<(style|script)[^>]*>.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
                for found in re.finditer(r"\d+\s?%", text):
                    assert re.search(r"\d+ of \d+ \($", text[: found.start()]), f"{name}{format}: {found[0]}"

    def test_no_picture_of_a_share_of_fewer_than_five(self, cast: Cast, client: FlaskClient) -> None:
        status_scene.play(cast)
        page = client.get("/figures/trend?state=br&provision=CS-03").text
        assert "1 of 1" in page
        assert ' stroke-width="2.4"' not in page
        assert "%" not in title_of(page)
        assert "too few for a median" in client.get("/figures/review-time?state=br&provision=CS-03").text


class TestFiles:
    def test_pictures_stand_alone(self, cast: Cast, client: FlaskClient) -> None:
        status_scene.play(cast)
        with cast.writing() as session:
            session.execute(sa.update(Provision).where(Provision.code == "CS-03").values(
                title={"en": '=cmd|"</text><script>alert(1)</script>'}))  # fmt: skip
        for name in NAMES:
            answer = client.get(f"/figures/{name}.svg?provision=CS-03")
            assert answer.content_type == "image/svg+xml", name
            assert "attachment" in answer.headers["Content-Disposition"]
            root = ET.fromstring(answer.data)  # noqa: S314 (our own)
            assert root.find(f"{SVG}title") is not None
            assert root.find(f"{SVG}desc") is not None
            names = {element.tag.removeprefix(SVG) for element in root.iter()}
            assert names <= {"svg", "title", "desc", "g", "rect", "path", "circle", "text", "defs", "pattern"}, name
            for element in root.iter():
                for attribute, value in element.attrib.items():
                    assert "href" not in attribute
                    assert not attribute.startswith("on")
                    assert "url(" not in value or value.startswith("url(#")
            assert "<script" not in client.get(f"/figures/{name}?provision=CS-03").text.split("<main")[1]
        (line,) = [
            one
            for one in lines(client, "/figures/not-reported.csv?by=provision")
            if one["Recommendation or mandate: code"] == "CS-03"
        ]
        assert line["Recommendation or mandate"].startswith("'=cmd")

    def test_what_a_signed_in_person_takes_away_is_noted(self, cast: Cast, client: FlaskClient) -> None:
        client.get("/figures/map.csv")
        cast.sign_in(client, "observer")
        for format in ("csv", "xlsx", "json", "svg"):
            assert client.get(f"/figures/map.{format}").status_code == 200
        client.get("/figures/map")
        with cast.reading() as session:
            found = session.scalars(sa.select(AuditEntry).where(AuditEntry.record_type == "figure")).all()
            assert [(one.new or {})["format"] for one in found] == ["csv", "xlsx", "json", "svg"]

    def test_as_many_queries_whatever_there_is(self, cast: Cast, client: FlaskClient) -> None:
        counts = []
        for _time in range(2):
            for name in NAMES:
                with statements(cast.app) as asked:
                    client.get(f"/figures/{name}")
                counts.append(len(asked))
            if len(counts) == len(NAMES):
                status_scene.play(cast)
        assert counts[: len(NAMES)] == counts[len(NAMES) :]
        assert max(counts) <= 12

    def test_in_every_language(self, cast: Cast, client: FlaskClient) -> None:
        for name, language in itertools.product(NAMES, ("es", "pt", "fr")):
            page = client.get(f"/figures/{name}?lang={language}")
            assert f'<html lang="{language}"' in page.text
            assert len(page.data) < 150_000
            assert client.get(f"/figures/{name}.xlsx?lang={language}").status_code == 200


def test_the_others_report_besides(cast: Cast, client: FlaskClient) -> None:
    kinds = {cell.party_kind for cell in cells_of(cast)}
    assert kinds == set(PartyKind)
    page = client.get("/figures/matrix").text
    assert "Also reporting" in page
    assert "WP-G-01" in page
