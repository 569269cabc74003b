"""A passage in an issued report: out of the frozen data, the documents emptied, withdrawn, issued anew without it."""

from __future__ import annotations

import zlib

import sqlalchemy as sa

from tests.cast import Cast
from tests.issue_scene import begin, finish, issue, read, withdraw
from tracker.domain.vocabulary import PublicationKind, PublicationState, ReportState
from tracker.models import IssuedDocument, IssuedEdition, IssuedReport
from tracker.services import issue_reasons, issued_reports_read, purge, reports
from tracker.services.purge_places import ERASED

NAME = "Rosalinda Inventada"
WHY = "The name of a victim was in it."


def published(cast: Cast) -> None:
    report_id = cast.report_id("BR", "CS-02")
    cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT)
    cast._step(report_id, reports.comment, "focal.br", text=f"Ask {NAME}.")


def erase(cast: Cast) -> dict[str, int]:
    actor = cast.actor("admin")
    with cast.writing() as session:
        places = {one.place: one.count for one in purge.find(session, NAME, actor=actor)}
        seen = sum(places.values())
        purge.erase_passage(session, NAME, seen=seen, reason=WHY, actor=actor, now=cast.clock.now())
    return places


def kept(cast: Cast) -> bytes:
    """All that is kept of issued reports, as plain bytes."""
    with cast.reading() as session:
        frozen = [zlib.decompress(one) for one in session.scalars(sa.select(IssuedEdition.frozen))]
        files = [one or b"" for one in session.scalars(sa.select(IssuedDocument.content))]
        reasons = [one.encode() for one in session.scalars(sa.select(IssuedReport.reason))]
    return b"\n".join([*frozen, *files, *reasons])


def test_it_goes_and_the_same_is_issued_anew(any_cast: Cast) -> None:
    published(any_cast)
    other = issue(any_cast, "gt-2026")
    first = issue(any_cast, "br-2026")
    with any_cast.reading() as session:
        before = {(one.language, one.format): one.sha256 for one in issued_reports_read.documents(session, first)}
    assert NAME.encode() in kept(any_cast)
    assert erase(any_cast)["issued_edition.frozen"] == 4
    assert NAME.encode() not in kept(any_cast)
    with any_cast.reading() as session:
        old = issued_reports_read.by_id(session, first.id)
        files = issued_reports_read.documents(session, old)
        assert (old.state, old.reason, old.by_clock) == (
            PublicationState.WITHDRAWN, issue_reasons.PASSAGE_ERASED, False,
        )  # fmt: skip
        assert {(one.language, one.format): one.sha256 for one in files} == before, "the digests stay"
        assert all(one.erased_at for one in files)
        [line] = [one for one in issued_reports_read.report(session, old, "es").lines if one.code == "CS-02"]
        assert line.rating.comment == f"Ask {ERASED}."
        [anew] = session.scalars(sa.select(IssuedReport).where(IssuedReport.replaces_id == first.id))
        assert (anew.state, anew.issued_by_id) == (PublicationState.PREPARING, None)
        assert issued_reports_read.by_id(session, other.id) == other, "other reports are left alone"
        assert purge.find(session, NAME, actor=any_cast.actor("admin")) == []
    assert finish(any_cast, anew.id)
    assert NAME.encode() not in kept(any_cast)
    assert read(any_cast, anew.id).replaces_code == first.code
    assert read(any_cast, first.id).state is PublicationState.WITHDRAWN


def test_replaced_and_withdrawn_ones_lose_it_and_are_not_issued_anew(any_cast: Cast) -> None:
    published(any_cast)
    first = issue(any_cast, "br-2026")
    second = issue(any_cast, "br-2026", replaces=first.id, reason="A date was corrected.")
    withdraw(any_cast, second)
    erase(any_cast)
    assert NAME.encode() not in kept(any_cast)
    assert read(any_cast, first.id).state is PublicationState.WITHDRAWN
    assert read(any_cast, second.id).reason == "Issued by mistake."
    with any_cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count(IssuedReport.id))) == 2


def test_what_is_being_prepared_keeps_its_number_and_says_it_no_more(any_cast: Cast) -> None:
    published(any_cast)
    one = begin(any_cast, "br-2026")
    erased: list[dict[str, int]] = []

    def slow(report: object) -> bytes:
        """The passage is erased while the first document is being made."""
        if not erased:
            erased.append(erase(any_cast))
        return repr(report).encode()

    assert finish(any_cast, one, {PublicationKind.STATUS_REPORT: {"pdf": slow}})
    assert NAME.encode() not in kept(any_cast)
    assert (read(any_cast, one).state, read(any_cast, one).number) == (PublicationState.ISSUED, "SR 1/2026")
