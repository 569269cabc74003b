"""What a note verbale says, as plain data: frozen with its number, from it both documents are made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class NoteItem:
    """An overdue report. ``extended_to``: None where the date of the cycle still holds."""

    code: str
    title: str
    due_on: date
    extended_to: date | None
    days: int


@dataclass(frozen=True)
class NoteContent:
    """A note in one language. ``addressee`` is the title of the office, ``address`` its postal address."""

    year: int
    sequence: int
    """0: not numbered yet (a preview)."""
    language: str
    day: date
    addressee: str
    address: str
    party_code: str
    party: str
    cycle: str
    closes_on: date
    nobody: bool
    """The State has no focal point."""
    items: tuple[NoteItem, ...]

    @property
    def number(self) -> str:
        return f"NV {self.sequence or '…'}/{self.year}"

    def file_name(self, ending: str) -> str:
        return f"NV-{self.year}-{self.sequence:03}-{self.party_code}.{ending}"

    def to_json(self) -> dict[str, Any]:
        """As it is stored: dates as ISO 8601."""
        plain = asdict(self)
        plain["day"], plain["closes_on"] = self.day.isoformat(), self.closes_on.isoformat()
        for item in plain["items"]:
            item["due_on"] = item["due_on"].isoformat()
            item["extended_to"] = item["extended_to"].isoformat() if item["extended_to"] else None
        plain["items"] = list(plain["items"])
        return plain

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> NoteContent:
        """The reverse of ``to_json``."""
        items = tuple(
            NoteItem(
                code=one["code"],
                title=one["title"],
                due_on=date.fromisoformat(one["due_on"]),
                extended_to=date.fromisoformat(one["extended_to"]) if one["extended_to"] else None,
                days=one["days"],
            )
            for one in stored["items"]
        )
        days = {name: date.fromisoformat(stored[name]) for name in ("day", "closes_on")}
        return cls(**{**stored, **days, "items": items})
