#!/bin/sh
# Every check, one after another, all of them even where one fails; the last line says what failed.
set -u
cd "$(dirname "$0")/.."
failed=
check() {
    name=$1
    shift
    echo "— $name"
    "$@" || failed="$failed, $name"
}
check lint .venv/bin/ruff check --quiet .
check format .venv/bin/ruff format --check --quiet .
check types .venv/bin/mypy
check translations .venv/bin/python scripts/messages.py --check
check migrations .venv/bin/python scripts/open_migrations.py
check "workflow page" env PYTHONPATH=. .venv/bin/python scripts/workflow_doc.py --check
check locks .venv/bin/python scripts/locks.py
if [ -n "$failed" ]; then
    echo "Failed: ${failed#, }."
    exit 1
fi
echo "All checks passed."
