"""The web server's settings, made from the application's own (docs/settings.md).

``make serve`` and ``make run`` start it; ``gunicorn 'tracker:create_app()'`` by hand reads this file too.
"""

import contextlib
import ctypes
import gc
import os
from typing import Any

from config import Settings

_settings = Settings.from_environment()
_host = f"[{_settings.host}]" if ":" in _settings.host else _settings.host

wsgi_app = "tracker:create_app()"
# Imported once: workers start at once, also when one has died, and share what they only read.
preload_app = True
bind = f"{_host}:{_settings.port}"
workers = _settings.workers


def when_ready(_server: Any) -> None:
    """Before the first worker is forked: what was imported is never looked through for garbage again.

    A collection would go over some 140,000 objects that live as long as the process, in the middle of a page, and
    by touching them give each worker its own copy of pages of memory that it shares. A page makes thousands of
    objects and leaves next to no cycles behind: every 700th allocation is too early to look for them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


# By default the C library gives each thread a pool of memory of its own and keeps what was freed in it: ten files on
# their way in at once cost 25 MB more than with two pools. One thread runs at a time anyway.
# Checking a password takes some 20 MB for a moment. The C library would learn from it to keep blocks of that size: from
# the first sign-in on they would stay with the worker. With bounds of our own it gives back what is large; a sign-in
# takes 6 ms longer, no page does.
_arena_max, _mmap_threshold, _trim_threshold = -8, -3, -1  # of <malloc.h>; no library but glibc knows the call
with contextlib.suppress(AttributeError, OSError):
    _mallopt = ctypes.CDLL(None).mallopt
    _mallopt(_arena_max, 2)
    _mallopt(_mmap_threshold, 1024 * 1024)
    _mallopt(_trim_threshold, 4 * 1024 * 1024)

worker_class = "gthread"
# A slow client holds a thread while its request arrives, and a thread costs little: enough of them that sixty
# slow clients do not stop the site even without a buffering proxy in front. The time-out below is that of a worker
# that no longer answers, not of a request: a file of 25 MB may take half an hour on a slow line.
threads = max(24, 120 // workers)
worker_connections = 1000
_memory = "/dev/shm"  # noqa: S108  (no file is made there by a name that can be guessed)
if os.access(_memory, os.W_OK):
    worker_tmp_dir = _memory  # the heartbeat of a worker must not wait for a busy disk

timeout = 60
graceful_timeout = 25
keepalive = 5

limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Which proxies are believed is decided in one place, the application (TRACKER_TRUSTED_PROXIES).
secure_scheme_headers: dict[str, str] = {}
forwarded_allow_ips = ""
forwarder_headers = ""

proc_name = "tracker"
control_socket_disable = True
# No access log: addresses with what they opened are personal data. The application logs what is needed.
accesslog = None
errorlog = "-"
loglevel = "warning"
