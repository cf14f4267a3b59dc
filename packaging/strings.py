"""The catalogues: every sentence of the program in Kyrgyz and Russian, none stale, no placeholder changed.

`python packaging/strings.py --update` brings the catalogues up to the code; without it, says what is wrong.
"""

import string
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from kiosk.settings import LANGUAGES

ROOT = Path(__file__).parent.parent
TRANSLATED = [language for language in LANGUAGES if language != "en"]  # the sentences themselves are English
HEADER = "# Sentences of the kiosk. Kept up by packaging/strings.py; translations are written by hand."
STILL = datetime(2025, 11, 30, tzinfo=UTC)  # a date that moves with every run only makes noise


def sentences() -> Catalog:
    """From the code (`_` and `N_`) and from the tables of messages."""
    catalog = Catalog(fuzzy=False)
    for folder in ("kiosk", "ui"):
        found = extract_from_dir(str(ROOT / folder), method_map=[("**.py", "python")], keywords={"_": None, "N_": None})
        for name, line, sentence, comments, _context in sorted(found, key=str):
            catalog.add(sentence, locations=[(f"{folder}/{name}", line)], auto_comments=comments)
    messages = tomllib.loads((ROOT / "resources" / "messages.toml").read_text("utf-8"))
    terms = tomllib.loads((ROOT / "resources" / "terms.toml").read_text("utf-8"))
    for words in (*terms.pop("choice").values(), terms):
        for word in words.values():
            catalog.add(word)
    for entry in messages.values():
        for part in ("title", "says", "next"):
            catalog.add(entry[part])
    return catalog


def path_of(language: str) -> Path:
    return ROOT / "resources" / "locale" / language / "LC_MESSAGES" / "kiosk.po"


def placeholders(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name is not None}


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, wanted: Catalog) -> None:
    """Keep what is translated, add what is new (empty), drop what is stale. No line numbers: they only make noise."""
    old = read(language)
    new = Catalog(locale=language, project="kiosk", version=None, fuzzy=False, header_comment=HEADER)
    new.creation_date = new.revision_date = STILL
    new.last_translator, new.language_team, new.msgid_bugs_address = "kiosk", language, "see SECURITY.md"
    for message in wanted:
        if message.id:
            known = old.get(message.id)
            where = sorted({(name, 0) for name, _line in message.locations})
            new.add(message.id, known.string if known else "", locations=where)
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, new, width=0, omit_header=False, include_lineno=False, sort_output=True)


def problems(language: str, wanted: Catalog) -> list[str]:
    catalog = read(language)
    found = []
    for message in wanted:
        if not message.id:
            continue
        known = catalog.get(message.id)
        if known is None or not known.string:
            found.append(f"{language}: missing: {message.id}")
        elif placeholders(str(known.string)) != placeholders(str(message.id)):
            found.append(f"{language}: placeholders changed: {message.id}")
        elif "\ufffd" in str(known.string):
            found.append(f"{language}: damaged letters: {message.id}")
        elif known.fuzzy:
            found.append(f"{language}: fuzzy: {message.id}")
    found += [f"{language}: stale: {m.id}" for m in catalog if m.id and wanted.get(m.id) is None]
    return found


def main() -> int:
    wanted = sentences()
    if "--update" in sys.argv:
        for language in TRANSLATED:
            update(language, wanted)
    found = [line for language in TRANSLATED for line in problems(language, wanted)]
    for line in found[:40]:
        print(line)
    print(f"{len(wanted)} sentences, {len(found)} problems")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
