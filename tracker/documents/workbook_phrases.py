"""The sentences of the spreadsheet that ministries fill in offline. Help in a cell holds 255 characters at most."""

from __future__ import annotations

from tracker.services.workbook_content import ANSWERS, BUDGET, INDICATORS, WHOLE
from tracker.wording import N_

INSTRUCTIONS = N_("Instructions")
SHEET_NAMES = {ANSWERS: N_("Answers"), INDICATORS: N_("Indicators"), BUDGET: N_("Budget"), WHOLE: N_("Whole report")}
"""At most 31 characters, without : \\ / ? * [ ]."""

NAMED = N_("%(label)s:")
TITLE = N_("Answers to fill in offline")
STEPS = (
    N_("Fill in the white cells only. Coloured cells say what is asked; they are locked so that the file can be read."),
    N_("Click on a cell to see what goes into it. Cells with a list: choose from the list."),
    N_(
        "No names or details of victims, witnesses or suspects, in no cell: no case numbers, no addresses, no birth"
        " dates."
    ),
    N_("Leave a cell as it is where nothing changed. A row that you delete changes nothing."),
    N_("Where a figure does not exist, choose “Not available”. That is not the same as zero."),
    N_("Save the file as an Excel workbook (.xlsx). In LibreOffice, choose “Keep current format” when it asks."),
    N_(
        "Send the file back on the page named below. You will see line by line what would change, and nothing is stored"
        " before you accept it there."
    ),
)
MADE_BY = N_("Made by")
MADE_FOR = N_("Made for")
MADE_AT = N_("Made on")
COVERS = N_("Reporting cycle")
SEND_BACK = N_("Send it back on")
SHEETS_HERE = N_("What is in this file")
COUNTS = {
    ANSWERS: N_("elements to answer"),
    INDICATORS: N_("rows for indicators and their categories"),
    BUDGET: N_("rows for budget lines"),
    WHOLE: N_("reports, with room for what should be said of the whole"),
}

HEADS: dict[str, dict[str, str]] = {
    ANSWERS: {
        "code": N_("Code"),
        "asked": N_("What is asked"),
        "due": N_("Due on"),
        "previous": N_("Last published answer"),
        "rating": N_("How far is this carried out?"),
        "narrative": N_("What was done in this period?"),
    },
    INDICATORS: {
        "code": N_("Code"),
        "asked": N_("Indicator"),
        "previous": N_("Last published value"),
        "axis": N_("Broken down by"),
        "category": N_("Category"),
        "value": N_("Value"),
        "currency": N_("Currency"),
        "not_available": N_("Not available"),
        "from": N_("Period from"),
        "to": N_("Period to"),
        "note": N_("Note"),
    },
    BUDGET: {
        "code": N_("Code"),
        "asked": N_("Commitment"),
        "purpose": N_("Purpose"),
        "stage": N_("Allocated or executed"),
        "year": N_("Fiscal year"),
        "amount": N_("Amount"),
        "currency": N_("Currency"),
        "note": N_("Note"),
    },
    WHOLE: {
        "code": N_("Code"),
        "asked": N_("Commitment"),
        "due": N_("Due on"),
        "obstacles": N_("Obstacles"),
        "help_needed": N_("Help asked for"),
        "summary": N_("Of the whole"),
    },
}
WIDTHS: dict[str, dict[str, float]] = {
    ANSWERS: {"code": 10, "asked": 44, "due": 11, "previous": 32, "rating": 18, "narrative": 52},
    INDICATORS: {
        "code": 11,
        "asked": 38,
        "previous": 14,
        "axis": 16,
        "category": 18,
        "value": 16,
        "currency": 10,
        "not_available": 13,
        "from": 12,
        "to": 12,
        "note": 26,
    },
    BUDGET: {"code": 10, "asked": 34, "purpose": 26, "stage": 14, "year": 12, "amount": 20, "currency": 11, "note": 36},
    WHOLE: {"code": 10, "asked": 32, "due": 11, "obstacles": 38, "help_needed": 38, "summary": 38},
}
"""In characters: a page of A4 on its side takes some 130 at full size."""

NO_NAMES = N_("No names or details of victims, witnesses or suspects.")
HELP: dict[tuple[str, str], str] = {
    (ANSWERS, "rating"): N_("Choose from the list how far this is carried out, as your State sees it."),
    (ANSWERS, "narrative"): N_("Say in a sentence or more what was done, or why nothing was."),
    (INDICATORS, "axis"): N_("Choose from the list what the figure is broken down by."),
    (INDICATORS, "category"): N_("The category this row is about, for example “women” or “2025”."),
    (INDICATORS, "not_available"): N_("Choose “Not available” where there is no figure, and leave the value empty."),
    (INDICATORS, "from"): N_("First day of the period that the value is about: year-month-day, or as a date."),
    (INDICATORS, "to"): N_("Last day of the period that the value is about: year-month-day, or as a date."),
    (INDICATORS, "note"): N_("What a reader must know about the figure."),
    (BUDGET, "purpose"): N_(
        "Choose from the list what the money is for. Money against drugs is asked for comparison only."
    ),
    (BUDGET, "stage"): N_("Choose from the list: allocated in the budget, or executed (spent)."),
    (BUDGET, "year"): N_("As your State writes it: 2025, or 2024/2025."),
    (BUDGET, "amount"): N_("The amount as declared, in the currency of the budget: not converted, not rounded."),
    (BUDGET, "note"): N_("What a reader must know about the amount."),
    (WHOLE, "obstacles"): N_("What stood in the way."),
    (WHOLE, "help_needed"): N_("What help would be useful, and from whom."),
    (WHOLE, "summary"): N_("What should be said of the whole, beyond the single answers."),
}
CURRENCY_HELP = N_("Three letters, from the list: USD, BRL, GTQ …")
VALUE_HELP = {
    "boolean": N_("Choose yes or no."),
    "integer": N_("A whole number. Zero means none; where there is no figure, use the column “Not available”."),
    "number": N_("A number. Zero means none; where there is no figure, use the column “Not available”."),
    "money": N_("An amount as declared, in the currency of the next column: not converted, not rounded."),
    "percentage": N_("A number from 0 to 100, without the sign %."),
    "date": N_("A date: year-month-day, or as a date."),
    "choice": N_("Choose from the list."),
    "multi_choice": N_("One or more of these, with a semicolon between them:"),
}
TOTAL = N_("All together")
UNOFFICIAL = N_("Unofficial translation")
EXACT_WORDS, EXACT_WORDS_IN_ENGLISH = N_("Exact words"), N_("Exact words (English)")
WRONG_CHOICE = N_("Please choose from the list, or leave the cell empty.")
WRONG_NUMBER = N_("Please type a number here. Where there is no figure, use the column “Not available”.")
WRONG_DATE = N_("Please type a date here, for example 2025-12-31.")
TOO_LONG = N_("This text is too long for the report.")
