"""Removable media: what the mount table says, a real FAT file system, and a stick that misbehaves."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices.media import Medium, MountedMedia, TrainingMedia
from kiosk.devices.stick import FolderStick
from kiosk.errors import DeviceError

TABLE = r"""sysfs /sys sysfs rw 0 0
/dev/sda1 / ext4 rw 0 0
/dev/sda2 /boot/efi vfat rw 0 0
/dev/sdb1 /media/USB\040STICK vfat rw 0 0
/dev/sdc1 /run/media/clerk/Флешка exfat rw 0 0
tmpfs /media/tmp tmpfs rw 0 0
cut short
"""


def test_only_what_a_person_plugged_in_counts(tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text(TABLE, "utf-8")
    named = tmp_path / "OWN"
    named.mkdir()
    found = MountedMedia(table, [named, tmp_path / "gone"]).found()
    assert [medium.name for medium in found] == ["OWN", "USB STICK", "Флешка"]
    assert MountedMedia(tmp_path / "no table").found() == []
    assert found[0].open_stick().free() > 0


def test_letting_go_of_what_is_no_mount_is_told(tmp_path: Path) -> None:
    media = MountedMedia(more=[tmp_path])
    media.release(Medium("OWN", tmp_path))
    with pytest.raises(DeviceError) as error:
        media.release(Medium("x", tmp_path / "x"))
    assert error.value.code == "stick_busy"


def test_the_training_stick_refuses_a_real_election(tmp_path: Path) -> None:
    with pytest.raises(DeviceError):
        TrainingMedia(tmp_path, "official")
    media = TrainingMedia(tmp_path / "stick", "test")
    [medium] = media.found()
    media.release(medium)
    media.pulled_out = True
    assert media.found() == []


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """An image of 48 MB mounted by loop: FAT32 as sticks have it, or ext4 where the kernel has no FAT."""
    image, folder = tmp_path / "stick.img", tmp_path / "STICK"
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
    return [p.name for p in folder.iterdir() if p.is_file()] == []


def test_a_packet_on_a_real_stick_is_whole_or_not_there(stick: Path) -> None:
    content = os.urandom(3 << 20)
    seen: list[int] = []
    written = FolderStick(stick).write("1021-official-1.packet.zip", content, lambda done, size: seen.append(done))
    assert written.path.read_bytes() == content and seen[-1] == len(content)


def test_a_full_stick_is_told_before_anything_is_written(stick: Path) -> None:
    with pytest.raises(DeviceError) as error:
        FolderStick(stick).write("p.zip", bytes(60 << 20))
    assert error.value.code == "stick_full" and nothing_half(stick)


def test_a_locked_stick_is_told(stick: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)
    with pytest.raises(DeviceError) as error:
        FolderStick(stick).write("p.zip", b"x" * 1000)
    assert error.value.code == "stick_read_only" and nothing_half(stick)


def test_a_stick_pulled_out_in_the_middle_leaves_no_half_packet(stick: Path) -> None:
    def pull(done: int, size: int) -> None:
        if done > size // 2:
            subprocess.run(["umount", "-l", str(stick)], capture_output=True)

    with pytest.raises(DeviceError) as error:
        FolderStick(stick).write("p.zip", os.urandom(4 << 20), pull)
    assert error.value.code in ("stick_missing", "stick_failed", "stick_differs")
    image = stick.parent / "stick.img"
    subprocess.run(["mount", "-o", "loop", str(image), str(stick)], check=True, capture_output=True)
    assert not (stick / "p.zip").exists()


def test_letting_go_unmounts_it(stick: Path) -> None:
    FolderStick(stick).write("p.zip", b"packet")
    MountedMedia().release(Medium("STICK", stick))
    assert not os.path.ismount(stick)
