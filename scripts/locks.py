"""Whether the lock files agree with pyproject.toml and name no address (``make check`` and tests/house)."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")


def locked(lock: Path) -> dict[str, set[str]]:
    """Versions by package; several where they depend on the version of Python."""
    versions: dict[str, set[str]] = {}
    for line in lock.read_text("utf-8").splitlines():
        found = PINNED.match(line)
        if found:
            versions.setdefault(canonicalize_name(found["name"]), set()).add(found["version"])
    return versions


def faults() -> list[str]:
    """What is wrong, a sentence each."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {
        "run.lock": project["dependencies"],
        "dev.lock": project["dependencies"] + project["optional-dependencies"]["dev"],
    }
    found = []
    for name, requirements in wanted.items():
        versions = locked(REQUIREMENTS / name)
        for requirement in map(Requirement, requirements):
            have = versions.get(canonicalize_name(requirement.name), set())
            if not have:
                found.append(f"requirements/{name} lacks {requirement.name}, which pyproject.toml names.")
            elif not all(requirement.specifier.contains(version) for version in have):
                found.append(f"requirements/{name} has {requirement.name} {have}, pyproject.toml says {requirement}.")
    run, dev = locked(REQUIREMENTS / "run.lock"), locked(REQUIREMENTS / "dev.lock")
    for package, have in run.items():
        if dev.get(package) != have:
            found.append(f"{package} is {have} in run.lock and {dev.get(package)} in dev.lock.")
    for lock in sorted(REQUIREMENTS.glob("*.lock")):
        text = lock.read_text("utf-8")
        if "://" in text or re.search(r"^\s*--(index|extra-index|find-links|trusted)", text, re.MULTILINE):
            found.append(f"requirements/{lock.name} names an address.")
        if any(PINNED.match(line) and not line.endswith("\\") for line in text.splitlines()):
            found.append(f"requirements/{lock.name} has a package without a hash.")
    return found


def main() -> int:
    found = faults()
    if found:
        print(*found, sep="\n")
        print("Locks: run `make lock`.")
        return 1
    print("Locks: in step with pyproject.toml.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
