"""What lives as long as the process is not searched for garbage again and again.

An application is some hundred thousand objects, which Python would look through, with all modules, dozens of
times: a quarter of the processor time of a test of pages.
"""

from __future__ import annotations

import gc

WARM = (2, 100)
"""After so many tests what is there stays: the modules, then also what is imported and compiled late."""
THRESHOLDS = (50_000, 20, 10)

_seen = 0


def pytest_runtest_logfinish() -> None:
    global _seen
    _seen += 1
    if _seen in WARM:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*THRESHOLDS)
