"""Applications under gunicorn: one synchronous worker each, the same settings for all, on the loopback only."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.data import ROOT

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    port: int
    pid: int
    """Of gunicorn's arbiter; its only child is the worker."""

    def worker_megabytes(self, *, peak: bool = False) -> float:
        """Resident memory of the worker, now or at its highest (Linux; 0 elsewhere)."""
        try:
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
            status = Path(f"/proc/{children[0]}/status").read_text("ascii")
        except (OSError, IndexError):
            return 0.0
        wanted = "VmHWM:" if peak else "VmRSS:"
        line = next(line for line in status.splitlines() if line.startswith(wanted))
        return int(line.split()[1]) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(
    application: str, environment: dict[str, str], *, config: str = "bench/gunicorn.conf.py"
) -> Iterator[Server]:
    """The application (``module:callable()``) for as long as the block runs."""
    port = free_port()
    environment = {**os.environ, "TRACKER_BASE_URL": f"http://{HOST}:{port}", **environment}
    options = ("--config", config)
    process = subprocess.Popen(  # noqa: S603  (our own server, fixed arguments)
        (sys.executable, "-m", "gunicorn", *options, "--bind", f"{HOST}:{port}", application),
        cwd=ROOT,
        env=environment,
    )
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("The server of the benchmark did not start.")
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection(HOST, port, timeout=60)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.05)
    raise SystemExit("The server of the benchmark does not answer.")
