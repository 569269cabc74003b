"""What a clone of the repository must and must not hold."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.house.source import ROOT, tracked

# Written in pieces, so that this file does not name what it forbids.
HOSTS = ("py" + "pi.org", "python" + "hosted.org", "registry." + "npm", "proxy." + "golang", "deb." + "debian.org")
PATHS = re.compile(r"(?<![\w.-])/(wo[r]k|fa[r]m|roo[t]|hom[e]/\w+)/")
BINARY = {".png", ".woff2", ".mo", ".pdf", ".ico", ".jpg", ".xlsx", ".ttf", ".otf"}


def test_no_registry_and_no_place_of_one_machine_is_named() -> None:
    faults = []
    for path in tracked():
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            named = [host for host in HOSTS if host in line] + [found[0] for found in PATHS.finditer(line)]
            faults += [f"{path.relative_to(ROOT)}:{number} names {name}: leave it to the machine" for name in named]
    assert not faults, "\n".join(faults)


def test_locks_agree_with_the_project() -> None:
    answer = subprocess.run((sys.executable, "scripts/locks.py"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


def test_settings_are_documented_and_nothing_else() -> None:
    known = set(re.findall(r'"(TRACKER_[A-Z_]+)"', (ROOT / "config.py").read_text("utf-8")))
    told = set(re.findall(r"\bTRACKER_(?!TEST_)[A-Z_]+\b", (ROOT / "docs" / "settings.md").read_text("utf-8")))
    assert known - told == set(), "write these into docs/settings.md"
    assert told - known == set(), "docs/settings.md tells of settings that config.py does not know"


def test_the_makefile_explains_its_targets() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    explained = set(re.findall(r"^([a-z]+):.*## \S", text, re.MULTILINE))
    assert targets == explained, f"add '## what it does' to {targets - explained}"
    assert {"help", "run", "serve", "test", "check", "bench"} <= targets
