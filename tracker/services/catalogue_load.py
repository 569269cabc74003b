"""Loading the catalogue from ``seed_recommendations/``: idempotent, and never over what a person edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from tracker.domain.vocabulary import InstrumentKind, PartyKind, ProvisionKind
from tracker.models import (
    Activity,
    ActivityDocument,
    CatalogueRelease,
    Classification,
    ContextStatement,
    Element,
    Indicator,
    Instrument,
    MemberState,
    Participation,
    Provision,
    ProvisionVersion,
    ReportingParty,
)
from tracker.services import audit, search_index

FOLDER = Path(__file__).parents[2] / "seed_recommendations"
INSTRUMENTS = ("csc-2012.yaml", "wp-2010-2012.yaml", "strategy.yaml")
GENERAL_SECRETARIAT = "GS"
COOPERATION_AGENCIES = "ICA"
SECRETARIAT_ZONE = "America/New_York"
"""The General Secretariat sits in Washington, D.C. (section_strategy.yaml, unit.address)."""

Say = Callable[[str], None]
Plain = Mapping[str, Any]


@dataclass
class Loaded:
    """What a run did: counts by kind of record."""

    made: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    """Edited by a person, left alone although the file says otherwise."""
    unchanged: bool = False


def load(session: Session, *, now: datetime, folder: Path = FOLDER, say: Say = lambda _line: None) -> Loaded:
    """Bring the database in step with the files. Loading twice changes nothing."""
    files = sorted(folder.glob("*.yaml"))
    digest = hashlib.sha256(b"".join(f.name.encode() + f.read_bytes() for f in files)).hexdigest()
    newest = session.scalar(sa.select(CatalogueRelease.digest).order_by(CatalogueRelease.id.desc()).limit(1))
    if newest == digest:
        return Loaded(unchanged=True)
    run = _Run(session, now, folder)
    for number, (what, step) in enumerate(run.steps, 1):
        say(f"  catalogue {number}/{len(run.steps)}: {what}")
        step()
    session.add(CatalogueRelease(digest=digest, loaded_at=now))
    audit.record(session, "catalogue.load", now=now, old={"sha256": newest}, new={"sha256": digest})
    search_index.catalogue(session)
    return run.result


class _Run:
    def __init__(self, session: Session, now: datetime, folder: Path) -> None:
        self.session = session
        self.now = now
        self.folder = folder
        self.result = Loaded()
        self.steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("words", self._words),
            ("Member States and other reporting parties", self._parties),
            ("instruments and provisions", self._instruments),
            ("activities and documents", self._activities),
        )

    def _read(self, name: str) -> dict[str, Any]:
        with (self.folder / name).open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=yaml.CSafeLoader)

    def _count(self, kept: dict[str, int], what: str) -> None:
        kept[what] = kept.get(what, 0) + 1

    def _by_code(self, model: Any, column: Any) -> dict[str, Any]:
        return {getattr(row, column.key): row for row in self.session.scalars(sa.select(model))}

    # words

    def _words(self) -> None:
        words = self._read("vocabulary.yaml")
        activities = self._read("activities.yaml")
        states = self._read("states.yaml")
        axes: dict[str, Iterable[Plain]] = {
            "pillar": words["pillars"],
            "theme": words["themes"],
            "form_of_exploitation": words["forms_of_exploitation"],
            "subregion": states["subregions"],
            "activity_type": activities["activity_types"],
            "oas_role": activities["oas_roles"],
            "document_kind": activities["document_kinds"],
        }
        existing = {(c.axis, c.code): c for c in self.session.scalars(sa.select(Classification))}
        for axis, entries in axes.items():
            for position, entry in enumerate(entries):
                row = existing.get((axis, entry["code"]))
                if row is None:
                    row = Classification(axis=axis, code=entry["code"])
                    self.session.add(row)
                row.position = position
                row.name = dict(entry["name"])
                row.origin = entry.get("origin", "ours")
        self.kinds = {k["code"]: dict(k["name"]) for k in words["party_kinds"]}

    # parties

    def _parties(self) -> None:
        parties = self._by_code(ReportingParty, ReportingParty.code)
        for code, kind in (
            (GENERAL_SECRETARIAT, PartyKind.GENERAL_SECRETARIAT),
            (COOPERATION_AGENCIES, PartyKind.COOPERATION_AGENCIES),
        ):
            if code not in parties:
                self.session.add(
                    ReportingParty(
                        code=code,
                        kind=kind,
                        name=self.kinds[kind.value],
                        time_zone=SECRETARIAT_ZONE,
                        language="en",
                        approval_required=False,
                    )
                )
        for entry in self._read("states.yaml")["states"]:
            self._state(entry, parties.get(entry["iso2"]))
        self.session.flush()

    def _state(self, entry: Plain, party: ReportingParty | None) -> None:
        digest = _digest(entry)
        if party is None:
            party = ReportingParty(
                code=entry["iso2"],
                kind=PartyKind.MEMBER_STATE,
                name=dict(entry["name"]),
                time_zone=entry["time_zone"],
                language=entry["correspondence_language"],
            )
            self.session.add(party)
            party.state = MemberState(seed_digest="")
            if entry["takes_part_by_default"]:
                party.participations.append(
                    Participation(
                        starts_on=date(entry["member_since_year"], 1, 1),
                        reason="Takes part by default (catalogue).",
                    )
                )
        state = party.state
        if state is None or state.seed_digest == digest:
            return
        self._count(self.result.changed if state.seed_digest else self.result.made, "states")
        party.name = dict(entry["name"])
        state.seed_digest = digest
        state.iso2, state.iso3 = entry["iso2"], entry["iso3"]
        state.official_name = dict(entry["official_name"])
        state.subregion = entry["subregion"]
        state.status = entry["status"]
        state.status_note = entry["status_note"]
        state.facts = _plain(
            {
                k: entry[k]
                for k in (
                    "capital",
                    "member_since_year",
                    "founding_signatory",
                    "participation",
                    "tip_protocol",
                    "official_languages",
                    "unverified",
                    "notes",
                )
            }
        )

    # instruments

    def _instruments(self) -> None:
        instruments = self._by_code(Instrument, Instrument.code)
        self.provisions = self._by_code(Provision, Provision.code)
        self.contexts = self._by_code(ContextStatement, ContextStatement.code)
        self.position = 0
        for number, name in enumerate(INSTRUMENTS):
            content = self._read(name)
            entry = content["instrument"]
            row = instruments.get(entry["code"])
            if row is None:
                row = Instrument(code=entry["code"], seed_digest="")
                self.session.add(row)
            digest = _digest([entry, content["provenance"]])
            if row.seed_digest != digest:
                self._count(self.result.changed if row.seed_digest else self.result.made, "instruments")
                self._fill_instrument(row, entry, content["provenance"], number, digest)
            self.session.flush()
            for provision in content["provisions"]:
                self._provision(row, provision)
            for position, statement in enumerate(content["context"]):
                self._context(row, statement, position)
        self.session.flush()

    def _fill_instrument(self, row: Instrument, entry: Plain, provenance: Plain, position: int, digest: str) -> None:
        row.kind = InstrumentKind(entry["kind"])
        row.title = dict(entry["title"])
        row.symbol = entry["symbol"]
        row.document_date = entry["document_date"]
        row.period_start_year = entry["period_start_year"]
        row.period_end_year = entry["period_end_year"]
        row.original_language = entry["original_language"]
        row.is_paraphrase = entry["is_paraphrase"]
        row.reading_note = dict(entry["reading_note"])
        row.position = position
        row.seed_digest = digest
        shown = {"code", "kind", "title", "symbol", "document_date", "reading_note"}
        row.facts = _plain({"provenance": provenance, **{k: v for k, v in entry.items() if k not in shown}})

    def _provision(self, instrument: Instrument, entry: Plain) -> None:
        self.position += 1
        row = self.provisions.get(entry["code"])
        digest = _digest(entry)
        if row is None:
            row = Provision(code=entry["code"], instrument_id=instrument.id, seed_digest="")
            row.version_number = 1
            self._count(self.result.made, "provisions")
            self.session.add(row)
            self._fill_provision(row, entry)
            row.versions.append(_version_of(row, "Loaded from the catalogue.", self.now))
        elif row.seed_digest != digest:
            if row.edited_by_person:
                self._count(self.result.kept, "provisions")
                _mark_counts(row, entry)
                return
            self._count(self.result.changed, "provisions")
            before = (row.title, row.text, row.text_status)
            self._fill_provision(row, entry)
            if before != (row.title, row.text, row.text_status):
                row.version_number += 1
                row.versions.append(_version_of(row, "A newer release of the catalogue corrects it.", self.now))
        else:
            return
        row.position = self.position
        row.seed_digest = digest
        self.session.flush()
        self._elements(row, entry)
        self._indicators(row, entry)

    def _fill_provision(self, row: Provision, entry: Plain) -> None:
        row.number = entry["number"]
        row.kind = ProvisionKind(entry["kind"])
        row.position = self.position
        row.strength = entry["strength"]
        row.is_scored = entry["is_scored"]
        row.not_scored_reason = entry["not_scored_reason"]
        row.pillars, row.themes = list(entry["pillars"]), list(entry["themes"])
        row.pillar_basis, row.addressee_basis = entry["pillar_basis"], entry["addressee_basis"]
        row.addressees = list(entry["addressees"])
        row.passage = entry["passage"]
        row.measurement = dict(entry["measurement"])
        row.asks_budget = entry.get("asks_budget", False)
        row.components = list(entry["components"])
        row.notes = list(entry["notes"])
        row.title, row.text = dict(entry["title"]), dict(entry["text"])
        row.text_status = dict(entry["text_status"])

    def _elements(self, row: Provision, entry: Plain) -> None:
        """The parts of the provision; where the source names none, one that stands for the whole."""
        entries = entry["elements"] or [
            {
                "code": entry["code"],
                "fragment": entry["text"]["en"],
                "label": entry["title"],
                "addressees": entry["addressees"],
            }
        ]
        existing = {e.code: e for e in row.elements}
        for position, part in enumerate(entries):
            element = existing.get(part["code"])
            if element is None:
                element = Element(code=part["code"])
                row.elements.append(element)
            element.position = position
            element.is_whole = not entry["elements"]
            element.fragment = part["fragment"]
            element.label = dict(part["label"])
            element.addressees = list(part["addressees"])

    def _indicators(self, row: Provision, entry: Plain) -> None:
        existing = {i.code: i for i in row.indicators}
        for position, part in enumerate(entry["indicators"]):
            indicator = existing.get(part["code"])
            if indicator is None:
                indicator = Indicator(code=part["code"])
                row.indicators.append(indicator)
            indicator.position = position
            indicator.label = dict(part["label"])
            indicator.kind, indicator.data_type = part["kind"], part["data_type"]
            indicator.unit, indicator.note = part["unit"], part["note"]
            indicator.choices = list(part["choices"])
            indicator.disaggregation = list(part["disaggregation"])
            indicator.computed = part["computed"]
            indicator.counts_persons = part.get("counts_persons", False)

    def _context(self, instrument: Instrument, entry: Plain, position: int) -> None:
        row = self.contexts.get(entry["code"])
        digest = _digest(entry)
        if row is None:
            row = ContextStatement(code=entry["code"], instrument_id=instrument.id, seed_digest="")
            self.session.add(row)
        if row.seed_digest == digest:
            return
        self._count(self.result.changed if row.seed_digest else self.result.made, "context statements")
        row.seed_digest = digest
        row.kind, row.position = entry["kind"], position
        row.number = str(entry["number"]) if entry["number"] is not None else None
        row.section = entry["section"]
        row.text, row.text_status = dict(entry["text"]), dict(entry["text_status"])
        row.pillars, row.themes = list(entry["pillars"]), list(entry["themes"])
        row.related, row.notes = list(entry["related"]), list(entry["notes"])

    # activities

    def _activities(self) -> None:
        content = self._read("activities.yaml")
        existing = self._by_code(Activity, Activity.code)
        entries = [(e, False) for e in content["activities"]] + [(e, True) for e in content["programmes"]]
        for position, (entry, is_programme) in enumerate(entries):
            row = existing.get(entry["code"])
            digest = _digest(entry)
            if row is None:
                row = Activity(code=entry["code"], seed_digest="")
                self.session.add(row)
            if row.seed_digest == digest:
                continue
            self._count(self.result.changed if row.seed_digest else self.result.made, "activities")
            _fill_activity(row, entry, position, is_programme, digest)
        self.session.flush()


def _fill_activity(row: Activity, entry: Plain, position: int, is_programme: bool, digest: str) -> None:
    row.position, row.is_programme, row.seed_digest = position, is_programme, digest
    row.title, row.title_status = dict(entry["title"]), dict(entry["title_status"])
    row.starts_on, row.ends_on = entry.get("start_date"), entry.get("end_date")
    row.date_precision = entry.get("date_precision")
    row.date_uncertain = entry.get("date_uncertain", False)
    row.type = entry["type"]
    row.place = entry.get("place_as_printed")
    row.country_iso2 = entry.get("country_iso2")
    row.state_iso2s = list(entry.get("states", []))
    row.pillars, row.themes = list(entry.get("pillars", [])), list(entry.get("themes", []))
    shown = {"code", "title", "title_status", "documents", "pillars", "themes", "states", "position"}
    row.facts = _plain({k: v for k, v in entry.items() if k not in shown})
    row.documents = [
        ActivityDocument(position=n, name=d["name"], kind=d["kind"], language=d["language"])
        for n, d in enumerate(entry.get("documents", []))
    ]


def _version_of(row: Provision, reason: str, now: datetime) -> ProvisionVersion:
    return ProvisionVersion(
        number=row.version_number,
        title=row.title,
        text=row.text,
        text_status=row.text_status,
        reason=reason,
        made_at=now,
    )


def _plain(value: Any) -> Any:
    """The value as JSON can keep it: dates as ISO text."""
    return json.loads(json.dumps(value, default=lambda d: d.isoformat()))


def _mark_counts(row: Provision, entry: Plain) -> None:
    """Which indicators count persons, also where a person edited the provision: small counts hang on it."""
    counting = {part["code"]: part.get("counts_persons", False) for part in entry["indicators"]}
    for indicator in row.indicators:
        indicator.counts_persons = counting.get(indicator.code, indicator.counts_persons)


def _digest(entry: Any) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True, default=str).encode()).hexdigest()
