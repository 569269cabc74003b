"""How pages say what the check of a file found, where in the file, and how large it is."""

from __future__ import annotations

from babel import numbers
from flask import Flask

from tracker import wording
from tracker.domain.privacy import Suspicion
from tracker.domain.vocabulary import FileState
from tracker.files.kinds import KIND_OF, PICTURES, Kind
from tracker.files.scanning import Scan
from tracker.web.forms.evidence import FILE_PROBLEMS
from tracker.web.forms.personal_data import SUSPICIONS
from tracker.web.languages import choose
from tracker.web.languages import gettext as _
from tracker.wording import N_

KILO, MEGA = 1024, 1024 * 1024
PLACES = {
    "page": N_("page %(where)s"),
    "paragraph": N_("paragraph %(where)s"),
    "row": N_("row %(where)s"),
    "line": N_("line %(where)s"),
}
KINDS = {
    Kind.PDF: "PDF",
    Kind.WORD: "Word",
    Kind.EXCEL: "Excel",
    Kind.PNG: "PNG",
    Kind.JPEG: "JPEG",
    Kind.TEXT: "TXT",
    Kind.CSV: "CSV",
}
SCANS = {
    Scan.CLEAN: N_("Scanned for viruses: nothing found"),
    Scan.INFECTED: N_("The virus scanner found something in the file."),
    Scan.NOT_SCANNED: N_("Not scanned for viruses: this installation has no scanner"),
}
STATE_COLOURS: dict[str, str] = {
    FileState.WAITING: "blue",
    FileState.NEEDS_REASON: "yellow",
    FileState.CLEAN: "green",
    FileState.REFUSED: "red",
    FileState.PURGED: "grey",
}


def file_size(size: int) -> str:
    """Bytes in the reader's way of writing numbers: 812 kB, 3.4 MB."""
    locale = wording.LOCALES[choose()]
    if size < MEGA:
        return f"{numbers.format_decimal(max(1, round(size / KILO)), locale=locale)} kB"
    return f"{numbers.format_decimal(round(size / MEGA, 1), locale=locale)} MB"


def file_kind(media_type: str) -> str:
    """PDF, Word, Excel and so on."""
    kind = KIND_OF.get(media_type)
    return KINDS[kind] if kind else media_type


def file_place(place: str) -> str:
    """``page:3`` → "page 3", ``row:Sheet1!4`` → "row Sheet1!4", ``name`` → "name of the file"."""
    if place == "name":
        return _("name of the file")
    what, _colon, where = place.partition(":")
    return _(PLACES[what]) % {"where": where} if what in PLACES else place


def file_suspicion(kind: str) -> str:
    """What the personal-data check takes a passage for."""
    known = {str(suspicion): words for suspicion, words in SUSPICIONS.items()}
    return _(known[kind]) if kind in known else _("data about a person") if kind in set(Suspicion) else kind


def file_problem(code: str) -> str:
    """Why a file was refused, and what to do; empty where nothing is to be said."""
    return _(FILE_PROBLEMS[code]) if code in FILE_PROBLEMS else ""


def file_scan(said: str) -> str:
    """What the virus scanner said; empty before the check."""
    return _(SCANS[Scan(said)]) if said in set(Scan) else ""


def can_be_shown(media_type: str) -> bool:
    """Whether a page of ours can show the file: as pictures."""
    return KIND_OF.get(media_type) in PICTURES | {Kind.PDF}


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        file_size=file_size,
        file_kind=file_kind,
        file_place=file_place,
        file_suspicion=file_suspicion,
        file_problem=file_problem,
        file_scan=file_scan,
        can_be_shown=can_be_shown,
        file_colour=lambda state: STATE_COLOURS.get(str(state), "grey"),
    )
