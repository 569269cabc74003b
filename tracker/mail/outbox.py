"""The outbox: a mail is put here in the transaction of its cause, claimed by the relay, and marked.

``put`` decides by key that a cause makes one mail; ``claim`` and the marks decide who sends it and what became of it.
Nothing here opens a connection or commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import MessageState
from tracker.mail import links
from tracker.mail.rendering import Rendered
from tracker.models import Message, MessageAttachment

Attachment = tuple[str, str, bytes]
"""File name, content type, content."""


def put(
    session: Session,
    *,
    key: str,
    kind: str,
    recipient_id: int | None,
    to_address: str,
    message: Rendered,
    now: datetime,
    attachments: Sequence[Attachment] = (),
) -> Message | None:
    """Put a mail here; None where one with this key is here already, also when two try at the same time.

    ``key`` says what the mail is about and to whom (``notice:17:4``). ``kind`` is a static word such as ``reminder``.
    """
    values = {
        "key": key,
        "kind": kind,
        "recipient_id": recipient_id,
        "to_address": to_address,
        "language": message.language,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "message_id": message_id(key, now, links.site(session).mail_domain),
        "state": MessageState.QUEUED,
        "made_at": now,
        "attempts": 0,
        "next_attempt_at": now,
        "last_error": "",
    }
    # The database itself leaves a known key alone: no error to undo, and a second writer waits for the first.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    put_once = insert(Message).values(values).on_conflict_do_nothing(index_elements=["key"]).returning(Message)
    made = session.scalars(put_once).one_or_none()
    if made is None:
        return None
    for file_name, content_type, content in attachments:
        session.add(
            MessageAttachment(message_id=made.id, file_name=file_name, content_type=content_type, content=content)
        )
    if attachments:
        session.flush()
    return made


def message_id(key: str, made_at: datetime, domain: str) -> str:
    """The Message-ID, made once and kept: the same at every try, another in every installation and for every mail."""
    digest = hashlib.sha256(f"{key}|{made_at.isoformat()}".encode()).hexdigest()[:40]
    return f"<{digest}@{domain}>"
