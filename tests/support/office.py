"""LibreOffice without a screen: opens a spreadsheet or a document, as a ministry would, and saves it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support import summary

PATIENCE = 120
"""Seconds; a first start makes a profile and takes some five."""

Convert = Callable[[Mapping[str, bytes]], dict[str, bytes]]
Resave = Convert


@pytest.fixture
def libreoffice(request: pytest.FixtureRequest, tmp_path: Path) -> Resave:
    """``libreoffice({"a": content, …})`` opens the workbooks, saves each, and gives them back: one start for all.

    The test is skipped, with the reason told at the end, where there is no LibreOffice.
    """
    return _converter(request, tmp_path, "calc", "xlsx", "xlsx:Calc MS Excel 2007 XML")


@pytest.fixture
def writer(request: pytest.FixtureRequest, tmp_path: Path) -> Convert:
    """``writer({"a": content, …})`` opens the Word documents and prints each as PDF: one start for all.

    The test is skipped, with the reason told at the end, where there is no LibreOffice with Writer.
    """
    return _converter(request, tmp_path, "writer", "docx", "pdf:writer_pdf_Export")


LIBRARIES = {"calc": "libsclo.so", "writer": "libswlo.so"}
"""What a part of LibreOffice cannot be without."""


def _converter(request: pytest.FixtureRequest, folder: Path, part: str, suffix: str, into: str) -> Convert:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None or not Path(program).resolve().with_name(LIBRARIES[part]).exists():
        lacked = f"no LibreOffice with {part.title()} found (Debian: apt-get install libreoffice-{part}-nogui)"
        summary.skip(request, "office", lacked)
    summary.note(request, "office")
    command = f"{program}"
    ending = into.partition(":")[0]

    def convert(files: Mapping[str, bytes]) -> dict[str, bytes]:
        given, saved = folder / "given", folder / "saved"
        given.mkdir(exist_ok=True)
        paths = [given / f"{name}.{suffix}" for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        subprocess.run(
            [
                command,
                # A profile of its own: nobody's settings, and no other LibreOffice that answers in its place.
                f"-env:UserInstallation=file://{folder / 'profile'}",
                "--headless",
                "--norestore",
                "--convert-to",
                into,
                "--outdir",
                str(saved),
                *map(str, paths),
            ],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )
        return {name: (saved / f"{name}.{ending}").read_bytes() for name in files}

    return convert
