"""``audit verify``: says that the trail is whole and where it ends, or names the first broken link."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import Result

from tests.cast import Cast
from tests.support.clock import START
from tracker.services import audit, audit_seal


def verify(cast: Cast, *words: str) -> Result:
    return cast.app.test_cli_runner().invoke(args=["audit", "verify", *words])


def written(cast: Cast, count: int) -> audit_seal.Noted:
    with cast.writing() as session:
        for number in range(count):
            audit.record(session, f"test.{number}", now=START)
    with cast.reading() as session:
        return audit_seal.last(session)


@pytest.mark.both_databases
def test_a_whole_trail(cast: Cast) -> None:
    early, last = written(cast, 2), written(cast, 3)
    result = verify(cast, "--expect", f"{early.number}:{early.sha256}", "--expect", f"{last.number}:{last.sha256}")
    assert result.exit_code == 0, result.output
    assert f"whole: {last.number} entries, the last with SHA-256 {last.sha256}" in result.output
    assert f"Entry {early.number} is the one that was noted." in result.output


@pytest.mark.both_databases
def test_a_broken_trail(cast: Cast) -> None:
    last = written(cast, 5)
    with cast.writing() as session:
        kind = session.get_bind().dialect.name
        name = "audit_entry_no_delete" if kind == "sqlite" else "audit_entry_only_grows ON audit_entry"
        session.execute(sa.text(f"DROP TRIGGER {name}"))
        session.execute(sa.text("DELETE FROM audit_entry WHERE number = :number"), {"number": last.number - 2})
    result = verify(cast)
    assert result.exit_code == 1
    assert f"broken: entry {last.number - 2} is missing: entry {last.number - 1} stands in its place" in result.output
    assert "(2026-03-02 15:00:00 UTC, test.3)" in result.output
    assert f"Whole up to entry {last.number - 3}" in result.output


def test_a_hash_that_was_noted_and_is_gone(cast: Cast) -> None:
    last = written(cast, 1)
    for noted in (f"{last.number}:{'a' * 64}", f"{last.number + 1}:{last.sha256}"):
        result = verify(cast, "--expect", noted)
        assert result.exit_code == 1
        assert "is not the one that was noted" in result.output
    for nonsense in ("1", "0:" + "a" * 64, "1:abc", "x:" + "a" * 64):
        assert verify(cast, "--expect", nonsense).exit_code == 2
