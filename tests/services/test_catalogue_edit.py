"""Corrections and translations as new versions, on both databases."""

from __future__ import annotations

import threading
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from tests.cast import Cast
from tracker.db import transaction
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.models import AuditEntry, Element, ProvisionVersion
from tracker.services import catalogue_edit, catalogue_load


def correct(cast: Cast, code: str = "CS-03", seen: int = 1, person: str = "admin", **wanted: Any) -> None:
    arguments: dict[str, Any] = {
        "language": "es",
        "title": "Un título",
        "text": "Un texto oficial.",
        "status": "official",
        "reason": "Sent by the invented Ministry.",
        **wanted,
    }
    actor = cast.actor(person)
    with cast.writing() as session:
        provision = catalogue_edit.by_code(session, code, locked=True)
        assert provision is not None
        catalogue_edit.correct(session, provision, seen_version=seen, actor=actor, now=cast.clock.now(), **arguments)


def test_a_new_version_and_the_old_ones_stay(any_cast: Cast) -> None:
    with any_cast.reading() as session:
        before = catalogue_edit.by_code(session, "CS-03")
        assert before is not None
        old_title, old_text = dict(before.title), dict(before.text)
    correct(any_cast)
    with any_cast.reading() as session:
        provision = catalogue_edit.by_code(session, "cs-03")
        assert provision is not None
        assert provision.version_number == 2
        assert provision.edited_by_person
        assert provision.text["es"] == "Un texto oficial."
        assert provision.text_status["es"] == "official"
        assert {k: v for k, v in provision.text.items() if k != "es"} == {
            k: v for k, v in old_text.items() if k != "es"
        }
        rows = catalogue_edit.versions(session, provision)
        assert [(row.number, row.name) for row in rows] == [(2, "Invented admin"), (1, None)]
        first = catalogue_edit.version(session, provision, 1)
        assert first is not None
        assert (first.title, first.text) == (old_title, old_text)
        assert catalogue_edit.version(session, provision, 3) is None
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "provision.correct")).one()
        assert entry.record_id == "CS-03"


def test_the_text_of_the_source_stays_the_sources(any_cast: Cast) -> None:
    correct(any_cast, language="en", text="A corrected copy.", status="unofficial")
    with any_cast.reading() as session:
        provision = catalogue_edit.by_code(session, "CS-03")
        assert provision is not None
        assert provision.text_status["en"] == "source"


def test_an_element_that_stands_for_the_whole_follows(any_cast: Cast) -> None:
    with any_cast.reading() as session:
        element = session.scalars(sa.select(Element).where(Element.is_whole.is_(True)).limit(1)).one()
        code = element.provision.code
    correct(any_cast, code, language="en", title="Corrected", text="A corrected copy.")
    with any_cast.reading() as session:
        followed = session.get_one(Element, element.id)
        assert followed.label["en"] == "Corrected"
        assert followed.fragment == "A corrected copy."


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"reason": ""}, {"reason": "required"}),
        ({"title": ""}, {"title": "required"}),
        ({"text": ""}, {"text": "required"}),
        ({"status": "source"}, {"status": "unknown"}),
        ({"status": "perfect"}, {"status": "unknown"}),
        ({"language": "qu"}, {"language": "unknown"}),
    ],
)
def test_problems_are_named(any_cast: Cast, wrong: dict[str, Any], problem: dict[str, str]) -> None:
    with pytest.raises(Unmet) as refusal:
        correct(any_cast, **wrong)
    assert refusal.value.problems == problem


def test_the_same_again_makes_no_version(any_cast: Cast) -> None:
    correct(any_cast)
    with pytest.raises(Unmet) as refusal:
        correct(any_cast, seen=2)
    assert refusal.value.problems == {"text": "unchanged"}


def test_a_stale_correction_is_refused(any_cast: Cast) -> None:
    correct(any_cast)
    with pytest.raises(Stale):
        correct(any_cast, text="Otro.")


def test_at_once_one_wins(any_cast: Cast) -> None:
    actor, outcomes = any_cast.actor("admin"), []
    gate = threading.Barrier(4)

    def attempt(number: int) -> None:
        try:
            with any_cast.app.app_context():
                gate.wait(10)
                with transaction() as session:
                    provision = catalogue_edit.by_code(session, "CS-03", locked=True)
                    assert provision is not None
                    catalogue_edit.correct(
                        session,
                        provision,
                        language="fr",
                        title="Titre",
                        text=f"Texte {number}",
                        status="official",
                        reason="x",
                        seen_version=1,
                        actor=actor,
                        now=any_cast.clock.now(),
                    )
            outcomes.append("made")
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=attempt, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["made", "stale", "stale", "stale"]
    with any_cast.reading() as session:
        count = sa.select(sa.func.count()).where(ProvisionVersion.number == 2)
        assert session.scalar(count) == 1


@pytest.mark.parametrize("name", ["reviewer", "focal.br", "approver.br", "observer", "secretariat"])
def test_is_for_administrators(any_cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted):
        correct(any_cast, person=name)


@pytest.mark.parametrize("code", ["", "CS-99", "x" * 21, "CS-03\0", "ＣＳ-03", "%", "../x"])
def test_unknown_codes(any_cast: Cast, code: str) -> None:
    with any_cast.reading() as session:
        assert catalogue_edit.by_code(session, code) is None


def test_loading_a_newer_file_leaves_it_alone(any_cast: Cast, tmp_path: Path) -> None:
    correct(any_cast)
    folder = copytree(catalogue_load.FOLDER, tmp_path / "newer")
    source = folder / "csc-2012.yaml"
    content = yaml.safe_load(source.read_text("utf-8"))
    for entry in content["provisions"]:
        if entry["code"] == "CS-03":
            entry["text"]["es"] = "Otra traducción."
    source.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with any_cast.writing() as session:
        loaded = catalogue_load.load(session, now=any_cast.clock.now(), folder=folder)
    assert loaded.kept == {"provisions": 1}
    with any_cast.reading() as session:
        provision = catalogue_edit.by_code(session, "CS-03")
        assert provision is not None
        assert provision.text["es"] == "Un texto oficial."
        assert provision.version_number == 2
