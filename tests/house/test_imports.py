"""Who may import whom, and where each library lives (docs/house.md)."""

from __future__ import annotations

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.source import ROOT, Module, modules

FLOORS = {
    "domain": {"domain"},
    "models": {"models", "domain"},
    "wording": {"domain"},
    "trail": {"models"},
    "mail": {"mail", "trail", "models", "domain", "wording", "logs", "config"},
    "documents": {"documents", "domain", "wording"},
    "files": {"files", "domain", "config"},
    "services": {"services", "mail", "trail", "files", "models", "domain", "wording", "logs", "config"},
    "demo": {"demo", "services", "files", "models", "domain", "db", "config"},
    "db": {"config"},
    "migrate": {"models", "db"},
    "clock": set(),
    "logs": set(),
    "config": set(),
    "supervisor": {"config"},
}
"""What each floor may import. The doors, which put everything together, may import all but each other."""
PLAIN_DATA = "_content"
"""What a document is made from stands beside the use case that gathers it, in ``services/…_content``."""
DOORS = {"web", "jobs", "cli"}
TOGETHER = {"factory", "prepare", ""}
"""Put the floors together: the factory, what runs before a start, and the package itself."""

ADVICE = {
    "domain": "a rule takes what it needs as arguments; say it with plain values",
    "models": "a table holds data and constraints; move the rule to domain, the deed to services",
    "mail": "a message is made from plain data handed in by services",
    "files": "a file is read and kept without knowing of tables; the service tells them",
    "documents": "a document is made from plain data; let the caller read the tables",
    "services": "a use case takes session, actor and now as arguments; the doors begin, commit and answer",
}

HOMES = {
    "wtforms": ("tracker/web/forms/",),
    "govuk_frontend_wtf": ("tracker/web/forms/",),
    "flask_wtf": ("tracker/web/",),
    "flask_babel": ("tracker/web/",),
    "flask_login": ("tracker/web/",),
    # models/people.py needs UserMixin: Flask-Security asks its methods of the user's own class.
    "flask_security": ("tracker/web/", "tracker/models/people.py"),
    "flask": ("tracker/web/", "tracker/cli", "tracker/jobs", "tracker/factory.py", "tracker/prepare.py"),
    "werkzeug": ("tracker/web/", "tracker/factory.py"),
    "jinja2": ("tracker/web/", "tracker/mail/", "tracker/documents/"),
    "click": ("tracker/cli",),
    "apscheduler": ("tracker/jobs",),
    "mrml": ("tracker/mail/mjml.py",),
    "smtplib": ("tracker/mail/delivery.py",),
    "typst": ("tracker/documents/",),
    "docx": ("tracker/documents/",),
    "segno": ("tracker/documents/qr.py",),
    "xlsxwriter": ("tracker/documents/",),
    "icalendar": ("tracker/documents/calendar.py",),
    "openpyxl": ("tracker/documents/workbook_read.py", "tracker/files/texts.py"),
    "argon2": ("tracker/services/", "tracker/web/"),
    "flask_sqlalchemy_lite": ("tracker/db.py",),
    "flask_alembic": ("tracker/migrate.py",),
    "alembic": ("tracker/migrate.py",),
    "structlog": ("tracker/logs.py",),
    "whitenoise": ("tracker/web/", "tracker/factory.py"),
    "secure": ("tracker/web/",),
    "obstore": ("tracker/files/store.py",),
    "filetype": ("tracker/files/kinds.py",),
    "PIL": ("tracker/files/images.py",),
    "pypdfium2": ("tracker/files/pdfs.py",),
    "psycopg": ("tracker/db.py", "tracker/services/"),
    "urllib.request": (),
    "requests": (),
    "httpx": (),
}
"""Where a library may be imported; somewhere else, call the module that lives there."""
KNOWN_ERRORS = {"sqlalchemy.orm.exc"}
"""Not a query: a view may say which page a stale edit leads to."""
TYPES_ONLY = {("tracker/__init__.py", "flask")}


def floor(name: str) -> str:
    """``tracker.web.views.reports`` → ``web``; ``config`` → ``config``; the package itself → empty."""
    parts = name.split(".")
    if parts[0] != "tracker":
        return parts[0]
    first = parts[1] if len(parts) > 1 else ""
    return "cli" if first.startswith("cli") else "jobs" if first.startswith("jobs") else first


def within(module: Module, place: str) -> bool:
    return module.place.startswith(place)


def test_nothing_imports_upward() -> None:
    faults = []
    for module in modules():
        own = floor(module.name)
        if own in TOGETHER:
            continue
        for one in module.imports:
            if not one.target.startswith(("tracker", "config")):
                continue
            other = floor(one.target)
            if own in DOORS:
                allowed = other == own or other not in DOORS | TOGETHER or (own, other) == ("cli", "jobs")
            else:
                assert own in FLOORS, f"{module.place} stands on no floor: move it into one, or name it in FLOORS"
                allowed = other in FLOORS[own] or (own == "documents" and one.target.endswith(PLAIN_DATA))
            if not allowed:
                advice = ADVICE.get(own, "see 'Who may import whom' in docs/house.md")
                faults.append(f"{module.place}:{one.line} imports {one.target}: {advice}")
    assert not faults, "\n".join(faults)


def test_each_library_has_one_home() -> None:
    faults = []
    for module in modules():
        for one in module.imports:
            for library, homes in HOMES.items():
                if one.target != library and not one.target.startswith(f"{library}."):
                    continue
                if any(within(module, home) for home in homes) or (module.place, library) in TYPES_ONLY:
                    continue
                where = f"call what lives in {' or '.join(homes)}" if homes else "the application fetches nothing"
                faults.append(f"{module.place}:{one.line} imports {one.target}: {where}")
    assert not faults, "\n".join(faults)


def test_domain_uses_the_standard_library_only() -> None:
    faults = [
        f"{module.place}:{one.line} imports {one.target}: rules need nothing but the standard library"
        for module in modules()
        if floor(module.name) == "domain"
        for one in module.imports
        if one.target.split(".")[0] not in sys.stdlib_module_names and not one.target.startswith("tracker.domain")
    ]
    assert not faults, "\n".join(faults)


def test_views_and_forms_ask_no_database() -> None:
    faults = [
        f"{module.place}:{one.line} imports {one.target}: a query lives in services, a view calls it"
        for module in modules()
        if within(module, "tracker/web/views/") or within(module, "tracker/web/forms/")
        for one in module.imports
        if one.target.split(".")[0] == "sqlalchemy" and one.target not in KNOWN_ERRORS
    ]
    assert not faults, "\n".join(faults)


def test_plain_data_needs_the_ground_floor_only() -> None:
    handed_over = {
        one.target
        for module in modules()
        if floor(module.name) == "documents"
        for one in module.imports
        if floor(one.target) == "services"
    }
    # Plain data may be made of plain data: that is looked at in the same way.
    plain: set[str] = set()
    while handed_over - plain:
        plain |= handed_over
        handed_over = {
            one.target
            for module in modules()
            if module.name in plain
            for one in module.imports
            if floor(one.target) == "services"
        }
    faults = [
        f"{module.place}:{one.line} imports {one.target}: what is handed to documents is plain data"
        for module in modules()
        if module.name in plain
        for one in module.imports
        if one.target.startswith("tracker.") and floor(one.target) not in ("domain", "services")
    ]
    assert not faults, "\n".join(faults)


def test_no_circle() -> None:
    graph = {
        module.name: {
            one.target for one in module.imports if one.target.startswith("tracker.") and one.target != module.name
        }
        for module in modules()
        if module.name != "tracker"
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' → '.join(error.args[1])}: move what both need one floor down")


def test_migrations_never_import_the_models() -> None:
    faults = [
        f"{path.name}: write the table as it was then; models change, a migration does not"
        for path in (ROOT / "migrations").glob("*.py")
        if "tracker" in [word for line in path.read_text("utf-8").splitlines() for word in _imported(line)]
    ]
    assert not faults, "\n".join(faults)


def _imported(line: str) -> list[str]:
    words = line.split()
    return [words[1].split(".")[0]] if len(words) > 1 and words[0] in ("import", "from") else []


def test_the_ground_floor_loads_neither_flask_nor_sqlalchemy() -> None:
    program = (
        "import sys, tracker.domain.workflow;"
        "print(*{name.split('.')[0] for name in sys.modules} & {'flask', 'sqlalchemy', 'werkzeug', 'babel'})"
    )
    answer = subprocess.run((sys.executable, "-c", program), cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


def test_a_web_worker_begins_without_what_only_documents_need(tmp_path: Path) -> None:
    """Some 35 MB that most workers never use; whoever is asked for a document loads what makes or reads it."""
    program = (
        "import sys; from pathlib import Path; from config import Settings; from tracker import create_app;"
        "create_app(Settings(data_dir=Path(sys.argv[1]), database_url='sqlite://', secret_key='x' * 32));"
        "print(*{name.split('.')[0] for name in sys.modules}"
        " & {'typst', 'docx', 'lxml', 'openpyxl', 'xlsxwriter', 'pypdfium2', 'PIL'})"
    )
    answer = subprocess.run(
        (sys.executable, "-c", program, str(tmp_path)), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []
