"""The ZIP around packets and packages: one way to write it, and only what is written that way is read.

Stored, in a fixed order, with a fixed date. Reading checks names, count and sizes before a byte is taken, then
demands that writing the entries again gives the same file: no second archive inside, no trailing bytes, no comment,
no other order survives that.
"""

import io
import os
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from kiosk.errors import IntegrityError
from kiosk.storage.files import open_plain

_DATE = (1980, 1, 1, 0, 0, 0)
_OVERHEAD = 4096
_END, _ZIP64 = 22, 20  # bytes: the end of the table of contents, and what may stand before it
_LOCAL = 30  # bytes before a name (APPNOTE 4.3.7)
_MOST_DIRECTORY = 64 << 10
# What the library raises on archives that nobody would make by accident.
_HOSTILE = (
    zipfile.BadZipFile, OSError, EOFError, ValueError, OverflowError, NotImplementedError, RuntimeError, struct.error,
)  # fmt: skip


def write(entries: Mapping[str, bytes]) -> bytes:
    """The bytes of the archive, entries in the order given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def read_file(path: Path, allowed: Mapping[str, int]) -> dict[str, bytes]:
    """`read` for a file on an untrusted medium: its size is checked before it is read."""
    try:
        with open_plain(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > sum(allowed.values()) + _OVERHEAD:
                raise IntegrityError("archive_too_large", size=size)
            content = file.read(size + 1)
    except OSError as error:
        raise IntegrityError("archive_unreadable", reason=error.strerror or "") from error
    return read(content, allowed)


def read(untrusted: bytes, allowed: Mapping[str, int]) -> dict[str, bytes]:
    """name → content of exactly the `allowed` entries (name → most bytes), in their order.

    IntegrityError: `archive_malformed`, `archive_too_large`, `archive_path_unsafe`, `archive_entry_twice`,
    `archive_entry_unknown`, `archive_entry_missing`, `archive_entry_too_large`, `archive_compressed`,
    `archive_not_canonical`.
    """
    if len(untrusted) > sum(allowed.values()) + _OVERHEAD:
        raise IntegrityError("archive_too_large", size=len(untrusted))
    _check_directory(untrusted)
    try:
        with zipfile.ZipFile(io.BytesIO(untrusted)) as archive:
            infos = archive.infolist()
            _check(infos, allowed)
            entries = {info.filename: _content(untrusted, info) for info in infos}
            if list(entries) == list(allowed) and write(entries) == untrusted:
                return entries
            for info in infos:
                archive.read(info)  # something else is there: what, says the library
    except _HOSTILE as error:
        raise IntegrityError("archive_malformed") from error
    raise IntegrityError("archive_not_canonical")


def names(untrusted: bytes) -> list[str]:
    """Of the entries of whatever archive this is; none where it is none, or has too many to be looked at."""
    try:
        _check_directory(untrusted)
        with zipfile.ZipFile(io.BytesIO(untrusted)) as archive:
            return archive.namelist()
    except (IntegrityError, *_HOSTILE):
        return []


def _content(untrusted: bytes, info: zipfile.ZipInfo) -> bytes:
    """What lies where our own archives have an entry's bytes. Believed only because writing it again, checksums and
    all, gives the same file: reading it with the library first would take as long once more."""
    start = info.header_offset + _LOCAL + len(info.filename.encode())
    return untrusted[start : start + info.file_size]


def _check_directory(untrusted: bytes) -> None:
    """Our table of contents is short and ends the file (APPNOTE 4.3.16). One of a million names in 47 MB would be read
    whole by the library before the first name could be looked at."""
    end = untrusted[-_END:]
    if not end.startswith(b"PK\x05\x06"):
        at = untrusted.rfind(b"PK\x05\x06")  # cut off in the middle of it, or something follows
        raise IntegrityError("archive_malformed" if at < 0 or len(untrusted) - at < _END else "archive_not_canonical")
    size = int.from_bytes(end[12:16], "little")
    if size > _MOST_DIRECTORY or untrusted[-_END - _ZIP64 :].startswith(b"PK\x06\x07"):
        raise IntegrityError("archive_entry_unknown")


def _check(infos: list[zipfile.ZipInfo], allowed: Mapping[str, int]) -> None:
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in name:
            raise IntegrityError("archive_path_unsafe")
        if name in seen:
            raise IntegrityError("archive_entry_twice", entry=name)
        if name not in allowed:
            raise IntegrityError("archive_entry_unknown")
        seen.add(name)
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise IntegrityError("archive_compressed", entry=name)
        if info.file_size > allowed[name]:
            raise IntegrityError("archive_entry_too_large", entry=name)
    for name in allowed:
        if name not in seen:
            raise IntegrityError("archive_entry_missing", entry=name)
