"""Where to report a case: kept by administrators, never a person, and each number with the day it was checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE, Cast
from tracker.domain.contacts import dialled, is_old, is_phone, is_web_address
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.vocabulary import ChannelKind, Role
from tracker.models import AuditEntry, ReportingChannel
from tracker.services import offices, reporting_channels
from tracker.services.reporting_channels import Said

SAID = Said(
    ChannelKind.HOTLINE, "Invented line", "000-0000", "https://line.example", {"en": "Day and night"}, date(2026, 2, 1)
)


def enter(cast: Cast, party: str = "BR", by: str = "admin", **values: Any) -> int:
    actor = cast.actor(by)
    with cast.writing() as session:
        state = offices.state(session, party)
        return reporting_channels.add(session, state, replace(SAID, **values), actor=actor, now=cast.clock.now()).id


@pytest.mark.parametrize("text", ["112", "0800 000 000", "+00 (0) 000-0000", "*123#", "(00) 0000/0000"])
def test_a_telephone_number(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize(
    "text", ["", "1", "call me", "112, 113", "１１２", "112\n113", "javascript:1", "0" * 16, "- 112"]
)
def test_no_telephone_number(text: str) -> None:
    assert not is_phone(text)


def test_what_is_dialled() -> None:
    assert dialled("+00 (0) 000-0000") == "+0000000000"
    assert dialled("*123#") == "*123%23"


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "http://", "https://a:b@x.example", "//x.example", "https://x y"]
)
def test_no_web_address(text: str) -> None:
    assert not is_web_address(text)


def test_checked_within_a_year() -> None:
    day = date(2026, 3, 2)
    assert not is_old(day - timedelta(days=365), day)
    assert is_old(day - timedelta(days=366), day)


def test_entered_changed_and_taken_away_with_traces(any_cast: Cast) -> None:
    channel_id = enter(any_cast)
    enter(any_cast, kind=ChannelKind.EMERGENCY, name="Invented emergency number", phone="000", url="")
    actor = any_cast.actor("admin2")
    with any_cast.writing() as session:
        party = offices.state(session, "BR")
        kept = reporting_channels.channel(session, party.id, channel_id)
        reporting_channels.change(
            session, kept, replace(SAID, phone="000-0001"), seen_version=1, actor=actor, now=any_cast.clock.now()
        )
    with any_cast.reading() as session:
        (line,) = [one for one in reporting_channels.listing(session) if one.code == "BR"]
        assert [(one.kind, one.phone) for one in line.channels] == [
            (ChannelKind.EMERGENCY, "000"),
            (ChannelKind.HOTLINE, "000-0001"),
        ]
        assert reporting_channels.of(session, offices.state(session, "BR").id) == line.channels
        assert len(reporting_channels.listing(session)) == 35
    with any_cast.writing() as session:
        party = offices.state(session, "BR")
        kept = reporting_channels.channel(session, party.id, channel_id)
        reporting_channels.remove(session, kept, seen_version=2, actor=actor, now=any_cast.clock.now())
    with any_cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReportingChannel)) == 1
        traces = list(
            session.scalars(
                sa.select(AuditEntry).where(AuditEntry.event.startswith("channel.")).order_by(AuditEntry.id)
            )
        )
        assert [one.event for one in traces] == [
            *("channel.added", "channel.added", "channel.changed", "channel.removed"),
        ]
        assert traces[2].old is not None
        assert traces[2].new is not None
        assert (traces[2].old["phone"], traces[2].new["phone"]) == ("000-0000", "000-0001")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": ""}, {"name": "required"}),
        ({"name": "Sra. Ana Inventada"}, {"name": "a_person"}),
        ({"phone": "call us"}, {"phone": "bad_phone"}),
        ({"url": "javascript:alert(1)"}, {"url": "bad_link"}),
        ({"phone": "", "url": ""}, {"phone": "no_way"}),
        ({"checked_on": date(2026, 3, 9)}, {"checked_on": "in_the_future"}),
        ({"note": {"en": "Write to joana@example.org"}}, {"note_en": "identifier"}),
    ],
)
def test_what_is_refused(cast: Cast, values: dict[str, Any], problem: dict[str, str]) -> None:
    with pytest.raises(Unmet) as refused:
        enter(cast, **values)
    assert refused.value.problems == problem


def test_the_same_twice_a_stale_form_and_another_state_s(cast: Cast) -> None:
    channel_id = enter(cast)
    with pytest.raises(Unmet) as refused:
        enter(cast, note={})
    assert refused.value.problems == {"name": "taken"}
    actor = cast.actor("admin")
    with cast.writing() as session:
        kept = reporting_channels.channel(session, offices.state(session, "BR").id, channel_id)
        with pytest.raises(Stale):
            reporting_channels.change(session, kept, SAID, seen_version=7, actor=actor, now=cast.clock.now())
        with pytest.raises(Stale):
            reporting_channels.remove(session, kept, seen_version=7, actor=actor, now=cast.clock.now())
        with pytest.raises(NotVisible):
            reporting_channels.channel(session, offices.state(session, "GT").id, channel_id)


@pytest.mark.parametrize("name", [n for n, (role, _p) in PEOPLE.items() if role is not Role.ADMINISTRATOR])
def test_nobody_else_enters_changes_or_takes_away(cast: Cast, name: str) -> None:
    channel_id = enter(cast)
    with pytest.raises(NotPermitted):
        enter(cast, "GT", name)
    actor = cast.actor(name)
    with cast.writing() as session:
        kept = reporting_channels.channel(session, offices.state(session, "BR").id, channel_id)
        with pytest.raises(NotPermitted):
            reporting_channels.change(session, kept, SAID, seen_version=1, actor=actor, now=cast.clock.now())
        with pytest.raises(NotPermitted):
            reporting_channels.remove(session, kept, seen_version=1, actor=actor, now=cast.clock.now())
