"""What the audit trail keeps of an act, and that each act leaves one: who, what, when, from where, before and after."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.support.clock import START
from tracker.domain.vocabulary import Rating, ReportState
from tracker.mail import messages, outbox
from tracker.mail.delivery import Refused, deliver
from tracker.models import AuditEntry, Message, User
from tracker.services import accounts, audit, audit_seal, people, sign_in

LONG = "What happened to her there, in her own words."


def recorded(cast: Cast, event: str) -> list[AuditEntry]:
    with cast.reading() as session:
        found = list(
            session.scalars(sa.select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.number))
        )
        session.expunge_all()
    return found


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        (True, True),
        (17, 17),
        (1.5, "1.5"),
        (date(2026, 4, 30), "2026-04-30"),
        ("2026-04-30", "2026-04-30"),
        (START, "2026-03-02T15:00:00+00:00"),
        (Rating.LARGELY, "largely_implemented"),
        ("largely_implemented", "largely_implemented"),
        ("0" * 64, "0" * 64),
        (audit.Plain("America/Lima"), "America/Lima"),
        (audit.Plain("x" * 300), "x" * 254),
        ([3, 1], [3, 1]),
        ("María", {"length": 5}),
        ("", {"length": 0}),
        ({"any": "thing"}, {"length": 16}),
    ],
)
def test_what_is_kept_of_a_value(any_cast: Cast, given: Any, kept: Any) -> None:
    with any_cast.writing() as session:
        audit.record(session, "test.value", now=START, old={"value": given}, new=None)
    (entry,) = recorded(any_cast, "test.value")
    assert (entry.old, entry.new) == ({"value": kept}, None)


def test_of_a_longer_text_length_and_hash_are_kept(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        audit.record(session, "test.value", now=START, new={"text": LONG})
    (entry,) = recorded(any_cast, "test.value")
    assert entry.new is not None
    assert set(entry.new["text"]) == {"length", "sha256"}
    assert entry.new["text"]["length"] == len(LONG)


def test_no_word_that_people_typed_comes_into_the_trail(any_cast: Cast) -> None:
    report_id = any_cast.report_id("BR", "CS-02")
    any_cast.bring_to(report_id, ReportState.PUBLISHED)
    with any_cast.reading() as session:
        for entry in session.scalars(sa.select(AuditEntry)):
            for values in (entry.old or {}, entry.new or {}):
                assert "nvented" not in str(values), entry.event


def test_whose_it_is_and_what_stays_inside_the_secretariat(any_cast: Cast) -> None:
    report_id, party = any_cast.report_id("BR", "CS-02"), any_cast.party_id("BR")
    any_cast.bring_to(report_id, ReportState.PUBLISHED)
    with any_cast.reading() as session:
        found = session.execute(
            sa.select(AuditEntry.event, AuditEntry.party_id, AuditEntry.internal)
            .where(AuditEntry.record_type == "progress_report", AuditEntry.record_id == str(report_id))
            .order_by(AuditEntry.number)
        ).all()
    assert found == [
        ("report.save", party, False),
        ("report.ask_approval", party, False),
        ("report.submit", party, False),
        ("report.take_up", party, False),
        ("report.propose", party, True),
        ("report.confirm", party, False),
        ("report.comment", party, False),
    ]


def test_what_staff_do_is_internal_unless_it_is_said(any_cast: Cast) -> None:
    party = any_cast.party_id("BR")
    with any_cast.writing() as session:
        audit.record(session, "test.one", now=START, actor=any_cast.actor("reviewer"), party_id=party)
        audit.record(session, "test.one", now=START, actor=any_cast.actor("focal.br"))
        audit.record(session, "test.one", now=START, party_id=party)
    assert [(e.party_id, e.internal) for e in recorded(any_cast, "test.one")] == [
        (party, True),
        (party, False),
        (party, False),
    ]


def test_signing_in_and_out(any_cast: Cast) -> None:
    focal = any_cast.actor("focal.br")
    token = audit.source_address.set("192.0.2.7")
    try:
        for password in ("wrong", "an invented passphrase for tests"):
            with any_cast.writing() as session:
                tried = sign_in.weigh(session, focal.email, password, now=START)
                sign_in.settle(session, tried, event="sign_in", now=START)
                if tried.is_right:
                    sign_in.begin(session, tried, now=START)
        with any_cast.writing() as session:
            tried = sign_in.weigh(session, "nobody@tracker.test", "wrong", now=START)
            sign_in.settle(session, tried, event="sign_in", now=START)
            accounts.ask_reset(session, focal.email, base_url="http://tracker.test", now=START)
    finally:
        audit.source_address.reset(token)
    wrong, unknown = recorded(any_cast, "sign_in.failed")
    (right,) = recorded(any_cast, "sign_in.succeeded")
    (asked,) = recorded(any_cast, "password.reset_asked")
    assert (wrong.record_id, wrong.party_id, wrong.actor_id) == (str(focal.user_id), focal.party_id, None)
    assert (unknown.record_id, unknown.party_id, unknown.new) == (None, None, None)
    assert (right.actor_id, right.party_id, right.source_address) == (focal.user_id, focal.party_id, "192.0.2.7")
    assert (asked.record_id, asked.party_id) == (str(focal.user_id), focal.party_id)


def test_an_account_is_seen_before_and_after(any_cast: Cast) -> None:
    admin, focal = any_cast.actor("admin"), any_cast.actor("focal.br")
    with any_cast.writing() as session:
        user = people.get(session, focal.user_id)
        details = people.Details(
            email="another@tracker.test", name="Invented successor", role=user.role, party_code="BR", language="pt"
        )
        seen = accounts.mark(people.given(user))
        people.change(session, focal.user_id, details, seen=seen, actor=admin, now=START)
    (entry,) = recorded(any_cast, "user.changed")
    assert (entry.actor_id, entry.party_id, entry.internal) == (admin.user_id, focal.party_id, False)
    assert entry.old is not None
    assert entry.new is not None
    assert (entry.old["email"], entry.new["email"]) == (focal.email, "another@tracker.test")
    assert (entry.old["name"], entry.new["name"]) == (focal.name, "Invented successor")


class _Picky:
    """A server that refuses one address."""

    def send(self, message: Any) -> None:
        if "approver" in str(message["To"]):
            raise Refused("550 no such mailbox")

    def close(self) -> None:
        pass


def test_a_mail_leaves_its_way_but_neither_address_nor_words(any_cast: Cast) -> None:
    with any_cast.writing() as session:
        for name in ("focal.br", "approver.br"):
            user = session.scalars(sa.select(User).where(User.email == f"{name}@tracker.test")).one()
            outbox.put(
                session,
                key=f"test:{name}",
                kind="password_reset",
                recipient_id=user.id,
                to_address=user.email,
                message=messages.password_reset(user.name, "pt", "http://tracker.test/reset/secret", 2),
                now=START,
            )
        again = outbox.put(
            session,
            key="test:focal.br",
            kind="notice",
            recipient_id=None,
            to_address="x@tracker.test",
            message=messages.password_reset("x", "pt", "http://tracker.test/reset/secret", 2),
            now=START,
        )
        assert again is None

    def writing() -> Any:
        return any_cast.writing()

    deliver(writing, _Picky(), mail_from="t@tracker.test", clock=lambda: START)
    with any_cast.reading() as session:
        ids = {m.to_address: str(m.id) for m in session.scalars(sa.select(Message).where(Message.key.like("test:%")))}
    focal, approver = ids["focal.br@tracker.test"], ids["approver.br@tracker.test"]
    found = [e for name in ("mail.queued", "mail.sent", "mail.failed") for e in recorded(any_cast, name)]
    assert [(e.event, e.record_id) for e in found] == [
        ("mail.queued", focal),
        ("mail.queued", approver),
        ("mail.sent", focal),
        ("mail.failed", approver),
    ]
    for entry in found:
        assert entry.party_id == any_cast.party_id("BR")
        assert entry.new is not None
        assert set(entry.new) == {"kind", "recipient_id"}


def test_the_end_is_noted_once_a_day(any_cast: Cast) -> None:
    clock = any_cast.clock
    noted = []
    for hours in (0, 1, 8, 1, 23, 24):
        clock.advance(hours=hours)
        with any_cast.writing() as session:
            found = audit_seal.seal(session, now=clock.now())
        if found is not None:
            noted.append(found)
    # 15:00, 16:00, midnight, 01:00, midnight again, midnight again, all UTC
    assert [str(one.day) for one in noted] == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    with any_cast.reading() as session:
        assert audit_seal.days(session) == noted[::-1]
        assert not audit_seal.is_due(session, now=clock.now())
        for one in noted:
            entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.number == one.number)).one()
            assert entry.sha256 == one.sha256
