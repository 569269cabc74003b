"""Columns of JSON are parsed once; what a caller does with the value stays with the caller."""

from __future__ import annotations

import json

from tracker.db import KEPT_TEXT, read_json


def test_what_is_read_may_be_changed_without_a_trace() -> None:
    for value in ({"en": "Brazil", "es": "Brasil"}, ["prevention"], [], {}):
        raw = json.dumps(value)
        first = read_json(raw)
        first.clear()
        if isinstance(first, list):
            first.append("other")
        assert read_json(raw) == value


def test_deep_and_long_values_are_never_shared() -> None:
    for value in ({"answers": [{"text": "a"}]}, [{"en": "x"}], {"n": 1}, {"en": "x" * KEPT_TEXT}, None, 3, "text"):
        raw = json.dumps(value)
        assert read_json(raw) == value
        if isinstance(value, dict | list):
            assert read_json(raw) is not read_json(raw)
    nested = read_json('{"answers": [{"text": "a"}]}')
    nested["answers"][0]["text"] = "changed"
    assert read_json('{"answers": [{"text": "a"}]}') == {"answers": [{"text": "a"}]}
