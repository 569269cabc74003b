"""What pages cost, as multiples of a bare Flask "hello" served the same way in the same run (``make bench``).

Both applications run under gunicorn with one synchronous worker, on the demonstration's data in SQLite; the pages are
visited in turn, round after round, so that a busy moment of the machine touches all of them. Ratios can be compared
between machines, milliseconds cannot.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 25
PASSWORD = "demo-password-2026"  # noqa: S105  (the demonstration's, printed by `make run`)
PAGES: tuple[tuple[str, str | None, str], ...] = (
    ("public front page", None, "/"),
    ("list of States", None, "/states"),
    ("a State's page", None, "/states/br"),
    ("list of provisions", None, "/provisions"),
    ("a provision's page", None, "/provisions/CS-02"),
    ("focal point's dashboard", "focal.br@tracker.example", "/dashboard"),
    ("a State's commitments", "focal.br@tracker.example", "/commitments"),
    ("reviewer's dashboard", "reviewer@tracker.example", "/dashboard"),
    ("all commitments", "reviewer@tracker.example", "/commitments"),
    ("queue of reviews", "reviewer@tracker.example", "/reviews"),
)


def hello() -> object:
    """The application that everything is compared with."""
    from flask import Flask

    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return app


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, path: str, cookie: str = "", form: dict[str, str] | None = None) -> tuple[int, str, list[str]]:
    """Status, body and cookies of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Cookie": cookie} if cookie else {}
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{port}",
                "Referer": f"http://127.0.0.1:{port}{path}",
            }
            connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        cookies = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
        return answer.status, answer.read().decode("utf-8", "replace"), cookies
    finally:
        connection.close()


def sign_in(port: int, email: str) -> str:
    """The cookie of somebody signed in."""
    _status, page, cookies = fetch(port, "/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"email": email, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    status, _page, fresh = fetch(port, "/sign-in", "; ".join(cookies), form)
    if status not in (302, 303):
        raise SystemExit(f"{email} could not sign in: the answer was {status}.")
    return "; ".join(fresh)


@contextlib.contextmanager
def served(application: str, environment: dict[str, str]) -> Iterator[int]:
    """An application under gunicorn with one synchronous worker; the port it listens on."""
    port = free_port()
    environment = {**environment, "TRACKER_BASE_URL": f"http://127.0.0.1:{port}"}
    command = (sys.executable, "-m", "gunicorn", "--config", os.devnull, "--no-control-socket", "--workers", "1")
    process = subprocess.Popen(
        (*command, "--bind", f"127.0.0.1:{port}", "--log-level", "error", application), cwd=ROOT, env=environment
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                fetch(port, "/")
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def prepare(environment: dict[str, str]) -> None:
    for words in (("db", "upgrade"), ("catalogue", "load"), ("demo", "load")):
        subprocess.run(
            (sys.executable, "-m", "flask", "--app", "tracker", *words),
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def measure(bare: int, port: int) -> dict[str, list[float]]:
    """Seconds by page, a list over the rounds; ``hello`` is one of them."""
    cookies = {email: sign_in(port, email) for email in {email for _, email, _ in PAGES if email}}
    times: dict[str, list[float]] = {"hello": []}
    for name, email, path in PAGES:
        status, _body, _cookies = fetch(port, path, cookies.get(email or "", ""))
        if status == http.client.OK:
            times[name] = []
        else:
            print(f"left out: {name} ({path} answers {status})")
    for _ in range(ROUNDS):
        times["hello"].append(timed(lambda: fetch(bare, "/")))
        for name, email, path in PAGES:
            if name in times:
                cookie = cookies.get(email or "", "")
                times[name].append(timed(lambda path=path, cookie=cookie: fetch(port, path, cookie)))  # type: ignore[misc]
    return times


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TRACKER_DATA_DIR": folder, "TRACKER_ENV": "demo"}
        for name in ("TRACKER_DATABASE_URL", "TRACKER_SMTP_URL", "TRACKER_BASE_URL"):
            environment.pop(name, None)
        print("Loading the demonstration …", flush=True)
        prepare(environment)
        with served("scripts.bench:hello()", environment) as bare, served("tracker:create_app()", environment) as port:
            print(f"{ROUNDS} rounds …", flush=True)
            times = measure(bare, port)
    base = statistics.median(times["hello"])
    print(f"\n{'page':28} {'× hello':>8} {'median ms':>10} {'slowest':>8}")
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"{name:28} {median / base:8.1f} {median * 1000:10.1f} {max(seconds) * 1000:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
