"""Offices of a State: entered and changed by administrators, never a person's name."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cast import PEOPLE, Cast
from tests.escalation_scene import enter_office
from tracker.domain.errors import NotPermitted, NotVisible, Stale, Unmet
from tracker.domain.offices import names_a_person
from tracker.domain.vocabulary import OfficeKind, Role
from tracker.models import AuditEntry, Office
from tracker.services import offices


@pytest.mark.parametrize(
    "title",
    [
        "Mr. John Invented",
        "Embajadora María Inventada",
        "Ambassador Jane Invented, Permanent Representative",
        "S.E. Jean Invente",
        "Dirección General (Sra. Ana Inventada)",
        "Dr. Ana",
        "Exmo. Inventado",
        "Mme Inventée",
    ],
)
def test_a_title_with_a_person_in_it(title: str) -> None:
    assert names_a_person(title)


@pytest.mark.parametrize(
    "title",
    [
        "Permanent Mission of Brazil to the OAS",
        "Ambassador of Brazil to the OAS",
        "Embajador de Chile ante la OEA",
        "Mission permanente d’Haïti",
        "Ministère de la justice",
        "M. le Ministre",
        "Dirección General contra la Trata de Personas",
        "Missão Permanente do Brasil junto à OEA",
    ],
)
def test_a_title_of_an_office(title: str) -> None:
    assert not names_a_person(title)


def test_entered_and_changed_with_its_trace(any_cast: Cast) -> None:
    enter_office(any_cast)
    enter_office(any_cast, title="Another office", email="Other@BR.example")
    with any_cast.reading() as session:
        office = session.scalars(sa.select(Office)).one()
        assert (office.title, office.email, office.version) == ("Another office", "other@br.example", 2)
        traces = list(session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "office.saved")))
        assert [one.internal for one in traces] == [True, True]
        assert traces[1].old is not None
        assert traces[1].old["email"] == "office@br.example"
        (line,) = [one for one in offices.listing(session) if one.code == "BR"]
        assert line.offices[OfficeKind.AUTHORITY].title == "Another office"
        assert OfficeKind.MISSION not in line.offices
        assert len(offices.listing(session)) == 35


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"title": ""}, {"title": "required"}),
        ({"title": "Mr. John Invented"}, {"title": "a_person"}),
        ({"email": "office@br.example\nBcc: all@tracker.test"}, {"email": "bad_address"}),
        ({"email": "oficina@ñandú.example"}, {"email": "bad_address"}),
        ({"email": "no address"}, {"email": "bad_address"}),
        ({"url": "javascript:alert(1)"}, {"url": "bad_link"}),
        ({"url": "https://name:word@br.example/"}, {"url": "bad_link"}),
        ({"address": "Write to joana@example.org"}, {"address": "identifier"}),
    ],
)
def test_what_is_refused(cast: Cast, said: dict[str, str], problem: dict[str, str]) -> None:
    with pytest.raises(Unmet) as refused:
        enter_office(cast, **said)
    assert refused.value.problems.keys() == problem.keys()
    assert set(refused.value.problems.values()) <= {*problem.values(), "personal_data"}
    with cast.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Office)) == 0


def test_a_stale_form_and_a_second_first_entry(cast: Cast) -> None:
    enter_office(cast)
    actor = cast.actor("admin2")
    with cast.writing() as session, pytest.raises(Stale):
        offices.save(
            session, offices.state(session, "BR"), OfficeKind.AUTHORITY, title="X", email="", address="",
            seen_version=0, actor=actor, now=cast.clock.now(),
        )  # fmt: skip


def test_only_states_have_offices(cast: Cast) -> None:
    with cast.reading() as session:
        for code in ("GS", "ICA", "XX"):
            with pytest.raises(NotVisible):
                offices.state(session, code)


@pytest.mark.parametrize("name", [n for n, (role, _p) in PEOPLE.items() if role is not Role.ADMINISTRATOR])
def test_nobody_else_enters_an_office(cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    with cast.writing() as session, pytest.raises(NotPermitted):
        offices.save(
            session, offices.state(session, "BR"), OfficeKind.AUTHORITY, title="X", email="", address="",
            seen_version=0, actor=actor, now=cast.clock.now(),
        )  # fmt: skip
