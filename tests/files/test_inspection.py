"""What is read of a file, in a process of its own: its text, its picture without metadata, pictures of its pages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from tests.support import samples
from tracker.files import images, inspection, inspection_child
from tracker.files.kinds import Kind


def looked_at(tmp_path: Path, kind: Kind, content: bytes) -> inspection.Inspection:
    source, folder = tmp_path / "source", tmp_path / "out"
    source.write_bytes(content)
    folder.mkdir()
    return inspection.inspect(source, kind, folder)


def test_a_pdf_gives_its_text_by_page_and_pictures_of_its_pages(tmp_path: Path) -> None:
    found = looked_at(tmp_path, Kind.PDF, samples.pdf("Call 5550199"))
    assert (found.problem, found.texts) == ("", [("page:1", "Call 5550199")])
    with Image.open(found.pages[0]) as picture:
        assert picture.width == 1000
    assert found.cleaned is None


def test_a_file_that_breaks_its_reader_breaks_nothing_else(tmp_path: Path) -> None:
    assert looked_at(tmp_path, Kind.PDF, b"%PDF-1.7\nnothing").problem == "damaged"


def test_a_pdf_with_a_script_is_refused(tmp_path: Path) -> None:
    assert looked_at(tmp_path, Kind.PDF, samples.pdf_with_script()).problem == "pdf_program"


def test_a_reader_that_runs_for_ever_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "SECONDS", 0.05)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "out").mkdir()
    assert inspection.inspect(pipe, Kind.TEXT, tmp_path / "out").problem == "damaged"


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        (
            Kind.WORD,
            samples.word("Primero", "Segundo año"),
            [("paragraph:1", "Primero"), ("paragraph:2", "Segundo año")],
        ),
        (
            Kind.EXCEL,
            samples.excel(("Cédula", "Año"), ("1234", 2025)),
            [("row:Sheet!1", "Cédula; Año"), ("row:Sheet!2", "Cédula 1234; Año 2025")],
        ),
        (Kind.CSV, b"dni;n\n77;2\n", [("row:1", "dni; n"), ("row:2", "dni 77; n 2")]),
        (Kind.TEXT, "uno\n\naño".encode("cp1252"), [("line:1", "uno"), ("line:3", "año")]),
    ],
    ids=lambda value: value if isinstance(value, Kind) else "",
)
def test_text_is_read_with_its_place(tmp_path: Path, kind: Kind, content: bytes, expected: list) -> None:
    (tmp_path / "source").write_bytes(content)
    found = inspection_child.look(kind, tmp_path / "source", tmp_path)
    assert (found["texts"], found["truncated"]) == (expected, False)


@pytest.mark.parametrize(("form", "ending"), [("JPEG", "jpg"), ("PNG", "png")])
def test_pictures_lose_where_and_by_what_they_were_taken(tmp_path: Path, form: str, ending: str) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(samples.photograph(form) + b"INVENTED TAIL")
    images.strip(source, target, ending)
    kept = target.read_bytes()
    assert b"INVENTED" not in kept
    assert b"Exif" not in kept
    with Image.open(target) as picture:
        assert not picture.getexif()
        assert picture.size == (40, 60), "turned as the camera said"


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_PIXELS", 1000)
    (tmp_path / "source").write_bytes(samples.photograph())
    with pytest.raises(images.Unmet) as refusal:
        images.strip(tmp_path / "source", tmp_path / "target", "jpg")
    assert refusal.value.problems == {"file": "too_many_pixels"}
