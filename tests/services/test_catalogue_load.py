"""Loading the catalogue: what is there, who owes what by independent counting, and what a person edited stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from flask import Flask
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.support.clock import START
from tracker.db import db, transaction
from tracker.models import (
    Activity,
    ActivityDocument,
    Base,
    CatalogueRelease,
    Commitment,
    ContextStatement,
    Element,
    Indicator,
    MemberState,
    Participation,
    Provision,
    ProvisionVersion,
    ReportingParty,
)
from tracker.services import catalogue_load

SEED = Path(__file__).parents[2] / "seed_recommendations"
INSTRUMENTS = ("csc-2012.yaml", "wp-2010-2012.yaml", "strategy.yaml")
CATALOGUE = [
    t for t in Base.metadata.sorted_tables if t.name not in {"heartbeat", "audit_entry", "audit_head", "public_version"}
]


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((SEED / name).read_text("utf-8"))
    return content


def owed() -> Counter[str]:
    """How many commitments each kind of party owes, straight from the files."""
    found: Counter[str] = Counter()
    states = sum(1 for state in read("states.yaml")["states"] if state["takes_part_by_default"])
    parties = {"member_state": states, "general_secretariat": 1, "cooperation_agencies": 1}
    for name in INSTRUMENTS:
        for provision in read(name)["provisions"]:
            if not provision["is_scored"]:
                continue
            asked = {kind for part in provision["elements"] or [provision] for kind in part["addressees"]}
            for kind in asked:
                found[kind] += parties.get(kind, 0)
    return +found


def snapshot(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {t.name: sorted((tuple(row) for row in session.execute(sa.select(t))), key=repr) for t in CATALOGUE}


def load(app: Flask, folder: Path = SEED) -> catalogue_load.Loaded:
    with app.app_context(), transaction() as session:
        return catalogue_load.load(session, now=START, folder=folder)


def changed(folder: Path, name: str, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of the files in which one was changed."""
    copytree(SEED, folder)
    content = read(name)
    change(content)
    (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return folder


def provision(content: dict[str, Any], code: str) -> dict[str, Any]:
    return next(p for p in content["provisions"] if p["code"] == code)


def test_who_owes_what(any_cast: Cast) -> None:
    expected = owed()
    assert expected == {"member_state": 480, "general_secretariat": 12, "cooperation_agencies": 1}
    with any_cast.reading() as session:
        rows = session.execute(
            sa.select(ReportingParty.kind, sa.func.count())
            .join(Commitment, Commitment.party_id == ReportingParty.id)
            .group_by(ReportingParty.kind)
        )
        assert {row[0].value: row[1] for row in rows} == expected
        assert session.scalar(sa.select(sa.func.count()).select_from(Commitment)) == sum(expected.values()) == 493


def test_everything_of_the_files_is_there(any_catalogue_app: Flask) -> None:
    contents = [read(name) for name in INSTRUMENTS]
    provisions = [p for c in contents for p in c["provisions"]]
    activities = read("activities.yaml")
    entries = activities["activities"] + activities["programmes"]
    expected = {
        Provision: len(provisions),
        ProvisionVersion: len(provisions),
        Element: sum(len(p["elements"]) or 1 for p in provisions),
        Indicator: sum(len(p["indicators"]) for p in provisions),
        ContextStatement: sum(len(c["context"]) for c in contents),
        Activity: len(entries),
        ActivityDocument: sum(len(e.get("documents", [])) for e in entries),
        MemberState: 35,
        ReportingParty: 37,
        Participation: 32,
    }
    assert len(entries) == 45
    with any_catalogue_app.app_context():
        for model, number in expected.items():
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == number, model
        stored = {p.code: p for p in db.session.scalars(sa.select(Provision))}
    for entry in provisions:
        row = stored[entry["code"]]
        assert (row.title, row.text, row.text_status) == (entry["title"], entry["text"], entry["text_status"])
        assert set(row.text) == {"en", "es", "pt", "fr"}
        assert "source" in row.text_status.values()
        assert row.notes == entry["notes"]


def test_loading_twice_changes_nothing(any_catalogue_app: Flask) -> None:
    with any_catalogue_app.app_context():
        before = snapshot(db.session)
    assert load(any_catalogue_app).unchanged
    with any_catalogue_app.app_context(), transaction() as session:
        session.execute(sa.delete(CatalogueRelease))
        before["catalogue_release"] = []
    loaded = load(any_catalogue_app)
    assert (loaded.made, loaded.changed, loaded.kept) == ({}, {}, {})
    with any_catalogue_app.app_context():
        after = snapshot(db.session)
    assert len(after.pop("catalogue_release")) == 1
    before.pop("catalogue_release")
    for name, rows in before.items():
        assert after[name] == rows, name


def test_a_corrected_file_makes_a_new_version(any_catalogue_app: Flask, tmp_path: Path) -> None:
    def correct(content: dict[str, Any]) -> None:
        provision(content, "CS-03")["text"]["fr"] = "Une meilleure traduction."

    loaded = load(any_catalogue_app, changed(tmp_path / "newer", "csc-2012.yaml", correct))
    assert (loaded.made, loaded.changed, loaded.kept) == ({}, {"provisions": 1}, {})
    with any_catalogue_app.app_context():
        row = db.session.scalars(sa.select(Provision).where(Provision.code == "CS-03")).one()
        assert row.version_number == 2
        assert row.text["fr"] == "Une meilleure traduction."
        assert [v.number for v in row.versions] == [1, 2]
        assert row.versions[0].text["fr"] != row.versions[1].text["fr"]
        assert row.versions[1].reason
        assert not row.edited_by_person


def test_what_is_not_text_makes_no_version(any_catalogue_app: Flask, tmp_path: Path) -> None:
    def correct(content: dict[str, Any]) -> None:
        provision(content, "CS-03")["notes"].append("An invented note.")

    load(any_catalogue_app, changed(tmp_path / "newer", "csc-2012.yaml", correct))
    with any_catalogue_app.app_context():
        row = db.session.scalars(sa.select(Provision).where(Provision.code == "CS-03")).one()
        assert row.notes[-1] == "An invented note."
        assert row.version_number == 1


def test_what_a_person_edited_stays(any_catalogue_app: Flask, tmp_path: Path) -> None:
    with any_catalogue_app.app_context(), transaction() as session:
        row = session.scalars(sa.select(Provision).where(Provision.code == "CS-03")).one()
        row.text = {**row.text, "es": "Texto oficial."}
        row.edited_by_person = True

    def correct(content: dict[str, Any]) -> None:
        provision(content, "CS-03")["text"]["es"] = "Otra traducción."
        provision(content, "CS-04")["text"]["es"] = "Otra traducción."

    loaded = load(any_catalogue_app, changed(tmp_path / "newer", "csc-2012.yaml", correct))
    assert (loaded.changed, loaded.kept) == ({"provisions": 1}, {"provisions": 1})
    with any_catalogue_app.app_context():
        rows = db.session.execute(sa.select(Provision.code, Provision.text))
        texts = {row.code: row.text for row in rows}
        assert texts["CS-03"]["es"] == "Texto oficial."
        assert texts["CS-04"]["es"] == "Otra traducción."


def test_what_people_decided_about_a_state_stays(any_catalogue_app: Flask, tmp_path: Path) -> None:
    with any_catalogue_app.app_context(), transaction() as session:
        party = session.scalars(sa.select(ReportingParty).where(ReportingParty.code == "BR")).one()
        party.time_zone, party.language, party.approval_required = "America/Manaus", "es", False
        party.participations[0].ends_on = date(2026, 1, 1)

    def correct(content: dict[str, Any]) -> None:
        for state in content["states"]:
            if state["iso2"] == "BR":
                state["capital"] = "An invented capital"
                state["time_zone"] = "America/Bahia"

    loaded = load(any_catalogue_app, changed(tmp_path / "newer", "states.yaml", correct))
    assert loaded.changed == {"states": 1}
    with any_catalogue_app.app_context():
        party = db.session.scalars(sa.select(ReportingParty).where(ReportingParty.code == "BR")).one()
        assert (party.time_zone, party.language, party.approval_required) == ("America/Manaus", "es", False)
        assert [p.ends_on for p in party.participations] == [date(2026, 1, 1)]
        assert party.state is not None
        assert party.state.facts["capital"] == "An invented capital"


def test_a_file_that_cannot_be_read_leaves_everything_as_it_was(any_catalogue_app: Flask, tmp_path: Path) -> None:
    def spoil(content: dict[str, Any]) -> None:
        provision(content, "CS-02")["text"]["fr"] = "Changed."
        del provision(content, "CS-05")["measurement"]

    folder = changed(tmp_path / "newer", "csc-2012.yaml", spoil)
    with any_catalogue_app.app_context():
        before = snapshot(db.session)
    with pytest.raises(KeyError):
        load(any_catalogue_app, folder)
    with any_catalogue_app.app_context():
        assert snapshot(db.session) == before


def test_which_indicators_count_persons_is_known_also_where_a_person_edited(any_catalogue_app: Flask) -> None:
    named = {
        i["code"]
        for p in read("csc-2012.yaml")["provisions"]
        for i in p["indicators"]
        if i.get("counts_persons", False)
    }
    assert named >= {
        i["code"]
        for p in read("csc-2012.yaml")["provisions"]
        for i in p["indicators"]
        if "aggregates only" in ((i["note"] or {}).get("en") or "")
    }
    with any_catalogue_app.app_context():
        counting = set(db.session.scalars(sa.select(Indicator.code).where(Indicator.counts_persons)))
        assert counting == named
        with transaction() as session:
            session.execute(sa.update(Provision).values(edited_by_person=True, seed_digest="older"))
            session.execute(sa.update(Indicator).values(counts_persons=False))
            session.execute(sa.delete(CatalogueRelease))
            catalogue_load.load(session, now=START, folder=SEED)
        assert set(db.session.scalars(sa.select(Indicator.code).where(Indicator.counts_persons))) == named
