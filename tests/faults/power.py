"""A medium whose power can be cut at every single write: what came after the last flush is lost, torn or kept.

qemu-storage-daemon logs each block that a real ext4 writes, with its flushes, in the kernel's own log format; a cut
plays the log back up to a point onto the medium as it was at first.
"""

import os
import random
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

_SIZE = 48 << 20
_FLUSH, _DISCARD, _SECTOR = 1, 4, 512

Unflushed = Literal["lost", "torn", "kept"]


class _Write(NamedTuple):
    at: int
    size: int
    flags: int
    data: int  # where its bytes stand in the log


def _run(*command: str | Path) -> None:
    subprocess.run([*map(str, command)], check=True, capture_output=True)


class Logged:
    """An ext4 whose every write is in a log. `log` grows while `folder` is mounted."""

    def __init__(self, base: Path) -> None:
        self.base, self.folder = base, base / "medium"
        self._first, self._disk, self._log = base / "first.raw", base / "disk.raw", base / "log.raw"

    @property
    def written(self) -> int:
        """Writes and flushes so far."""
        with self._log.open("rb") as log:
            found: int = struct.unpack("<QQQI", log.read(28))[2]
        return found

    def _entries(self, until: int) -> list[_Write]:
        entries, at = [], _SECTOR
        with self._log.open("rb") as log:
            for _ in range(until):
                log.seek(at)
                sector, sectors, flags, _length = struct.unpack("<QQQQ", log.read(32))
                size = 0 if flags & _DISCARD else sectors * _SECTOR
                entries.append(_Write(sector * _SECTOR, size, flags, at + _SECTOR))
                at += _SECTOR + size
        return entries

    @contextmanager
    def cut(self, until: int, unflushed: Unflushed, dice: random.Random) -> Iterator[Path]:
        """The medium as the power found it after `until` writes, mounted; gone again at the end."""
        entries = self._entries(until)
        flushed = max((n for n, entry in enumerate(entries) if entry.flags & _FLUSH), default=0)
        image, folder = self.base / "cut.raw", self.base / "cut"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(self._first, image)
        with image.open("r+b") as disk, self._log.open("rb") as log:
            for number, entry in enumerate(entries):
                log.seek(entry.data)
                content = log.read(entry.size)
                safe = number <= flushed or unflushed == "kept"
                if not safe and dice.random() < 0.5:
                    continue
                step = _SECTOR if not safe and unflushed == "torn" else max(entry.size, 1)
                for at in range(0, entry.size, step):
                    if step == _SECTOR and dice.random() < 0.5:
                        continue
                    disk.seek(entry.at + at)
                    disk.write(content[at : at + step])
        _run("mount", "-t", "ext4", "-o", "loop", image, folder)
        try:
            yield folder
        finally:
            _unmount(folder)
            image.unlink()


def _unmount(folder: Path) -> None:
    for _ in range(50):
        if subprocess.run(["umount", str(folder)], capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.1)
    _run("umount", "-l", folder)


@contextmanager
def logged_medium(base: Path) -> Iterator[Logged]:
    """A fresh one, mounted. Skips where there is no root, no FUSE or no loop device."""
    base.mkdir()
    medium = Logged(base)
    if os.geteuid() or not Path("/dev/fuse").exists() or not shutil.which("qemu-storage-daemon"):
        pytest.skip("power cuts need root, FUSE and qemu-storage-daemon")
    with medium._first.open("wb") as file:
        file.truncate(_SIZE)
    _run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", medium._first)
    shutil.copyfile(medium._first, medium._disk)
    medium._log.touch()
    through = base / "through.raw"
    through.touch()
    medium.folder.mkdir()
    daemon = subprocess.Popen(
        [
            "qemu-storage-daemon",
            *("--blockdev", f"driver=file,node-name=disk,filename={medium._disk}"),
            *("--blockdev", f"driver=file,node-name=log,filename={medium._log}"),
            *(
                "--blockdev",
                "driver=blklogwrites,node-name=both,file=disk,log=log,log-sector-size=512,log-super-update-interval=1",
            ),
            *("--export", f"type=fuse,id=out,node-name=both,mountpoint={through},writable=on"),
        ],
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 10
        while through.stat().st_size != _SIZE:
            if daemon.poll() is not None or time.monotonic() > deadline:
                pytest.skip(f"no FUSE export here: {(daemon.stderr.read() if daemon.stderr else b'').decode()[:200]}")
            time.sleep(0.02)
        _run("mount", "-t", "ext4", "-o", "loop", through, medium.folder)
        try:
            yield medium
        finally:
            _unmount(medium.folder)
    finally:
        daemon.terminate()
        daemon.wait(10)
        if daemon.stderr:
            daemon.stderr.close()
        subprocess.run(["umount", "-l", str(through)], capture_output=True, check=False)
