"""Small files for the tests of evidence, made on the spot: honest ones, and such as must be refused."""

from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook
from PIL import Image

WORD_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(text: str = "A protocol for referral") -> bytes:
    """One page with a line of text (Latin letters, no brackets)."""
    stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode("latin-1")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    return _numbered(objects)


def pdf_with_script() -> bytes:
    """Runs a script when it is opened."""
    return _numbered(
        (
            b"<< /Type /Catalog /Pages 2 0 R /Names << /JavaScript << /Names [(a) 4 0 R] >> >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
        )
    )


def _numbered(objects: tuple[bytes, ...]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    begin = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, begin)
    return bytes(out)


def package(**members: str | bytes) -> bytes:
    """A package with these members; a name's first underscores and slashes as given in a dictionary's keys."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return made.getvalue()


def word(*paragraphs: str, **more: str | bytes) -> bytes:
    """A document of these paragraphs; ``more`` members by name."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs or ("A protocol.",))
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": WORD_TYPES,
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
    }
    return package(**(members | more))


def excel(*rows: tuple[object, ...]) -> bytes:
    made = io.BytesIO()
    book = Workbook()
    for row in rows or (("Year", "Cases"), (2025, 12)):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def photograph(form: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """With the place where it was taken, the camera and a comment in it, lying on its side."""
    picture = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[0x0110] = "INVENTED CAMERA"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (14.0, 38.0, 0.0), 3: "W", 4: (90.0, 30.0, 0.0)})
    made = io.BytesIO()
    more = {"comment": b"INVENTED COMMENT"} if form == "JPEG" else {}
    picture.save(made, form, exif=exif, **more)
    return made.getvalue()
