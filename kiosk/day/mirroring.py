"""The mirror: a second medium with the whole station on it, so that a spare terminal can take over within minutes.

The file of the day is kept equal commit by commit (kiosk.storage.commit); here is what is compared at the start, and
the files that never change.
"""

from concurrent import futures
from pathlib import Path
from typing import Literal, NamedTuple

from kiosk.day import folder as f
from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError, IntegrityError, KioskError
from kiosk.packet import package
from kiosk.storage.commit import Mirrored, finish_copying, replace
from kiosk.storage.database import open_database
from kiosk.storage.files import copy, disk_error, open_plain, shred, sync_folder, write_file
from kiosk.storage.mirror import Mirror

_START_S = 20.0  # that a start waits for a slow medium; then the day begins and the copying goes on behind it


def compare(folder: Path, mirror: Mirror, store_key: bytes, purpose: Purpose) -> None:
    """Look at the mirror before the day's file is opened. What fails or does not answer in time is given up.

    IntegrityError `mirror_foreign` or `mirror_newer` before anything is written: a mirror from which a spare has
    taken over, or of another station, is the only copy of something and is never overwritten. One that is the act in
    flight ahead, which a power cut can leave, is where that act is taken from: nobody heard of it, and nothing is lost.
    """
    if not mirror.try_again():
        return
    ahead = mirror.do(lambda: _compare(folder, mirror.folder, store_key, purpose))
    if ahead is None:
        mirror.give_up()
    elif ahead == "ahead":
        content = mirror.do((mirror.folder / f.DAY).read_bytes, _START_S)
        if content:
            try:
                replace(folder / f.DAY, content)
            except OSError as error:
                raise disk_error(error, f.DAY) from error


def _compare(folder: Path, mirrored: Path, store_key: bytes, purpose: Purpose) -> Literal["behind", "ahead"] | None:
    """None where it can't be one: on the same medium, or unreadable."""
    mirrored.mkdir(exist_ok=True)  # not its parents: a stick that is not plugged in must not be made up
    if _same_medium(folder, mirrored, purpose):
        return None
    theirs = mirrored / package.CREDENTIAL
    if theirs.exists() and f.read(theirs) != f.read(folder / package.CREDENTIAL):
        raise IntegrityError("mirror_foreign", file=package.CREDENTIAL)
    finish_copying(mirrored / f.DAY)
    try:
        copied = _head(mirrored, store_key)
    except KioskError:
        return None  # a mirror of this station that can't be read is left as it is
    own = _head(folder, store_key)
    if copied.seq <= own.seq and _entry(folder, copied.seq, store_key) == copied.entry:
        return "behind"
    if copied.number == own.number + 1 and own.seq and _entry(mirrored, own.seq, store_key) == own.entry:
        return "ahead"
    raise IntegrityError("mirror_newer", file=f.DAY)


def _same_medium(folder: Path, mirrored: Path, purpose: Purpose) -> bool:
    """A copy on the same medium is none: a stick that is not plugged in leaves a folder of that name."""
    return purpose == "official" and mirrored.stat().st_dev == folder.stat().st_dev


def try_again(folder: Path, mirror: Mirror, day: Mirrored, store_key: bytes, *, purpose: Purpose) -> None:
    """A mirror that was lost: begin to bring it up to date, behind the day. Nobody waits for it; it stays lost where
    the medium does not answer, or is not the one it was."""
    entries = dict(day.conn.execute("SELECT seq, body FROM entry").fetchall())
    credential = f.read(folder / package.CREDENTIAL)

    def look() -> None:
        mirror.folder.mkdir(exist_ok=True)
        if _same_medium(folder, mirror.folder, purpose):
            raise DeviceError("mirror_foreign")
        theirs = mirror.folder / package.CREDENTIAL
        try:
            if theirs.exists() and f.read(theirs) != credential:
                raise DeviceError("mirror_foreign")
            day.drop_twin()
            finish_copying(mirror.folder / f.DAY)
            copied = _head(mirror.folder, store_key)
        except IntegrityError as error:  # one that can't be read is left as it is
            raise DeviceError(error.code) from error
        if copied.seq and entries.get(copied.seq) != copied.entry:
            raise DeviceError("mirror_newer")

    if not mirror.try_again():
        return
    mirror.begin(look)
    mirror.begin(lambda: _copy_small(folder, mirror.folder))
    day.add_twin()


def bring_up(folder: Path, mirror: Mirror) -> None:
    """Copy what is missing or different beside the day's file, in the mirror's thread; a start waits a little while
    until the medium is up to date."""
    futures.wait([mirror.begin(lambda: _copy_small(folder, mirror.folder))], _START_S)


def _copy_small(folder: Path, mirrored: Path) -> None:
    if not (mirrored / f.COPY).exists():
        write_file(mirrored / f.COPY, b"")
    for name in (*f.FIXED, *f.SMALL, *(p.name for p in folder.glob(f.PACKETS))):
        source, target = folder / name, mirrored / name
        part = target.with_name(target.name + ".part")
        shred(part)
        if not source.exists():
            shred(target)  # shares of a box key that is destroyed
        elif not target.exists() or _differ(source, target):
            copy(source, part)
            part.replace(target)
    sync_folder(mirrored)


class _Head(NamedTuple):
    """Where a day's file has come to: its last commit, its last journal entry."""

    number: int = 0
    seq: int = 0
    entry: str | None = None


def _head(folder: Path, store_key: bytes) -> _Head:
    """All zero for a file that is not there yet or was cut off at its making."""
    path = folder / f.DAY
    if not path.exists() or not path.stat().st_size:
        return _Head()
    database = open_database(path, f.file_key(store_key, f.DAY), f.SCHEMA, "read", in_place=True)
    try:
        (number,) = database.execute("PRAGMA application_id").fetchone()
        last = database.execute("SELECT seq, body FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        return _Head(number, *last) if last else _Head(number)
    finally:
        database.close()


def _entry(folder: Path, seq: int, store_key: bytes) -> str | None:
    """The journal's entry of this number, None for none."""
    if not seq:
        return None
    database = open_database(folder / f.DAY, f.file_key(store_key, f.DAY), f.SCHEMA, "read", in_place=True)
    try:
        found = database.execute("SELECT body FROM entry WHERE seq = ?", (seq,)).fetchone()
        return str(found[0]) if found else None
    finally:
        database.close()


def _differ(one: Path, two: Path) -> bool:
    if one.stat().st_size != two.stat().st_size:
        return True
    with open_plain(one) as here, open_plain(two) as there:
        return one.stat().st_size < 1 << 20 and here.read() != there.read()
