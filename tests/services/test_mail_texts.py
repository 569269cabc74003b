"""The wording of mails: what may be entered, when it holds, and that nothing in it can do harm."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE, Cast
from tests.support.sending import statements
from tracker.domain.errors import NotPermitted, Stale, Unmet
from tracker.mail import texts
from tracker.mail.messages.accounts import invitation
from tracker.mail.messages.assignments import Line, asked
from tracker.mail.rendering import Words
from tracker.mail.samples import SAMPLES
from tracker.models import AuditEntry, MailText
from tracker.services import mail_sentences, mail_texts
from tracker.services.mail_sentences import Sentence

GREETING = Sentence("Dear %(name)s,")
SEVERAL = Sentence(
    "Your focal point asks you to answer %(count)s part of your State's progress reports:",
    "Your focal point asks you to answer %(count)s parts of your State's progress reports:",
)


def change(cast: Cast, sentence: Sentence, text: str, plural: str = "", **given: object) -> None:
    language = str(given.get("language", "es"))
    with cast.writing() as session:
        shown = mail_texts.one(session, language, sentence.key)
        assert shown is not None
        mail_texts.change(
            session,
            shown,
            text=text,
            plural=plural,
            explanation=str(given.get("explanation", "")),
            seen_version=int(str(given.get("version", shown.version))),
            actor=cast.actor(str(given.get("name", "admin"))),
            now=cast.clock.now(),
        )


def said(cast: Cast, language: str = "es") -> str:
    with cast.writing():
        return invitation("Ana", language, "https://x.test/i", 7, "Luis", "Role").text


def refused(cast: Cast, sentence: Sentence, text: str, plural: str = "") -> dict[str, str]:
    with pytest.raises(Unmet) as found:
        change(cast, sentence, text, plural)
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(MailText)) == 0
    return found.value.problems


@pytest.mark.both_databases
class TestInForce:
    def test_from_the_next_transaction_on_and_in_one_language(self, cast: Cast) -> None:
        assert said(cast).startswith("Estimado/a Ana:")
        change(cast, GREETING, "Hola, %(name)s (100 %%):")
        assert said(cast).startswith("Hola, Ana (100 %):")
        assert said(cast, "en").startswith("Dear Ana,")

    def test_in_the_transaction_that_enters_it_too(self, cast: Cast) -> None:
        with cast.writing() as session:
            assert Words("es")("Dear %(name)s,", name="Ana") == "Estimado/a Ana:"
            shown = mail_texts.one(session, "es", GREETING.key)
            assert shown is not None
            actor, now = cast.actor("admin"), cast.clock.now()
        with cast.writing() as session:
            mail_texts.change(session, shown, text="Hola %(name)s", seen_version=0, actor=actor, now=now)
            assert Words("es")("Dear %(name)s,", name="Ana") == "Hola Ana"
            session.rollback()
        assert said(cast).startswith("Estimado/a Ana:")

    def test_plural_by_the_rule_of_the_language(self, cast: Cast) -> None:
        change(cast, SEVERAL, "Una sola parte:", "Son %(count)s partes:")
        lines = [Line("CS-03", "Title", None, "https://x.test/1")]
        for count, expected in ((1, "Una sola parte:"), (2, "Son 2 partes:")):
            with cast.writing():
                mail = asked("Ana", "es", lines * count, time_zone="UTC", url="https://x.test", account_url="")
            assert expected in mail.text

    def test_one_query_for_a_transaction_and_none_without_a_mail(self, cast: Cast) -> None:
        change(cast, GREETING, "Hola %(name)s")
        with statements(cast.app) as found, cast.writing():
            for language in ("en", "es", "pt", "fr"):
                SAMPLES["notices.return"](language)
        assert sum("mail_text" in one for one in found) == 1
        with statements(cast.app) as found, cast.writing() as session:
            session.execute(sa.text("SELECT 1"))
        assert not any("mail_text" in one for one in found)

    def test_what_is_filled_in_is_never_read_as_a_name(self, cast: Cast) -> None:
        change(cast, GREETING, "Hola %(name)s")
        with cast.writing():
            mail = invitation("%(inviter)s %s {{ 7*7 }}", "es", "https://x.test/i", 7, "Luis", "Role")
        assert mail.text.startswith("Hola %(inviter)s %s {{ 7*7 }}")

    def test_back_to_the_shipped_text(self, cast: Cast) -> None:
        change(cast, GREETING, "Hola %(name)s")
        with cast.writing() as session, pytest.raises(Stale):
            mail_texts.back_to_shipped(
                session, "es", GREETING.key, seen_version=2, actor=cast.actor("admin"), now=cast.clock.now()
            )
        with cast.writing() as session:
            mail_texts.back_to_shipped(
                session, "es", GREETING.key, seen_version=1, actor=cast.actor("admin"), now=cast.clock.now()
            )
        assert said(cast).startswith("Estimado/a Ana:")

    def test_a_wording_whose_sentence_is_shipped_anew_is_out_of_use(self, cast: Cast) -> None:
        change(cast, GREETING, "Hola %(name)s")
        with cast.writing() as session:
            row = session.scalars(sa.select(MailText)).one()
            row.shipped, row.key = "Dear and old %(name)s,", texts.key("Dear and old %(name)s,")
        assert said(cast).startswith("Estimado/a Ana:")
        with cast.reading() as session:
            (old,) = mail_texts.outdated(session)
            assert old.text == "Hola %(name)s"
            assert mail_texts.one(session, "es", old.key) is None

    def test_a_row_that_could_break_a_mail_is_passed_over(self, cast: Cast) -> None:
        change(cast, GREETING, "Hola %(name)s")
        for broken in ("Hola %(nobody)s", ""):
            with cast.writing() as session:
                session.execute(sa.update(MailText).values(text=broken))
            assert said(cast).startswith("Estimado/a Ana:")

    def test_second_of_two_is_told(self, cast: Cast) -> None:
        change(cast, GREETING, "Hola %(name)s")
        with pytest.raises(Stale):
            change(cast, GREETING, "Buenas %(name)s", version=0)
        change(cast, GREETING, "Buenas %(name)s", version=1, name="admin2")
        with cast.reading() as session:
            shown = mail_texts.one(session, "es", GREETING.key)
            assert shown is not None
            assert shown.own is not None
            assert (shown.version, shown.own.editor, shown.in_force[0]) == (2, "Invented admin2", "Buenas %(name)s")

    def test_the_trail_keeps_both_wordings(self, cast: Cast) -> None:
        change(cast, GREETING, "Hola %(name)s")
        with cast.reading() as session:
            entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "mail.text_changed")).one()
        assert entry.old["text"] == "Estimado/a %(name)s:"
        assert entry.new["text"] == "Hola %(name)s"
        assert entry.new["language"] == "es"


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "required"),
            ("Hola", "missing_name"),
            ("Hola %(nombre)s", "unknown_name"),
            ("Hola %(name)s %(email)s", "unknown_name"),
            ("Hola %(name)s 100%", "stray_percent"),
            ("Hola %(name)d", "stray_percent"),
            ("Hola %(name)", "stray_percent"),
            ("Hola %s %(name)s", "stray_percent"),
            ("Hola %(name.__class__)s %(name)s", "stray_percent"),
            ("Hola\nBcc: all@example.test %(name)s", "line_break"),
            ("x" * 2001 + " %(name)s", "too_long"),
            ("Estimado/a %(name)s:", "unchanged"),
        ],
    )
    def test_by_its_reason(self, cast: Cast, text: str, problem: str) -> None:
        assert refused(cast, GREETING, text) == {"text": problem}

    def test_plural_needs_its_own_names(self, cast: Cast) -> None:
        assert refused(cast, SEVERAL, "Una", "Varias") == {"plural": "missing_name"}
        assert refused(cast, SEVERAL, "Una %(who)s", "") == {"text": "unknown_name", "plural": "required"}

    def test_data_about_a_person(self, cast: Cast) -> None:
        assert refused(cast, GREETING, "Hola %(name)s, escriba a maria.lopez@example.test") == {"text": "identifier"}

    def test_for_everybody_but_administrators(self, cast: Cast) -> None:
        for name in set(PEOPLE) - {"admin", "admin2"}:
            with pytest.raises(NotPermitted):
                change(cast, GREETING, "Hola %(name)s", name=name)
            with cast.writing() as session, pytest.raises(NotPermitted):
                mail_texts.back_to_shipped(
                    session, "es", GREETING.key, seen_version=0, actor=cast.actor(name), now=cast.clock.now()
                )


class TestSentences:
    def test_every_shipped_sentence_may_be_entered_as_it_is(self) -> None:
        for sentence in mail_sentences.by_key().values():
            for language in ("en", "es", "pt", "fr"):
                assert mail_texts.check(sentence, *sentence.in_language(language)) == {}, (language, sentence)

    def test_every_sentence_of_a_mail_is_known(self) -> None:
        for mail in SAMPLES:
            assert mail_sentences.of_mail(mail)
            assert mail_sentences.group(mail) in mail_sentences.GROUPS, "name the group in mail_sentences.GROUPS"
        assert GREETING.key in mail_sentences.by_key()
        assert "notices.return" in mail_sentences.mails_with(GREETING)


def test_preview_speaks_of_real_commitments_and_keeps_nothing(cast: Cast) -> None:
    with cast.writing() as session:
        shown = mail_texts.one(session, "es", GREETING.key)
        assert shown is not None
        made = mail_texts.try_out(
            session, shown, "reminders.overdue", text="Hola %(name)s", plural="", actor=cast.actor("admin")
        )
    assert made.text.startswith("Hola Invented admin")
    assert "http://tracker.test" in made.text
    assert "Inventada" not in made.text
    assert said(cast).startswith("Estimado/a Ana:")
