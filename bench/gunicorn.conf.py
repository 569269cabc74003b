"""One synchronous worker, collecting garbage as in gunicorn.conf.py: the same for baselines and application."""

import gc
from typing import Any


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
