"""Files on their way in and out: never whole in memory, and never given out as anything but a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import flask
from flask import Flask, Response, current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from config import Settings
from tracker.domain.errors import NotVisible, Unmet
from tracker.files import kinds
from tracker.files.store import MOST_BYTES, Store
from tracker.logs import log
from tracker.models import EvidenceVersion
from tracker.services.evidence import Sent

IN_MEMORY = 64 * 1024
"""Of a file on its way in; the rest lies on the disk, in a file without a name that ends with the request."""
LARGEST_UPLOAD = MOST_BYTES + 256 * 1024
"""A body: one file of the largest size and what is said of it."""
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
INCOMING = "tracker.incoming"


class Request(flask.Request):
    """A request whose files are written to the data folder: the system's own temporary folder may be memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        folder = current_app.extensions[INCOMING]
        return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, mode="rb+", dir=folder)


def store() -> Store:
    """Where the content of files lies."""
    found: Store = current_app.extensions["tracker.store"]
    return found


def content_of(version: EvidenceVersion, *, page: int = 0) -> Iterator[bytes]:
    """The content of a file, or the picture of a page. Raises NotVisible where the store has lost it, and says so."""
    try:
        return store().read(version.store_key, page=page)
    except FileNotFoundError:
        log.error("evidence.content_missing", version=version.id, page=page)
        raise NotVisible from None


def receive(file: FileStorage | None) -> Sent:
    """Look at a file that was sent and put its content into the store; the row is written afterwards.

    Raises Unmet(file=code) for what is not taken (``files.kinds``, ``files.store``).
    """
    if file is None:
        raise Unmet(file="required")
    found = kinds.recognise(file.filename or "", file.stream)  # type: ignore[arg-type]
    return Sent(found, store().put(file.stream))  # type: ignore[arg-type]


def attachment(content: Iterator[bytes], *, name: str, media_type: str, size: int) -> Response:
    """A file to be kept by the browser, never shown or run by it (SAFETY C13)."""
    response = _closed(content, media_type if media_type in kinds.KIND_OF else "application/octet-stream")
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.content_length = size
    return response


def picture(content: Iterator[bytes], media_type: str) -> Response:
    """A picture drawn by us from a file, shown in a page of ours."""
    return _closed(content, media_type)


def _closed(content: Iterator[bytes], media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def onward(address: str) -> ResponseReturnValue:
    """After a file was taken: the next page. To the script that shows the progress, its address."""
    if request.headers.get("X-Requested-With") == "upload":
        return jsonify(location=address)
    return redirect(address, 303)


def init_app(app: Flask, settings: Settings) -> None:
    folder = Path(settings.data_dir) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.extensions[INCOMING] = folder
    app.request_class = Request


def is_sent(file: Any) -> bool:
    """Whether a file was chosen at all: browsers send an empty one without a name where none was."""
    return isinstance(file, FileStorage) and bool(file.filename)
