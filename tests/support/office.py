"""LibreOffice without a screen: opens a spreadsheet and saves it again, as a ministry would."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support import summary

PATIENCE = 120
"""Seconds; a first start makes a profile and takes some five."""
FILTER = "xlsx:Calc MS Excel 2007 XML"

Resave = Callable[[Mapping[str, bytes]], dict[str, bytes]]


@pytest.fixture
def libreoffice(request: pytest.FixtureRequest, tmp_path: Path) -> Resave:
    """``libreoffice({"a": content, …})`` opens the workbooks, saves each, and gives them back: one start for all.

    The test is skipped, with the reason told at the end, where there is no LibreOffice.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        summary.skip(request, "office", "no LibreOffice found (Debian: apt-get install libreoffice-calc-nogui)")
    summary.note(request, "office")
    command = f"{program}"

    def resave(books: Mapping[str, bytes]) -> dict[str, bytes]:
        given, saved = tmp_path / "given", tmp_path / "saved"
        given.mkdir(exist_ok=True)
        paths = [given / f"{name}.xlsx" for name in books]
        for path, content in zip(paths, books.values(), strict=True):
            path.write_bytes(content)
        subprocess.run(
            [
                command,
                # A profile of its own: nobody's settings, and no other LibreOffice that answers in its place.
                f"-env:UserInstallation=file://{tmp_path / 'profile'}",
                "--headless",
                "--norestore",
                "--convert-to",
                FILTER,
                "--outdir",
                str(saved),
                *map(str, paths),
            ],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )
        return {name: (saved / f"{name}.xlsx").read_bytes() for name in books}

    return resave
