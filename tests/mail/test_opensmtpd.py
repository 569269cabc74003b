"""A day's mail through a real mail server into mailboxes, and what that server sends back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from tests.cast import STATES, Cast
from tests.support.opensmtpd import AWAY, MailServer
from tests.support.smtp import SmtpServer
from tracker.domain.vocabulary import MessageState
from tracker.jobs import run_job
from tracker.mail import outbox
from tracker.mail.rendering import Rendered
from tracker.models import Bounce, Message, Subscription, User

MORNING = datetime(2026, 4, 16, 15, tzinfo=UTC)
"""A Thursday, two weeks before the due date of all."""


def test_a_day_s_mail(cast: Cast, mail_server: MailServer, smtp_server: SmtpServer) -> None:
    settings = cast.app.extensions["tracker.settings"]
    cast.app.extensions["tracker.settings"] = replace(
        settings,
        smtp_url=mail_server.url,
        mail_from="tracker@tracker.test",
        mail_reply_to="secretariat@tracker.test",
        bounce_maildir=mail_server.maildir("tracker"),
    )
    smtp_server.answer("RCPT", "550 5.1.1 no such person", times=None)
    with cast.writing() as session:
        people = {user.email.partition("@")[0]: user for user in session.scalars(sa.select(User))}
        people["secretariat"].email = f"moved@{AWAY}"
        people["approver.ht"].email = "gone@tracker.test"
        weekly = session.scalars(sa.select(Subscription).where(Subscription.user_id == people["approver.br"].id)).one()
        weekly.when_empty = weekly.attach_report = True
        moved, gone = people["secretariat"].id, people["approver.ht"].id

    run_job(cast.app, "reminders", MORNING)
    run_job(cast.app, "deliver-mail", MORNING)
    with cast.reading() as session:
        mails = session.execute(sa.select(Message.to_address, Message.subject, Message.state, Message.message_id)).all()
    assert {mail.state for mail in mails} == {MessageState.SENT}
    for mail in mails:
        name, _at, domain = mail.to_address.partition("@")
        if domain == AWAY:
            continue
        (arrived,) = mail_server.mailbox(name)
        assert (arrived["Subject"], arrived["Message-ID"]) == (mail.subject, mail.message_id)
        assert arrived["Reply-To"] == "secretariat@tracker.test"
        assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert arrived.get_body(("plain",)) is not None
        assert arrived.get_body(("html",)) is not None
    languages = {str(mail_server.mailbox(f"focal.{code.lower()}")[0]["Content-Language"]) for code in STATES}
    assert languages == {"en", "es", "pt", "fr"}

    # The other server said no after ours had taken the mail: the report comes back and is read.
    # A mail server promises to send it at least once, so a second copy is no fault of anybody.
    back = mail_server.mailbox("tracker")
    for mail in back:
        assert "Delivery status" in mail["Subject"], mail.as_string()
        assert f"moved@{AWAY}" in mail.as_string()
    assert run_job(cast.app, "bounces", MORNING).done >= len(back)
    with cast.reading() as session:
        assert session.get_one(User, moved).bounced_at == MORNING
        assert set(session.scalars(sa.select(Bounce.user_id))) == {moved}

    (summary,) = mail_server.mailbox("approver.br")
    (report,) = summary.iter_attachments()
    assert (report.get_content_type(), report.get_content()[:4]) == ("application/pdf", b"%PDF")

    # Ours refused this one at the door: nobody sent a report, and the person counts as unreachable all the same.
    with cast.writing() as session:
        user = session.get_one(User, gone)
        assert user.bounced_at is None
        outbox.put(session, key="test:1", kind="test", recipient_id=gone, to_address=user.email, now=MORNING,
                   message=Rendered("Test", "Text", "<p>Text</p>", "fr"))  # fmt: skip
    run_job(cast.app, "deliver-mail", MORNING)
    with cast.reading() as session:
        assert session.scalars(sa.select(Message.state).where(Message.key == "test:1")).one() is MessageState.FAILED
        assert session.get_one(User, gone).bounced_at == MORNING
