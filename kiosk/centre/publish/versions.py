"""Results are versions that are appended, never overwritten: version-1, version-2, …"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kiosk.centre.steps.result import Result, changes
from kiosk.errors import IntegrityError

_STATE = "version.json"
_PREFIX = "version-"


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """One run at a time in a folder. IntegrityError `output_busy`."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IntegrityError("output_busy", folder=str(out)) from error
        yield


def numbers(out: Path) -> list[int]:
    found = (p.name.removeprefix(_PREFIX) for p in out.glob(f"{_PREFIX}*") if p.is_dir())
    return sorted(int(n) for n in found if n.isdigit())


def folder_of(out: Path, version: int) -> Path:
    return out / f"{_PREFIX}{version}"


def read(out: Path, version: int) -> Result:
    """IntegrityError `version_malformed`."""
    try:
        return msgspec.json.decode((folder_of(out, version) / _STATE).read_bytes(), type=Result)
    except (OSError, msgspec.DecodeError) as error:
        raise IntegrityError("version_malformed", version=version) from error


def newest(out: Path) -> Result | None:
    known = numbers(out)
    return read(out, known[-1]) if known else None


def keep(out: Path, result: Result, write: Callable[[Path, Result], None]) -> tuple[Result, Path, bool]:
    """(the result with its number, its folder, whether it is new): whole or not at all; the same content as the newest
    version is that version."""
    last = newest(out)
    if last and last.definition_hash != result.definition_hash:
        raise IntegrityError("version_foreign", version=last.version)
    if last and last.content == result.content:
        return last, folder_of(out, last.version), False
    number = last.version + 1 if last else 1
    numbered = msgspec.structs.replace(result, version=number, changed=changes(last, result) if last else ())
    part = out / f".{_PREFIX}{number}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    write(part, numbered)
    (part / _STATE).write_bytes(msgspec.json.format(msgspec.json.encode(numbered), indent=1))
    for path in (p for p in part.rglob("*") if p.is_file()):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    target = folder_of(out, number)
    part.replace(target)
    return numbered, target, True
