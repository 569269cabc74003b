"""One act moves a person's work to a successor, on both databases; who can be reached at all."""

from __future__ import annotations

import secrets
from datetime import date

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.errors import NotPermitted, NotVisible, Unmet
from tracker.domain.vocabulary import ReportState, Role
from tracker.mail import outbox
from tracker.mail.rendering import Letter, Paragraph, Words, render
from tracker.models import Assignment, Handover, HistoryEntry, Message, ReportingParty, Subscription, User
from tracker.services import answering, briefing, handover
from tracker.services.answering import Reach


def newcomer(cast: Cast, role: Role = Role.CONTRIBUTOR, name: str = "Invented newcomer") -> int:
    with cast.writing() as session:
        party = session.scalars(sa.select(ReportingParty).where(ReportingParty.code == "BR")).one()
        user = User(
            email=f"{name.split()[-1]}.{secrets.token_hex(3)}@tracker.test",
            name=name,
            role=role,
            party_id=party.id,
            language="es",
            time_zone=party.time_zone,
            fs_uniquifier=secrets.token_hex(16),
            created_at=cast.clock.now(),
            is_alternate=role is Role.FOCAL_POINT,
        )
        session.add(user)
        session.flush()
        return user.id


def make(
    cast: Cast, before: str, after: int, who: str = "focal.br", note: str = "Begin with CS-03.", **more: bool
) -> None:
    user_id = cast.actor(before).user_id
    with cast.writing() as session:
        handover.hand_over(session, user_id, after, note=note, actor=cast.actor(who), now=cast.clock.now(), **more)


def wait_for(cast: Cast, who: str, kind: str) -> None:
    """An e-mail that waits to be sent."""
    actor = cast.actor(who)
    _ = Words("pt")
    letter = Letter(
        subject="An invented subject",
        greeting=_("Dear %(name)s,", name=actor.name),
        parts=(Paragraph(f"What {actor.name} should know."),),
        why="Invented.",
    )
    with cast.writing() as session:
        outbox.put(
            session,
            key=f"{kind}:{actor.user_id}",
            kind=kind,
            recipient_id=actor.user_id,
            to_address=actor.email,
            message=render(letter, "pt"),
            now=cast.clock.now(),
        )


def test_assignments_mail_and_subscription_move_together(any_cast: Cast) -> None:
    wait_for(any_cast, "contributor.br", "reminder")
    wait_for(any_cast, "contributor.br", "password_reset")
    after = newcomer(any_cast)
    before = any_cast.actor("contributor.br").user_id
    make(any_cast, "contributor.br", after)
    with any_cast.reading() as session:
        assert session.scalars(sa.select(Assignment.user_id).where(Assignment.user_id.in_([before, after]))).all() == [
            after
        ]
        moved = session.scalars(sa.select(Message).where(Message.kind == "reminder")).one()
        assert moved.recipient_id == after
        assert moved.to_address.startswith("newcomer.")
        assert "Invented newcomer," in moved.text.splitlines()[0] + moved.text
        assert "What Invented contributor.br should know." in moved.text
        assert moved.html.count("Invented newcomer") == 1
        kept = session.scalars(sa.select(Message).where(Message.kind == "password_reset")).one()
        assert kept.recipient_id == before
        entry = session.scalars(sa.select(HistoryEntry).where(HistoryEntry.action == "handed_over")).one()
        assert entry.details == {"before": "Invented contributor.br", "assignee": "Invented newcomer"}
        act = session.scalars(sa.select(Handover)).one()
        assert act.moved == {"assignments": 1, "drafts": 0, "messages": 1, "subscriptions": 1}
        assert session.scalars(
            sa.select(Subscription.user_id).where(Subscription.user_id.in_([before, after]))
        ).all() == [after]
        told = set(session.scalars(sa.select(Message.to_address).where(Message.key.startswith("handover:"))))
    assert len(told) == 2


def test_what_both_were_asked_for_stays_once(any_cast: Cast) -> None:
    after = newcomer(any_cast)
    commitment = any_cast.commitment_id("BR", "CS-03")
    with any_cast.writing() as session:
        session.add(Assignment(commitment_id=commitment, user_id=after, assigned_at=any_cast.clock.now()))
    make(any_cast, "contributor.br", after)
    with any_cast.reading() as session:
        rows = session.scalars(sa.select(Assignment.user_id).where(Assignment.commitment_id == commitment)).all()
    assert rows == [after]


def test_the_main_focal_points_successor_is_the_main_one(any_cast: Cast) -> None:
    make(any_cast, "focal.br", any_cast.actor("alternate.br").user_id, who="admin", disable=True)
    with any_cast.reading() as session:
        row = session.scalars(sa.select(User).where(User.email == "focal.br@tracker.test")).one()
        assert not row.active
        alternate = session.scalars(sa.select(User).where(User.email == "alternate.br@tracker.test")).one()
        assert not alternate.is_alternate


def test_drafts_are_counted_and_stay_with_the_state(any_cast: Cast) -> None:
    report_id = any_cast.report_id("BR", "CS-03")
    any_cast.fill(report_id, "contributor.br", "A text that stays.")
    after = newcomer(any_cast)
    make(any_cast, "contributor.br", after)
    with any_cast.reading() as session:
        assert session.scalars(sa.select(Handover.moved)).one()["drafts"] == 1
        user = session.get_one(User, after)
        from tracker.services.recipients import as_actor

        actor = as_actor(session, user, now=any_cast.clock.now())
        cycle = None
        found = briefing.briefing(session, actor, cycle, now=any_cast.clock.now())
    assert [row.before for row in found.handovers] == ["Invented contributor.br"]
    assert found.handovers[0].note == "Begin with CS-03."
    assert "Invented focal.br" in {row.name for row in found.people}
    assert not any("gt" in row.email for row in found.people)


@pytest.mark.parametrize(
    ("who", "before", "error"),
    [
        ("focal.gt", "contributor.br", NotVisible),
        ("reviewer", "contributor.br", NotPermitted),
        ("approver.br", "contributor.br", NotPermitted),
        ("contributor.br", "contributor.br", NotPermitted),
        ("observer", "contributor.br", NotPermitted),
        ("admin", "reviewer", NotVisible),
    ],
)
def test_who_may_not(cast: Cast, who: str, before: str, error: type[Exception]) -> None:
    after = newcomer(cast)
    with pytest.raises(error):
        make(cast, before, after, who=who)
    with cast.reading() as session:
        assert not session.scalar(sa.select(sa.func.count()).select_from(Handover))


def test_only_to_the_same_role_of_the_same_party(cast: Cast) -> None:
    for name in ("contributor.gt", "approver.br", "contributor.br", "admin"):
        with pytest.raises(Unmet) as refused:
            make(cast, "contributor.br", cast.actor(name).user_id)
        assert refused.value.problems == {"successor": "unknown"}


def test_a_focal_point_shuts_no_account(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        make(cast, "contributor.br", newcomer(cast), disable=True)


class TestWhoCanAnswer:
    DAY = date(2026, 3, 2)

    def lines(self, cast: Cast) -> dict[str, answering.Line]:
        with cast.reading() as session:
            return {line.code: line for line in answering.lines(session, self.DAY)}

    def test_vacant_never_came_and_bouncing(self, any_cast: Cast) -> None:
        now = any_cast.clock.now()
        with any_cast.writing() as session:
            for name in ("focal.br", "focal.gt", "alternate.br"):
                session.scalars(sa.select(User).where(User.email == f"{name}@tracker.test")).one().last_sign_in_at = now
            for name in ("focal.gt", "alternate.br"):
                session.scalars(sa.select(User).where(User.email == f"{name}@tracker.test")).one().bounced_at = now
        found = self.lines(any_cast)
        assert found["BR"].answered_for
        assert {p.name: p.reach for p in found["BR"].people} == {
            "Invented focal.br": Reach.REACHABLE,
            "Invented alternate.br": Reach.BOUNCING,
        }
        assert not found["GT"].answered_for
        assert [p.reach for p in found["US"].people] == [Reach.NEVER_SIGNED_IN]
        assert found["CL"].people == ()
        assert len(found) == 33
        assert "CU" not in found
        order = list(found)
        assert order.index("GT") < order.index("BR")


def test_a_report_of_the_state_is_open_in_the_briefing(cast: Cast) -> None:
    cast.bring_to(cast.report_id("BR", "CS-02"), ReportState.RETURNED)
    from tracker.services import cycles

    with cast.reading() as session:
        found = briefing.briefing(session, cast.actor("focal.br"), cycles.current(session), now=cast.clock.now())
    assert found.desk is not None
    assert [task.code for task in found.desk.returned] == ["CS-02"]
    assert "Please say more." in {row.comment for row in found.said}
