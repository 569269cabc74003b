"""Good practices: who may propose, offer, decide, change and take back; who reads what, and who is told."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests import practice_scene as scene
from tests.cast import Cast
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.vocabulary import GoodPracticeState, Role, Visibility
from tracker.models import AuditEntry, Commitment, HistoryEntry, Message, User
from tracker.services import good_practice_lists, good_practices
from tracker.services.good_practice_lists import Filters, Tab

pytestmark = pytest.mark.both_databases
S = GoodPracticeState
STAFF = ("reviewer", "reviewer2", "admin", "admin2")
DECISIONS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (good_practices.agree, {}),
    (good_practices.decline, {"reason": scene.REASON}),
)
OTHERS = ("contributor.br", "focal.gt", "approver.gt", "observer", "secretariat")


def told(cast: Cast) -> list[tuple[str, str]]:
    """(to whom, subject) of the mails about good practices, oldest first."""
    with cast.reading() as session:
        rows = session.execute(
            sa.select(Message.to_address, Message.subject).where(Message.kind == "practice").order_by(Message.id)
        )
        return [(address.partition("@")[0], subject) for address, subject in rows]


def public(cast: Cast, **filters: str) -> list[int]:
    with cast.reading() as session:
        return [one.id for one in good_practice_lists.shared(session, Filters(**filters), "en", number=1).lines]


def own_staff(cast: Cast, name: str, party: str = "BR") -> None:
    """Let somebody of the Secretariat belong to a party."""
    with cast.writing() as session:
        session.get_one(User, cast.actor(name).user_id).party_id = cast.party_id(party)


class TestBothWays:
    def test_staff_propose_the_state_agrees(self, cast: Cast) -> None:
        scene.rated(cast)
        made = scene.make(cast, "reviewer")
        assert scene.stored(cast, made).state is S.PROPOSED
        assert sorted(who for who, subject in told(cast) if "CS-03" in subject) == [
            "alternate.br",
            "approver.br",
            "focal.br",
        ]
        assert public(cast) == []
        scene.act(cast, good_practices.agree, made, "approver.br")
        record = scene.stored(cast, made)
        assert (record.state, record.decided_at, record.decided_by_id) == (
            S.SHARED,
            cast.clock.now(),
            cast.actor("approver.br").user_id,
        )
        assert told(cast)[3:] == [("reviewer", "Good practice shared: CS-03, Brazil")]
        assert public(cast) == [made]

    def test_the_state_offers_staff_decline_with_a_reason(self, cast: Cast) -> None:
        made = scene.make(cast, "approver.br")
        assert scene.stored(cast, made).state is S.OFFERED
        assert sorted(who for who, _subject in told(cast)) == sorted(STAFF)
        with pytest.raises(Unmet) as error:
            scene.act(cast, good_practices.decline, made, "admin", reason="")
        assert error.value.problems == {"reason": "required"}
        scene.act(cast, good_practices.decline, made, "admin", reason=scene.REASON)
        assert (scene.stored(cast, made).state, scene.stored(cast, made).reason) == (S.DECLINED, scene.REASON)
        after = told(cast)[len(STAFF) :]
        assert {who for who, _subject in after} == {"alternate.br", "approver.br", "focal.br"}
        assert public(cast) == []
        with pytest.raises(WrongState):
            scene.act(cast, good_practices.agree, made, "admin")

    @pytest.mark.parametrize("who", ["focal.br", "reviewer2"])
    def test_either_side_takes_back_what_is_shared(self, cast: Cast, who: str) -> None:
        made = scene.shared(cast)
        before = len(told(cast))
        scene.act(cast, good_practices.take_back, made, who, reason=scene.REASON)
        record = scene.stored(cast, made)
        assert (record.state, record.ended_by_id) == (S.WITHDRAWN, cast.actor(who).user_id)
        assert public(cast) == []
        side = STAFF if who == "focal.br" else ("alternate.br", "approver.br", "focal.br")
        assert sorted(reader for reader, _subject in told(cast)[before:]) == sorted(side)
        with pytest.raises(WrongState):
            scene.act(cast, good_practices.take_back, made, who, reason=scene.REASON)

    def test_taken_back_also_after_the_state_left(self, cast: Cast) -> None:
        made = scene.shared(cast)
        with cast.writing() as session:
            session.get_one(Commitment, cast.commitment_id("BR", "CS-03")).frozen_at = cast.clock.now()
        for who in ("reviewer", "focal.br"):
            with cast.reading() as session:
                assert good_practices.may(good_practices.get(session, made, cast.actor(who)), cast.actor(who)).take_back
        with pytest.raises(NotPermitted):
            scene.make(cast, "reviewer", said=scene.content("Another"))

    def test_written_down_without_the_words(self, cast: Cast) -> None:
        made = scene.shared(cast)
        scene.act(cast, good_practices.take_back, made, "reviewer", reason=scene.REASON)
        with cast.reading() as session:
            entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.record_type == "good_practice")).all()
            assert [entry.event for entry in entries] == ["practice.offered", "practice.agreed", "practice.taken_back"]
            assert not any(scene.TEXT in str(entry.new) or scene.REASON in str(entry.new) for entry in entries)
            told_of = session.scalars(
                sa.select(HistoryEntry).where(HistoryEntry.action.in_([state.value for state in S]))
            ).all()
            assert [entry.action for entry in told_of] == [S.OFFERED, S.SHARED, S.WITHDRAWN]
            assert {entry.visibility for entry in told_of} == {Visibility.FILE}


class TestRefused:
    def test_who_may_not_make_one(self, cast: Cast) -> None:
        scene.rated(cast)
        for who in OTHERS:
            with pytest.raises(NotPermitted):
                scene.make(cast, who)
        own_staff(cast, "admin2")
        with pytest.raises(NotPermitted):
            scene.make(cast, "admin2")
        assert told(cast) == []

    def test_staff_only_beside_a_published_rating_and_never_for_agencies(self, cast: Cast) -> None:
        with pytest.raises(Unmet) as error:
            scene.make(cast, "reviewer")
        assert error.value.problems == {"rating": "none"}
        with pytest.raises(NotPermitted):
            scene.make(cast, "reviewer", "ICA", "CS-10")

    @pytest.mark.parametrize("by", ["reviewer", "focal.br"])
    def test_who_may_not_decide(self, cast: Cast, by: str) -> None:
        scene.rated(cast)
        made = scene.make(cast, by)
        own_staff(cast, "admin2")
        makers = ("reviewer", "reviewer2") if by == "reviewer" else ("focal.br", "alternate.br", "approver.br")
        for verb, said in DECISIONS:
            for who in makers:
                with pytest.raises(NotPermitted):
                    scene.act(cast, verb, made, who, **said)
            with pytest.raises(NotPermitted):
                scene.act(cast, verb, made, "admin2", **said)
            for who in OTHERS:
                with pytest.raises(NotVisible):
                    scene.act(cast, verb, made, who, **said)
        deciders = ("focal.br",) if by == "reviewer" else ("reviewer",)
        for who in deciders:
            with pytest.raises(NotPermitted):
                scene.act(cast, good_practices.edit, made, who, content=scene.content("Other words"))
            with pytest.raises(NotPermitted):
                scene.act(cast, good_practices.take_back, made, who, reason=scene.REASON)
        assert scene.stored(cast, made).state in good_practices.UNDECIDED

    @pytest.mark.parametrize(
        ("said", "problems"),
        [
            ({"title": "", "text": ""}, {"title": "required", "text": "required"}),
            ({"language": "de"}, {"language": "required"}),
            ({"url": "javascript:alert(1)"}, {"url": "no_link"}),
            ({"text": "Write to joana@example.org"}, {"text": "identifier"}),
            ({"title": "The victim Maria Souza"}, {"title": "personal_data"}),
        ],
    )
    def test_what_may_not_stand_in_it(self, cast: Cast, said: dict[str, str], problems: dict[str, str]) -> None:
        with pytest.raises(Unmet) as error:
            scene.make(cast, said=scene.content(**said))
        assert error.value.problems == problems


class TestChanging:
    def test_its_makers_change_it_until_it_is_decided(self, cast: Cast) -> None:
        made = scene.make(cast)
        better = scene.content("A better title", language="pt", url="https://example.org/more")
        scene.act(cast, good_practices.edit, made, "alternate.br", content=better)
        assert good_practices.content_of(scene.stored(cast, made)) == better
        scene.act(cast, good_practices.agree, made, "reviewer")
        with pytest.raises(WrongState):
            scene.act(cast, good_practices.edit, made, "focal.br", content=scene.content())

    def test_nothing_is_agreed_to_unseen(self, cast: Cast) -> None:
        made = scene.make(cast)
        seen = scene.stored(cast, made).version
        scene.act(cast, good_practices.edit, made, "focal.br", content=scene.content("Changed meanwhile"))
        for verb, said in DECISIONS:
            with pytest.raises(Stale):
                scene.act(cast, verb, made, "reviewer", seen=seen, **said)
        with pytest.raises(Stale) as error:
            scene.act(cast, good_practices.edit, made, "alternate.br", seen=seen, content=scene.content("Third"))
        assert (error.value.theirs.title, error.value.yours.title) == ("Changed meanwhile", "Third")

    def test_the_same_form_twice_makes_one(self, cast: Cast) -> None:
        assert scene.make(cast) == scene.make(cast)
        assert len(told(cast)) == len(STAFF)


@pytest.fixture
def several(cast: Cast) -> dict[str, int]:
    """Shared ones of two States, in different words; one that waits."""
    return {
        "BR": scene.shared(cast),
        "GT": scene.shared(cast, who="focal.gt", party="GT", code="CS-05"),
        "BR2": scene.shared(cast, code="CS-05", said=scene.content("Another of the same")),
        "waits": scene.make(cast, code="CS-06", said=scene.content("It waits")),
    }


class TestLists:
    def test_public_by_state_in_the_alphabet_with_filters(self, cast: Cast, several: dict[str, int]) -> None:
        assert public(cast) == [several["BR2"], several["BR"], several["GT"]]
        assert public(cast, state="gt") == [several["GT"]]
        assert public(cast, provision="cs-05") == [several["BR2"], several["GT"]]
        assert public(cast, pillar="nothing") == []
        with cast.reading() as session:
            listed = good_practice_lists.shared(session, Filters(), "es", number=1)
            assert listed.states == [("br", "Brasil"), ("gt", "Guatemala")]
            assert (listed.total, listed.lines[0].title) == (3, "Another of the same")
            assert good_practice_lists.one(session, several["waits"], "en") is None
            assert good_practice_lists.one(session, several["GT"], "en").party == "Guatemala"  # type: ignore[union-attr]

    def test_each_side_sees_its_own(self, cast: Cast, several: dict[str, int]) -> None:
        with cast.reading() as session:
            for who, waiting, shared in (("reviewer", 1, 3), ("focal.br", 1, 2), ("approver.gt", 0, 1)):
                listed = good_practice_lists.managed(session, cast.actor(who), Tab.WAITING, number=1)
                assert (len(listed.lines), listed.counts[Tab.SHARED], listed.counts[Tab.PAST]) == (waiting, shared, 0)
            for who in (*OTHERS, "focal.gt"):
                with pytest.raises(NotVisible):
                    good_practices.get(session, several["BR"], cast.actor(who))
            assert {cast.actor(who).role for who in OTHERS} >= {Role.OBSERVER, Role.CONTRIBUTOR}
