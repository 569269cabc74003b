"""Where tests keep what ends with them: in memory, where there is enough. Nothing there waits for a disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108
ENOUGH = 2 << 30
"""Bytes: PostgreSQL has a copy of a database for each test that runs, and folders of tests that failed stay."""


def in_memory() -> Path | None:
    """A folder of the system that lies in memory, with room; None where there is none."""
    try:
        return MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH else None
    except OSError:
        return None
