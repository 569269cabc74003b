"""Looks at a file in a process of its own, with limits: a file made to break its reader breaks that process only."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.files.kinds import Kind
from tracker.files.texts import Passage

SECONDS = 90
"""Of processor time, and as much again of waiting."""
MEMORY = 2 * 1024**3
"""Bytes of address space; some 200 MB of it are used by a large picture."""
LARGEST_OUTPUT = 200 * 1024**2
ROOT = Path(__file__).resolve().parents[2]
RESULT, CLEANED = "result.json", "cleaned"


@dataclass(frozen=True)
class Inspection:
    """What was found in a file. ``problem`` is empty where it may be kept."""

    problem: str = ""
    texts: list[Passage] = field(default_factory=list)
    truncated: bool = False
    """There was more text than is read."""
    cleaned: Path | None = None
    """The file without metadata, where it had to be written anew."""
    pages: tuple[Path, ...] = ()
    """Pictures of its first pages."""


def inspect(path: Path, kind: Kind, folder: Path) -> Inspection:
    """Read, clean and draw the file ``path``; what comes of it lies in the empty ``folder``."""
    command = (sys.executable, "-m", "tracker.files.inspection_child", kind.value, str(path), str(folder))
    try:
        # No secret of ours is in its environment, and nothing it prints reaches a log.
        answer = subprocess.run(  # noqa: S603
            command,
            cwd=ROOT,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Inspection("damaged")
    if answer.returncode != 0:
        return Inspection("damaged")
    said: dict[str, Any] = json.loads((folder / RESULT).read_text("utf-8"))
    cleaned = folder / CLEANED
    return Inspection(
        problem=said["problem"],
        texts=[(place, text) for place, text in said["texts"]],
        truncated=said["truncated"],
        cleaned=cleaned if cleaned.exists() else None,
        pages=tuple(sorted(folder.glob("page-*.jpg"))),
    )


def limit_this_process() -> None:
    """Called by the child before it opens anything: beyond these the system ends it."""
    for which, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))
    os.nice(10)
