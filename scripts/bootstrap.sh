#!/bin/sh
# Makes .venv hold exactly what a lock file names. Quick when nothing changed.
#   scripts/bootstrap.sh run   what the application needs (or more, where the tests were set up before)
#   scripts/bootstrap.sh dev   the same and what tests and checks need
set -eu
cd "$(dirname "$0")/.."

wanted=${1:-run}
venv=.venv
stop() { echo "$*" >&2; exit 1; }

# dev.lock holds all of run.lock, so an environment for the tests also serves to run.
[ "$wanted" = run ] && [ -f "$venv/.synced-dev" ] && wanted=dev
lock=requirements/$wanted.lock
if cmp -s "$lock" "$venv/.synced-$wanted" && [ -x "$venv/bin/python" ]; then
    exit 0
fi

find_python() {
    for name in python3 python3.13 python3.12 python3.11 python3.14; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is needed, and none was found under the names python3, python3.14 … python3.11."
}

if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "Python's venv module is missing: install the package python3-venv (as root: apt-get install python3-venv) and try again."
    echo "[1/3] Making the Python environment in $venv (some seconds) …"
    "$python" -m venv --clear "$venv"
fi

if ! [ -x "$venv/bin/uv" ]; then
    echo "[2/3] Fetching uv, the installer (some seconds) …"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.lock
fi

echo "[3/3] Installing $(grep -c == "$lock") packages from $lock (a minute or two the first time) …"
rm -f "$venv/.synced-run" "$venv/.synced-dev"
cp "$lock" "$venv/.syncing"
sync() { "$venv/bin/uv" pip sync --quiet "$@" --python "$venv/bin/python" --require-hashes "$venv/.syncing"; }
# uv brings certificates of its own; behind a proxy with another one only the machine's will do.
sync || { echo "Once more, with the certificates of this machine …"; sync --system-certs; }
mv "$venv/.syncing" "$venv/.synced-$wanted"
