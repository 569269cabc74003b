"""Whether the tables that the migrations make are the tables of the models (``make check``)."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from config import Settings
from tracker import create_app
from tracker.db import db
from tracker.migrate import alembic


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = Settings(data_dir=data, database_url=f"sqlite:///{data / 'check.sqlite3'}", secret_key="x" * 40)
        app = create_app(settings)
        with app.app_context():
            logging.getLogger("alembic").setLevel(logging.WARNING)
            alembic.upgrade()
            differences = alembic.compare_metadata()
            db.engine.dispose()
    for difference in differences:
        print(difference)
    if differences:
        print("Models and migrations differ: write a migration (`flask --app tracker db revision`).")
        return 1
    print("Migrations: models and tables agree.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
