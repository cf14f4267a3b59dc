"""A pipe or a device under a file's name is refused at once: waiting for it would stop a terminal or the centre."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.cli import kiosk
from kiosk.day import folder
from kiosk.errors import IntegrityError
from kiosk.packet import package
from kiosk.packet.archive import read_file
from kiosk.storage.files import copy, open_plain, read_small


def odd(tmp_path: Path) -> list[Path]:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link"
    link.symlink_to(pipe)
    return [pipe, link, Path("/dev/zero"), tmp_path]


def test_everything_that_opens_a_file_from_outside_refuses_the_rest(tmp_path: Path) -> None:
    for path in odd(tmp_path):
        with pytest.raises(OSError):
            open_plain(path)
        with pytest.raises(OSError):
            read_small(path, 10)
        with pytest.raises(OSError):
            copy(path, tmp_path / "copy")
        for read in (lambda p: read_file(p, {"a": 10}), package.read_file, folder.read):
            with pytest.raises(IntegrityError):
                read(path)


def test_no_command_takes_one(tmp_path: Path) -> None:
    """Every argument and option of every command that is a file to be read."""
    from click import Context, Group
    from click import Path as PathType

    pipe = odd(tmp_path)[0]
    found = 0

    def every(group: Group) -> None:
        nonlocal found
        for name in group.list_commands(Context(group)):
            command = group.get_command(Context(group), name)
            if isinstance(command, Group):
                every(command)
                continue
            assert command is not None
            for parameter in command.params:
                kind = parameter.type
                if isinstance(kind, PathType) and kind.exists and kind.file_okay and not kind.dir_okay:
                    found += 1
                    with pytest.raises(Exception, match="not a file"):
                        kind.convert(str(pipe), parameter, None)

    every(kiosk)
    assert found > 8


def test_verify_ends_at_once(tmp_path: Path) -> None:
    pipe = odd(tmp_path)[0]
    ran = subprocess.run(
        [sys.executable, "-m", "kiosk.cli", "--language", "en", "verify", str(pipe)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == 2 and "not a file" in ran.stderr
