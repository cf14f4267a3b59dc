"""A full disk: what was recorded stays, what was not says so."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.day import booth
from kiosk.day.station import Station
from kiosk.devices.stick import FolderStick
from kiosk.errors import DeviceError, must
from tests.faults.conftest import fill
from tests.stage.world import HOME, World, give, marked, vote


def test_a_full_disk_refuses_and_loses_nothing(world: World, small_disk: Path) -> None:
    world.folder = small_disk / "station"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    given = give(station, world.pins(HOME)[1])
    fill(small_disk)
    marked(station, given, 2)
    try:
        recorded = station.booth.record() is None  # in place: a full disk may still take it
    except DeviceError as error:
        assert error.code == "disk_full"
        recorded = False
        assert isinstance(station.booth.state, booth.OnPaper)  # nothing was lost: the voter can try again
    world.sign_in(station, "chair")
    with pytest.raises(DeviceError, match="disk_full"):
        for _ in range(200):  # the file grows until it meets the wall
            must(station.complain("observer", "other", "x" * 1000))
    complaints = len(station.complaints.all())
    (small_disk / "ballast").unlink()
    station.power_cut()
    station = world.unlock("clerk-1")
    assert len(station.complaints.all()) == complaints
    if not recorded:
        vote(station, must_pending(station), 2)
    assert len(station._session.files.box) == 2


def must_pending(station: Station):  # type: ignore[no-untyped-def]
    assert station.pending
    return station.pending


def test_a_ballot_and_its_entry_are_one_commit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    station = world.opened()
    given = give(station, world.pins(HOME)[0])

    def full(*_args: object, **_more: object) -> None:
        raise DeviceError("disk_full", file="journal")

    with monkeypatch.context() as patched:
        patched.setattr(station._session.journal, "write", full)
        marked(station, given, 1)
        with pytest.raises(DeviceError):
            station.booth.record()
    assert (len(station._session.files.box), station.pending) == (0, given)
    assert station.booth.record() is None  # a second touch
    assert (len(station._session.files.box), station.pending) == (1, None)
    assert station._session.journal.count("ballot_cast", "home") == 1


# -- sticks ------------------------------------------------------------------------------------------


def test_a_stick_is_written_whole_and_read_back(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000
    seen: list[int] = []
    written = FolderStick(tmp_path).write("p.zip", content, lambda _step, done, _size: seen.append(done))
    assert written.path.read_bytes() == content
    assert seen == sorted(seen) and seen[-1] == written.size == len(content)
    assert [p.name for p in tmp_path.iterdir()] == ["p.zip"]


def test_no_stick_and_a_full_one(tmp_path: Path, small_disk: Path) -> None:
    with pytest.raises(DeviceError, match="stick_missing"):
        FolderStick(tmp_path / "none").write("p.zip", b"x")
    with pytest.raises(DeviceError, match="stick_full"):
        FolderStick(small_disk).write("p.zip", b"x" * (5 << 20))
    fill(small_disk)
    with pytest.raises(DeviceError, match="stick_full"):
        FolderStick(small_disk).write("p.zip", b"x")
    assert [p.name for p in small_disk.iterdir()] == ["ballast"]


def test_a_read_only_stick(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(DeviceError, match="stick_read_only"):
        FolderStick(small_disk).write("p.zip", b"x")


def test_a_stick_that_lies_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        found = real(self, target)
        Path(target).write_bytes(b"other")
        return found

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(DeviceError, match="stick_differs"):
        FolderStick(tmp_path).write("p.zip", b"x" * 100)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("when", ["replace", "open"])
def test_a_stick_pulled_out_leaves_no_half_packet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()

    def gone(self: Path, *args: object, **more: object) -> object:
        if folder.exists():
            shutil.rmtree(folder)
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(Path, when, gone)
        with pytest.raises(DeviceError, match="stick_missing"):
            FolderStick(folder).write("p.zip", b"x" * 100)


def test_a_stick_that_fails_but_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fails)
        with pytest.raises(DeviceError, match="stick_failed"):
            FolderStick(tmp_path).write("p.zip", b"x" * 100)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_is_in_the_journal(world: World, tmp_path: Path) -> None:
    station = world.opened()
    world.counted(station, {})
    must(station.sign())
    with pytest.raises(DeviceError, match="stick_missing"):
        station.export(FolderStick(tmp_path / "none"))
    assert station._session.journal.entries()[-1].event == "export_failed"
    assert station.state.name == "signed"
