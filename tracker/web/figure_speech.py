"""How public figures speak: the words for stages and ratings, names, what was chosen, shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from urllib.parse import quote as quote_anew
from urllib.parse import urlencode

from tracker import wording
from tracker.documents import shares
from tracker.documents.figure_content import Column, Kind, Value
from tracker.domain.compliance import Share
from tracker.domain.text import sort_key
from tracker.domain.vocabulary import PartyKind, Rating
from tracker.services.figure_board import Board
from tracker.services.public_cells import Cell
from tracker.services.public_figures import PartyCoverage
from tracker.services.status_report_content import Stage
from tracker.wording import N_, pick

IN_REVIEW, NOT_DUE, MISSING = "in_review", "not_due", "missing"
STANDINGS: dict[Stage, tuple[str, str]] = {
    Stage.NOT_REPORTED: (MISSING, N_("Due and not reported")),
    Stage.NOT_DUE: (NOT_DUE, N_("Not due yet")),
    Stage.IN_REVIEW: (IN_REVIEW, N_("Reported, under review")),
    # To the public a report is under review until its rating is published.
    Stage.OPEN_FOR_COMMENT: (IN_REVIEW, N_("Reported, under review")),
}
"""Key of the palette and word for what carries no published rating."""


# A page writes hundreds of addresses with the same few codes in them.
quote = lru_cache(maxsize=1024)(quote_anew)
_encoded = lru_cache(maxsize=1024)(urlencode)


@lru_cache(maxsize=1024)
def _of_party(provision: str, cycle: str) -> str:
    return f"/{quote(provision)}?cycle={quote(cycle)}"


def code_of(key: str) -> str:
    """The code in files for a key of the palette: the same word as in the status report and the open data."""
    return Stage.NOT_REPORTED.value if key == MISSING else key


@dataclass(frozen=True)
class Speech:
    """One figure in one language."""

    board: Board
    language: str

    def say(self, text: str, **values: object) -> str:
        """A sentence marked with ``N_``, translated and filled in."""
        translated = wording.translate(text, self.language)
        return translated % values if values else translated

    def label(self, value: str) -> str:
        return wording.label(value, self.language)

    def share(self, share: Share) -> str:
        """With its percentage, for sentences."""
        return shares.say_share(share, self.language)

    def pick(self, texts: dict[str, str] | None) -> str:
        return pick(texts, self.language)

    # names

    def party(self, code: str) -> str:
        return next((self.pick(p.name) for p in self.board.parties if p.code == code), code)

    def provision(self, code: str) -> str:
        row = self.board.provisions.get(code)
        return self.pick(row.title) if row else code

    def classified(self, axis: str, code: str) -> str:
        return self.pick(self.board.words.of(axis).get(code)) or code

    def cycle(self, code: str) -> str:
        row = next((c for c in (*self.board.cycles, self.board.cycle) if c is not None and c.code == code), None)
        return self.pick(row.title) if row else code

    @property
    def cycle_now(self) -> str:
        return self.pick(self.board.cycle.title) if self.board.cycle else ""

    def alphabetical(self, parties: Iterable[PartyCoverage]) -> list[PartyCoverage]:
        """States first, then the others; each in the order of their names in this language."""
        return sorted(parties, key=lambda p: (p.kind is not PartyKind.MEMBER_STATE, sort_key(self.pick(p.name))))

    # what was chosen

    def scope(self, *, cycle: bool = True) -> tuple[tuple[str, str], ...]:
        """(label, value) of the cycle and of each filter."""
        asked = self.board.asked
        chosen = [
            (N_("Reporting cycle"), self.cycle_now if cycle else ""),
            (N_("Pillar"), asked.pillar and self.classified("pillar", asked.pillar)),
            (N_("Theme"), asked.theme and self.classified("theme", asked.theme)),
            (N_("Instrument"), asked.instrument and self._instrument(asked.instrument)),
            (
                N_("Recommendation or mandate"),
                asked.provision and f"{asked.provision} {self.provision(asked.provision)}",
            ),
            (N_("State"), asked.state and self.party(asked.state)),
            (N_("Region"), asked.subregion and self.classified("subregion", asked.subregion)),
        ]
        return tuple((self.say(label), value) for label, value in chosen if value)

    def codes(self, *, cycle: bool = True, **more: str) -> tuple[tuple[str, str], ...]:
        """The same as (parameter, code), for programs and for addresses."""
        asked = self.board.asked
        found = {
            "cycle": self.board.cycle.code if cycle and self.board.cycle else "",
            "pillar": asked.pillar,
            "theme": asked.theme,
            "instrument": asked.instrument,
            "provision": asked.provision,
            "state": asked.state.lower(),
            "subregion": asked.subregion,
            **more,
        }
        return tuple((name, code) for name, code in found.items() if code)

    def _instrument(self, code: str) -> str:
        row = self.board.instruments.get(code)
        return self.pick(row.title) if row else code

    # addresses

    def address(self, figure: str, more: Mapping[str, str] | None = None, *, cycle: bool = True) -> str:
        """Another figure with the same filters, and these beside or instead of them."""
        query = {**(self._codes if cycle else self._codes_without_cycle), **(more or {})}
        return f"/figures/{figure}?{_encoded(tuple((name, code) for name, code in query.items() if code))}"

    @cached_property
    def _codes(self) -> dict[str, str]:
        return dict(self.codes())

    @cached_property
    def _codes_without_cycle(self) -> dict[str, str]:
        return dict(self.codes(cycle=False))

    def commitment(self, party: str, provision: str, cycle: str) -> str:
        return f"/states/{party.lower()}{_of_party(provision, cycle)}"

    def state_page(self, party: str) -> str:
        cycle = self.board.cycle
        return f"/states/{party.lower()}" + (f"?cycle={quote(cycle.code)}" if cycle else "")

    # values of tables

    def shown_share(self, share: Share, href: str = "") -> Value:
        """ "12 of 15"; the items behind it where there are any."""
        return Value(shares.say_count(share, self.language), (share.count, share.total), href if share.total else "")

    def state_value(self, party: PartyCoverage | None, code: str) -> Value:
        return Value(self.pick(party.name) if party else code, code, self.state_page(code))

    def party_value(self, code: str) -> Value:
        return Value(self.party(code), code, self.state_page(code))

    def provision_value(self, code: str) -> Value:
        return Value(f"{code} {self.provision(code)}", code, f"/provisions/{quote(code)}")

    def date_value(self, moment: date | datetime | None) -> Value:
        if moment is None:
            return Value("–")
        day = moment.date() if isinstance(moment, datetime) else moment
        return Value(wording.say_date(day, self.language), day.isoformat())

    def rating_value(self, rating: Rating | None) -> Value:
        return Value(self.label(rating), rating.value, mark=rating.value) if rating else Value("–")

    def standing(self, cell: Cell) -> tuple[str, str]:
        """(Key of the palette, word): the published rating, or how far the report has come."""
        if cell.rating is not None:
            return cell.rating.value, self.label(cell.rating)
        key, word = STANDINGS[cell.stage]
        return key, self.say(word)

    def standing_legend(self, ratings: Sequence[Rating]) -> tuple[tuple[str, str], ...]:
        """(Key, word) of the ratings and of all that stands in for one."""
        without = {key: self.say(word) for key, word in STANDINGS.values()}
        return (
            *((r.value, self.label(r)) for r in ratings),
            *((key, without[key]) for key in (IN_REVIEW, MISSING, NOT_DUE)),
        )

    def column(self, key: str, label: str, kind: Kind = Kind.TEXT) -> Column:
        return Column(key, self.say(label), kind)
