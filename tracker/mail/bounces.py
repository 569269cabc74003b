"""Reports of undeliverable mail, as mail servers send them back (RFC 3464), read without trusting them.

A report is believed about a message only where it names our Message-ID. What a server says in its own words, without
the parts the standard asks for, is not guessed at: it counts as not understood. Anybody can send mail to the sender's
address, so everything here is bounded, and nothing that comes in raises more than ``NotUnderstood``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser

LARGEST = 10 * 1024 * 1024
"""Of a whole report, in bytes."""
MOST_PARTS = 200
DEEPEST = 8
MOST_RECIPIENTS = 50
_MESSAGE_ID = re.compile(r"<[0-9a-f]{40}@[A-Za-z0-9.-]{1,200}>")
"""As ``outbox.message_id`` writes it."""
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_BOUNDARIES = 400
"""Lines that name a boundary; more is no report, and would keep the parser busy for nothing."""
_COMPAT32 = policy.compat32.clone(max_line_length=None)


class NotUnderstood(Exception):
    """This is no report of undeliverable mail, or none in the form of the standard. Says why, in a few words."""


@dataclass(frozen=True)
class Failure:
    """What a report says of one recipient."""

    address: str
    """In lower case; the one the mail was sent to, not the one a forwarding server used."""
    permanent: bool
    """False: the server keeps trying."""
    status: str
    """The enhanced status code (RFC 3463), e.g. 5.1.1."""
    said: str
    """The answer of the server that did not take it, in one line."""

    def digest(self, report: bytes) -> str:
        """What makes the same report count once."""
        return hashlib.sha256(report + b"\0" + self.address.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class Report:
    """A report: about which of our messages, and what became of it for whom."""

    message_id: str
    failures: tuple[Failure, ...]


def read(raw: bytes) -> Report:
    """Read a report as it came. Raises NotUnderstood, and nothing else."""
    if len(raw) > LARGEST:
        raise NotUnderstood("larger than 10 MB")
    if raw.lower().count(b"boundary=") > _BOUNDARIES:
        raise NotUnderstood("too many parts")
    try:
        message = BytesParser(policy=_COMPAT32).parsebytes(raw)
        parts = list(_parts(message))
        failures = tuple(_failures(parts))
        if not failures:
            raise NotUnderstood("it names no recipient in the form of RFC 3464")
        return Report(_about(parts), failures)
    except NotUnderstood:
        raise
    except (Exception, RecursionError) as error:  # whatever a stranger wrote
        raise NotUnderstood(f"it cannot be read ({type(error).__name__})") from error


def _parts(message: Message) -> Iterator[Message]:
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS or depth > DEEPEST:
            raise NotUnderstood("too many parts")
        yield part
        payload = part.get_payload()
        if isinstance(payload, list):
            waiting += [(one, depth + 1) for one in payload if isinstance(one, Message)]


def _failures(parts: list[Message]) -> Iterator[Failure]:
    for part in parts:
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        # Groups of fields, parsed as messages without a body: the first is about the mail, the others about recipients.
        groups = part.get_payload()
        if not isinstance(groups, list):
            continue
        for group in groups[: MOST_RECIPIENTS + 1]:
            found = _failure(group)
            if found is not None:
                yield found


def _failure(group: object) -> Failure | None:
    if not isinstance(group, Message):
        return None
    action = _field(group, "Action").lower()
    address = _address(_field(group, "Original-Recipient")) or _address(_field(group, "Final-Recipient"))
    if not address or action not in ("failed", "delayed"):
        return None
    said = _field(group, "Diagnostic-Code")
    status = _STATUS.search(_field(group, "Status")) or _STATUS.search(said)
    code = status.group(0) if status else ""
    # "failed" with a passing status: tried for days, and given up. Only what the status calls permanent, or what has
    # none, speaks of the address.
    permanent = action == "failed" and not code.startswith(("4", "2"))
    return Failure(address, permanent, code, said.partition(";")[2].strip() or said)


def _field(group: Message, name: str) -> str:
    value = str(group.get(name, ""))[:2000]
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:500]


def _address(field: str) -> str:
    """The address in ``rfc822; ana@example.org``; "" where there is none."""
    kind, separator, rest = field.partition(";")
    if not separator or kind.strip().lower() not in ("rfc822", "utf-8"):
        return ""
    address = rest.strip().strip("<>").lower()
    return address if "@" in address and " " not in address and len(address) <= 254 else ""


def _about(parts: list[Message]) -> str:
    """The Message-ID of the mail that came back: in its returned headers, else in the report's own."""
    for part in parts:
        kind = part.get_content_type()
        if kind in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            content = part.get_payload(decode=True)
            found = _in_headers(content if isinstance(content, bytes) else b"")
            if found:
                return found
        elif part is not parts[0] and (found := _ours(part.get("Message-ID", ""))):
            return found
    for name in ("In-Reply-To", "References", "Original-Message-ID", "X-Original-Message-ID"):
        if found := _ours(parts[0].get(name, "")):
            return found
    raise NotUnderstood("it does not say which mail came back")


def _in_headers(content: bytes) -> str:
    headers = BytesParser(policy=_COMPAT32).parsebytes(content[:100_000], headersonly=True)
    return _ours(headers.get("Message-ID", ""))


def _ours(header: object) -> str:
    found = _MESSAGE_ID.search(str(header)[:2000])
    return found.group(0) if found else ""
