"""A station's folder: every file that may lie in it, a row each.

What is opened, mirrored, compared, copied to a spare and wiped follows from this table: a new file is a new row.
"""

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.ballot import box, envelopes
from kiosk.errors import DeviceError, IntegrityError
from kiosk.journal import book as journal
from kiosk.packet import package
from kiosk.roll import register
from kiosk.storage.commit import NEXT
from kiosk.storage.database import Schema
from kiosk.storage.files import open_plain
from kiosk.trust.keys import derive

NATION, ATTEMPTS, BOX_KEY, DAY = "nation.sqlite", "attempts.json", "box-key.json", "day.sqlite"
PACKETS = "*.packet.zip"

IN_USE = "in-use"  # locked by the program that has the folder open
# Lies in a second copy, and so in the folder of a spare that takes it over: the day goes on there only after two badges
# have said so, and then it is gone.
COPY = "copy"

# Everything that changes while people vote is in one file, so that an act is one commit and no part of the day can be
# put back alone: docs/decisions/0029-one-file-in-place.md.
SCHEMA = Schema("day", (";".join((register.TABLES, envelopes.TABLES, box.TABLES, journal.TABLES)),))

_OTHERS = 0o077


class File(msgspec.Struct, frozen=True):
    """`fixed`: laid out at set-up, never changed. `small`: replaced whole. `day`: the database that only grows."""

    name: str
    kind: Literal["fixed", "small", "day"]


FILES = (
    File(package.ELECTION, "fixed"),
    File(package.CREDENTIAL, "fixed"),
    File(package.KEYRING, "fixed"),
    File(package.VAULT, "fixed"),
    File(package.ROLL, "fixed"),
    File(NATION, "fixed"),
    File(ATTEMPTS, "small"),
    File(BOX_KEY, "small"),
    File(DAY, "day"),
)
FIXED = tuple(file.name for file in FILES if file.kind == "fixed")
SMALL = tuple(file.name for file in FILES if file.kind == "small")


def file_key(store_key: bytes, name: str) -> bytes:
    """Of one database of the folder."""
    return derive(store_key, f"file {name.removesuffix('.sqlite')}")


def found(folder: Path) -> list[Path]:
    """What in `folder` belongs to a station: also a commit that was cut off, which SQLite takes back, and a copying."""
    names = (*FIXED, *SMALL, *(DAY + end for end in ("", "-journal", NEXT)))
    return [folder / name for name in names if (folder / name).exists()] + sorted(folder.glob(PACKETS))


def is_station(folder: Path) -> bool:
    """Whether a terminal's folder (or a copy of one) lies here."""
    return (folder / package.CREDENTIAL).is_file() and (folder / package.VAULT).is_file()


def has_begun(folder: Path) -> bool:
    """Whether somebody has unlocked this station; what is in its day only a badge can read."""
    return (folder / DAY).exists()


_OF_OLD = ("register.sqlite", "envelopes.sqlite", "box.sqlite", "journal.sqlite")  # until 0.3


def check_new(folder: Path) -> None:
    """A day that vanished is not begun anew: IntegrityError `station_file_missing`. One that an older version has begun
    is not gone on with: `day_of_old`."""
    if any((folder / name).exists() for name in _OF_OLD):
        raise IntegrityError("day_of_old")
    if (folder / BOX_KEY).exists() or any(folder.glob(PACKETS)):
        raise IntegrityError("station_file_missing", file=DAY)


def read(path: Path) -> bytes:
    """IntegrityError `station_file_missing`."""
    try:
        with open_plain(path) as file:
            return file.read()
    except OSError as error:
        raise IntegrityError("station_file_missing", file=path.name) from error


def make_private(folder: Path, *, strict: bool) -> None:
    """Nobody but the program's user may read or write here, whatever the folder was copied or unpacked with.

    `strict`: IntegrityError `folder_open` where the disk keeps no such rights or the folder is somebody else's.
    """
    with suppress(OSError):
        if stat.S_IMODE(folder.stat().st_mode) & _OTHERS:
            folder.chmod(0o700)
    if strict and (stat.S_IMODE(folder.stat().st_mode) & _OTHERS or folder.stat().st_uid != os.geteuid()):
        raise IntegrityError("folder_open")


def lock(folder: Path) -> int:
    """One program at a time: two on one folder would not see each other's acts. The system frees it at any end.

    IntegrityError `station_in_use`. DeviceError `disk_error`.
    """
    try:
        handle = os.open(folder / IN_USE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DeviceError("disk_error", file=IN_USE, reason=error.strerror or "") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise IntegrityError("station_in_use") from error
    return handle
