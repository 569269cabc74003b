"""What a page writes is escaped: by the short way of the template environment as by the long one."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup, escape

from tracker.documents.figure_content import Column, Kind, Table, Value
from tracker.domain.vocabulary import Rating
from tracker.web import charts, table_lines
from tracker.web.templates import written

EVIL = "<b title='x'>&amp; \"q\"</b>"


class Html:
    def __html__(self) -> str:
        return "<i>"


@pytest.mark.parametrize("value", [EVIL, "plain", "", Markup("<b>"), Rating.NOT, 3, 2.5, None, True, Html(), ["<"]])
def test_written_as_markupsafe_escapes(value: object) -> None:
    assert written(value) == escape(value)


def test_in_a_template(app: Flask) -> None:
    macro = "{% macro one(x) %}{{ x }}{% endmacro %}"
    source = macro + "{{ x }}|{{ one(x) }}|{% set y %}{{ x }}{% endset %}{{ y }}|{{ x ~ x }}"
    with app.test_request_context("/"):
        said = render_template_string(source, x=EVIL)
    assert said == "|".join([str(escape(EVIL))] * 3 + [str(escape(EVIL)) * 2])


def test_lines_put_together_in_python() -> None:
    columns = (Column("a", EVIL), Column("b", EVIL, Kind.SHARE))
    table = Table("t", EVIL, columns, ((Value(EVIL, href=EVIL), Value(EVIL, href=EVIL, mark="implemented")),))
    drawn = [
        table_lines.of_figure(table, table.rows),
        table_lines.of_matrix(table),
        table_lines.of_select([(EVIL, EVIL)], EVIL),
        charts.bar({"implemented": 3}, 4, [("implemented", EVIL)], "p"),
    ]
    for one in drawn:
        assert "<b title" not in one
        assert escape(EVIL) in one
