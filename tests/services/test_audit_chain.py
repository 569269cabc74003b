"""The chain of the audit trail: sealed with the change, one chain whoever writes; tampering is seen and named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.support.clock import START
from tracker import trail
from tracker.models import AuditEntry, AuditHead, ReportingParty
from tracker.services import audit, audit_verify
from tracker.services.audit_verify import Break, Fault, Verdict

TRIGGERS = {
    "sqlite": ("audit_entry_no_update", "audit_entry_no_delete", "audit_head_goes_forward", "audit_head_no_delete"),
    "postgresql": ("audit_entry_only_grows", "audit_head_goes_forward"),
}


def write(cast: Cast, *events: str) -> None:
    with cast.writing() as session:
        for event in events:
            audit.record(session, event, now=cast.clock.now(), new={"n": 1})


def verdict(cast: Cast, expected: dict[int, str] | None = None) -> Verdict:
    with cast.reading() as session:
        return audit_verify.verify(session, expected, batch=3)


def entries(cast: Cast) -> list[sa.Row]:
    with cast.reading() as session:
        return list(
            session.execute(
                sa.select(AuditEntry.number, AuditEntry.event, AuditEntry.sha256).order_by(AuditEntry.number)
            )
        )


def tamper(cast: Cast, *statements: str) -> None:
    """As somebody would who may do anything to the database: first the triggers go."""
    with cast.writing() as session:
        kind = session.get_bind().dialect.name
        for trigger in TRIGGERS[kind]:
            table = "audit_head" if "head" in trigger else "audit_entry"
            session.execute(sa.text(f"DROP TRIGGER {trigger}" + (f" ON {table}" if kind == "postgresql" else "")))
        for statement in statements:
            session.execute(sa.text(statement))


def test_each_entry_carries_the_hash_of_the_one_before(any_cast: Cast) -> None:
    write(any_cast, "test.one", "test.two")
    with any_cast.reading() as session:
        rows = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number)).all()
        head = session.get_one(AuditHead, 1)
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert [row.previous_sha256 for row in rows] == [trail.START, *(row.sha256 for row in rows[:-1])]
        assert (head.number, head.sha256) == (rows[-1].number, rows[-1].sha256)
    found = verdict(any_cast)
    assert (found.number, found.broken) == (len(rows), None)


def test_what_is_undone_leaves_nothing(any_cast: Cast) -> None:
    before = entries(any_cast)
    with suppress(ZeroDivisionError), any_cast.writing() as session:
        audit.record(session, "test.undone", now=START)
        raise ZeroDivisionError
    assert entries(any_cast) == before
    with any_cast.reading() as session:
        audit.record(session, "test.never_committed", now=START)
        session.rollback()
        session.execute(sa.select(1))
        session.commit()
    assert entries(any_cast) == before


def test_a_savepoint_takes_its_entries_with_it(any_cast: Cast) -> None:
    number = len(entries(any_cast))
    with any_cast.writing() as session:
        audit.record(session, "test.before", now=START)
        with suppress(ZeroDivisionError), session.begin_nested():
            audit.record(session, "test.undone", now=START)
            with session.begin_nested():
                audit.record(session, "test.inside_the_undone", now=START)
            raise ZeroDivisionError
        with session.begin_nested():
            audit.record(session, "test.kept", now=START)
        with suppress(sa.exc.IntegrityError), session.begin_nested():
            audit.record(session, "test.failed", now=START)
            session.add(ReportingParty(code="BR"))
            session.flush()
        audit.record(session, "test.after", now=START)
    assert [row.event for row in entries(any_cast)[number:]] == ["test.before", "test.kept", "test.after"]
    assert verdict(any_cast).broken is None


@pytest.mark.parametrize(
    ("attack", "fault", "number"),
    [
        (["UPDATE audit_entry SET event = 'test.other' WHERE number = 5"], Fault.CONTENT, 5),
        (["UPDATE audit_entry SET at = '2026-01-01 00:00:00' WHERE number = 5"], Fault.CONTENT, 5),
        (["UPDATE audit_entry SET internal = true WHERE number = 5"], Fault.CONTENT, 5),
        (["""UPDATE audit_entry SET new = '{"n": 2}' WHERE number = 5"""], Fault.CONTENT, 5),
        (["DELETE FROM audit_entry WHERE number = 5"], Fault.GAP, 6),
        (["DELETE FROM audit_entry WHERE number = 1"], Fault.GAP, 2),
        (["DELETE FROM audit_entry WHERE number > 5"], Fault.HEAD, 5),
        (["DELETE FROM audit_entry"], Fault.HEAD, 0),
        (["DELETE FROM audit_head"], Fault.HEAD, 0),
        (
            [
                "UPDATE audit_entry SET number = -5 WHERE number = 5",
                "UPDATE audit_entry SET number = 5 WHERE number = 6",
                "UPDATE audit_entry SET number = 6 WHERE number = -5",
            ],
            Fault.CONTENT,
            5,
        ),
        (["UPDATE audit_entry SET number = 500 WHERE number = 5"], Fault.GAP, 6),
    ],
)
def test_the_first_broken_link_is_named(any_cast: Cast, attack: list[str], fault: Fault, number: int) -> None:
    write(any_cast, *(f"test.{n}" for n in range(10)))
    assert verdict(any_cast).broken is None
    tamper(any_cast, *attack)
    broken = verdict(any_cast).broken
    assert broken is not None
    assert (broken.fault, broken.number) == (fault, number)
    if fault is not Fault.HEAD:
        assert broken.at is not None
        assert broken.event


def test_an_entry_made_to_fit_breaks_the_link_after_it(any_cast: Cast) -> None:
    write(any_cast, *(f"test.{n}" for n in range(10)))
    with any_cast.reading() as session:
        row = session.execute(sa.select(AuditEntry.__table__).where(AuditEntry.number == 5)).one()
    forged = trail.digest({**row._asdict(), "event": "test.forged"})
    tamper(any_cast, f"UPDATE audit_entry SET event = 'test.forged', sha256 = '{forged}' WHERE number = 5")
    after = next(row for row in entries(any_cast) if row.number == 6)
    assert verdict(any_cast).broken == Break(Fault.LINK, 6, START, after.event, forged)


def test_a_hash_noted_earlier_shows_a_tail_that_was_cut_with_its_head(any_cast: Cast) -> None:
    write(any_cast, *(f"test.{n}" for n in range(10)))
    found = entries(any_cast)
    noted, kept = found[-1], found[-3]
    assert verdict(any_cast, {noted.number: noted.sha256, kept.number: kept.sha256}).broken is None
    tamper(
        any_cast,
        f"DELETE FROM audit_entry WHERE number > {kept.number}",
        f"UPDATE audit_head SET number = {kept.number}, sha256 = '{kept.sha256}'",
    )
    assert verdict(any_cast).broken is None, "nothing in the database itself tells"
    broken = verdict(any_cast, {noted.number: noted.sha256}).broken
    assert broken == Break(Fault.EXPECTED, noted.number, expected=noted.sha256)
    write(any_cast, "test.other", "test.other")
    broken = verdict(any_cast, {noted.number: noted.sha256}).broken
    assert broken is not None
    assert (broken.fault, broken.number, broken.event) == (Fault.EXPECTED, noted.number, "test.other")


def _at_once(count: int, act: Callable[[int], None]) -> list[BaseException]:
    """Run ``act`` in so many threads that begin together; what went wrong."""
    wrong: list[BaseException] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            act(number)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong


def test_writers_at_the_same_time_keep_one_chain(any_cast: Cast) -> None:
    before = len(entries(any_cast))

    def act(number: int) -> None:
        for turn in range(5):
            with any_cast.writing() as session:
                audit.record(session, f"test.{number}", now=START, new={"turn": turn})
                audit.record(session, f"test.{number}", now=START, new={"turn": turn})
            with suppress(ZeroDivisionError), any_cast.writing() as session:
                audit.record(session, "test.undone", now=START)
                raise ZeroDivisionError

    assert _at_once(6, act) == []
    assert len(entries(any_cast)) == before + 60
    assert verdict(any_cast).broken is None


def test_changing_a_record_waits_for_no_chain(any_cast: Cast) -> None:
    """Two that lock the same rows in another order than the chain would wait for each other for ever."""
    parties = [any_cast.party_id("BR"), any_cast.party_id("GT")]

    def act(number: int) -> None:
        for turn in range(5):
            with any_cast.writing() as session:
                audit.record(session, f"test.{number}", now=START)
                party = session.get_one(ReportingParty, parties[(number + turn) % 2], with_for_update=True)
                audit.record(session, f"test.{number}", now=START, party_id=party.id)

    assert _at_once(4, act) == []
    assert verdict(any_cast).broken is None


def test_writing_stops_where_the_head_is_gone(any_cast: Cast) -> None:
    tamper(any_cast, "DELETE FROM audit_head")
    with pytest.raises(trail.HeadMissing):
        write(any_cast, "test.one")


def test_verifying_while_others_write(any_cast: Cast) -> None:
    """What is written behind the head that was read belongs to the next walk."""
    write(any_cast, *(f"test.{n}" for n in range(10)))

    walk = audit_verify._entries

    def meanwhile(session: Session, batch: int) -> Iterator[sa.Row]:
        session.rollback()
        write(any_cast, "test.meanwhile", "test.meanwhile")
        yield from walk(session, batch)

    with any_cast.reading() as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_verify, "_entries", meanwhile)
        assert audit_verify.verify(session, batch=2).broken is None
