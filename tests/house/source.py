"""Reads the application's source: modules, what they import, where. Nothing is executed."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Import:
    """One import: ``target`` as far as a module is named, ``line`` where it stands."""

    target: str
    line: int


@dataclass(frozen=True)
class Module:
    """One file of the application."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """The path as people say it: ``tracker/web/views/reports.py``."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def imports(self) -> list[Import]:
        return list(dict.fromkeys(_imports(self)))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def _imports(module: Module) -> Iterator[Import]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                package = module.name.split(".")[: -node.level if module.path.name != "__init__.py" else None]
                origin = ".".join([*package, *([origin] if origin else [])])
            for alias in node.names:
                name = f"{origin}.{alias.name}"
                yield Import(name if name in _names() else origin, node.lineno)


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _names() -> frozenset[str]:
    return frozenset(_name(path) for path in _paths())


@cache
def _paths() -> tuple[Path, ...]:
    return (ROOT / "config.py", *sorted((ROOT / "tracker").rglob("*.py")))


@cache
def modules() -> tuple[Module, ...]:
    """All modules of the application."""
    return tuple(Module(path, _name(path), ast.parse(path.read_text("utf-8"), str(path))) for path in _paths())


@cache
def tracked() -> tuple[Path, ...]:
    """The files under version control that are there."""
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, check=True)
    paths = (ROOT / name for name in listed.stdout.decode("utf-8").split("\0") if name)
    return tuple(path for path in paths if path.is_file())
