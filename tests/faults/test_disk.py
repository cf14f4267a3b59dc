"""A full disk and a journal that is late: what was recorded stays, what was not says so."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.day import booth
from kiosk.day.desk import Eligible
from kiosk.day.station import Station
from kiosk.devices.stick import FolderStick
from kiosk.errors import DeviceError, IntegrityError, Refusal, must
from kiosk.packet.verify import verify_file
from kiosk.storage import database as db
from tests.world import AWAY, HOME, World, give, vote


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system with a few megabytes, where the machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    """To the last byte."""
    with (folder / "ballast").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)


def test_a_full_disk_refuses_and_loses_nothing(world: World, small_disk: Path) -> None:
    world.folder = small_disk / "station"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    given = give(station, world.pins(HOME)[1])
    fill(small_disk)
    station.booth.start(given)
    assert station.booth.touch(booth.Mark(2)) is None
    assert station.booth.touch(booth.Review()) is None
    try:
        recorded = station.booth.record() is None  # in place: a full disk may still take it
    except DeviceError as error:
        assert error.code == "disk_full"
        recorded = False
        assert isinstance(station.booth.state, booth.Reviewing)  # nothing was lost: the voter can try again
    answer = station.desk.identify(world.pins(HOME)[2])
    if recorded:
        assert isinstance(answer, Eligible)
        with pytest.raises(DeviceError, match="disk_full"):
            for _ in range(200):  # the register grows until it meets the wall
                station.desk.give(must(station.desk.identify(world.pins(HOME)[2])))
    (small_disk / "ballast").unlink()
    station.session.power_cut()
    station = world.unlock("clerk-1")
    if not recorded:
        vote(station, must_pending(station), 2)
    elif station.session.pending:
        vote(station, must_pending(station), 2)
        recorded = True
    assert len(station.session.box or ()) >= 2


def must_pending(station: Station):  # type: ignore[no-untyped-def]
    assert station.session.pending
    return station.session.pending


def test_a_journal_that_fails_does_not_undo_what_is_in_the_box(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    station = world.opened()
    given = give(station, world.pins(HOME)[0])

    def full(*_args: object, **_more: object) -> None:
        raise DeviceError("disk_full", file="journal")

    with monkeypatch.context() as patched:
        patched.setattr(station.session.journal, "write", full)
        vote(station, given, 1)
    assert len(station.session.box or ()) == 1
    assert station.session.pending is None
    assert station.session.journal.count("ballot_cast", "home") == 0
    world.sign_in(station, "chair")  # the next entry brings the late one along
    assert station.session.journal.count("ballot_cast", "home") == 1


# -- sticks ------------------------------------------------------------------------------------------


def test_a_stick_is_written_whole_and_read_back(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000
    seen: list[int] = []
    written = FolderStick(tmp_path).write("p.zip", content, lambda done, size: seen.append(done))
    assert written.path.read_bytes() == content
    assert seen == sorted(seen) and seen[-1] == written.size == len(content)
    assert [p.name for p in tmp_path.iterdir()] == ["p.zip"]


def test_no_stick_and_a_full_one(tmp_path: Path, small_disk: Path) -> None:
    with pytest.raises(DeviceError, match="stick_missing"):
        FolderStick(tmp_path / "none").write("p.zip", b"x")
    with pytest.raises(DeviceError, match="stick_full"):
        FolderStick(small_disk).write("p.zip", b"x" * (3 << 20))
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
    assert station.session.journal.entries()[-1].event == "export_failed"
    assert station.state.name == "signed"


# -- the mirror -----------------------------------------------------------------------------------------


def test_a_dead_medium_loses_nothing_and_a_spare_takes_over(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    vote(station, give(station, world.pins(AWAY)[0]), 2)
    given = give(station, world.pins(HOME)[1])  # this voter stands in the booth
    station.session.power_cut()
    shutil.rmtree(world.folder)
    world.folder, world.mirror = tmp_path / "mirror", None
    station = world.unlock("clerk-1")
    assert station.session.pending and station.session.pending != given
    vote(station, must_pending(station), 2)
    assert isinstance(station.desk.identify(world.pins(HOME)[0]), Refusal)
    packet = world.packet(station, {1: 1, 2: 1}, tmp_path / "stick")
    assert verify_file(packet, world.election).accepted


def test_the_mirror_is_equal_after_every_commit(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    for pin in world.pins(HOME)[:3]:
        vote(station, give(station, pin), 1)
        spare = world.in_folder(tmp_path / "spare")
        spare.mirror = None
        shutil.rmtree(tmp_path / "spare", ignore_errors=True)
        shutil.copytree(tmp_path / "mirror", spare.folder)
        spare.clock.set(world.clock.now())
        other = spare.unlock("clerk-1")
        assert len(other.session.box or ()) == len(station.session.box or ())
        assert other.session.register.tally() == station.session.register.tally()
        other.close()


def test_a_mirror_that_a_spare_has_gone_on_from_is_never_overwritten(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    station.session.power_cut()
    spare = msgspec.structs.replace(world, folder=tmp_path / "mirror", mirror=None)
    other = spare.unlock("clerk-1")
    vote(other, give(other, world.pins(HOME)[1]), 2)
    other.close()
    before = {p.name: p.read_bytes() for p in (tmp_path / "mirror").iterdir()}
    with pytest.raises(IntegrityError, match="mirror_newer"):
        world.unlock("clerk-1")
    assert {p.name: p.read_bytes() for p in (tmp_path / "mirror").iterdir()} == before


def test_a_fresh_terminal_never_takes_over_a_mirror_by_overwriting_it(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    station.session.power_cut()
    shutil.rmtree(world.folder)
    world.set_up()
    with pytest.raises(IntegrityError, match="mirror_newer"):
        world.unlock("chair")
    assert (tmp_path / "mirror" / "box-key.json").exists()


def test_another_station_s_mirror_is_left_alone(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    world.opened().close()
    away = msgspec.structs.replace(world.in_folder(tmp_path / "away", AWAY), mirror=tmp_path / "mirror")
    (tmp_path / "away").mkdir()
    away.set_up()
    with pytest.raises(IntegrityError, match="mirror_foreign"):
        away.unlock("chair")


def test_a_mirror_that_fails_is_told_and_the_day_goes_on(world: World, small_disk: Path) -> None:
    world.mirror = small_disk / "mirror"
    station = world.opened()
    fill(small_disk)
    for pin in world.pins(HOME):
        vote(station, give(station, pin), 1)
    events = [e.event for e in station.session.journal.entries()]
    assert events.count("mirror_lost") == 1
    assert len(station.session.box or ()) == 30
    station.close()
    (small_disk / "ballast").unlink()
    station = world.unlock("chair")  # and it is brought up to date again
    assert station.session.mirror and not station.session.mirror.lost
    world.mirror, world.folder = None, small_disk / "mirror"
    station.close()
    assert len(world.unlock("chair").session.box or ()) == 30


def test_no_mirror_is_waited_for(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    world.mirror = tmp_path / "file" / "mirror"
    station = world.opened()
    assert station.session.mirror and station.session.mirror.lost
    vote(station, give(station, world.pins(HOME)[0]), 1)
    assert len(station.session.box or ()) == 1


def test_the_box_key_is_destroyed_on_the_mirror_too(world: World, tmp_path: Path) -> None:
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    assert (tmp_path / "mirror" / "box-key.json").exists()
    world.closed(station)
    world.attend(station)
    must(station.count())
    assert not (tmp_path / "mirror" / "box-key.json").exists()


def test_a_block_that_fails_leaves_both_copies_as_they_were(tmp_path: Path) -> None:
    schema = db.Schema("t", ("CREATE TABLE t (a INTEGER) STRICT",))
    mirror = db.Mirror(tmp_path / "mirror")
    mirror.folder.mkdir()
    made = db.open_database(tmp_path / "t.sqlite", b"k" * 32, schema, "create", mirror)
    with pytest.raises(ZeroDivisionError), db.transaction(made, "t") as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError
    with db.transaction(made, "t") as connection:
        connection.executemany("INSERT INTO t VALUES (?)", iter([(2,), (3,)]))
    made.close()
    for path in (tmp_path / "t.sqlite", tmp_path / "mirror" / "t.sqlite"):
        assert db.open_database(path, b"k" * 32, schema).execute("SELECT a FROM t").fetchall() == [(2,), (3,)]
