"""A spare terminal takes over: the second copy of a broken one, or its disk in a case, becomes the spare's folder.

Nothing is retyped. Either the whole copy is taken or nothing changes; the copy itself is only read. What is in it is
checked when the first badge opens it (kiosk.day.locked), as after every restart.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.day import folder as f
from kiosk.day.setup import compare_with_paper
from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError, IntegrityError
from kiosk.packet import package
from kiosk.packet.verify import Check
from kiosk.progress import Progress, silent
from kiosk.storage.files import copy, disk_error, is_plain, read_small, whole_folder, write_file
from kiosk.text import N_
from kiosk.trust import credential as cr
from kiosk.trust import election_file
from kiosk.trust.keys import fingerprint

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


def read_copy(folder: Path) -> Copy:
    """IntegrityError `copy_incomplete` (file), `credential_foreign`, and as `election_file.read`, `credential.read`."""
    files = tuple(path for path in f.found(folder) if is_plain(path))
    names = {path.name for path in files}
    missing = next((name for name in f.FIXED if name not in names), None)
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


def checks(copied: Copy) -> list[Check]:
    """What is known before the copy is taken."""
    written = f"{copied.written:%d.%m.%Y %H:%M}" if copied.written else "–"
    return [
        Check(N_("second copy, signed by the authority"), copied.folder.name),
        Check(N_("station"), str(copied.credential.station)),
        Check(N_("purpose"), copied.credential.purpose),
        Check(N_("last written"), written),
    ]


def take_over(
    copied: Copy,
    folder: Path,
    purpose: Purpose,
    authority_fingerprint: str | None,
    *,
    progress: Progress = silent,
) -> list[Check]:
    """Lay out `folder` from it; what was checked. `authority_fingerprint`: from paper; None only for demo and test.

    IntegrityError: `purpose_foreign`, `fingerprint_differs`, `fingerprint_missing`, `folder_in_use`. DeviceError:
    `disk_full`, `copy_unreadable`.
    """
    compare_with_paper(copied.credential.purpose, purpose, copied.election.authority, authority_fingerprint)
    with whole_folder(folder) as part:
        if shutil.disk_usage(part).free < copied.bytes + _ROOM:
            raise DeviceError("disk_full", file=folder.name)
        _copy_all(copied, part, progress)
        write_file(part / f.COPY, b"")
    return checks(copied)


def _copy_all(copied: Copy, part: Path, progress: Progress) -> None:
    done = 0

    def look(block: bytes) -> None:
        nonlocal done
        done += len(block)
        progress("loading", done, copied.bytes)

    for path in copied.files:
        try:
            copy(path, part / path.name, look)
        except OSError as error:
            raise disk_error(error, path.name, "copy_unreadable") from error


def _small(path: Path, most: int) -> bytes:
    try:
        return read_small(path, most)
    except OSError as error:
        raise disk_error(error, path.name, "copy_unreadable") from error


def _last_written(files: tuple[Path, ...], zone: tzinfo) -> datetime | None:
    times = [path.stat().st_mtime for path in files if path.name == f.DAY]
    return datetime.fromtimestamp(max(times), zone) if times else None
