"""Write anew what the tests hold of every mail: ``tests/mail/texts/<sample>.<language>.txt`` (``make mails``).

Run it after a sentence, a translation or a mail was changed on purpose, and read the difference before it is kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "mail" / "texts"
LANGUAGES = ("en", "es", "pt", "fr")


def texts() -> dict[str, str]:
    """What each file is to hold, by its name."""
    from tracker.mail.samples import SAMPLES

    found = {}
    for name, made in SAMPLES.items():
        for language in LANGUAGES:
            mail = made(language)
            found[f"{name}.{language}.txt"] = f"{mail.subject}\n\n{mail.text}"
    return found


def write() -> None:
    """Every file, and none besides."""
    FOLDER.mkdir(exist_ok=True)
    wanted = texts()
    for path in FOLDER.glob("*.txt"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, "utf-8")
    print(f"{len(wanted)} texts in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    write()
