"""Numbers as people of four languages type them, and every other type of value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.measures import (
    BadMeasure,
    DataType,
    for_input,
    in_groups,
    is_asked_of,
    is_canonical,
    parts_of_choice,
    read,
    read_currency,
)
from tracker.domain.vocabulary import PartyKind

CLEAR = {
    "1.234,5": "1234.5",
    "1 234,5": "1234.5",
    "1\u202f234,5": "1234.5",
    "1\u00a0234.5": "1234.5",
    "1,234.5": "1234.5",
    "1'234'567.50": "1234567.5",
    "1'234,567.00": "1234567",
    "1,234,567": "1234567",
    "1.234.567": "1234567",
    "1.234.567,89": "1234567.89",
    "0,123": "0.123",
    ",5": "0.5",
    "1234,567": "1234.567",
    "1 234.567": "1234.567",
    "007": "7",
    "0": "0",
    "0,00": "0",
}


@pytest.mark.parametrize(("typed", "kept"), CLEAR.items())
def test_money_is_read_as_every_country_writes_it(typed: str, kept: str) -> None:
    found = read("money", typed)
    assert (found.value, found.doubtful) == (kept, False)


@pytest.mark.parametrize("typed", ["1,234", "1.234"])
def test_one_mark_before_three_digits_is_decided_by_what_is_measured_and_told(typed: str) -> None:
    assert read("money", typed).value == read("integer", typed).value == "1234"
    assert read("money", typed).doubtful
    assert read("integer", typed).doubtful
    assert read("money", "1'234,567").value == "1234567"
    assert read("money", "1'234,567").doubtful
    assert (read("percentage", "12,345").value, read("percentage", "12,345").doubtful) == ("12.345", True)
    with pytest.raises(BadMeasure, match="ambiguous"):
        read("number", typed)


@pytest.mark.parametrize(
    ("data_type", "typed", "code"),
    [
        ("integer", "", "required"),
        ("integer", "a lot", "no_number"),
        ("integer", "12 34", "no_number"),
        ("integer", "1,23,456", "no_number"),
        ("integer", "1.234 567", "no_number"),
        ("integer", "1.234,567.8", "no_number"),
        ("integer", "5,", "no_number"),
        ("integer", "\u0661\u0662", "no_number"),
        ("integer", "1e3", "no_number"),
        ("integer", "1,5", "not_whole"),
        ("integer", "-1", "negative"),
        ("money", "\u22125", "negative"),
        ("money", "9" * 19, "too_large"),
        ("money", "1.1234567", "too_precise"),
        ("percentage", "100,1", "over_100"),
        ("ratio", "2", "computed"),
        ("boolean", "maybe", "no_choice"),
        ("choice", "whole", "no_choice"),
        ("multi_choice", ";", "required"),
        ("multi_choice", "none; other", "no_choice"),
        ("date", "2025-02-30", "no_date"),
        ("date", "30/06/2025", "no_date"),
        ("date", "0001-01-01", "no_date"),
    ],
)
def test_what_is_no_value_of_the_type_is_refused_by_a_code(data_type: str, typed: str, code: str) -> None:
    with pytest.raises(BadMeasure) as refused:
        read(data_type, typed, ("none", "full"))
    assert refused.value.code == code


def test_bounds_and_other_types() -> None:
    assert read("percentage", "100 %").value == "100"
    assert read("number", "-1,5").value == "-1.5"
    assert read("number", "-0").value == "0"
    assert read("boolean", "no").value == "no"
    assert read("date", " 2025-06-30 ").value == "2025-06-30"
    assert read("choice", "full", ("none", "full")).value == "full"
    chosen = read("multi_choice", "impact;dimension", ("dimension", "nature", "impact")).value
    assert chosen == "dimension; impact"
    assert parts_of_choice(chosen) == ("dimension", "impact")
    assert read_currency(" gtq ") == "GTQ"
    with pytest.raises(BadMeasure, match="no_currency"):
        read_currency("QUETZAL")


@pytest.mark.parametrize("data_type", [DataType.MONEY, DataType.PERCENTAGE, DataType.NUMBER])
@given(whole=st.integers(0, 100), decimals=st.from_regex(r"\A([0-9]{0,5}[1-9])?\Z"))
def test_what_is_kept_comes_back_the_same_from_the_field(data_type: str, whole: int, decimals: str) -> None:
    """Otherwise a save that changes nothing would change 1.234 into 1234."""
    if data_type == DataType.PERCENTAGE and whole == 100:
        decimals = ""
    kept = f"{whole}.{decimals}" if decimals else str(whole)
    assert read(data_type, for_input(data_type, kept)).value == kept
    assert read(data_type, in_groups(data_type, kept)).value == kept
    assert is_canonical(data_type, kept)


@given(st.text(alphabet="0123456789.,'- \u00a0%", max_size=12), st.sampled_from(["money", "integer", "percentage"]))
def test_whatever_is_typed_is_read_or_refused(typed: str, data_type: str) -> None:
    try:
        value = read(data_type, typed).value
    except BadMeasure:
        return
    assert is_canonical(data_type, value)


def test_large_numbers_stand_in_groups_that_read_one_way() -> None:
    shown = {"1234": "1234", "12345": "12 345", "1234567.891": "1 234 567.891", "1.234": "1.2340"}
    assert {kept: in_groups("money", kept) for kept in shown} == shown
    for kept, typed in shown.items():
        assert (read("money", typed).value, read("money", typed).doubtful) == (kept, False)
    assert in_groups("date", "2025-06-30") == "2025-06-30"


def test_canonical_text_has_one_form_only() -> None:
    assert not is_canonical("money", "1.50")
    assert not is_canonical("money", "1,000")
    assert not is_canonical("money", "")
    assert not is_canonical("integer", "01")
    assert is_canonical("multi_choice", "a; b", ("a", "b"))
    assert not is_canonical("multi_choice", "b; a", ("a", "b"))


def test_each_party_is_asked_for_what_it_does() -> None:
    state, secretariat = PartyKind.MEMBER_STATE, PartyKind.GENERAL_SECRETARIAT
    asked = {code: (is_asked_of(code, state), is_asked_of(code, secretariat)) for code in ("CS-01-I2", "CS-01-I3")}
    assert asked == {"CS-01-I2": (False, True), "CS-01-I3": (True, False)}
    assert is_asked_of("CS-09-I1", state)
    assert is_asked_of("CS-09-I1", secretariat)
