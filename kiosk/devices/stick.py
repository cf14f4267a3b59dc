"""A removable medium, and the one careful way to put a file on it."""

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec

from kiosk.errors import DeviceError
from kiosk.progress import Progress, silent
from kiosk.storage.files import is_full, is_read_only, sync_folder

_BLOCK = 1 << 18
_RESERVE = 1 << 16  # room for the file system's own bookkeeping


class Written(msgspec.Struct, frozen=True):
    path: Path
    size: int
    sha256: str


class Stick(Protocol):
    def free(self) -> int:
        """Bytes that fit. DeviceError `stick_missing`."""
        ...

    def write(self, name: str, content: bytes, progress: Progress = ...) -> Written:
        """Whole and read back, or not at all. DeviceError `stick_missing`, `stick_full`, `stick_read_only`,
        `stick_failed`, `stick_differs`."""
        ...


class FolderStick:
    """A stick mounted at a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def free(self) -> int:
        try:
            return shutil.disk_usage(self._folder).free
        except OSError as error:
            raise DeviceError("stick_missing") from error

    def write(self, name: str, content: bytes, progress: Progress = silent) -> Written:
        """Temporary name → fsync → rename → fsync of the folder → read back: a stick pulled at any moment leaves
        either no file of this name or a whole one."""
        if self.free() < len(content) + _RESERVE:
            raise DeviceError("stick_full", needed=len(content), free=self.free())
        target = self._folder / name
        part = self._folder / f".{name}.part"
        try:
            with part.open("wb") as file:
                for start in range(0, len(content), _BLOCK):
                    file.write(content[start : start + _BLOCK])
                    progress("writing", min(start + _BLOCK, len(content)), len(content))
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
            sync_folder(self._folder)
            return self._read_back(target, content)
        except OSError as error:
            with suppress(OSError):  # the stick may be gone or read-only
                part.unlink(missing_ok=True)
            code = _code(error, self._folder)
            if code == "stick_full":  # somebody else wrote to it meanwhile
                raise DeviceError(code, needed=len(content), free=self.free()) from error
            raise DeviceError(code, reason=error.strerror or "") from error

    def _read_back(self, target: Path, content: bytes) -> Written:
        """Past the cache where the system lets us: what is compared is what the stick holds."""
        handle = os.open(target, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            with os.fdopen(os.dup(handle), "rb") as file:
                found = file.read(len(content) + 1)
        finally:
            os.close(handle)
        if found != content:
            target.unlink(missing_ok=True)
            raise DeviceError("stick_differs")
        return Written(target, len(found), hashlib.sha256(found).hexdigest())


def _code(error: OSError, folder: Path) -> str:
    if is_full(error):
        return "stick_full"
    if is_read_only(error):
        return "stick_read_only"
    return "stick_failed" if folder.is_dir() else "stick_missing"
