"""Kept views: only one's own, only lists of this site, never an address."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tracker.domain.errors import NotPermitted, NotVisible, Unmet
from tracker.models import SavedView
from tracker.services import handover, saved_views


def keep(cast: Cast, who: str, name: str, path: str = "/search", query: str = "q=trata&state=BR") -> int:
    actor = cast.actor(who)
    with cast.writing() as session:
        return saved_views.save(session, name=name, path=path, query=query, actor=actor, now=cast.clock.now()).id


def names(cast: Cast, who: str) -> list[str]:
    actor = cast.actor(who)
    with cast.reading() as session:
        return [view.name for view in saved_views.listing(session, actor=actor)]


def test_kept_renamed_removed_by_their_owner_alone(any_cast: Cast) -> None:
    own = keep(any_cast, "focal.br", "Ñandú", query="q=a&lang=es&page=3&csrf_token=x&Bad-Name=1&state=&next=//evil")
    keep(any_cast, "focal.br", "Árbol", "/commitments", "due=overdue")
    keep(any_cast, "reviewer", "Ñandú", "/reviews", "")
    assert names(any_cast, "focal.br") == ["Árbol", "Ñandú"]
    now = any_cast.clock.now()
    with any_cast.reading() as session:
        view = saved_views.get(session, own, actor=any_cast.actor("focal.br"))
        assert saved_views.address(view) == "/search?q=a"
    for who in ("approver.br", "contributor.br", "focal.gt", "reviewer", "admin", "observer", "secretariat"):
        other = any_cast.actor(who)
        for act in (
            lambda s, o=other: saved_views.get(s, own, actor=o),
            lambda s, o=other: saved_views.rename(s, own, name="Mine", actor=o, now=now),
            lambda s, o=other: saved_views.remove(s, own, actor=o, now=now),
        ):
            with pytest.raises(NotVisible), any_cast.writing() as session:
                act(session)
        assert "Árbol" not in names(any_cast, who)
    owner = any_cast.actor("focal.br")
    with any_cast.writing() as session:
        saved_views.rename(session, own, name="Zorro", actor=owner, now=now)
    assert names(any_cast, "focal.br") == ["Árbol", "Zorro"]
    with any_cast.writing() as session:
        saved_views.remove(session, own, actor=owner, now=now)
    assert names(any_cast, "focal.br") == ["Árbol"]
    with any_cast.reading() as session, pytest.raises(NotPermitted):
        saved_views.listing(session, actor=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path",
    ["", "https://example.org/", "//example.org", "/search/../admin", "/search?x", "javascript:alert(1)",
     "/admin/people", "/sign-out", "search", "/views", "\x00"],
)  # fmt: skip
def test_only_lists_of_this_site(cast: Cast, path: str) -> None:
    with pytest.raises(Unmet) as refused:
        keep(cast, "focal.br", "A view", path)
    assert refused.value.problems == {"path": "unknown"}


def test_what_is_refused(any_cast: Cast) -> None:
    keep(any_cast, "focal.br", "One")
    refusals = {"": "required", "ONE": "taken", "x" * 201: "too_long", "rosa.inventada@example.org": "identifier"}
    for name, problem in refusals.items():
        with pytest.raises(Unmet) as refused:
            keep(any_cast, "focal.br", name)
        assert refused.value.problems == {"name": problem}
    for query in ("&".join(f"a={n}" for n in range(100)), "q=" + "x" * 2100):
        with pytest.raises(Unmet, match="query"):
            keep(any_cast, "focal.br", "Long", query=query)
    user = any_cast.actor("focal.br").user_id
    with any_cast.writing() as session:
        rows = [{"user_id": user, "name": f"n{n}", "path": "/search", "query": "", "created_at": any_cast.clock.now()}
                for n in range(saved_views.MOST - 1)]  # fmt: skip
        session.execute(sa.insert(SavedView), rows)
    with pytest.raises(Unmet, match="too_many"):
        keep(any_cast, "focal.br", "One more")


def test_nothing_is_handed_over_and_what_is_erased_goes(any_cast: Cast) -> None:
    keep(any_cast, "focal.br", "Private", query="q=Rosa+Inventada")
    keep(any_cast, "focal.br", "Another", query="q=trata")
    old, new, admin = (any_cast.actor(name) for name in ("focal.br", "alternate.br", "admin"))
    with any_cast.writing() as session:
        saved_views.forget_passage(session, "Rosa Inventada")
    assert names(any_cast, "focal.br") == ["Another"]
    with any_cast.writing() as session:
        handover.hand_over(
            session, old.user_id, new.user_id, note="Left.", disable=True, actor=admin, now=any_cast.clock.now()
        )
    assert names(any_cast, "alternate.br") == []
    assert names(any_cast, "admin") == []
