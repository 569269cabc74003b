"""Notes verbales: numbered without gaps, frozen, kept with both files; handed over on a day that staff write down."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.escalation_scene import (
    LATER_STILL,
    MISSION,
    MISSIONS,
    case,
    case_id,
    enter_office,
    entries,
    mails,
    prepare,
    run,
    version,
)
from tests.support.worlds import kept
from tracker.documents import note_verbale_docx, note_verbale_pdf
from tracker.domain.errors import Stale, Unmet, WrongState
from tracker.domain.vocabulary import EscalationState, OfficeKind, ReportState, Visibility
from tracker.models import NoteVerbale, ProgressReport
from tracker.services import history, notes_verbales
from tracker.services.note_content import NoteContent


@pytest.fixture
def scene(any_cast: Cast) -> Cast:
    """Four States whose Missions are known, 45 days after the due date."""
    play(any_cast)
    return any_cast


@kept
def play(cast: Cast) -> None:
    run(cast, LATER_STILL)
    for code in MISSIONS:
        enter_office(cast, code, OfficeKind.MISSION, email="")


def hand_over(cast: Cast, escalation_id: int, on: date | None, seen: str = "") -> None:
    actor = cast.actor("reviewer2")
    with cast.writing() as session:
        notes_verbales.hand_over(session, escalation_id, on=on, seen=seen, actor=actor, now=cast.clock.now())


def note(cast: Cast, escalation_id: int) -> NoteVerbale:
    with cast.reading() as session:
        found = notes_verbales.of(session, escalation_id)
        assert found is not None
        return found


def test_numbers_follow_one_another_and_begin_anew_each_year(scene: Cast) -> None:
    first = [prepare(scene, case_id(scene, code, MISSION)) for code in ("BR", "GT", "HT")]
    assert first == ["NV 1/2026", "NV 2/2026", "NV 3/2026"]
    with scene.writing() as session:
        session.execute(sa.update(NoteVerbale).where(NoteVerbale.sequence == 3).values(year=2025, sequence=9))
    assert prepare(scene, case_id(scene, "US", MISSION)) == "NV 3/2026"


def test_the_year_is_that_of_the_general_secretariat(scene: Cast) -> None:
    with scene.reading() as session:
        late = datetime(2027, 1, 1, 4, 59, tzinfo=UTC)
        assert notes_verbales._today(session, late) == date(2026, 12, 31)
        assert notes_verbales._today(session, late.replace(hour=5)) == date(2027, 1, 1)


def test_two_at_once_get_two_numbers_and_no_gap(scene: Cast) -> None:
    numbers, wrong, gate = [], [], threading.Barrier(4)
    cases = [case_id(scene, code, MISSION) for code in MISSIONS]

    def act(one: int) -> None:
        gate.wait()
        try:
            numbers.append(prepare(scene, one))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=act, args=(one,)) for one in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert sorted(numbers) == [f"NV {n}/2026" for n in range(1, 5)]


def test_what_fails_uses_no_number(scene: Cast) -> None:
    one, actor = case_id(scene, rung=MISSION), scene.actor("admin")

    def broken(_content: NoteContent) -> bytes:
        raise ValueError("no room on the disk")

    with pytest.raises(ValueError, match="no room"), scene.writing() as session:
        notes_verbales.prepare(
            session, one, render_pdf=note_verbale_pdf.render, render_docx=broken, seen_version=version(scene, one),
            actor=actor, now=scene.clock.now(),
        )  # fmt: skip
    found = case(scene, rung=MISSION)
    assert found is not None
    assert found.state is EscalationState.WAITING
    assert entries(scene, history.NOTE_PREPARED) == []
    assert prepare(scene, one) == "NV 1/2026"


def test_frozen_in_the_states_language_with_both_files_and_their_digests(scene: Cast) -> None:
    one = case_id(scene, rung=MISSION)
    prepare(scene, one)
    kept = note(scene, one)
    content = NoteContent.of_json(kept.content)
    assert (content.language, content.addressee, len(content.items)) == ("pt", MISSIONS["BR"], 15)
    assert {(i.due_on, i.extended_to, i.days) for i in content.items} == {(date(2026, 4, 30), None, 45)}
    assert hashlib.sha256(kept.pdf).hexdigest() == kept.pdf_sha256
    assert hashlib.sha256(kept.docx).hexdigest() == kept.docx_sha256
    assert note_verbale_pdf.render(content) == kept.pdf
    assert note_verbale_docx.render(content) == kept.docx
    enter_office(scene, kind=OfficeKind.MISSION, title="Another title")
    assert NoteContent.of_json(note(scene, one).content).addressee == MISSIONS["BR"]
    with scene.reading() as session:
        assert notes_verbales.file_of(session, one, "docx")[1:] == ("NV-2026-001-BR.docx", kept.docx)
    written = entries(scene, history.NOTE_PREPARED)
    assert len(written) == 15
    assert {(e.visibility, e.details["number"], e.comment) for e in written} == {(Visibility.FILE, "NV 1/2026", "")}
    assert mails(scene) == []


def test_without_the_mission_it_is_refused_in_plain_words(any_cast: Cast) -> None:
    run(any_cast, LATER_STILL)
    with pytest.raises(Unmet) as refused:
        prepare(any_cast, case_id(any_cast, rung=MISSION))
    assert refused.value.problems == {"office": "no_title"}


def test_one_note_for_a_case(scene: Cast) -> None:
    one = case_id(scene, rung=MISSION)
    seen = version(scene, one)
    prepare(scene, one, "reviewer", seen)
    with pytest.raises(Stale):
        prepare(scene, one, "admin", seen)
    with pytest.raises(WrongState):
        prepare(scene, one, "admin")


def test_handed_over_on_a_day_that_can_be_put_right(scene: Cast) -> None:
    one = case_id(scene, rung=MISSION)
    with pytest.raises(WrongState):
        hand_over(scene, one, LATER_STILL.date())
    prepare(scene, one)
    for day, problem in (
        (None, "required"),
        (date(2026, 6, 13), "before_the_note"),
        (date(2026, 6, 15), "in_the_future"),
    ):
        with pytest.raises(Unmet) as refused:
            hand_over(scene, one, day)
        assert refused.value.problems == {"on": problem}
    # What was reported meanwhile changes nothing about the note and its entries.
    with scene.writing() as session:
        session.execute(sa.update(ProgressReport).values(state=ReportState.SUBMITTED))
    scene.clock.advance(days=3)
    hand_over(scene, one, date(2026, 6, 16))
    with pytest.raises(Stale):
        hand_over(scene, one, date(2026, 6, 17))
    hand_over(scene, one, date(2026, 6, 17), "2026-06-16")
    assert note(scene, one).handed_over_on == date(2026, 6, 17)
    days = [e.details["day"] for e in entries(scene, history.NOTE_HANDED_OVER)]
    assert days == ["2026-06-16"] * 15 + ["2026-06-17"] * 15
