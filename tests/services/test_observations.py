"""What an organisation writes, what the Secretariat decides, who reads which observation when, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests import observation_scene as scene
from tests.cast import PEOPLE, Cast
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet, WrongState
from tracker.domain.vocabulary import ObservationState, Rating, ReportState, Visibility
from tracker.models import (
    Accreditation,
    AuditEntry,
    Evidence,
    HistoryEntry,
    Message,
    Observation,
    Organisation,
    User,
)
from tracker.services import (
    evidence_access,
    moderation,
    observation_filing,
    observation_lists,
    observations,
    publication,
    reviews,
)
from tracker.services.observation_filing import NewLink

pytestmark = pytest.mark.both_databases
O = ObservationState  # noqa: E741


def readers(cast: Cast, report_id: int, *names: str | None) -> dict[str | None, list[ObservationState]]:
    found = {}
    for name in names:
        actor = cast.actor(name) if name else None
        with cast.reading() as session:
            found[name] = [one.state for one in observations.for_report(session, report_id, actor)]
    return found


def other_organisation(cast: Cast, *states: str) -> str:
    """A second organisation with an observer of its own; the person's name in the cast."""
    with cast.writing() as session:
        made = Organisation(name="Another invented organisation", created_at=cast.clock.now())
        session.add(made)
        session.flush()
        for code in states:
            session.add(Accreditation(organisation_id=made.id, party_id=cast.party_id(code)))
        first = session.scalars(sa.select(User).where(User.email == "observer@tracker.test")).one()
        session.add(
            User(
                email="other@tracker.test",
                name="Invented other",
                role=first.role,
                organisation_id=made.id,
                fs_uniquifier="other",
                created_at=cast.clock.now(),
            )
        )
    return "other"


class TestFiling:
    def test_draft_then_filed(self, cast: Cast) -> None:
        made = scene.write(cast, said=scene.content(view=None, text="half a th", links=()), files=False)
        assert scene.stored(cast, made).state is O.DRAFT
        assert scene.write(cast) == made
        record = scene.stored(cast, made)
        assert (record.state, record.view, record.language) == (O.FILED, Rating.NOT, "en")
        assert record.filed_at == cast.clock.now()
        with cast.reading() as session:
            piece = session.scalars(sa.select(Evidence)).one()
            assert (piece.url, piece.party_id, piece.organisation_id) == (scene.LINK, None, record.organisation_id)
            entries = session.execute(
                sa.select(HistoryEntry.action, HistoryEntry.visibility).where(HistoryEntry.action.startswith("observ"))
            ).all()
            assert [tuple(e) for e in entries] == [("observation_filed", Visibility.STAFF)]
            events = list(session.scalars(sa.select(AuditEntry.event).where(AuditEntry.record_type == "observation")))
            assert events == ["observation.saved", "observation.saved", "observation.filed"]

    def test_refused_with_the_field(self, cast: Cast) -> None:
        link = NewLink("2", "a" * 32, "x", "https://example.org", None)
        for said, field, code in (
            ({"view": None}, "view", "required"),
            ({"view": Rating.NO_LONGER_APPLICABLE}, "view", "required"),
            ({"text": ""}, "text", "required"),
            ({"language": "xx"}, "language", "required"),
            ({"text": "Call +502 5555 1234 or write to somebody@example.org"}, "text", None),
            ({"links": (replace(link, title=""),)}, "title_2", "required"),
            ({"links": (replace(link, url="javascript:alert(1)"),)}, "url_2", "no_link"),
        ):
            with pytest.raises(Unmet) as error:
                scene.write(cast, said=replace(scene.content(), **said))  # type: ignore[arg-type]
            assert list(error.value.problems) == [field]
            assert code in (None, error.value.problems[field])
        with cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Observation)) == 0
            assert session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 0

    def test_for_organisations_only(self, cast: Cast) -> None:
        for who in sorted(PEOPLE.keys() - {"observer"}):
            with pytest.raises(NotPermitted):
                scene.write(cast, who=who)

    def test_for_accredited_states_only(self, cast: Cast) -> None:
        with pytest.raises(NotPermitted):
            scene.write(cast, "US", "CS-03")
        with cast.writing() as session:
            for period in session.scalars(sa.select(Accreditation)):
                period.ends_on = date(2026, 3, 1)
        with pytest.raises(NotPermitted):
            scene.write(cast, "BR", "CS-03")

    def test_one_per_organisation_commitment_and_cycle(self, cast: Cast) -> None:
        first = scene.write(cast)
        other = other_organisation(cast, "BR")
        assert scene.write(cast, who=other) != first
        with pytest.raises(WrongState):
            scene.write(cast, said=scene.content("something else"))

    def test_the_second_of_two_colleagues_is_told(self, cast: Cast) -> None:
        made = scene.write(cast, files=False)
        with pytest.raises(Stale) as error:
            scene.write(cast, said=scene.content("mine"), files=False, seen=0)
        assert error.value.theirs.text == scene.TEXT
        assert error.value.yours.text == "mine"
        assert scene.stored(cast, made).text == scene.TEXT

    def test_filed_twice_is_filed_once(self, cast: Cast) -> None:
        said = scene.content()
        first = scene.write(cast, said=said)
        assert scene.write(cast, said=said, seen=0) == first
        with cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 1

    def test_withdrawn_corrected_and_filed_again(self, cast: Cast) -> None:
        made = scene.bring(cast, O.WITHDRAWN)
        assert scene.write(cast, said=scene.content("corrected")) == made
        assert scene.stored(cast, made).state is O.FILED

    def test_declined_comes_back_with_the_reason(self, cast: Cast) -> None:
        made = scene.bring(cast, O.DECLINED)
        assert scene.stored(cast, made).moderation_reason.startswith("declined-because")
        scene.write(cast, said=scene.content("corrected"), files=False)
        assert scene.stored(cast, made).state is O.DRAFT
        scene.write(cast, said=scene.content("corrected"))
        assert (scene.stored(cast, made).state, scene.stored(cast, made).moderation_reason) == (O.FILED, "")

    def test_an_accepted_one_stays(self, cast: Cast) -> None:
        made = scene.bring(cast, O.ACCEPTED)
        with pytest.raises(WrongState):
            scene.write(cast, said=scene.content("otherwise"))
        with pytest.raises(WrongState), cast.writing() as session:
            observation_filing.withdraw(
                session,
                made,
                seen_version=scene.version(cast, made),
                actor=cast.actor("observer"),
                now=cast.clock.now(),
            )

    def test_another_organisation_does_not_withdraw_it(self, cast: Cast) -> None:
        made = scene.write(cast)
        other = cast.actor(other_organisation(cast, "BR"))
        with pytest.raises(NotVisible), cast.writing() as session:
            observation_filing.withdraw(session, made, seen_version=1, actor=other, now=cast.clock.now())

    def test_evidence_of_others_is_not_attached(self, cast: Cast) -> None:
        scene.write(cast)
        with cast.reading() as session:
            foreign = session.scalars(sa.select(Evidence.public_id)).one()
        other = other_organisation(cast, "BR")
        made = scene.write(cast, who=other, said=scene.content(attached=(foreign,), links=()))
        with cast.reading() as session:
            assert session.get_one(Observation, made).attached == []


class TestModeration:
    def test_for_the_secretariat_only(self, cast: Cast) -> None:
        made = scene.write(cast)
        for who in ("focal.br", "approver.br", "contributor.br", "secretariat", "observer", "focal.gt"):
            for accept in (True, False):
                with pytest.raises(NotPermitted):
                    scene.decide(cast, made, accept=accept, who=who)
        assert scene.stored(cast, made).state is O.FILED

    def test_a_reason_is_needed_and_checked(self, cast: Cast) -> None:
        made = scene.write(cast)
        for reason, problem in (("", "required"), ("Write to somebody@example.org", None)):
            with pytest.raises(Unmet) as error, cast.writing() as session:
                moderation.decline(
                    session,
                    made,
                    reason=reason,
                    seen_version=scene.version(cast, made),
                    actor=cast.actor("reviewer"),
                    now=cast.clock.now(),
                )
            assert problem in (None, error.value.problems["reason"])

    def test_only_what_waits(self, cast: Cast) -> None:
        codes = ("CS-03", "CS-04", "CS-05", "CS-06")
        for code, state in zip(codes, (O.DRAFT, O.ACCEPTED, O.DECLINED, O.WITHDRAWN), strict=True):
            made = scene.bring(cast, state, code=code)
            with pytest.raises(WrongState):
                scene.decide(cast, made)

    def test_not_what_the_reviewer_did_not_see(self, cast: Cast) -> None:
        made = scene.write(cast)
        with pytest.raises(Stale), cast.writing() as session:
            moderation.accept(session, made, seen_version=1, actor=cast.actor("reviewer"), now=cast.clock.now())


class TestWhoReads:
    def test_before_the_rating(self, cast: Cast) -> None:
        other = other_organisation(cast, "BR")
        for code, state in zip(("CS-03", "CS-04", "CS-05", "CS-06", "CS-07"), O, strict=True):
            report_id = cast.report_id("BR", code)
            scene.bring(cast, state, code=code)
            found = readers(cast, report_id, "observer", other, "reviewer", "focal.br", "focal.gt", None)
            assert found["observer"] == [state]
            assert found["reviewer"] == ([state] if state in (O.FILED, O.ACCEPTED, O.DECLINED) else [])
            assert found["focal.br"] == ([state] if state is O.ACCEPTED else [])
            for name in (other, "focal.gt", None):
                assert found[name] == []

    def test_public_with_the_rating_and_not_before(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        scene.bring(cast, O.ACCEPTED)
        cast.bring_to(report_id, ReportState.OPEN_FOR_COMMENT)
        assert readers(cast, report_id, None, "focal.gt") == {None: [], "focal.gt": []}
        cast.clock.advance(days=60)
        with cast.writing() as session:
            assert publication.publish_by_clock(session, report_id, now=cast.clock.now())
        assert readers(cast, report_id, None, "focal.gt") == {None: [O.ACCEPTED], "focal.gt": [O.ACCEPTED]}
        cast._step(report_id, reviews.reopen, "admin", reason="An invented reason.")
        assert readers(cast, report_id, None) == {None: [O.ACCEPTED]}

    def test_accepted_after_the_publication_waits_for_the_next(self, cast: Cast) -> None:
        """The State must be able to answer before the public reads it."""
        report_id = cast.report_id("BR", "CS-03")
        cast.bring_to(report_id, ReportState.PUBLISHED)
        scene.bring(cast, O.ACCEPTED)
        assert readers(cast, report_id, None, "focal.br") == {None: [], "focal.br": [O.ACCEPTED]}

    def test_restricted_evidence_is_for_the_organisation_and_the_secretariat(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        scene.bring(cast, O.ACCEPTED)
        with cast.writing() as session:
            session.scalars(sa.select(Evidence)).one().is_public = False
        for name, number in (("observer", 1), ("reviewer", 1), ("focal.br", 0)):
            with cast.reading() as session:
                (shown,) = observations.for_report(session, report_id, cast.actor(name))
            assert len(shown.evidence) == number, name

    def test_its_evidence_is_read_by_whom_it_is_read(self, cast: Cast) -> None:
        """Before and after publication, and restricted: the door of evidence holds the same rule."""
        report_id = cast.report_id("BR", "CS-03")
        scene.bring(cast, O.ACCEPTED)

        def reads(name: str | None) -> bool:
            actor = cast.actor(name) if name else None
            with cast.reading() as session:
                piece = session.scalars(sa.select(Evidence).where(Evidence.organisation_id.is_not(None))).one()
                return not evidence_access.reach(session, piece, actor).nothing

        everybody = ("observer", "reviewer", "focal.br", "contributor.br", "focal.gt", None)
        assert [reads(name) for name in everybody] == [True, True, True, True, False, False]
        cast.bring_to(report_id, ReportState.PUBLISHED)
        assert all(reads(name) for name in everybody)
        with cast.writing() as session:
            session.scalars(sa.select(Evidence).where(Evidence.organisation_id.is_not(None))).one().is_public = False
        assert [reads(name) for name in everybody] == [True, True, False, False, False, False]

    def test_evidence_filed_as_restricted_stays_so_when_it_is_made_public_later(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        scene.bring(cast, O.DRAFT)
        with cast.writing() as session:
            piece = session.scalars(sa.select(Evidence)).one()
            piece.is_public, attached = False, (piece.public_id,)
        scene.decide(cast, scene.write(cast, said=scene.content(links=(), attached=attached)))
        with cast.writing() as session:
            session.scalars(sa.select(Evidence)).one().is_public = True
        for name, number in (("observer", 1), ("reviewer", 1), ("focal.br", 0)):
            with cast.reading() as session:
                (shown,) = observations.for_report(session, report_id, cast.actor(name))
                piece = session.scalars(sa.select(Evidence)).one()
                assert evidence_access.reach(session, piece, cast.actor(name)).nothing is (number == 0)
            assert len(shown.evidence) == number, name


class TestMail:
    def mails(self, cast: Cast) -> list[tuple[str, str]]:
        with cast.reading() as session:
            rows = session.execute(
                sa.select(Message.to_address, Message.subject).where(Message.kind == "observation").order_by(Message.id)
            )
            return [(row[0].split("@")[0], row[1]) for row in rows]

    def text(self, cast: Cast) -> str:
        with cast.reading() as session:
            return session.scalars(sa.select(Message.text).order_by(Message.id.desc()).limit(1)).one()

    def test_the_organisation_learns_of_a_refusal_and_the_state_does_not(self, cast: Cast) -> None:
        scene.bring(cast, O.DECLINED)
        assert self.mails(cast) == [("observer", "Observation declined: CS-03, Brazil")]
        assert "declined-because" in self.text(cast)

    def test_the_state_is_told_before_publication_and_can_answer(self, cast: Cast) -> None:
        cast.bring_to(cast.report_id("BR", "CS-03"), ReportState.OPEN_FOR_COMMENT)
        scene.bring(cast, O.ACCEPTED)
        assert [name for name, _subject in self.mails(cast)] == ["observer", "alternate.br", "focal.br"]
        with cast.reading() as session:
            told = session.scalars(sa.select(Message).where(Message.to_address == "focal.br@tracker.test")).all()[-1]
        assert scene.TEXT not in told.text
        assert "2026" in told.text

    def test_the_organisation_is_told_which_rating_was_published(self, cast: Cast) -> None:
        report_id = cast.report_id("BR", "CS-03")
        scene.bring(cast, O.ACCEPTED)
        cast.bring_to(report_id, ReportState.PUBLISHED)
        name, subject = self.mails(cast)[-1]
        assert (name, subject) == ("observer", "Published beside the rating: CS-03, Brazil")
        with cast.reading() as session:
            text = session.scalars(sa.select(Message.text).where(Message.subject == subject)).one()
        assert "Largely implemented" in text
        assert "/states/br/CS-03" in text

    def test_nobody_is_told_of_a_publication_beside_what_was_not_accepted(self, cast: Cast) -> None:
        scene.bring(cast, O.FILED)
        cast.bring_to(cast.report_id("BR", "CS-03"), ReportState.PUBLISHED)
        assert self.mails(cast) == []


def test_the_queue_waits_longest_first_and_is_narrowed(cast: Cast) -> None:
    first, second = scene.write(cast, "BR", "CS-04"), scene.write(cast, "GT", "CS-03")
    decided = scene.bring(cast, O.DECLINED, "BR", "CS-05")
    scene.write(cast, "BR", "CS-06", files=False)
    with cast.reading() as session:
        found = observation_lists.queue(session, observation_lists.Tab.WAITING, number=1)
        assert [row.id for row in found.rows] == [first, second]
        assert found.counts == {observation_lists.Tab.WAITING: 2, observation_lists.Tab.DECIDED: 1}
        one = observation_lists.queue(session, observation_lists.Tab.WAITING, party_code="GT", number=1)
        assert ([row.id for row in one.rows], one.counts[observation_lists.Tab.DECIDED]) == ([second], 0)
        assert [r.id for r in observation_lists.queue(session, observation_lists.Tab.DECIDED, number=1).rows] == [
            decided
        ]
