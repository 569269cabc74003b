"""PDF files: what they must not hold, their text, and pictures of their pages for reading them safely."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from tracker.domain.errors import Unmet
from tracker.files.texts import Passage

MOST_PAGES_READ = 500
MOST_PICTURES = 40
"""Pages drawn for reading in the browser; the rest is in the file."""
WIDTH = 1000
"""Of a picture, in points of the screen."""
TALLEST = 3000
QUALITY = 80
PASSWORD_ERROR = 4


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Raises Unmet(file=…): ``protected``, ``damaged``, ``program`` (scripts, attached files)."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unmet(file="protected" if error.err_code == PASSWORD_ERROR else "damaged") from None
    if not len(document):
        raise Unmet(file="damaged")
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 or pdfium.FPDFDoc_GetAttachmentCount(document) > 0:
        raise Unmet(file="pdf_program")
    return document


def texts(document: pypdfium2.PdfDocument) -> Iterator[Passage]:
    """The text of each page; a page that is only a picture has none."""
    for number in range(min(len(document), MOST_PAGES_READ)):
        page = document[number]
        words = page.get_textpage()
        yield f"page:{number + 1}", words.get_text_range()
        words.close()
        page.close()


def draw(document: pypdfium2.PdfDocument, folder: Path) -> int:
    """Pictures of the first pages as ``page-001.jpg`` and so on; how many."""
    number = 0
    for number in range(1, min(len(document), MOST_PICTURES) + 1):
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), TALLEST / max(height, 1))
        picture = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
        picture.save(folder / f"page-{number:03d}.jpg", "JPEG", quality=QUALITY, optimize=True)
        picture.close()
        page.close()
    return number
