"""The hook for a virus scanner: ClamAV's daemon, over its own simple protocol (INSTREAM)."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

WAIT = 60.0
"""Seconds for each word of the scanner."""
LONGEST_ANSWER = 4096


class Scan(StrEnum):
    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


class ScannerFailed(Exception):
    """The scanner did not answer, or not as it should: the file waits and is tried again."""


def scan(chunks: Iterable[bytes], clamd_url: str | None) -> Scan:
    """What the scanner says; ``not_scanned`` where none is set. Raises ScannerFailed."""
    if clamd_url is None:
        return Scan.NOT_SCANNED
    try:
        with _connected(clamd_url) as line:
            line.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                line.sendall(len(chunk).to_bytes(4, "big") + chunk)
            line.sendall(bytes(4))
            answer = _answer(line)
    except OSError as error:
        raise ScannerFailed(type(error).__name__) from error
    if answer.endswith(b" FOUND"):
        return Scan.INFECTED
    if answer.endswith(b": OK"):
        return Scan.CLEAN
    raise ScannerFailed("unexpected answer")


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(WAIT)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout=WAIT)


def _answer(line: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        more = line.recv(1024)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\n")
