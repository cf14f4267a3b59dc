"""A spare terminal takes over: the second copy of a broken one, or its disk in a case, becomes the spare's folder.

Nothing is retyped. Either the whole copy is taken or nothing changes; the copy itself is only read. What is in it is
checked when the first badge opens it (kiosk.day.unlocking), as after every restart.
"""

import os
import shutil
import stat
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.day import mirroring
from kiosk.day.setup import compare_with_paper
from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError, IntegrityError
from kiosk.packet import package
from kiosk.packet.verify import Check
from kiosk.progress import Progress, silent
from kiosk.storage.database import sync_folder, write_file
from kiosk.text import N_
from kiosk.trust import credential as cr
from kiosk.trust import election_file
from kiosk.trust.keys import fingerprint

MARK = "taken-over"  # until the journal has been told
_BLOCK = 1 << 20
_ROOM = 200 << 20  # what the rest of the day writes


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A station's copy as far as it can be read without a badge. `written`: when the day last changed it, None if the
    day had not begun."""

    folder: Path
    election: election_file.SignedElection
    credential: cr.Credential
    files: tuple[Path, ...]
    bytes: int
    written: datetime | None

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.election.authority)


def is_copy(folder: Path) -> bool:
    return (folder / package.CREDENTIAL).is_file() and (folder / package.VAULT).is_file()


def read_copy(folder: Path) -> Copy:
    """IntegrityError `copy_incomplete` (file), `credential_foreign`, and as `election_file.read`, `credential.read`."""
    files = tuple(path for path in mirroring.files_of(folder) if _plain(path))
    names = {path.name for path in files}
    missing = next((name for name in mirroring.NEEDED if name not in names), None)
    if missing:
        raise IntegrityError("copy_incomplete", file=missing)
    election = election_file.read(_small(folder / package.ELECTION, package.ENTRIES[package.ELECTION]))
    credential = cr.read(_small(folder / package.CREDENTIAL, package.ENTRIES[package.CREDENTIAL]))
    cr.check_belongs(credential, election.definition)
    if bytes.fromhex(credential.authority_key) != election.authority:
        raise IntegrityError("credential_foreign", field="authority")
    zone = ZoneInfo(election.definition.station(credential.station).zone)
    size = sum(path.stat().st_size for path in files)
    return Copy(
        folder=folder,
        election=election,
        credential=credential,
        files=files,
        bytes=size,
        written=_last_written(files, zone),
    )


def checks(copy: Copy) -> list[Check]:
    """What is known before the copy is taken."""
    written = f"{copy.written:%d.%m.%Y %H:%M}" if copy.written else "–"
    return [
        Check(N_("second copy, signed by the authority"), copy.folder.name),
        Check(N_("station"), str(copy.credential.station)),
        Check(N_("purpose"), copy.credential.purpose),
        Check(N_("last written"), written),
    ]


def take_over(
    copy: Copy,
    folder: Path,
    purpose: Purpose,
    authority_fingerprint: str | None,
    *,
    progress: Progress = silent,
) -> list[Check]:
    """Lay out `folder` from `copy`; what was checked. `authority_fingerprint`: from paper; None only for demo and test.

    IntegrityError: `purpose_foreign`, `fingerprint_differs`, `fingerprint_missing`, `folder_in_use`. DeviceError:
    `disk_full`, `copy_unreadable`.
    """
    compare_with_paper(copy.credential.purpose, purpose, copy.election.authority, authority_fingerprint)
    if folder.exists() and any(folder.iterdir()):
        raise IntegrityError("folder_in_use")
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        if shutil.disk_usage(part).free < copy.bytes + _ROOM:
            raise DeviceError("disk_full", file=folder.name)
        _copy_all(copy, part, progress)
        write_file(part / MARK, b"")
        sync_folder(part)
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
        sync_folder(folder.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return checks(copy)


def _copy_all(copy: Copy, part: Path, progress: Progress) -> None:
    done = 0
    for path in copy.files:
        try:
            with path.open("rb") as reading, (part / path.name).open("wb") as writing:
                while block := reading.read(_BLOCK):
                    writing.write(block)
                    done += len(block)
                    progress("loading", done, copy.bytes)
                writing.flush()
                os.fsync(writing.fileno())
        except OSError as error:
            code = "disk_full" if error.errno == 28 else "copy_unreadable"
            raise DeviceError(code, file=path.name, reason=error.strerror or "") from error


def _plain(path: Path) -> bool:
    """A stick may hold anything under any name: links and pipes are not followed."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _small(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise DeviceError("copy_unreadable", file=path.name, reason=error.strerror or "") from error


def _last_written(files: tuple[Path, ...], zone: tzinfo) -> datetime | None:
    times = [path.stat().st_mtime for path in files if path.name in mirroring.DAY]
    return datetime.fromtimestamp(max(times), zone) if times else None
