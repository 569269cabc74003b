"""The spreadsheet survives LibreOffice: opened, filled in, saved, sent back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from openpyxl.worksheet.datavalidation import DataValidation

from tests.cast import Cast
from tests.support.office import Resave
from tests.support.sending import send
from tests.workbook_scene import Book, download, send_back
from tracker.domain.vocabulary import Rating
from tracker.services import records
from tracker.services.report_content import ReportContent, of_draft


def filled_in(book: Book, rating: str) -> Book:
    return (
        book.put("answers", "CS-03.a", rating=rating, narrative="Línea uno – ÑandeJára.\n- Línea dos.\n=No es fórmula.")
        .put("indicators", "CS-03-I1", value="Sí")
        .put("indicators", "CS-03-I2", value=1234567.5, currency="GTQ", from_=date(2025, 1, 1), to=date(2025, 12, 31))
        .put("indicators", "CS-03-I5", value=45.5)
        .put("indicators", "CS-04-I2", not_available="Not available")
        .put("whole", "CS-03", obstacles="Un obstáculo.")
    )


def check(book: Book, name: str, code: str, field: str) -> DataValidation:
    cell = book.cell(name, code, field)
    return next(v for v in book.sheet(name).data_validations.dataValidation if cell.coordinate in v.sqref)


def is_whole(book: Book) -> None:
    """Structure locked, inputs open, lists, help and hidden parts there."""
    for sheet in book.book.worksheets:
        assert sheet.protection.sheet, f"{sheet.title} is no longer protected"
        assert (sheet.sheet_state != "visible") == (sheet.title == book.hidden.title)
    answers = book.sheet("answers")
    assert answers.column_dimensions["A"].hidden
    assert answers.row_dimensions[1].hidden
    assert book.cell("answers", "CS-03.a", "asked").protection.locked
    assert not book.cell("answers", "CS-03.a", "narrative").protection.locked
    assert book.cell("answers", "CS-03.a", "narrative").number_format == "@"
    rating = check(book, "answers", "CS-03.a", "rating")
    assert rating.type == "list"
    assert str(rating.formula1).replace("$", "").replace("=", "").endswith("tracker!C1:C5")
    assert [c.value for c in book.hidden["C"] if c.value]
    assert rating.prompt
    assert check(book, "indicators", "CS-03-I2", "currency").type == "list"
    assert check(book, "indicators", "CS-03-I2", "value").type == "decimal"
    assert check(book, "indicators", "CS-03-I2", "from").type == "date"
    assert any(one.name.startswith("tracker_seal_") for one in book.book.custom_doc_props.props)


def test_opened_filled_in_saved_and_sent_back(cast: Cast, client: FlaskClient, libreoffice: Resave) -> None:
    cast.fill(cast.report_id("GT", "CS-05"), "focal.gt", "Dicho antes.\nEn dos líneas.")
    cast.sign_in(client, "focal.gt")
    made = download(client)
    ours = Book(made)
    is_whole(ours)
    rating = str(ours.hidden["C2"].value)
    # Saved by LibreOffice before the answers are in it, and after.
    saved = libreoffice({"empty": made, "full": filled_in(ours, rating).content()})
    opened = Book(saved["empty"])
    is_whole(opened)
    is_whole(Book(saved["full"]))

    assert send_back(client, saved["empty"]).location == "/workbooks", "saving alone changes nothing"
    first = send_back(client, filled_in(opened, rating).content())
    second = send_back(client, saved["full"])
    assert first.location.startswith("/workbooks/return/"), first.get_data(as_text=True)
    assert second.location == first.location, "both ways through LibreOffice say the same"

    page = client.get(first.location).get_data(as_text=True)
    fields: dict[str, Any] = dict(re.findall(r'name="(version-\d+)" value="(\d+)"', page))
    assert send(client, first.location, accept="clean", **fields).status_code == 303
    said = stored(cast, "CS-03")
    assert said.answers[0].self_assessment is Rating.LARGELY
    assert said.answers[0].narrative == "Línea uno – ÑandeJára.\n- Línea dos.\n=No es fórmula."
    assert said.obstacles == "Un obstáculo."
    values = {v.indicator: v for v in said.indicators}
    assert values["CS-03-I1"].value == "yes"
    assert (values["CS-03-I2"].value, values["CS-03-I2"].currency) == ("1234567.5", "GTQ")
    assert (values["CS-03-I2"].period_start, values["CS-03-I2"].period_end) == (date(2025, 1, 1), date(2025, 12, 31))
    assert values["CS-03-I5"].value == "45.5"
    assert stored(cast, "CS-04").indicators[0].not_available
    assert stored(cast, "CS-05").answers[0].narrative == "Dicho antes.\nEn dos líneas."


def stored(cast: Cast, provision: str) -> ReportContent:
    with cast.reading() as session:
        report = records.report(session, cast.report_id("GT", provision))
        assert report is not None
        return of_draft(report)
