"""Ten files of 25 MB sent to one worker at once, as it runs in production, then fetched: how much memory it took."""

from __future__ import annotations

import hashlib
import http.client
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from bench import data
from bench.servers import HOST, Server, served
from bench.visits import fetch, sign_in
from tracker import create_app
from tracker.files.store import MOST_BYTES
from tracker.jobs import run_job

AT_ONCE = 10
PERSON = "focal.br@tracker.example"
BOUNDARY = "bench"
PIECE = 256 * 1024
_FILE = b"a line of invented figures;1;2;3\n" * (PIECE // 33)


@dataclass(frozen=True)
class Measured:
    """Megabytes of one worker, seconds of all transfers together."""

    before: float
    sending: float
    """The peak while ten files arrived."""
    fetching: float
    """The peak until ten files had been given out as well."""
    seconds_sending: float
    seconds_fetching: float


def measure() -> Measured:
    """On a copy of the demonstration at scale 1, behind gunicorn's threads; the files are checked in between."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = data.settings(1)
        shutil.copyfile(source.data_dir / "tracker.sqlite3", folder / "tracker.sqlite3")
        settings = replace(source, data_dir=folder, database_url=f"sqlite:///{folder / 'tracker.sqlite3'}")
        environment = {
            "TRACKER_ENV": "demo",
            "TRACKER_DATA_DIR": str(folder),
            "TRACKER_DATABASE_URL": settings.database_url,
            "TRACKER_SECRET_KEY": settings.secret_key,
            "TRACKER_SMTP_URL": "",
            "TRACKER_WORKERS": "1",
        }
        with served("tracker:create_app()", environment, config="gunicorn.conf.py") as server:
            cookie = sign_in(server.port, PERSON)
            _status, page, cookies = fetch(server.port, "/evidence/new", cookie)
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            cookie = "; ".join(cookies) or cookie
            before = server.worker_megabytes()
            begun = time.monotonic()
            places = _at_once(lambda: _send(server, cookie, token[1] if token else ""))
            sent, sending = time.monotonic() - begun, server.worker_megabytes(peak=True)
            run_job(create_app(settings), "check-evidence")
            begun = time.monotonic()
            waiting = iter(places)
            wanted = hashlib.sha256(b"".join(_content())).hexdigest()
            if set(_at_once(lambda: _fetch(server, cookie, f"{next(waiting)}/1/file"))) != {wanted}:
                raise SystemExit("What was given out is not what was sent.")
            return Measured(before, sending, server.worker_megabytes(peak=True), sent, time.monotonic() - begun)


def _at_once(act: Callable[[], str]) -> list[str]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [future.result() for future in [pool.submit(act) for _ in range(AT_ONCE)]]


def _content() -> Iterator[bytes]:
    for _ in range(MOST_BYTES // len(_FILE)):
        yield _FILE


def _send(server: Server, cookie: str, token: str) -> str:
    """Send one file as a browser does; where it can be seen."""
    fields = {"csrf_token": token, "name": secrets.token_hex(16), "title": "Invented figures", "access": "public"}
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="figures.csv"\r\n\r\n'
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    size = len(head) + sum(len(part) for part in _content()) + len(tail)
    connection = http.client.HTTPConnection(HOST, server.port, timeout=300)
    try:
        connection.putrequest("POST", "/evidence/new")
        for name, value in {
            "Cookie": cookie,
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(size),
            "Origin": f"http://{HOST}:{server.port}",
            "Referer": f"http://{HOST}:{server.port}/evidence/new",
        }.items():
            connection.putheader(name, value)
        connection.endheaders(head.encode())
        for part in (*_content(), tail):
            connection.send(part)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.SEE_OTHER:
            raise SystemExit(f"A file was answered with {answer.status}.")
        return str(answer.headers["Location"])
    finally:
        connection.close()


def _fetch(server: Server, cookie: str, path: str) -> str:
    """Digest of a file that is fetched."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=300)
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        digest = hashlib.sha256()
        while chunk := answer.read(PIECE):
            digest.update(chunk)
        return digest.hexdigest()
    finally:
        connection.close()
