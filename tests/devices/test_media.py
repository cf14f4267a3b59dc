"""Removable media: what the mount table says, a real FAT file system, and a stick that misbehaves."""

import os
import subprocess
from pathlib import Path

import pytest

from kiosk.devices.leftovers import is_leftover
from kiosk.devices.media import Medium, MountedMedia, TrainingMedia
from kiosk.devices.stick import FolderStick
from kiosk.errors import DeviceError
from tests.stage.sticks import nothing_half, plugged_in

stick = pytest.fixture(plugged_in)

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


def test_a_packet_on_a_real_stick_is_whole_or_not_there(stick: Path) -> None:
    content = os.urandom(3 << 20)
    seen: list[int] = []
    written = FolderStick(stick).write(
        "1021-official-1.packet.zip", content, lambda _step, done, _size: seen.append(done)
    )
    assert written.path.read_bytes() == content and seen[-1] == len(content)


def test_a_full_stick_is_told_before_anything_is_written(stick: Path) -> None:
    with pytest.raises(DeviceError) as error:
        FolderStick(stick).write("p.zip", bytes(60 << 20))
    assert error.value.code == "stick_full" and nothing_half(stick)


def test_a_stick_that_fills_up_meanwhile_is_told_with_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kiosk.devices.stick.os.fsync", full)
    with pytest.raises(DeviceError) as error:
        FolderStick(tmp_path).write("p.zip", b"x" * 1000)
    assert error.value.code == "stick_full" and error.value.facts["needed"] == 1000 and nothing_half(tmp_path)


def test_a_locked_stick_is_told(stick: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)
    with pytest.raises(DeviceError) as error:
        FolderStick(stick).write("p.zip", b"x" * 1000)
    assert error.value.code == "stick_read_only" and nothing_half(stick)


def test_a_stick_pulled_out_in_the_middle_leaves_no_half_packet(stick: Path) -> None:
    def pull(step: str, done: int, size: int) -> None:
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


LEFT = ("._101.package.zip", ".Trash-1000", "$RECYCLE.BIN",
        "RECYCLER", "System Volume Information", "FOUND.000",
        "lost+found", "LOST.DIR", "__MACOSX", "$RA1B2C3.zip", "$IA1B2C3.zip", ".Spotlight-V100", "~$101.zip",
        "#recycle",
        "@eaDir", ".Trashes", ".fseventsd", "$extend")  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_what_systems_leave_on_a_stick_is_nobodys(name: str) -> None:
    assert is_leftover(name) and is_leftover(name.upper())


@pytest.mark.parametrize("name", ["101.package.zip", "1021-official-1.packet.zip", "found", "пакет", "Trash.zip", "$5"])
def test_what_people_put_there_is_theirs(name: str) -> None:
    assert not is_leftover(name)


@pytest.mark.parametrize("kind", ["hfsplus", "apfs", "btrfs", "xfs", "f2fs"])
def test_a_stick_of_another_format_is_seen(tmp_path: Path, kind: str) -> None:
    (tmp_path / "mounts").write_text(f"/dev/sdb1 /media/STICK {kind} rw 0 0\n/dev/sda1 / {kind} rw 0 0\n")
    media = MountedMedia(tmp_path / "mounts")
    assert media.found() == [] and media.unusable() == [kind]
    assert MountedMedia(tmp_path / "none").unusable() == []
