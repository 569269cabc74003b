"""What comes back is recorded once, about our own mail only, shown, and taken back."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.cast import PEOPLE, Cast
from tests.mail.test_bounces import OURS, plain, report
from tests.support.sending import send
from tracker.domain.errors import NotPermitted, WrongState
from tracker.jobs import run_job
from tracker.mail import outbox
from tracker.mail.rendering import Rendered
from tracker.models import AuditEntry, Bounce, Heartbeat, Message, User
from tracker.services import accounts, bounces, mail_health, people
from tracker.services.bounces import Fate

MAIL = Rendered("Due", "Text", "<p>Text</p>", "en")


def sent(cast: Cast, name: str = "focal.br", key: str = "notice:1") -> str:
    """The Message-ID of a mail that was sent to this person."""
    with cast.writing() as session:
        user = person(session, name)
        made = outbox.put(
            session,
            key=key,
            kind="notice",
            recipient_id=user.id,
            to_address=user.email,
            message=MAIL,
            now=cast.clock.now(),
        )
        assert made is not None
        return made.message_id


def person(session: sa.orm.Session, name: str) -> User:
    return session.scalars(sa.select(User).where(User.email == f"{name}@tracker.test")).one()


def bounce_of(message_id: str, address: str = "focal.br@tracker.test", **more: str) -> bytes:
    return report(**{"recipient": f"Final-Recipient: rfc822; {address}"} | more).replace(
        OURS.encode(), message_id.encode()
    )


def take(cast: Cast, raw: bytes) -> Fate:
    with cast.writing() as session:
        return bounces.take(session, raw, now=cast.clock.now()).fate


def bounced_at(cast: Cast, name: str = "focal.br") -> datetime | None:
    with cast.reading() as session:
        return person(session, name).bounced_at


def rows(cast: Cast) -> list[tuple[str, bool, str]]:
    with cast.reading() as session:
        return [(b.address, b.permanent, b.status) for b in session.scalars(sa.select(Bounce).order_by(Bounce.id))]


def test_what_came_back_for_good_is_recorded_once(any_cast: Cast) -> None:
    raw = bounce_of(sent(any_cast))
    assert [take(any_cast, raw), take(any_cast, raw)] == [Fate.RECORDED, Fate.KNOWN]
    assert rows(any_cast) == [("focal.br@tracker.test", True, "5.1.1")]
    assert bounced_at(any_cast) == any_cast.clock.now()
    with any_cast.reading() as session:
        events = session.scalars(sa.select(AuditEntry.event).where(AuditEntry.event == "mail.bounced")).all()
        assert len(events) == 1
        assert mail_health.look(session, now=any_cast.clock.now()).bounced == 1


def test_a_delay_is_recorded_and_keeps_nobody_from_being_told(any_cast: Cast) -> None:
    assert take(any_cast, bounce_of(sent(any_cast), action="delayed", status="4.4.1")) is Fate.RECORDED
    assert bounced_at(any_cast) is None


def test_only_about_our_mail_and_its_recipient(any_cast: Cast) -> None:
    message_id = sent(any_cast)
    assert take(any_cast, bounce_of(OURS)) is Fate.NOT_OURS
    assert take(any_cast, bounce_of(message_id, "approver.br@tracker.test")) is Fate.NOT_OURS
    assert rows(any_cast) == []
    assert bounced_at(any_cast) is bounced_at(any_cast, "approver.br") is None


def test_what_is_not_understood_is_counted_without_a_word_of_it(any_cast: Cast) -> None:
    assert take(any_cast, plain("A secret of somebody.")) is Fate.NOT_UNDERSTOOD
    assert take(any_cast, plain("A secret of somebody.")) is Fate.KNOWN
    with any_cast.reading() as session:
        (row,) = session.scalars(sa.select(Bounce))
        assert (row.message_id, row.user_id, row.address) == (None, None, "")
        assert "secret" not in row.said
        assert mail_health.look(session, now=any_cast.clock.now()).not_understood == 1


def test_an_address_changed_meanwhile_is_not_held_against_the_new_one(any_cast: Cast) -> None:
    message_id = sent(any_cast)
    with any_cast.writing() as session:
        person(session, "focal.br").email = "new@tracker.test"
    assert take(any_cast, bounce_of(message_id)) is Fate.RECORDED
    with any_cast.reading() as session:
        assert session.scalars(sa.select(User.bounced_at).where(User.email == "new@tracker.test")).one() is None


def test_a_changed_address_is_reachable_again(any_cast: Cast) -> None:
    take(any_cast, bounce_of(sent(any_cast)))
    with any_cast.writing() as session:
        user = person(session, "focal.br")
        stored = people.given(user)
        details = replace(_details(user), email="corrected@tracker.test")
        people.change(
            session,
            user.id,
            details,
            seen=accounts.mark(stored),
            actor=any_cast.actor("admin"),
            now=any_cast.clock.now(),
        )
    with any_cast.reading() as session:
        assert session.scalars(sa.select(User.bounced_at).where(User.email == "corrected@tracker.test")).one() is None


def _details(user: User) -> people.Details:
    return people.Details(
        name=user.name,
        email=user.email,
        role=user.role,
        party_code="BR",
        is_alternate=user.is_alternate,
        language=user.language,
        time_zone=user.time_zone,
    )


class TestTryAgain:
    def test_an_administrator_says_so(self, any_cast: Cast) -> None:
        message_id = sent(any_cast)
        take(any_cast, bounce_of(message_id))
        now, admin = any_cast.clock.now(), any_cast.actor("admin")
        user_id = any_cast.actor("focal.br").user_id
        with any_cast.writing() as session:
            bounces.try_again(session, user_id, actor=admin, now=now)
        assert bounced_at(any_cast) is None
        with pytest.raises(WrongState), any_cast.writing() as session:
            bounces.try_again(session, user_id, actor=admin, now=now)
        assert take(any_cast, bounce_of(message_id)) is Fate.KNOWN
        assert bounced_at(any_cast) is None
        assert take(any_cast, bounce_of(sent(any_cast, key="notice:2"))) is Fate.RECORDED
        assert bounced_at(any_cast) is not None

    def test_the_pages_show_it_and_only_administrators_may(self, cast: Cast, client: FlaskClient) -> None:
        take(cast, bounce_of(sent(cast)))
        user_id = cast.actor("focal.br").user_id
        address = f"/admin/people/{user_id}/try-address"
        assert client.post(address).status_code in (400, 401, 403)
        for name in sorted(set(PEOPLE) - {"admin", "admin2"}):
            cast.sign_in(client, name)
            assert send(client, address).status_code == 403, name
            with pytest.raises(NotPermitted), cast.writing() as session:
                bounces.try_again(session, user_id, actor=cast.actor(name), now=cast.clock.now())
        cast.sign_in(client, "admin")
        page = client.get(f"/admin/people/{user_id}").text
        assert "This address takes no mail" in page
        assert "no such person" in page
        assert "Mail is refused" in client.get("/admin/answering").text
        assert send(client, address).status_code == 303
        assert "This address takes no mail" not in client.get(f"/admin/people/{user_id}").text
        assert send(client, address).status_code == 409
        assert send(client, "/admin/people/99999/try-address").status_code == 404


class TestMaildir:
    @pytest.fixture
    def maildir(self, cast: Cast, tmp_path: Path) -> Path:
        settings = cast.app.extensions["tracker.settings"]
        cast.app.extensions["tracker.settings"] = replace(settings, bounce_maildir=tmp_path / "box")
        for name in ("new", "cur", "tmp"):
            (tmp_path / "box" / name).mkdir(parents=True)
        return tmp_path / "box"

    def test_what_was_delivered_there_is_read_once_and_stays(self, cast: Cast, maildir: Path) -> None:
        (maildir / "new" / "1.a.host").write_bytes(bounce_of(sent(cast)))
        (maildir / "new" / "2.b.host").write_bytes(plain("out of office"))
        (maildir / "cur" / "0.c.host:2,S").write_bytes(
            bounce_of(sent(cast, "focal.gt", "n:2"), "focal.gt@tracker.test")
        )
        (maildir / "tmp" / "3.d.host").write_bytes(b"half a mail")
        assert run_job(cast.app, "bounces").done == 1
        assert run_job(cast.app, "bounces").done == 0
        assert len(rows(cast)) == 2
        assert bounced_at(cast) is not None
        assert bounced_at(cast, "focal.gt") is None
        assert sorted(p.name for p in (maildir / "cur").iterdir()) == ["0.c.host:2,S", "1.a.host:2,S", "2.b.host:2,S"]

    def test_a_killed_run_counts_nothing_twice(
        self, cast: Cast, maildir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (maildir / "new" / "1.a.host").write_bytes(bounce_of(sent(cast)))
        with monkeypatch.context() as killed:
            killed.setattr(bounces, "put_away", lambda _path: None)
            assert run_job(cast.app, "bounces").done == 1
        assert run_job(cast.app, "bounces").done == 0
        assert len(rows(cast)) == 1

    def test_one_that_cannot_be_written_down_stays_unread(
        self, cast: Cast, maildir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (maildir / "new" / "1.a.host").write_bytes(bounce_of(sent(cast)))

        def full(*_a: object, **_k: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as no_space:
            no_space.setattr(bounces, "read", full)
            assert run_job(cast.app, "bounces").failed == 1
        with cast.reading() as session:
            assert not session.get_one(Heartbeat, "bounces").ok
        assert run_job(cast.app, "bounces").done == 1

    def test_without_the_setting_nothing_is_done(self, cast: Cast) -> None:
        assert run_job(cast.app, "bounces").done == 0


class TestCommand:
    def test_a_mail_server_hands_over_a_report(self, cast: Cast) -> None:
        runner = cast.app.test_cli_runner()
        raw = bounce_of(sent(cast))
        first = runner.invoke(args=["mail", "bounce"], input=io.BytesIO(raw))
        assert (first.exit_code, first.output) == (0, "recorded\n")
        assert runner.invoke(args=["mail", "bounce"], input=io.BytesIO(raw)).output == "known\n"
        assert bounced_at(cast) is not None

    def test_what_is_no_report_is_not_reported_in_turn(self, cast: Cast) -> None:
        result = cast.app.test_cli_runner().invoke(args=["mail", "bounce"], input=io.BytesIO(plain("hello")))
        assert result.exit_code == 0
        assert result.output.startswith("not understood: ")

    def test_what_cannot_be_written_down_stays_with_the_mail_server(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_a: object, **_k: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(bounces, "read", full)
        result = cast.app.test_cli_runner().invoke(args=["mail", "bounce"], input=io.BytesIO(b"x"))
        assert result.exit_code == os.EX_TEMPFAIL
        with cast.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
