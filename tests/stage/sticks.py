"""A real file system in an image, mounted by loop: the stick of the tests."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


def plugged_in(tmp_path: Path) -> Iterator[Path]:
    """An image of 48 MB mounted by loop: FAT32 as sticks have it, or ext4 where the kernel has no FAT."""
    image, folder = tmp_path / "stick.img", tmp_path / "stick"
    if os.geteuid() != 0:
        pytest.skip("mounting an image is for root")
    folder.mkdir()
    for kind, options in (("vfat", ["-F", "32"]), ("ext4", ["-q", "-F", "-m", "0"])):
        with image.open("wb") as file:
            file.truncate(48 << 20)
        maker = shutil.which(f"mkfs.{kind}", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        if maker is None:
            continue
        subprocess.run([maker, *options, str(image)], check=True, capture_output=True)
        if subprocess.run(["mount", "-o", "loop", str(image), str(folder)], capture_output=True).returncode == 0:
            break
    else:
        pytest.skip("this machine has no loop devices")
    yield folder
    while subprocess.run(["umount", "-l", str(folder)], capture_output=True).returncode == 0:
        pass


def nothing_half(folder: Path) -> bool:
    """No packet and no part of one."""
    return [p.name for p in folder.iterdir() if p.is_file()] == []
