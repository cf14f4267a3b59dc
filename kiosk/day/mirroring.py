"""The mirror: a second medium with the whole station on it, so that a spare terminal can take over within minutes.

The files of the day are kept equal commit by commit (kiosk.storage.database); here are the ones that never change.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from kiosk.ballot import box, envelopes
from kiosk.day import journal
from kiosk.day.setup import NATION
from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError, IntegrityError, KioskError
from kiosk.packet import package
from kiosk.roll import register
from kiosk.storage.database import Mirror, Schema, open_database, sync_folder, write_file
from kiosk.trust.keys import derive

NEEDED = (package.ELECTION, package.CREDENTIAL, package.KEYRING, package.VAULT, package.ROLL, NATION)
_SMALL = ("attempts.json", "box-key.json", "box-public.bin")

_NEXT, _COMPLETE = ".next", "next-complete"


def bring_up(folder: Path, mirror: Mirror, store_key: bytes, purpose: Purpose) -> None:
    """Copy what is missing or different on the mirror. A medium that fails is given up, never waited for.

    IntegrityError `mirror_foreign` or `mirror_newer` before anything is written: a mirror from which a spare has
    taken over, or of another station, is the only copy of something and is never overwritten.
    """
    try:
        mirror.folder.mkdir(exist_ok=True)  # not its parents: a stick that is not plugged in must not be made up
        if purpose == "official" and mirror.folder.stat().st_dev == folder.stat().st_dev:
            mirror.lost = True  # a copy on the same medium is none
            return
        finish_copying(mirror.folder)
        _check_older(folder, mirror, store_key)
        if mirror.lost:
            return
        for name in (*NEEDED, *_SMALL, *(p.name for p in folder.glob("*.packet.zip"))):
            source, target = folder / name, mirror.folder / name
            if not source.exists():
                target.unlink(missing_ok=True)
            elif not target.exists() or _differ(source, target):
                _copy(source, target.with_name(target.name + ".part"))
                target.with_name(target.name + ".part").replace(target)
        _copy_day(folder, mirror.folder, store_key)
        sync_folder(mirror.folder)
    except (OSError, DeviceError):
        mirror.lost = True


def _copy_day(folder: Path, mirrored: Path, store_key: bytes) -> None:
    """The files of the day belong together: all are copied before the first replaces its older self."""
    for name, (schema, sql) in _COUNTS.items():
        if (folder / name).exists():
            _ask(folder / name, _key(store_key, name), schema, sql)  # lets SQLite recover from a cut-off commit first
            _copy(folder / name, mirrored / (name + _NEXT))
    write_file(mirrored / _COMPLETE, b"")
    finish_copying(mirrored)


def finish_copying(folder: Path) -> None:
    """Put the copied files of the day in place; also when a station is unlocked from a mirror whose copying was cut
    off just then."""
    complete = (folder / _COMPLETE).exists()
    for name in _COUNTS:
        copied = folder / (name + _NEXT)
        if complete and copied.exists():
            (folder / f"{name}-journal").unlink(missing_ok=True)
            copied.replace(folder / name)
        copied.unlink(missing_ok=True)
    if complete:
        sync_folder(folder)
        (folder / _COMPLETE).unlink()
        sync_folder(folder)  # a mark that came back after a power cut would bless half a later copy


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _key(store_key: bytes, name: str) -> bytes:
    return derive(store_key, f"file {name.removesuffix('.sqlite')}")


_COUNTS = {
    "register.sqlite": (register.SCHEMA, "SELECT count(*) FROM event"),
    "envelopes.sqlite": (envelopes.SCHEMA, "SELECT count(*) FROM envelope"),
    "box.sqlite": (box.SCHEMA, "SELECT count(*) FROM slot WHERE used = 1"),
    "journal.sqlite": (journal.SCHEMA, "SELECT count(*) FROM entry"),
}
DAY = tuple(_COUNTS)


def files_of(folder: Path) -> list[Path]:
    """What in `folder` belongs to a station: also a commit that was cut off, which SQLite takes back, and a copying."""
    days = [name + end for name in DAY for end in ("", "-journal", _NEXT)]
    names = (*NEEDED, *_SMALL, *days, _COMPLETE)
    return [folder / name for name in names if (folder / name).exists()] + sorted(folder.glob("*.packet.zip"))


def _check_older(folder: Path, mirror: Mirror, store_key: bytes) -> None:
    """Every file of the day on the mirror holds no more than ours, and its journal is the beginning of ours.

    A mirror of this station that can't be read is given up and left as it is.
    """
    theirs, ours = mirror.folder / package.CREDENTIAL, folder / package.CREDENTIAL
    if theirs.exists() and theirs.read_bytes() != ours.read_bytes():
        raise IntegrityError("mirror_foreign", file=package.CREDENTIAL)
    for name, (schema, sql) in _COUNTS.items():
        key = _key(store_key, name)
        there, here = mirror.folder / name, folder / name
        try:
            count = _ask(there, key, schema, sql)
            last = _ask(there, key, schema, _ENTRY.format(seq=count)) if name == "journal.sqlite" and count else None
        except KioskError:
            mirror.lost = True
            return
        if count > _ask(here, key, schema, sql) or (
            last is not None and last != _ask(here, key, schema, _ENTRY.format(seq=count))
        ):
            raise IntegrityError("mirror_newer", file=name)


_ENTRY = "SELECT body FROM entry WHERE seq = {seq}"


def _ask(path: Path, key: bytes, schema: Schema, sql: str) -> Any:
    """One value from a file of the day; 0 from one that is not there yet or was cut off at its making."""
    if not path.exists() or not path.stat().st_size:
        return 0
    database = open_database(path, key, schema, mode="read")
    try:
        return database.execute(sql).fetchone()[0]
    finally:
        database.close()


def _differ(one: Path, two: Path) -> bool:
    if one.stat().st_size != two.stat().st_size:
        return True
    return one.stat().st_size < 1 << 20 and one.read_bytes() != two.read_bytes()
