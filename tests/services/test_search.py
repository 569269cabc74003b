"""Search on both databases: the same words find the same, only what is public is found, and at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests import observation_scene
from tests.cast import Cast
from tracker.db import db
from tracker.domain.vocabulary import GoodPracticeState, Rating, ReportState, Strength
from tracker.jobs import run_job
from tracker.models import Commitment, GoodPractice, SearchEntry, SearchFacet
from tracker.services import catalogue_edit, purge, reports, reviews, search_index
from tracker.services.report_content import Evidence, of_draft
from tracker.services.search import Facets, Found, search
from tracker.services.search_sources import Kind, Made

CODE = "CS-03"


def find(cast: Cast, typed: str, language: str = "en", **wanted: Any) -> Found:
    everywhere = wanted.pop("all_languages", False)
    page = wanted.pop("page", 1)
    with cast.reading() as session:
        return search(session, typed, language=language, facets=Facets(**wanted), page=page, all_languages=everywhere)


def keys(found: Found) -> list[str]:
    return [hit.key for hit in found.hits]


def put(cast: Cast, **texts: str) -> None:
    """Good practices, as it were, with these words; keys are names."""
    with cast.writing() as session:
        for key, text in texts.items():
            made = Made(Kind.GOOD_PRACTICE, key, "en", key.replace("_", " "), text, f"/{key}", is_only=True)
            session.execute(sa.insert(SearchEntry).values(made.row()))


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


QUESTIONS = {
    "qwalbergue": {"a", "b"},
    "QWÁLBERGUE": {"a", "b"},
    "qwal": {"a", "b"},
    "qw": {"c"},
    "qwalbergue qwvictima": {"a"},
    '"qwvictima en qwalbergue"': {"a"},
    '"en qwvictima"': set(),
    '"qwvict"': set(),
    "qwalbergue -qwvictima": {"b"},
    "qwalbergue -qwvic": {"a", "b"},
    'qwalbergue -"en qwalbergue"': {"b"},
    "qwz-17": {"b"},
    "17 qwz": {"b"},
    "qwguarani": {"c"},
    "qwstrasse": {"c"},
    "qwgruss@example.org": {"c"},
    "qw_under": {"c"},
    "1e5qw": {"c"},
    "-qwalbergue": set(),
    "qwalbergue OR nothing": set(),
    "qwtitled": {"qwtitled_thing"},
}


def test_the_same_words_find_the_same_on_both_databases(any_cast: Cast) -> None:
    put(
        any_cast,
        a="La qwvíctima en qwalbergue",
        b="Dos QWALBERGUES (QWZ-17)",
        c="mbya qwg̃uaraní, qwStraße; qwGruß@example.org qw_under 1e5qw",
        qwtitled_thing="Nothing else.",
    )
    for typed, wanted in QUESTIONS.items():
        found = find(any_cast, typed)
        assert set(keys(found)) == wanted, typed
        assert found.total == len(wanted), typed
    ranked = find(any_cast, "qwal")
    assert ranked == find(any_cast, "qwal"), "the order is always the same"
    put(any_cast, qwrank="words", other="qwrank " + "words " * 50)
    assert keys(find(any_cast, "qwrank")) == ["qwrank", "other"], "a title counts for more"


HOSTILE = (
    *(
        "",
        " ",
        '"',
        '""',
        "'",
        "-",
        "--",
        "*",
        "(",
        ")",
        ":",
        "a:b",
        "title:x",
        "AND",
        "OR NOT",
        "NEAR(a b)",
        "^x",
        "\\",
    ),
    *("\x00", "a\x00b", "\ud800", "\ufffe", "😀", "x" * 10_000, '"' * 500, "-x " * 3000, "é̀̂" * 100, "' OR 1=1 --"),
    *("%s %(x)s", "a & b | !c", "<->", "a:* & b", "{a b}: c", "+a", "ꟺ 𞤀 ⅷ ㍐", "İı ſ ﬃ", "a" + "\u0301" * 1000),
)


def test_nothing_that_is_typed_is_an_error(any_cast: Cast) -> None:
    for typed in HOSTILE:
        find(any_cast, typed)
        find(any_cast, "trafficking", state=typed, year=typed, pillar=typed)
    assert find(any_cast, "").total == 0


def publish(cast: Cast, party: str, text: str, until: ReportState = ReportState.PUBLISHED, **said: Any) -> int:
    """A report with this text, brought to a state; the observer spoke while it was under review."""
    code = party.lower()
    report_id = cast.report_id(party, CODE)
    actor = cast.actor(f"focal.{code}")
    cast.fill(report_id, f"focal.{code}", f"{text}narrative")
    with cast.writing() as session:
        report = cast._report(session, report_id)
        content = replace(
            of_draft(report),
            summary=f"{text}summary",
            privacy_explanation="",
            evidence=(
                Evidence(f"{text}act", "https://example.org/act", date(2025, 6, 1), True),
                Evidence(f"{text}restricted", "https://example.org/r", None, False),
            ),
            **said,
        )
        reports.save(session, report, content, seen_version=report.version, actor=actor, now=cast.clock.now())
    steps: list[tuple[ReportState, Callable[..., Any], str, dict[str, Any]]] = [
        (ReportState.AWAITING_APPROVAL, reports.ask_approval, f"focal.{code}", {}),
        (ReportState.SUBMITTED, reports.submit, f"approver.{code}", {}),
        (ReportState.UNDER_REVIEW, reviews.take_up, "reviewer", {}),
        (
            ReportState.RATING_PROPOSED,
            reviews.propose,
            "reviewer",
            {"rating": Rating.LARGELY, "strength": Strength.DOCUMENTED, "reasons": f"{text}reasons"},
        ),
        (ReportState.OPEN_FOR_COMMENT, reviews.confirm, "reviewer2", {}),
        (ReportState.PUBLISHED, reports.comment, f"focal.{code}", {"text": f"{text}comment"}),
    ]
    for state, verb, name, more in steps:
        if state is ReportState.RATING_PROPOSED and party == "BR":
            observation_scene.bring(cast, observation_scene.ObservationState.ACCEPTED, text=f"{text}observed")
        assert find(cast, text[:6]).total == 0, f"found before {state}"
        cast._step(report_id, verb, name, **more)
        if state is until:
            break
    return report_id


def test_a_report_is_found_from_its_publication_on(any_cast: Cast) -> None:
    report_id = publish(any_cast, "BR", "zxtext")
    found = find(any_cast, "zxtext", "fr")
    assert keys(found) == [str(report_id)]
    hit = found.hits[0]
    assert (hit.kind, hit.language, hit.is_foreign, hit.parties) == (Kind.REPORT, "pt", True, ("BR",))
    assert (hit.rating, hit.cycle_code, hit.year, hit.is_commented) == ("largely_implemented", "2026", 2026, True)
    assert hit.url == "/states/br/CS-03?cycle=2026"
    assert "".join(piece for piece, _hit in hit.title).startswith("Brésil: ")
    for word in ("narrative", "summary", "act", "reasons", "comment", "observed"):
        assert find(any_cast, f"zxtext{word}").total == 1, word
    assert find(any_cast, "zxtextrestricted").total == 0
    for name in ("Brazil", "Brasil", "Brésil", CODE):
        assert str(report_id) in keys(find(any_cast, f"zxtext {name}")), name
    assert found.counts["state"] == {"BR": 1}
    assert found.counts["rating"] == {"largely_implemented": 1}
    assert find(any_cast, "zxtext", state="AR").total == 0
    assert find(any_cast, "zxtext", state="AR").counts["state"] == {"BR": 1}, "what the facet would give instead"
    any_cast.clock.advance(minutes=1)
    any_cast._step(report_id, reviews.reopen, "admin", reason="An invented reason.")
    assert find(any_cast, "zxtext").total == 1, "what is published stays while it is reopened"


def test_what_is_erased_is_found_no_more(any_cast: Cast, tmp_path: Path) -> None:
    report_id = publish(any_cast, "US", "zxsecret ")
    assert find(any_cast, "zxsecret").total == 1
    actor = any_cast.actor("admin")
    with any_cast.writing() as session:
        seen = sum(one.count for one in purge.find(session, "zxsecret", actor=actor))
        purge.erase_passage(session, "zxsecret", seen=seen, reason="A name.", actor=actor, now=any_cast.clock.now())
    assert find(any_cast, "zxsecret").total == 0
    assert str(report_id) in keys(find(any_cast, "narrative"))
    with any_cast.reading() as session:
        if session.get_bind().dialect.name == "sqlite":
            kept = session.execute(sa.text("SELECT block FROM search_word_data")).scalars()
            assert not any(b"zxsecret" in block for block in kept), "also not in the index of words"
        batches = search_index.batches(session)
        assert not [batch for batch in batches if search_index.is_stale(session, batch)]


def test_languages(any_cast: Cast) -> None:
    """Provisions by the words of the reader's language, documents from every language."""
    spanish = find(any_cast, "víctimas", "es", kind="provision")
    assert spanish.total > 0
    assert {hit.language for hit in spanish.hits} == {"es"}
    french = find(any_cast, "víctimas", "fr", kind="provision")
    assert french.total == 0
    assert french.elsewhere == spanish.total
    everywhere = find(any_cast, "víctimas", "fr", kind="provision", all_languages=True)
    assert set(keys(everywhere)) == set(keys(spanish))
    assert everywhere.elsewhere == 0
    assert all(hit.is_foreign for hit in everywhere.hits)
    both = find(any_cast, "OEA", "fr", all_languages=True)
    assert len(set(keys(both))) == len(keys(both)), "each thing once"
    assert find(any_cast, "", "fr", kind="document").total == find(any_cast, "", "es", kind="document").total > 20


def test_each_facet_counts_what_fits_the_others(any_cast: Cast) -> None:
    """All that can be chosen, at once and one by one, against counting by hand."""
    said: list[dict[str, Any]] = [
        {
            "rating": rating,
            "parties": parties,
            "year": year,
            "cycle_code": cycle,
            "instrument": instrument,
            "pillars": pillars,
            "themes": themes,
        }
        for rating in ("largely_implemented", "fully_implemented")
        for parties in (("BR",), ("AR", "BR"), ())
        for year, cycle in ((2025, "2025"), (2026, "2026"), (2026, ""), (None, ""))
        for instrument, pillars, themes in (("CSC-2012", ("prevention", "protection"), ("t",)), ("", (), ()))
    ]
    with any_cast.writing() as session:
        for number, one in enumerate(said):
            made = Made(Kind.REPORT, str(10_000 + number), "es", f"zxhit {number}", "", "/x", is_only=True, **one)
            session.execute(sa.insert(SearchEntry).values(made.row()))

    def has(one: dict[str, Any], facet: str) -> set[str]:
        place = {"state": "parties", "cycle": "cycle_code", "pillar": "pillars", "theme": "themes"}.get(facet, facet)
        value = "report" if facet == "kind" else one[place]
        return set(value) if isinstance(value, tuple) else {str(value)} - {"", "None"}

    every = ("kind", "state", "pillar", "theme", "instrument", "rating", "cycle", "year")
    full = {
        "kind": "report", "state": "BR", "pillar": "prevention", "theme": "t", "instrument": "CSC-2012",
        "rating": "fully_implemented", "cycle": "2026", "year": "2026",
    }  # fmt: skip
    for chosen in ({}, full, *({name: code} for name, code in full.items()), {"state": "AR", "year": "2026"}):
        found = find(any_cast, "zxhit", **chosen)
        assert found.total == sum(all(chosen[name] in has(one, name) for name in chosen) for one in said), chosen
        for facet in every:
            fit = [one for one in said if all(chosen[name] in has(one, name) for name in chosen if name != facet)]
            by_hand = Counter(code for one in fit for code in has(one, facet))
            assert found.counts[facet] == by_hand, (chosen, facet)
    for code in ("BR\x00", "\ud800", "%", "_", "|", "B", "br"):
        assert find(any_cast, "zxhit", state=code).total == 0, code


def test_the_order_is_relevance_then_year_then_as_they_were_made(any_cast: Cast) -> None:
    years = (2020, None, 2026, 2020, 2026)
    with any_cast.writing() as session:
        for number, year in enumerate((*years, 1990)):
            title = "Alike" if year != 1990 else "Zxsame"
            made = Made(
                Kind.DOCUMENT, str(number), "es", title, "zxsame", "/x", is_only=True, year=year, parties=("AR",)
            )
            session.execute(sa.insert(SearchEntry).values(made.row()))
    assert keys(find(any_cast, "zxsame"))[:1] == ["5"], "it stands in the title"
    assert keys(find(any_cast, "zxsame"))[1:] == ["2", "4", "0", "3", "1"]
    assert keys(find(any_cast, "zxsame", state="AR")) == keys(find(any_cast, "zxsame")), "narrowing changes no order"
    newest = [hit.year or 0 for hit in find(any_cast, "", kind="document").hits]
    assert newest == sorted(newest, reverse=True)


def test_pages_and_a_constant_number_of_queries(any_cast: Cast) -> None:
    put(any_cast, **{f"many{n}": "qwmany words" for n in range(45)})
    with any_cast.reading(), counted() as few:
        one = find(any_cast, "qwmany many7")
    with any_cast.reading(), counted() as many:
        pages = [find(any_cast, "qwmany", page=number, kind="good_practice") for number in (1, 2, 3, 9)]
    assert one.total == 1
    assert len(many) == 4 * len(few)
    assert [len(page.hits) for page in pages] == [20, 20, 5, 0]
    assert len({key for page in pages for key in keys(page)}) == 45


def test_what_changes_is_found_at_once_and_the_job_mends_the_rest(any_cast: Cast) -> None:
    admin, now = any_cast.actor("admin"), any_cast.clock.now()
    with any_cast.writing() as session:
        provision = catalogue_edit.by_code(session, CODE, locked=True)
        assert provision is not None
        catalogue_edit.correct(
            session, provision, language="es", title="Un título", text="zxoficial", status="official", reason="Sent.",
            seen_version=1, actor=admin, now=now,
        )  # fmt: skip
    assert keys(find(any_cast, "zxoficial", "es")) == [CODE]
    with any_cast.writing() as session:
        commitment = session.get_one(Commitment, any_cast.commitment_id("BR", CODE))
        practice = GoodPractice(
            party_id=commitment.party_id, commitment_id=commitment.id, title="zxpractice", text="An invented one.",
            language="pt", state=GoodPracticeState.SHARED, proposed_at=now, proposed_by_id=admin.user_id,
            decided_at=now,
        )  # fmt: skip
        session.add(practice)
        session.flush()
        practice_id = practice.id
        session.execute(sa.update(SearchEntry).where(SearchEntry.key == CODE).values(folded="wrong", digest=""))
        session.execute(sa.delete(SearchEntry).where(SearchEntry.kind == "activity"))
        gone = Made(Kind.REPORT, "999999", "en", "zxgone", "", "/", is_only=True)
        session.execute(sa.insert(SearchEntry).values(gone.row()))
    assert find(any_cast, "zxgone").total == 1
    assert run_job(any_cast.app, "search-index").done > 0
    assert keys(find(any_cast, "zxoficial", "es")) == [CODE]
    assert find(any_cast, "zxpractice").total == 1
    assert find(any_cast, "zxgone").total == 0
    assert find(any_cast, "", kind="activity").total > 40
    assert run_job(any_cast.app, "search-index").done == 0
    with any_cast.writing() as session:
        session.get_one(GoodPractice, practice_id).state = GoodPracticeState.WITHDRAWN
        search_index.refresh(session, Kind.GOOD_PRACTICE, practice_id)
    assert find(any_cast, "zxpractice").total == 0


def test_the_index_of_words_can_be_made_anew(any_cast: Cast) -> None:
    before = find(any_cast, "trata", "es")
    with any_cast.writing() as session:
        session.execute(sa.delete(SearchFacet))
    assert find(any_cast, "trata", "es").total == 0
    result = any_cast.app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0, result.output
    assert before.total > 10
    assert find(any_cast, "trata", "es") == before
