"""What Jinja compiles a template to is read once per process, not once per application, and kept."""

from __future__ import annotations

from types import CodeType

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

_kept: dict[tuple[str, str], CodeType] = {}


class Compiled(FileSystemBytecodeCache):
    """Of all processes of the run, with a shorter way to what this process had already."""

    def load_bytecode(self, bucket: Bucket) -> None:
        key = bucket.key, bucket.checksum
        if key in _kept:
            bucket.code = _kept[key]
            return
        super().load_bytecode(bucket)
        if bucket.code is not None:
            _kept[key] = bucket.code
