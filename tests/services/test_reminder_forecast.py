"""The forecast of reminders is what is then sent, item by item."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.services.test_day_mail import alone, stage, the_mails
from tests.services.test_reminders import change, run, user
from tracker.domain.vocabulary import ReminderRhythm
from tracker.models import Holiday, ReminderEntry, User
from tracker.services import reminders

__all__ = ["stage"]
pytestmark = pytest.mark.both_databases


def test_what_was_foreseen_is_what_goes(stage: Cast) -> None:
    """Alternates, an absence, a weekly rhythm, holidays and an own hour: the plan names every mail and item."""
    start = datetime(2026, 3, 16, 15, tzinfo=UTC)
    stage.clock.set(start)
    alone(stage, "focal.br", "alternate.br", "focal.gt", "focal.us", "contributor.ht")
    change(stage, sa.update(User).where(user("focal.br")).values(away_until=date(2026, 4, 20)))
    change(stage, sa.update(User).where(user("focal.gt")).values(reminder_rhythm=ReminderRhythm.WEEKLY))
    change(stage, sa.update(User).where(user("focal.us")).values(mail_hour=9))
    with stage.writing() as session:
        session.add_all(
            Holiday(party_id=stage.party_id(code), day=day, name="Invented")
            for code in ("HT", "GT")
            for day in (date(2026, 3, 31), date(2026, 4, 6), date(2026, 4, 29))
        )
    with stage.reading() as session:
        planned = reminders.forecast(session, now=start, days=70)
        assert session.scalar(sa.select(sa.func.count()).select_from(ReminderEntry)) == 0
    foreseen = {
        (mail.day, mail.email.partition("@")[0]): {(item.report_id, item.due_on, item.day) for item in mail.items}
        for mail in planned
    }
    went = {}
    for number in range(71):
        stage.clock.set(start + timedelta(days=number))
        for name in run(stage):
            mail = the_mails(stage, name)[-1]
            with stage.reading() as session:
                named = session.execute(
                    sa.select(ReminderEntry.report_id, ReminderEntry.due_on, ReminderEntry.day).where(
                        ReminderEntry.message_id == mail.id
                    )
                )
                went[stage.clock.now().date(), name] = {(row.report_id, row.due_on, row.day) for row in named}
    assert foreseen == went
    assert {name for _day, name in went} >= {"alternate.br", "focal.br", "focal.gt", "focal.us", "contributor.ht"}
