"""Two plans of mail compared: what is added, what falls away, what moves to another day, what names other things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.mail_plan import PlannedMail


@dataclass(frozen=True)
class Pair:
    """One mail as it would have been, and as it would be."""

    before: PlannedMail
    after: PlannedMail


@dataclass(frozen=True)
class Difference:
    """What a change does to the mail of the coming ``days``, in order of date."""

    days: int
    before: int
    after: int
    """How many mails there would be without the change, and with it."""
    added: tuple[PlannedMail, ...] = ()
    gone: tuple[PlannedMail, ...] = ()
    moved: tuple[Pair, ...] = ()
    """The same items, on another day."""
    changed: tuple[Pair, ...] = ()
    """On the same day, with other items or by another date."""
    at_once: tuple[PlannedMail, ...] = ()
    """What leaves the moment the change is saved."""

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.gone or self.moved or self.changed or self.at_once)


def compare(before: Iterable[PlannedMail], after: Iterable[PlannedMail], *, days: int) -> Difference:
    """The difference of two plans of the same days."""
    old, new = _by_key(before), _by_key(after)
    gone = [mail for key, mail in old.items() if key not in new]
    added = [mail for key, mail in new.items() if key not in old]
    changed = [Pair(mail, new[key]) for key, mail in old.items() if key in new and _dated(mail) != _dated(new[key])]
    moved, gone, added = _moved(gone, added)
    return Difference(
        days=days,
        before=len(old),
        after=len(new),
        added=tuple(sorted(added, key=_order)),
        gone=tuple(sorted(gone, key=_order)),
        moved=tuple(sorted(moved, key=lambda pair: _order(pair.before))),
        changed=tuple(sorted(changed, key=lambda pair: _order(pair.before))),
    )


def _by_key(mails: Iterable[PlannedMail]) -> dict[tuple[object, ...], PlannedMail]:
    """By reader, kind and day; several of one day (notices) by what they name, several alike by their number."""
    found: dict[tuple[object, ...], PlannedMail] = {}
    for mail in mails:
        reader = (mail.user_id, mail.email, mail.kind, mail.day)
        key: tuple[object, ...] = reader if mail.kind == "reminder" else (*reader, mail.reason, _named(mail))
        number = 0
        while (key, number) in found:
            number += 1
        found[key, number] = mail
    return found


def _moved(
    gone: list[PlannedMail], added: list[PlannedMail]
) -> tuple[list[Pair], list[PlannedMail], list[PlannedMail]]:
    """Pairs of one that falls away and one that is added for the same reader about the same; and what is left."""
    waiting: dict[tuple[object, ...], list[PlannedMail]] = defaultdict(list)
    for mail in sorted(added, key=_order, reverse=True):
        waiting[_about(mail)].append(mail)
    pairs, left = [], []
    for mail in sorted(gone, key=_order):
        others = waiting[_about(mail)]
        if others:
            pairs.append(Pair(mail, others.pop()))
        else:
            left.append(mail)
    return pairs, left, [mail for others in waiting.values() for mail in others]


def _about(mail: PlannedMail) -> tuple[object, ...]:
    return mail.user_id, mail.email, mail.kind, _named(mail)


def _named(mail: PlannedMail) -> frozenset[tuple[str, str, int]]:
    return frozenset((item.party_code, item.code, item.day) for item in mail.items)


def _dated(mail: PlannedMail) -> frozenset[object]:
    return frozenset((item.party_code, item.code, item.day, item.due_on) for item in mail.items)


def _order(mail: PlannedMail) -> tuple[object, ...]:
    return mail.day, mail.at, mail.email, mail.kind
