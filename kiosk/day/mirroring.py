"""The mirror: a second medium with the whole station on it, so that a spare terminal can take over within minutes.

The files of the day are kept equal commit by commit (kiosk.storage.database); here are the ones that never change.
"""

import shutil
from pathlib import Path
from typing import Any

from kiosk.ballot import box, envelopes
from kiosk.day import journal
from kiosk.day.setup import NATION
from kiosk.errors import IntegrityError
from kiosk.packet import package
from kiosk.roll import register
from kiosk.storage.database import Mirror, Schema, open_database, sync_folder
from kiosk.trust.keys import derive

_STATIC = (package.ELECTION, package.CREDENTIAL, package.KEYRING, package.VAULT, package.ROLL, NATION)
_SMALL = ("attempts.json", "box-key.json", "box-public.bin")


def bring_up(folder: Path, mirror: Mirror, store_key: bytes) -> None:
    """Copy what is missing or different on the mirror. A medium that fails is given up, never waited for.

    IntegrityError `mirror_foreign` or `mirror_newer` before anything is written: a mirror from which a spare has
    taken over, or of another station, is the only copy of something and is never overwritten.
    """
    _check_older(folder, mirror.folder, store_key)
    try:
        mirror.folder.mkdir(parents=True, exist_ok=True)
        for name in (*_STATIC, *_SMALL, *(p.name for p in folder.glob("*.packet.zip"))):
            source, target = folder / name, mirror.folder / name
            if not source.exists():
                target.unlink(missing_ok=True)
            elif not target.exists() or _differ(source, target):
                part = target.with_name(target.name + ".part")
                shutil.copyfile(source, part)
                part.replace(target)
        sync_folder(mirror.folder)
    except OSError:
        mirror.lost = True


_COUNTS = {
    "register.sqlite": (register.SCHEMA, "SELECT count(*) FROM event"),
    "envelopes.sqlite": (envelopes.SCHEMA, "SELECT count(*) FROM envelope"),
    "box.sqlite": (box.SCHEMA, "SELECT count(*) FROM slot WHERE used = 1"),
    "journal.sqlite": (journal.SCHEMA, "SELECT count(*) FROM entry"),
}


def _check_older(folder: Path, mirrored: Path, store_key: bytes) -> None:
    """Every file of the day on the mirror holds no more than ours, and its journal is the beginning of ours."""
    for name, (schema, sql) in _COUNTS.items():
        if not (mirrored / name).exists() or not (mirrored / name).stat().st_size:
            continue
        key = derive(store_key, f"file {name.removesuffix('.sqlite')}")
        theirs = _ask(mirrored / name, key, schema, sql)
        ours = _ask(folder / name, key, schema, sql) if (folder / name).exists() else 0
        if theirs > ours:
            raise IntegrityError("mirror_newer", file=name)
        if name == "journal.sqlite" and theirs:
            last = f"SELECT body FROM entry WHERE seq = {theirs}"
            if _ask(mirrored / name, key, schema, last) != _ask(folder / name, key, schema, last):
                raise IntegrityError("mirror_newer", file=name)


def _ask(path: Path, key: bytes, schema: Schema, sql: str) -> Any:
    try:
        database = open_database(path, key, schema, "read")
    except IntegrityError as error:
        raise IntegrityError("mirror_foreign", file=path.name) from error
    try:
        return database.execute(sql).fetchone()[0]
    finally:
        database.close()


def _differ(one: Path, two: Path) -> bool:
    if one.stat().st_size != two.stat().st_size:
        return True
    return one.stat().st_size < 1 << 20 and one.read_bytes() != two.read_bytes()
