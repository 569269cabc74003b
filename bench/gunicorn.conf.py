"""One synchronous worker, with garbage and memory as in gunicorn.conf.py: the same for baselines and application."""

import contextlib
import ctypes
import gc
from typing import Any

with contextlib.suppress(AttributeError, OSError):
    _mallopt = ctypes.CDLL(None).mallopt
    for _parameter, _value in ((-8, 2), (-3, 1024 * 1024), (-1, 4 * 1024 * 1024)):
        _mallopt(_parameter, _value)


def when_ready(_server: Any) -> None:
    """As gunicorn.conf.py says."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


preload_app = True
workers = 1
worker_class = "sync"
control_socket_disable = True
loglevel = "error"
