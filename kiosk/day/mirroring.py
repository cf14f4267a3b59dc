"""The mirror: a second medium with the whole station on it, so that a spare terminal can take over within minutes.

The files of the day are kept equal commit by commit (kiosk.storage.database); here are the ones that never change.
"""

from pathlib import Path
from typing import Any

from kiosk.day import folder as f
from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError, IntegrityError, KioskError
from kiosk.packet import package
from kiosk.storage.database import open_database
from kiosk.storage.files import copy, sync_folder, write_file
from kiosk.storage.mirror import Mirror


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
        for name in (*f.FIXED, *f.SMALL, *(p.name for p in folder.glob(f.PACKETS))):
            source, target = folder / name, mirror.folder / name
            if not source.exists():
                target.unlink(missing_ok=True)
            elif not target.exists() or _differ(source, target):
                copy(source, target.with_name(target.name + ".part"))
                target.with_name(target.name + ".part").replace(target)
        _copy_day(folder, mirror.folder, store_key)
        sync_folder(mirror.folder)
    except (OSError, DeviceError):
        mirror.lost = True


def _copy_day(folder: Path, mirrored: Path, store_key: bytes) -> None:
    """The files of the day belong together: all are copied before the first replaces its older self."""
    for file in f.DAY:
        if (folder / file.name).exists():
            _counted(folder, file, store_key)  # lets SQLite recover from a cut-off commit first
            copy(folder / file.name, mirrored / (file.name + f.NEXT))
    write_file(mirrored / f.ALL_COPIED, b"")
    finish_copying(mirrored)


def finish_copying(folder: Path) -> None:
    """Put the copied files of the day in place; also when a station is unlocked from a mirror whose copying was cut
    off just then."""
    complete = (folder / f.ALL_COPIED).exists()
    for file in f.DAY:
        copied = folder / (file.name + f.NEXT)
        if complete and copied.exists():
            (folder / f"{file.name}-journal").unlink(missing_ok=True)
            copied.replace(folder / file.name)
        copied.unlink(missing_ok=True)
    if complete:
        sync_folder(folder)
        (folder / f.ALL_COPIED).unlink()
        sync_folder(folder)  # a mark that came back after a power cut would bless half a later copy


def _check_older(folder: Path, mirror: Mirror, store_key: bytes) -> None:
    """Every file of the day on the mirror holds no more than ours, and its journal is the beginning of ours.

    A mirror of this station that can't be read is given up and left as it is.
    """
    theirs, ours = mirror.folder / package.CREDENTIAL, folder / package.CREDENTIAL
    if theirs.exists() and theirs.read_bytes() != ours.read_bytes():
        raise IntegrityError("mirror_foreign", file=package.CREDENTIAL)
    for file in f.DAY:
        try:
            count = _counted(mirror.folder, file, store_key)
            last = _entry(mirror.folder, count, store_key) if file.name == f.JOURNAL else None
        except KioskError:
            mirror.lost = True
            return
        if count > _counted(folder, file, store_key) or (last and last != _entry(folder, count, store_key)):
            raise IntegrityError("mirror_newer", file=file.name)


def _counted(folder: Path, file: f.File, store_key: bytes) -> Any:
    """How much of the day is in this file."""
    return _ask(folder, file, store_key, file.counted)


def _entry(folder: Path, seq: int, store_key: bytes) -> Any:
    """The journal's entry of this number, None for none."""
    journal = next(file for file in f.DAY if file.name == f.JOURNAL)
    return _ask(folder, journal, store_key, f"SELECT body FROM entry WHERE seq = {seq}") if seq else None


def _ask(folder: Path, file: f.File, store_key: bytes, sql: str) -> Any:
    """One value from a file of the day; 0 from one that is not there yet or was cut off at its making."""
    path = folder / file.name
    if not path.exists() or not path.stat().st_size:
        return 0
    assert file.schema
    database = open_database(path, f.file_key(store_key, file.name), file.schema, "read")
    try:
        return database.execute(sql).fetchone()[0]
    finally:
        database.close()


def _differ(one: Path, two: Path) -> bool:
    if one.stat().st_size != two.stat().st_size:
        return True
    return one.stat().st_size < 1 << 20 and one.read_bytes() != two.read_bytes()
