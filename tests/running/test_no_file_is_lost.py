"""Files that were acknowledged are there, byte for byte, after kill -9 of the whole server (SAFETY D1, D5)."""

from __future__ import annotations

import hashlib
import http.client
import os
import secrets
import signal
import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.cast import Cast
from tests.running.test_nothing_is_lost import Visitor
from tests.running.test_supervisor import Running, start  # noqa: F401  (a fixture)
from tracker.models import Evidence, EvidenceVersion

KILLED_AFTER = 5


def body_of(fields: dict[str, str], content: bytes) -> bytes:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + content)
    return b"".join((*parts, b"\r\n--x--\r\n"))


@pytest.mark.both_databases
def test_no_file_that_was_acknowledged_is_lost(
    cast: Cast,
    start: Callable[..., Running],  # noqa: F811
) -> None:
    running = start()
    visitor = Visitor(running.port)
    visitor.sign_in("focal.br@tracker.test")
    acknowledged: dict[str, str] = {}
    enough = threading.Event()
    token = visitor.fields("/evidence/new")["csrf_token"]

    def send_away() -> None:
        try:
            while True:
                name, content = secrets.token_hex(16), secrets.token_hex(300_000).encode()
                fields = {"csrf_token": token, "name": name, "title": "Invented figures", "access": "public"}
                headers = {"Cookie": visitor.cookie, "Content-Type": "multipart/form-data; boundary=x"}
                visitor.connection.request("POST", "/evidence/new", body_of(fields, content), headers)
                answer = visitor.connection.getresponse()
                answer.read()
                assert answer.status == 303
                acknowledged[name] = hashlib.sha256(content).hexdigest()
                if len(acknowledged) >= KILLED_AFTER:
                    enough.set()
        except (OSError, http.client.HTTPException):
            enough.set()
        finally:
            visitor.connection.close()

    sending = threading.Thread(target=send_away, daemon=True)
    sending.start()
    assert enough.wait(60)
    for pid in reversed(running.all_processes()):
        os.kill(pid, signal.SIGKILL)
    sending.join(30)
    assert len(acknowledged) >= KILLED_AFTER

    store = cast.app.extensions["tracker.store"]
    with cast.reading() as session:
        rows = session.execute(
            sa.select(Evidence.public_id, EvidenceVersion.store_key, EvidenceVersion.sha256).join(
                EvidenceVersion, EvidenceVersion.evidence_id == Evidence.id
            )
        ).all()
    for row in rows:
        assert hashlib.sha256(b"".join(store.read(row.store_key))).hexdigest() == row.sha256, "no row without its file"
    assert acknowledged.items() <= {row.public_id: row.sha256 for row in rows}.items()
