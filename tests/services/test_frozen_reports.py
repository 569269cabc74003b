"""What is frozen is read again: the same, also by a later program, and never anything else."""

from __future__ import annotations

import json
import zlib

import pytest

from tests.documents.test_status_report_pdf import line, report
from tracker.domain.vocabulary import PublicationKind
from tracker.services import frozen_reports
from tracker.services.frozen_reports import Damaged, freeze, thaw

STATUS = PublicationKind.STATUS_REPORT


def changed(frozen: bytes, **values: object) -> bytes:
    """The same with other fields; None takes one away."""
    plain = {**json.loads(zlib.decompress(frozen)), **values}
    return zlib.compress(json.dumps({k: v for k, v in plain.items() if v is not None}).encode())


def test_the_same_comes_back_with_its_figures_and_the_same_bytes_again() -> None:
    one = report(line("CS-01", "Text — “quoted” \u202e and 漢."), line("CS-02", "x"))
    frozen = freeze(one)
    back = thaw(STATUS, frozen)
    assert back == one
    assert (back.coverage, back.standing, back.pillars) == (one.coverage, one.standing, one.pillars)
    assert freeze(back) == frozen


def test_older_data_lacks_fields_and_newer_data_has_more() -> None:
    frozen = freeze(report(line("CS-01", "x")))
    older = changed(frozen, themes=None, trend=None, series=None, issue=None, changes=None)
    assert thaw(STATUS, older) == report(line("CS-01", "x"))
    assert thaw(STATUS, changed(frozen, of_tomorrow={"a": 1})) == report(line("CS-01", "x"))


@pytest.mark.parametrize("frozen", [b"", b"{}", zlib.compress(b"{}"), zlib.compress(b"[1]"), zlib.compress(b"\xff")])
def test_what_is_no_report(frozen: bytes) -> None:
    with pytest.raises(Damaged):
        thaw(STATUS, frozen)


def test_only_the_texts_of_people_are_rewritten() -> None:
    one = report(line("CS-01", "Brazil said CS-01."))
    found, count = frozen_reports.rewritten(one, lambda text: (text.replace("CS-01", "▮"), text.count("CS-01")))
    assert count > 0
    assert found.lines[0].code == "CS-01"
    assert found.lines[0].title == one.lines[0].title
    assert found.lines[0].rating.reasons == "Brazil said ▮."
    assert found.lines[0].rating.statement.elements[0].narrative == "Brazil said ▮."
    same, none = frozen_reports.rewritten(one, lambda text: (text, 0))
    assert (same is one, none) == (True, 0)
