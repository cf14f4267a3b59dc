"""Small files, whole folders and copies: in full or not at all."""

import errno
from pathlib import Path

import pytest

from kiosk.errors import DeviceError, IntegrityError
from kiosk.storage import files


def test_write_file_is_whole_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "f"
    files.write_file(path, b"one")
    files.write_file(path, b"two")
    assert path.read_bytes() == b"two"
    with pytest.raises(DeviceError, match="disk_error"):
        files.write_file(tmp_path / "no" / "f", b"x")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f"]


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EIO, "copy_unreadable")]
)
def test_what_a_disk_says_has_one_reading(number: int, code: str) -> None:
    told = files.disk_error(OSError(number, "said"), "roll.sqlite", "copy_unreadable")
    assert told.code == code and told.facts == {"file": "roll.sqlite", "reason": "said"}


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "station"
    with pytest.raises(ZeroDivisionError), files.whole_folder(target) as part:
        (part / "one").write_bytes(b"1")
        raise ZeroDivisionError
    with pytest.raises(DeviceError, match="disk_full"), files.whole_folder(target) as part:
        raise OSError(errno.EDQUOT, "quota")
    assert list((tmp_path / "deep").iterdir()) == []
    target.mkdir()
    with files.whole_folder(target) as part:
        (part / "one").write_bytes(b"1")
    assert [p.name for p in target.iterdir()] == ["one"]
    with pytest.raises(IntegrityError, match="folder_in_use"), files.whole_folder(target):
        pass


def test_links_and_folders_are_not_plain_files(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert [files.is_plain(tmp_path / name) for name in ("file", "link", "none", ".")] == [True, False, False, False]
