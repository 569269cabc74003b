"""The wording of mails as administrators see and edit it (docs/decisions/0030): never a template, only sentences.

A wording is kept under the shipped English sentence. Where that sentence is shipped in other words later, the mail asks
for another one: the old wording is then out of use by itself, and ``outdated`` lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import LANGUAGES
from tracker import wording
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.domain.policy import Actor, Permission, can
from tracker.domain.vocabulary import PartyKind, Role
from tracker.mail import links, texts
from tracker.mail.rendering import Rendered
from tracker.mail.sample_facts import Facts, invented, using
from tracker.mail.samples import SAMPLES
from tracker.mail.texts import Own
from tracker.models import Commitment, MailText, ProgressReport, Provision, ReportingCycle, ReportingParty, User
from tracker.services import audit, mail_sentences, personal_data
from tracker.services.mail_sentences import Sentence

LONGEST = 2_000
"""Characters of a sentence."""


@dataclass(frozen=True)
class Wording:
    """One sentence in one language, as shipped and as in force. ``own`` None: as shipped."""

    sentence: Sentence
    language: str
    shipped: tuple[str, str]
    """Singular and plural in the language; the plural "" where there is none."""
    own: sa.Row | None

    @property
    def version(self) -> int:
        """0 where nothing was changed."""
        return self.own.version if self.own is not None else 0

    @property
    def in_force(self) -> tuple[str, str]:
        return (self.own.text, self.own.plural) if self.own is not None else self.shipped


@dataclass(frozen=True)
class Listed:
    """A mail of the catalogue as the list names it: by its subject."""

    mail: str
    subject: str
    changed: int
    """How many of its sentences have a wording of their own."""


def listing(session: Session, language: str) -> list[tuple[str, list[Listed]]]:
    """Every mail under its group (``mail_sentences.GROUPS``); one query."""
    own = {row.key for row in _rows(session, language)}
    found: dict[str, list[Listed]] = {name: [] for name in mail_sentences.GROUPS}
    for mail, made in SAMPLES.items():
        changed = sum(sentence.key in own for sentence in mail_sentences.of_mail(mail))
        found.setdefault(mail_sentences.group(mail), []).append(Listed(mail, made(language).subject, changed))
    return [(name, listed) for name, listed in found.items() if listed]


def outdated(session: Session) -> list[sa.Row]:
    """Wordings of sentences that no mail says any more: not in use, kept to be copied from."""
    known = set(mail_sentences.by_key())
    return [row for row in _rows(session) if row.key not in known]


def of_mail(session: Session, mail: str, language: str) -> tuple[list[Wording], list[Wording]]:
    """The sentences of one mail in its order, and what else the mails of its group can say; one query."""
    own = {row.key: row for row in _rows(session, language)}
    said = mail_sentences.of_mail(mail)
    group = mail_sentences.group(mail)
    elsewhere = {
        one for other in SAMPLES if mail_sentences.group(other) == group for one in mail_sentences.of_mail(other)
    }
    rest = [one for one in mail_sentences.of_group(group) if one not in elsewhere]
    here, there = ([_wording(one, language, own.get(one.key)) for one in some] for some in (said, rest))
    return here, there


def one(session: Session, language: str, key: str) -> Wording | None:
    """One sentence; None where no mail says it, or the language is none of ours."""
    sentence = mail_sentences.by_key().get(key)
    if sentence is None or language not in LANGUAGES:
        return None
    row = next((row for row in _rows(session, language, key)), None)
    return _wording(sentence, language, row)


def change(
    session: Session,
    wording_now: Wording,
    *,
    text: str,
    plural: str = "",
    explanation: str = "",
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Put this wording in the place of the shipped one. Raises NotPermitted; Stale; Unmet by field.

    Problem codes: required, too_long, line_break, stray_percent, missing_name, unknown_name, unchanged; and those of
    the personal-data check.
    """
    _may(actor)
    row = _locked(session, wording_now, seen_version)
    sentence, language = wording_now.sentence, wording_now.language
    plural = plural if sentence.many else ""
    before = (row.text, row.plural) if row is not None else wording_now.shipped
    problems = check(sentence, text, plural)
    if not problems and (text, plural) == before:
        problems["text"] = "unchanged"
    if problems:
        raise Unmet(**problems)
    explained = personal_data.require_clean(explanation, text=text, plural=plural)
    if row is None:
        row = MailText(language=language, key=sentence.key, shipped=sentence.shipped, edited_by_id=actor.user_id)
        session.add(row)
    row.text, row.plural = text, plural
    row.edited_at, row.edited_by_id = now, actor.user_id
    session.flush()
    texts.forget(session)
    _trace(session, "mail.text_changed", row, before, (text, plural), actor=actor, now=now, explained=explained)


def back_to_shipped(
    session: Session, language: str, key: str, *, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Take the wording out, also one that is outdated. Raises NotPermitted; Stale where it is gone or newer."""
    _may(actor)
    wanted = sa.select(MailText).where(MailText.language == language, MailText.key == key)
    row = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if row is None or row.version != seen_version:
        raise Stale
    sentence = mail_sentences.by_key().get(key)
    after = sentence.in_language(language) if sentence is not None else ("", "")
    _trace(session, "mail.text_shipped", row, (row.text, row.plural), after, actor=actor, now=now, explained={})
    session.delete(row)
    session.flush()
    texts.forget(session)


def check(sentence: Sentence, text: str, plural: str) -> dict[str, str]:
    """What stands against a wording, by field ("text", "plural"): the same placeholders and nothing else.

    Where a sentence has a plural, its singular may leave the number out.
    """
    found = {"text": _problem(text, texts.names(sentence.one), sentence.names if sentence.many else frozenset())}
    if sentence.many:
        found["plural"] = _problem(plural, texts.names(sentence.many), frozenset())
    return {field: code for field, code in found.items() if code}


def preview(
    session: Session, mail: str, language: str, *, actor: Actor, tried: Mapping[str, Own] | None = None
) -> Rendered:
    """The mail as it would be written now, about real commitments; ``tried`` by shipped sentence, on top."""
    with using(real_facts(session, language, actor=actor)), texts.trying(language, tried or {}):
        return SAMPLES[mail](language)


def try_out(session: Session, shown: Wording, mail: str, *, text: str, plural: str, actor: Actor) -> Rendered:
    """The mail with this wording, of which nothing is kept. Raises Unmet by field."""
    plural = plural if shown.sentence.many else ""
    problems = check(shown.sentence, text, plural)
    if problems:
        raise Unmet(**problems)
    return preview(session, mail, shown.language, actor=actor, tried={shown.sentence.shipped: Own(text, plural)})


def real_facts(session: Session, language: str, *, actor: Actor) -> Facts:
    """What a preview speaks of: the newest reports of one State, in the reader's words. One query more.

    What people wrote stays invented; nothing that is not open to every administrator is shown.
    """
    usual = invented(language)
    rows = session.execute(_NEWEST).all()
    rows = [row for row in rows if row.party == rows[0].party]
    if len(rows) < len(usual.commitments):
        return usual
    first = rows[0]
    colleague = session.scalar(_SOMEBODY, {"party_id": first.party_id})
    return Facts(
        reader=actor.name or usual.reader,
        other=colleague or usual.other,
        institution=usual.institution,
        organisation=usual.organisation,
        party=wording.pick(first.party, language),
        other_party=usual.other_party,
        commitments=tuple((row.code, wording.pick(row.title, language)) for row in rows),
        elements=tuple(f"{first.code}.{letter}" for letter in "ac"),
        cycle=first.cycle,
        today=first.due_on - timedelta(days=7),
        due_on=first.due_on,
        time_zone=first.time_zone,
        typed=usual.typed,
        site=links.site(session),
    )


_NEWEST = (
    sa.select(
        ReportingParty.id.label("party_id"),
        ReportingParty.name.label("party"),
        ReportingParty.time_zone,
        Provision.code,
        Provision.title,
        ReportingCycle.code.label("cycle"),
        ProgressReport.due_on,
    )
    .join(Commitment, Commitment.id == ProgressReport.commitment_id)
    .join(ReportingParty, ReportingParty.id == Commitment.party_id)
    .join(Provision, Provision.id == Commitment.provision_id)
    .join(ReportingCycle, ReportingCycle.id == ProgressReport.cycle_id)
    .where(ReportingParty.kind == PartyKind.MEMBER_STATE)
    .order_by(ProgressReport.cycle_id.desc(), Commitment.party_id, Provision.position)
    .limit(3)
)
_SOMEBODY = (
    sa.select(User.name)
    .where(User.party_id == sa.bindparam("party_id"), User.role == Role.FOCAL_POINT, User.active.is_(True))
    .order_by(User.id)
    .limit(1)
)


def _problem(text: str, names: frozenset[str], plural_names: frozenset[str]) -> str:
    """The first thing that stands against it; "" where nothing does. ``plural_names``: what else may stand there."""
    found = texts.names(text)
    needed = names - {"count"} if plural_names else names
    for code, wrong in (
        ("required", not text),
        ("too_long", len(text) > LONGEST),
        ("line_break", "\n" in text),
        ("stray_percent", texts.stray(text)),
        ("unknown_name", bool(found - names - plural_names)),
        ("missing_name", bool(needed - found)),
    ):
        if wrong:
            return code
    return ""


def _may(actor: Actor) -> None:
    if not can(actor, Permission.MAIL_TEXTS):
        raise NotPermitted(Permission.MAIL_TEXTS)


def _rows(session: Session, language: str | None = None, key: str | None = None) -> list[sa.Row]:
    wanted = (
        sa.select(
            MailText.language,
            MailText.key,
            MailText.shipped,
            MailText.text,
            MailText.plural,
            MailText.version,
            MailText.edited_at,
            User.name.label("editor"),
        )
        .outerjoin(User, User.id == MailText.edited_by_id)
        .order_by(MailText.language, MailText.id)
    )
    if language is not None:
        wanted = wanted.where(MailText.language == language)
    if key is not None:
        wanted = wanted.where(MailText.key == key)
    return list(session.execute(wanted))


def _wording(sentence: Sentence, language: str, row: sa.Row | None) -> Wording:
    return Wording(sentence, language, sentence.in_language(language), row)


def _locked(session: Session, wording_now: Wording, seen_version: int) -> MailText | None:
    wanted = sa.select(MailText).where(
        MailText.language == wording_now.language, MailText.key == wording_now.sentence.key
    )
    row = session.scalar(wanted.with_for_update().execution_options(populate_existing=True))
    if seen_version != (row.version if row is not None else 0):
        raise Stale
    return row


def _trace(
    session: Session,
    event: str,
    row: MailText,
    before: tuple[str, str],
    after: tuple[str, str],
    *,
    actor: Actor,
    now: datetime,
    explained: dict[str, str],
) -> None:
    """Both wordings whole: they are the Secretariat's own words, checked for personal data before."""
    audit.record(
        session,
        event,
        now=now,
        actor=actor,
        about=("mail_text", row.id),
        old={"text": audit.Plain(before[0]), "plural": audit.Plain(before[1])},
        new={"language": audit.Plain(row.language), "text": audit.Plain(after[0]), "plural": audit.Plain(after[1])}
        | explained,
    )
