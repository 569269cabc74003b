"""The inbox: own messages only, nothing that opens an account, what counts as unread; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.errors import NotVisible
from tracker.domain.vocabulary import MessageState
from tracker.mail import outbox
from tracker.mail.rendering import Rendered, wrap
from tracker.models import AuditEntry, Message
from tracker.models.messages import UNREAD
from tracker.services import inbox
from tracker.services.inbox import STANDS_ELSEWHERE, Filters, Piece
from tracker.services.mailbox import SECRET_KINDS

pytestmark = pytest.mark.both_databases
MAIL = Rendered("An invented subject", "One\nhttp://tracker.test/reports/1\n\nTwo\n", "<p>x</p>", "es")


def put(cast: Cast, to: str = "focal.br", kind: str = "notice", key: str = "", **changed: Any) -> int:
    actor = cast.actor(to)
    with cast.writing() as session:
        number = session.scalar(sa.select(sa.func.count()).select_from(Message))
        made = outbox.put(
            session,
            key=key or f"invented:{number}",
            kind=kind,
            recipient_id=actor.user_id,
            to_address=actor.email,
            message=MAIL,
            now=cast.clock.now(),
            attachments=[("relatório.pdf", "application/pdf", b"%PDF")],
        )
        assert made is not None
        for name, value in changed.items():
            setattr(made, name, value)
        session.flush()
        return made.id


def listed(cast: Cast, name: str = "focal.br", **filters: Any) -> list[int]:
    with cast.reading() as session:
        found, total = inbox.listing(session, cast.actor(name), Filters(**filters), number=1)
    assert total == len(found)
    return [row.id for row in found]


def test_the_index_and_the_rule_say_the_same() -> None:
    for word in (*SECRET_KINDS, *(state.value for state in STANDS_ELSEWHERE)):
        assert f"<> '{word}'" in UNREAD
    assert UNREAD.count("<>") == len(SECRET_KINDS) + len(STANDS_ELSEWHERE)


def test_own_messages_unread_first_and_nothing_secret(any_cast: Cast) -> None:
    first, second = put(any_cast), put(any_cast, kind="reminder")
    read = put(any_cast, read_at=any_cast.clock.now())
    for kind in SECRET_KINDS:
        put(any_cast, kind=kind)
    other = put(any_cast, to="focal.gt")
    assert listed(any_cast) == [second, first, read]
    assert listed(any_cast, unread=True) == [second, first]
    assert listed(any_cast, kind="reminder") == [second]
    assert listed(any_cast, "focal.gt") == [other]


def test_what_another_mail_stands_for_is_not_unread(any_cast: Cast) -> None:
    day = put(any_cast, kind="reminder")
    held = put(any_cast, state=MessageState.HELD)
    grouped = put(any_cast, state=MessageState.GROUPED, within_id=day)
    withdrawn = put(any_cast, state=MessageState.WITHDRAWN)
    failed = put(any_cast, state=MessageState.FAILED)
    assert listed(any_cast, unread=True) == [failed, held, day]
    assert set(listed(any_cast)) == {day, held, grouped, withdrawn, failed}
    actor, now = any_cast.actor("focal.br"), any_cast.clock.now()
    with any_cast.writing() as session:
        inbox.mark_read(session, day, actor=actor, now=now)
    with any_cast.reading() as session:
        assert session.get_one(Message, grouped).read_at == now
        assert session.get_one(Message, held).read_at is None
        shown = inbox.show(session, grouped, actor)
    assert shown.within == (day, MAIL.subject)


def test_nobody_reads_or_marks_what_is_anothers(any_cast: Cast) -> None:
    theirs, secret, now = put(any_cast, to="focal.gt"), put(any_cast, kind="password_reset"), any_cast.clock.now()
    actor = any_cast.actor("focal.br")
    for number in (theirs, secret, 10**17, 0):
        with any_cast.writing() as session:
            for act in (
                lambda s, n: inbox.show(s, n, actor),
                lambda s, n: inbox.file(s, n, 1, actor),
                lambda s, n: inbox.mark_read(s, n, actor=actor, now=now),
                lambda s, n: inbox.mark_unread(s, n, actor=actor),
            ):
                with pytest.raises(NotVisible):
                    act(session, number)
    with any_cast.writing() as session:
        assert inbox.mark_all_read(session, actor=actor, now=now, up_to=10**18) == 0
        assert session.get_one(Message, theirs).read_at is None


def test_all_read_leaves_what_came_meanwhile(any_cast: Cast) -> None:
    first, second = put(any_cast), put(any_cast)
    later = put(any_cast)
    actor = any_cast.actor("focal.br")
    with any_cast.writing() as session:
        assert inbox.mark_all_read(session, actor=actor, now=any_cast.clock.now(), up_to=second) == 2
    assert listed(any_cast, unread=True) == [later]
    with any_cast.writing() as session:
        inbox.mark_unread(session, first, actor=actor)
    with any_cast.reading() as session:
        traced = session.scalars(sa.select(AuditEntry.new).where(AuditEntry.event == "inbox.all_read")).all()
    assert traced == [{"messages": 2}]
    assert listed(any_cast, unread=True) == [later, first]


def test_files_by_number(any_cast: Cast) -> None:
    number, actor = put(any_cast), any_cast.actor("focal.br")
    with any_cast.reading() as session:
        assert inbox.file(session, number, 1, actor) == ("relatório.pdf", "application/pdf", b"%PDF")
        for missing in (2, 10**17):
            with pytest.raises(NotVisible):
                inbox.file(session, number, missing, actor)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://tracker.test/reports/1?a=b#c", "/reports/1?a=b#c"),
        ("http://tracker.test", ""),
        ("http://tracker.test.evil.example/x", ""),
        ("http://tracker.test//evil.example/x", ""),
        ("http://tracker.test/\\evil.example", ""),
        ("http://tracker.test/a\nb", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_leads_inside_this_site_only(url: str, path: str) -> None:
    assert inbox.inside(url, "http://tracker.test") == path


def test_text_becomes_paragraphs_with_links() -> None:
    text = "One (http://tracker.test/a?b=1).\n* Two: https://example.org/x\n\n\n<b>javascript:x</b>\n"
    first, second = inbox.paragraphs(text, "http://tracker.test")
    assert first[0] == (Piece("One ("), Piece("http://tracker.test/a?b=1", "/a?b=1"), Piece(")."))
    assert first[1] == (Piece("* Two: "), Piece("https://example.org/x", "https://example.org/x"))
    assert second == ((Piece("<b>javascript:x</b>"),),)


def test_lines_broken_for_their_length_flow_again() -> None:
    sentence = "A sentence that is longer than the lines of a mail, so that it is broken somewhere in the middle of it."
    text = "\n\n".join(
        [
            wrap(sentence),
            wrap(sentence, "> ", "> "),
            wrap(sentence, "* ", "  ") + "\n  http://tracker.test/x",
            "One\nTwo",
        ]
    )
    assert text.count("\n") > 9
    first, quote, item, short = inbox.paragraphs(text, "http://tracker.test")
    assert first == ((Piece(sentence),),)
    assert quote == ((Piece(f"> {sentence}"),),)
    assert item == ((Piece(f"* {sentence}"),), (Piece("  "), Piece("http://tracker.test/x", "/x")))
    assert short == ((Piece("One"),), (Piece("Two"),))
