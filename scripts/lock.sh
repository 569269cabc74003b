#!/bin/sh
# Writes the lock files anew from pyproject.toml: exact versions with hashes, no address of any registry.
# Keeps the versions that are locked already; `make lock UPGRADE=1` takes the newest allowed.
set -eu
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        ${UPGRADE:+--upgrade} "$@"
}
compile pyproject.toml -o requirements/run.lock
compile --extra dev pyproject.toml -o requirements/dev.lock
echo 'uv>=0.13,<0.14' | compile - -o requirements/installer.lock
