"""Small files, whole folders and copies: there in full or not at all, and what a disk says told in our words."""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kiosk.errors import DeviceError, IntegrityError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_BLOCK = 1 << 20


def is_full(error: OSError) -> bool:
    """No room left, or none that this user may take."""
    return error.errno in _FULL


def is_read_only(error: OSError) -> bool:
    return error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)


def disk_error(error: OSError, file: str, otherwise: str = "disk_error") -> DeviceError:
    """What a disk said: `disk_full`, or the code that is given for anything else."""
    return DeviceError("disk_full" if is_full(error) else otherwise, file=file, reason=error.strerror or "")


def sync_folder(folder: Path) -> None:
    """Make a created or renamed name in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_file(path: Path, content: bytes) -> None:
    """Replace `path` whole or not at all: temporary name, fsync, rename, fsync of the folder. DeviceError."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise disk_error(error, path.name) from error


def shred(path: Path) -> bool:
    """Overwrite in place, then remove: what the disk remembers of it is noise. Whether there was anything. OSError."""
    if not path.exists():
        return False
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return True


def copy(source: Path, target: Path, each: Callable[[bytes], object] = lambda block: None) -> None:
    """Copy block by block, durably; `each` sees every block before it is written. OSError."""
    with open_plain(source) as reading, target.open("wb") as writing:
        while block := reading.read(_BLOCK):
            each(block)
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Fill the folder that is lent; it becomes `folder` when the block ends, or nothing has happened.

    IntegrityError `folder_in_use` where something is in `folder` already. DeviceError: the disk.
    """
    if folder.exists() and any(folder.iterdir()):
        raise IntegrityError("folder_in_use")
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        yield part
        sync_folder(part)
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise disk_error(error, folder.name) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def open_plain(path: Path) -> BinaryIO:
    """For reading, if it is a file or a link to one. A pipe or a device would be waited for, for ever: OSError EINVAL,
    at once."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def is_plain(path: Path) -> bool:
    """A file itself: what a stick may also hold under any name, links, pipes and devices, is not followed."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def read_small(path: Path, most: int) -> bytes:
    """A plain file of at most `most` bytes; one byte more where it has more. OSError."""
    with open_plain(path) as file:
        return file.read(most + 1)
