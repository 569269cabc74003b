"""What the tables and columns of the open data mean, in words: dictionary, README and page say the same."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.services.open_data_content import Column, Kind, Shape
from tracker.wording import N_

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
KINDS: Mapping[Kind, str] = {
    Kind.CODE: N_("code"),
    Kind.TEXT: N_("text"),
    Kind.DATE: N_("date"),
    Kind.INTEGER: N_("whole number"),
    Kind.DECIMAL: N_("decimal number"),
    Kind.YES_NO: N_("true or false"),
    Kind.LIST: N_("list of codes"),
}
TITLES: Mapping[str, str] = {
    "parties": N_("Reporting parties: Member States, the General Secretariat, cooperation agencies"),
    "instruments": N_("Source documents"),
    "provisions": N_("Recommendations and mandates"),
    "indicators": N_("Indicators: how progress is measured"),
    "cycles": N_("Reporting cycles"),
    "commitments": N_("Every commitment in every cycle: reported, rated, and what the three voices say"),
    "coverage": N_("Coverage and timeliness by party and cycle"),
    "figures": N_("Declared figures of indicators, of the whole (not by category)"),
    "budget": N_("Declared budget lines, in the currency declared"),
    "activities": N_("Activities and programmes of the Secretariat"),
}
_EVERYWHERE: Mapping[str, str] = {
    "party": N_("the reporting party, as in parties.csv"),
    "kind": N_("member_state, general_secretariat or cooperation_agencies"),
    "instrument": N_("the source document"),
    "title_en": N_("in English"),
    "title_es": N_("in Spanish"),
    "title_pt": N_("in Portuguese"),
    "title_fr": N_("in French"),
    "provision": N_("the recommendation or mandate, as in provisions.csv"),
    "pillars": N_("pillars, as classified by the source or by the Secretariat"),
    "indicator": N_("the indicator"),
    "cycle": N_("the reporting cycle, as in cycles.csv"),
    "period_start": N_("first day of the period reported on"),
    "period_end": N_("last day of the period reported on"),
    "due_on": N_("day on which reports are due"),
    "stage": N_("not_due, not_reported (due and not reported; never the same as not implemented), in_review, …"),
    "on_time": N_("reported by the due date; empty: not reported"),
    "currency": N_("ISO 4217"),
}
"""By column, where it means the same in every table but those below."""
_OF_TABLE: Mapping[str, Mapping[str, str]] = {
    "parties": {
        "party": N_("ISO 3166 alpha-2 code of a State; GS or ICA"),
        "iso3": N_("ISO 3166 alpha-3 code of a State"),
        "subregion": N_("part of the hemisphere"),
        "takes_part": N_("takes part in this follow-up on the day of the release"),
        "name_en": N_("in English"),
        "name_es": N_("in Spanish"),
        "name_pt": N_("in Portuguese"),
        "name_fr": N_("in French"),
    },
    "instruments": {
        "kind": N_("what kind of document it is"),
        "symbol": N_("document symbol"),
        "document_date": N_("date of the document"),
        "is_paraphrase": N_("the source available is a paraphrase"),
    },
    "provisions": {
        "kind": N_("recommendation, activity, mandate or assembly_provision"),
        "instrument": N_("the document it stands in"),
        "provision": N_("the recommendation or mandate"),
        "number": N_("its number in the document"),
        "strength": N_("how it binds: recommended by civil society is no obligation of a State"),
        "is_scored": N_("false: shown and never rated"),
        "addressees": N_("kinds of party that owe it"),
        "pillar_basis": N_("who classified it: source, ours or none"),
        "themes": N_("themes"),
    },
    "indicators": {
        "kind": N_("structural, process or outcome"),
        "data_type": N_("type of its values"),
        "computed": N_("worked out from others, not declared"),
        "counts_persons": N_("a count of persons: one to four are not given"),
        "label_en": N_("in English"),
        "label_es": N_("in Spanish"),
        "label_pt": N_("in Portuguese"),
        "label_fr": N_("in French"),
    },
    "figures": {
        "indicator": N_("the indicator, as in indicators.csv"),
        "period_start": N_("first day it speaks of"),
        "period_end": N_("last day it speaks of"),
        "value": N_("as declared; empty where not available, which is not zero"),
        "hidden": N_("in the place of a small count of persons: fewer than five, or not shown"),
        "not_available": N_("the party says that there is no figure"),
    },
    "cycles": {
        "cycle": N_("the reporting cycle"),
        "opens_on": N_("day on which it opens"),
        "closes_on": N_("last day on which a report may be submitted"),
    },
    "commitments": {
        "due_on": N_("day on which the report was or is due"),
        "reported_on": N_("day of the first submission; empty: not reported"),
        "self_assessment": N_("how the party rates itself, in the revision that was rated"),
        "rating": N_("rating by the Secretariat; empty: none published"),
        "strength_of_evidence": N_("how well it is shown"),
        "comment": N_("how the right of reply ended: commented, waived or none_received"),
        "observers": N_("views of accredited observers, each once"),
        "voices_differ": N_("party, Secretariat and observers do not all say the same"),
        "published_on": N_("day on which the rating was published (UTC)"),
    },
    "budget": {
        "stage": N_("allocated or executed"),
        "fiscal_year": N_("2025 or 2024/2025; empty where it was written otherwise"),
        "purpose": N_("anti_trafficking; anti_drug, asked for comparison"),
        "amount": N_("amount"),
    },
    "coverage": {
        "on_time": N_("of those reported on: by the due date"),
        "owed": N_("commitments owed"),
        "reported": N_("of those owed: reported on"),
        "rated": N_("of those reported on: with a published rating"),
    },
    "activities": {
        "activity": N_("the activity"),
        "is_programme": N_("a programme, not one event"),
        "type": N_("what it was"),
        "starts_on": N_("first day"),
        "ends_on": N_("last day"),
        "date_precision": N_("how exact the source is: day, month or year"),
        "date_uncertain": N_("the source is ambiguous"),
        "country": N_("where it took place: ISO 3166 alpha-2"),
        "states": N_("States named in its entry"),
    },
}


def title(shape: Shape) -> str:
    """Of a table; marked, to be translated by who shows it."""
    return TITLES[shape.name]


def meaning(shape: Shape, column: Column) -> str:
    """Of a column; marked, to be translated by who shows it."""
    return _OF_TABLE.get(shape.name, {}).get(column.name) or _EVERYWHERE[column.name]
