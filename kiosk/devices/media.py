"""Which removable media are plugged in, and letting one go.

What a station may write to is what the desktop or udisks mounted for its user, or an administrator at /media: a file
system of the kinds sticks have. The system's own disks never qualify.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import msgspec

from kiosk.devices.stick import FolderStick, Stick, Written
from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError
from kiosk.progress import Progress, silent

_KINDS = {"vfat", "exfat", "msdos", "ntfs", "ntfs3", "fuseblk", "ext4", "ext3", "ext2", "udf"}
_PLACES = ("/media/", "/run/media/")
_SECONDS = 60


class Medium(msgspec.Struct, frozen=True):
    """A stick as a person recognises it: the name of its mount point, its whole path where two have one name."""

    name: str
    folder: Path

    def open_stick(self) -> Stick:
        return FolderStick(self.folder)


class Media(Protocol):
    def found(self) -> list[Medium]: ...

    def unusable(self) -> list[str]: ...

    def release(self, medium: Medium) -> None:
        """After this it may be pulled out. DeviceError `stick_busy`."""
        ...


class MountedMedia:
    """What /proc/self/mounts says. `more`: folders that an administrator named, also good as media. `not_`: what lies
    on the station's own disks (its data, its second copy) and is never offered nor let go."""

    def __init__(
        self, mounts: Path = Path("/proc/self/mounts"), more: Iterable[Path] = (), not_: Iterable[Path] = ()
    ) -> None:
        self._mounts = mounts
        self._more = tuple(more)
        self._not = tuple(path.absolute() for path in not_)

    def unusable(self) -> list[str]:
        """Formats of what is plugged in and mounted and of no kind that can be used: `hfsplus`."""
        return sorted({kind for place, kind in self._mounted() if place.startswith(_PLACES) and kind not in _KINDS})

    def _mounted(self) -> list[tuple[str, str]]:
        """(place, format) of every mount."""
        try:
            lines = [line.split(" ") for line in self._mounts.read_text("latin-1").splitlines()]
        except OSError:
            return []
        return [(_unescape(fields[1]), fields[2]) for fields in lines if len(fields) > 2]

    def found(self) -> list[Medium]:
        folders = [folder for folder in self._more if folder.is_dir()]
        folders += [Path(place) for place, kind in self._mounted() if kind in _KINDS and place.startswith(_PLACES)]
        good = [f for f in dict.fromkeys(folders) if not any(own == f or f in own.parents for own in self._not)]
        names = Counter(folder.name for folder in good)
        return [Medium(f.name if names[f.name] == 1 else str(f), f) for f in good]

    def release(self, medium: Medium) -> None:
        if medium.folder in self._more:
            return
        for command in (("udisksctl", "unmount", "--mount-point", str(medium.folder)), ("umount", str(medium.folder))):
            try:
                done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
            except (OSError, subprocess.TimeoutExpired):
                continue
            if done.returncode == 0:
                return
        raise DeviceError("stick_busy")


def _unescape(place: str) -> str:
    """Spaces and the like stand as octal in the mount table (`\\040`), everything else as the bytes of UTF-8."""
    octal = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), place)
    return octal.encode("latin-1").decode("utf-8", "replace")


class TrainingMedia:
    """One stick of a folder, which the trainer may fill up, lock, or pull out. Refuses to serve a real election."""

    def __init__(self, folder: Path, purpose: Purpose) -> None:
        if purpose == "official":
            raise DeviceError("fake_refused", device="stick")
        self._medium = _TrainingMedium(folder.name, folder, self)
        self.pulled_out = False
        self.pull_out_next = False  # once: while the next file is being written

    def found(self) -> list[Medium]:
        self._medium.folder.mkdir(parents=True, exist_ok=True)
        return [] if self.pulled_out else [self._medium]

    def unusable(self) -> list[str]:
        return []

    def release(self, medium: Medium) -> None:
        pass


class _TrainingMedium(Medium, frozen=True):
    media: TrainingMedia

    def open_stick(self) -> Stick:
        return _TrainingStick(self.folder, self.media)


class _TrainingStick(FolderStick):
    """A stick that somebody may pull out while the packet is being written."""

    def __init__(self, folder: Path, media: TrainingMedia) -> None:
        super().__init__(folder)
        self._media = media

    def write(self, name: str, content: bytes, progress: Progress = silent) -> Written:
        if self._media.pull_out_next:
            self._media.pull_out_next = False
            progress("writing", len(content) // 2, len(content))
            raise DeviceError("stick_missing")
        return super().write(name, content, progress)
