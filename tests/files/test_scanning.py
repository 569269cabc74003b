"""The virus scanner's hook, against a daemon that speaks its protocol (SAFETY C15)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config import Settings, SettingsError
from tracker.files.scanning import Scan, ScannerFailed, scan


@contextmanager
def daemon(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                while size := int.from_bytes(stream.read(4), "big"):
                    received.append(stream.read(size))
                line.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", received
        thread.join(5)


@pytest.mark.parametrize(
    ("answer", "said"), [(b"stream: OK\0", Scan.CLEAN), (b"stream: Invented-Test FOUND\0", Scan.INFECTED)]
)
def test_what_the_scanner_says(answer: bytes, said: Scan) -> None:
    with daemon(answer) as (url, received):
        assert scan([b"one", b"two"], url) is said
    assert received == [b"one", b"two"]


def test_without_a_scanner_nothing_is_scanned_and_it_is_said_so() -> None:
    assert scan([b"x"], None) is Scan.NOT_SCANNED


def test_a_scanner_that_fails_is_no_answer() -> None:
    with daemon(b"INSTREAM size limit exceeded. ERROR\0") as (url, _), pytest.raises(ScannerFailed):
        scan([b"x"], url)
    with pytest.raises(ScannerFailed):
        scan([b"x"], "unix:///nowhere/clamd.ctl")


@pytest.mark.parametrize("url", ["http://x", "tcp:///x", "unix://host/x"])
def test_a_wrong_address_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="TRACKER_CLAMD_URL"):
        Settings.from_environment({"TRACKER_CLAMD_URL": url, "TRACKER_SECRET_KEY": "x" * 40})
