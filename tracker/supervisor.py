"""Starts and minds the two programs of the application: the web server and the scheduler.

``python -m tracker.supervisor run`` prepares a demonstration first (migrations, catalogue, demonstration data);
``… serve`` prepares nothing and refuses to start on an unfit database (``tracker.prepare`` does both). Either way it
stays in the foreground: a dead scheduler is started again with growing pauses, the end of the web server is the end of
everything, and SIGTERM or Ctrl-C ends all within 30 seconds.

The supervisor itself loads neither Flask nor SQLAlchemy; what needs them is done by its children.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from config import Settings, SettingsError

STOP_WITHIN = 28.0
"""Seconds from SIGTERM until what still runs is killed; the web server's own patience is 25."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a dead scheduler is started again: doubled each time, until it has lived for the longest one."""
READY_WITHIN = 900.0
"""Seconds until the first answer; a large demonstration takes its time to load."""
UNFIT = 2
"""Exit status where settings or database do not allow a start."""

WEB = (sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "tracker.prepare:application({!r})")
SCHEDULER = (sys.executable, "-m", "flask", "--app", "tracker", "scheduler")


def say(text: str) -> None:
    print(text, flush=True)


def _end_with_parent(parent: int) -> None:
    """In a child on Linux: ask for SIGTERM should the supervisor be killed, so that nothing is left running."""
    set_parent_death_signal = 1
    try:
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
    except (AttributeError, OSError):
        return
    if os.getppid() != parent:  # killed before it was asked
        os._exit(1)


@dataclass
class Child:
    """One program that is kept running. ``start`` makes the process; times are of the monotonic clock."""

    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default=0.0)
    again_at: float = field(default=0.0)

    def tend(self, now: float) -> int | None:
        """Start the program, or start it again when its pause is over. Returns the status it has just ended with."""
        if self.process is None:
            if now >= self.again_at:
                self.process, self.started = self.start(), now
            return None
        status = self.process.poll()
        if status is None:
            return None
        self.process = None
        lived = now - self.started
        self.pause = FIRST_PAUSE if lived >= LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE) or FIRST_PAUSE
        self.again_at = now + self.pause
        return status

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=partial(_end_with_parent, os.getpid()))


class Supervisor:
    """Keeps web server and scheduler running until told to stop, or until the web server ends."""

    def __init__(self, web: Child, scheduler: Child) -> None:
        self.web = web
        self.scheduler = scheduler
        self.stopping = False

    def stop(self, *_: object) -> None:
        self.stopping = True

    def run(self, ready: Callable[[], bool], announce: Callable[[], None]) -> int:
        """Tend the children. ``announce`` is called once, when ``ready`` first says yes. Returns the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.stop)
        begun, announced, status = time.monotonic(), False, 0
        while not self.stopping:
            now = time.monotonic()
            ended = self.web.tend(now)
            if ended is not None:
                if ended != UNFIT:
                    say(f"The web server ended (status {ended}); so everything ends.")
                status = ended if ended > 0 else 1
                break
            if not announced and ready():
                announced = True
                announce()
            # The scheduler waits for the first answer, so that pages are there sooner on a small machine.
            ended = self.scheduler.tend(now) if announced else None
            if ended is not None:
                say(f"The scheduler ended (status {ended}); it starts again in {self.scheduler.pause:.0f} s.")
            if not announced and now - begun > READY_WITHIN:
                say(f"The web server did not answer within {READY_WITHIN:.0f} s.")
                status = 1
                break
            time.sleep(0.2 if announced else 0.05)
        self._end_children()
        return status

    def _end_children(self) -> None:
        for child in (self.scheduler, self.web):
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        for child in (self.web, self.scheduler):
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)
                child.process.wait()


def port_is_free(settings: Settings) -> bool:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def answers(settings: Settings) -> bool:
    """Whether the web server answers ``/healthz``, asked as a visitor of TRACKER_BASE_URL."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings.base_url).netloc})
        # 503 is an answer too: the scheduler may have yet to make its first round.
        return connection.getresponse().status != http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


ACCOUNTS = """\
Demonstration accounts (the password is demo-password-2026 for all):
  admin@tracker.example          administrator
  reviewer@tracker.example       reviewer (and reviewer2@tracker.example)
  secretariat@tracker.example    reports for the General Secretariat
  focal.br@tracker.example       focal point of Brazil; so for every State, by its two-letter code
  approver.br@tracker.example    national approver of Brazil
  contributor.br@tracker.example contributor of Brazil
  observer@tracker.example       observer accredited for Brazil, Guatemala and Peru"""


def announce(settings: Settings, mode: str) -> None:
    say(f"\nReady: {settings.base_url}")
    if mode == "run":
        say(f"\n{ACCOUNTS}\n\nCtrl-C ends it; the data stay in {settings.data_dir}.")


def main(arguments: list[str]) -> int:
    mode = arguments[0] if arguments else ""
    if mode not in ("run", "serve"):
        print("Usage: python -m tracker.supervisor run|serve", file=sys.stderr)
        return UNFIT
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return UNFIT
    except OSError as error:
        print(f"TRACKER_DATA_DIR: {error.filename} cannot be used ({error.strerror}).", file=sys.stderr)
        return UNFIT
    if mode == "run" and settings.is_production:
        print("TRACKER_ENV is 'production': use `make serve`; `make run` loads a demonstration.", file=sys.stderr)
        return UNFIT
    if not port_is_free(settings):
        print(
            f"TRACKER_PORT: the port {settings.port} on {settings.host} is in use or not allowed; choose another.",
            file=sys.stderr,
        )
        return UNFIT
    web = [part.format(mode) for part in WEB]
    supervisor = Supervisor(web=Child(lambda: start(web)), scheduler=Child(lambda: start(SCHEDULER)))
    return supervisor.run(lambda: answers(settings), lambda: announce(settings, mode))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
