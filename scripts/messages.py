"""The message catalogues: extract, update, compile (``make messages``), or only check them (``--check``).

English is the language of the source and needs no catalogue; Spanish, Portuguese and French must be complete.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "tracker" / "translations"
LANGUAGES = ("es", "pt", "fr")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "N_": None, "_": None, "lazy_gettext": None, "say_number": (1, 2)}
PROJECT = "Commitments Tracker"


def extracted() -> Catalog:
    """Every text marked for translation in code and templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream)
    catalogue = Catalog(project=PROJECT, copyright_holder=PROJECT)
    for filename, _line, text, comments, context in extract_from_dir(
        ROOT,
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=holds_source,
    ):
        catalogue.add(text, None, [(filename, 0)], auto_comments=comments, context=context)
    return catalogue


def holds_source(folder: str) -> bool:
    """Whether to look into a folder: only ``tracker`` and ``templates``, where babel.cfg points."""
    parts = Path(folder).relative_to(ROOT).parts
    return not parts or (parts[0] in ("tracker", "templates") and parts[-1] != "__pycache__")


def po_path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, project=PROJECT)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    stream = BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def update(language: str, template: Catalog) -> int:
    """Bring one catalogue up to date and compile it. Returns how many texts wait for a translation."""
    catalogue = read(language)
    moment = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalogue.creation_date = moment
    catalogue.fuzzy = False
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = BytesIO()
    write_po(stream, catalogue, width=0, sort_output=True, ignore_obsolete=True, include_lineno=False)
    path.write_bytes(stream.getvalue())
    path.with_suffix(".mo").write_bytes(compiled(read(language)))
    return sum(1 for message in catalogue if message.id and not is_translated(message))


def is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return bool(texts) and all(texts)


def faults(language: str, template: Catalog) -> list[str]:
    """What is wrong with one catalogue, a sentence each."""
    path = po_path(language)
    name = path.relative_to(ROOT)
    if not path.exists():
        return [f"{name} is missing."]
    catalogue = read(language)
    found = []
    for message in template:
        if not message.id:
            continue
        own = catalogue.get(message.id, message.context)
        text = message.id if isinstance(message.id, str) else message.id[0]
        if own is None:
            found.append(f"{name}: not yet extracted: {text!r}")
        elif own.fuzzy:
            found.append(f"{name}: fuzzy, so not used: {text!r}")
        elif not is_translated(own):
            found.append(f"{name}: not translated: {text!r}")
        else:
            found += [f"{name}: {error} in the translation of {text!r}" for error in own.check(catalogue)]
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            found.append(f"{name}: no longer used: {message.id!r}")
    mo = path.with_suffix(".mo")
    if not mo.exists() or not same(mo.read_bytes(), compiled(catalogue)):
        found.append(f"{mo.relative_to(ROOT)} does not match its .po.")
    return found


def same(one: bytes, other: bytes) -> bool:
    def texts(data: bytes) -> dict[object, object]:
        return {(m.context, f"{m.id}"): m.string for m in read_mo(BytesIO(data)) if m.id}

    return texts(one) == texts(other)


def main() -> int:
    template = extracted()
    total = sum(1 for message in template if message.id)
    if "--check" in sys.argv[1:]:
        found = [fault for language in LANGUAGES for fault in faults(language, template)]
        if found:
            print(*found[:60], sep="\n")
            print(f"Translations: {len(found)} faults. Run `make messages`, translate, run it again.")
            return 1
        print(f"Translations: {total} texts, complete in {', '.join(LANGUAGES)}.")
        return 0
    for language in LANGUAGES:
        waiting = update(language, template)
        print(f"{po_path(language).relative_to(ROOT)}: {total} texts, {waiting} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
