"""A spare terminal takes over from a broken one's second copy: all of it or nothing, and the journal says so."""

import errno
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.day import spare
from kiosk.day.folder import TAKEN_OVER
from kiosk.day.station import Station
from kiosk.errors import IntegrityError, KioskError
from kiosk.packet.verify import verify_file
from tests.stage.world import HOME, World, give, vote


@pytest.fixture
def broken(world: World, tmp_path: Path) -> Path:
    """The mirror of a terminal that died with two votes recorded and a voter in the booth."""
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    for pin in world.pins(HOME)[:2]:
        vote(station, give(station, pin), 1)
    give(station, world.pins(HOME)[2])
    station.power_cut()
    shutil.rmtree(world.folder)
    world.mirror = None
    return tmp_path / "mirror"


def told_of(station: Station) -> int:
    return sum(entry.event == "taken_over" for entry in station._session.journal.entries())


def paper(copy: Path) -> str:
    return spare.read_copy(copy).fingerprint


def test_the_day_goes_on_and_the_journal_tells_it_once(world: World, broken: Path, tmp_path: Path) -> None:
    before = {p.name: p.read_bytes() for p in broken.iterdir()}
    told: list[tuple[str, int, int]] = []
    checks = spare.take_over(
        spare.read_copy(broken), world.folder, "test", paper(broken), progress=lambda *done: told.append(done)
    )
    assert checks[1].found == str(HOME) and told[-1][1] == told[-1][2] > 0
    assert {p.name: p.read_bytes() for p in broken.iterdir()} == before
    world.unlock("clerk-1").close()
    station = world.unlock("clerk-1")
    assert told_of(station) == 1 and not (world.folder / TAKEN_OVER).exists()
    assert station.pending  # the voter in the booth goes on
    vote(station, station.pending, 2)
    packet = world.packet(station, {1: 2, 2: 1}, tmp_path / "stick")
    assert verify_file(packet, world.election).accepted


def test_the_command_takes_over_and_refuses_a_wrong_fingerprint(world: World, broken: Path) -> None:
    told = CliRunner().invoke(kiosk, ["take-over", str(broken), "--data", str(world.folder), "--purpose", "test"])
    assert told.exit_code == 0, told.output
    assert "Keep the broken terminal switched off" in told.output and str(HOME) in told.output
    assert told_of(world.unlock("clerk-1")) == 1
    wrong = ["take-over", str(broken), "--data", str(world.folder.with_name("other")), "--purpose", "test"]
    refused = CliRunner().invoke(kiosk, [*wrong, "--fingerprint", "0000"])
    assert isinstance(refused.exception, IntegrityError) and refused.exception.code == "fingerprint_differs"
    assert not world.folder.with_name("other").exists()


def test_a_copy_from_before_the_first_badge_is_a_station_not_begun(world: World, tmp_path: Path) -> None:
    world.set_up()
    world.folder.rename(tmp_path / "disk")
    found = spare.read_copy(tmp_path / "disk")
    assert found.written is None and spare.checks(found)[-1].found == "–"
    spare.take_over(found, world.folder, "test", None)
    assert world.unlock("chair").state.name == "posting"


@pytest.mark.parametrize("name", ["vault.bin", "roll.sqlite", "nation.sqlite", "election.json"])
def test_a_copy_that_is_not_whole_is_named_and_nothing_is_made(world: World, broken: Path, name: str) -> None:
    names = {p.name for p in broken.iterdir()}
    (broken / next(n for n in names if n.split(".")[0] == name.split(".")[0])).unlink()
    with pytest.raises(IntegrityError, match="copy_incomplete"):
        spare.read_copy(broken)
    assert not world.folder.exists()


def test_a_link_on_a_stick_is_not_followed(broken: Path, tmp_path: Path) -> None:
    (broken / "nation.sqlite").rename(tmp_path / "elsewhere")
    (broken / "nation.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IntegrityError, match="copy_incomplete"):
        spare.read_copy(broken)


def test_what_the_terminal_is_for_and_the_paper_decide(world: World, broken: Path) -> None:
    copy = spare.read_copy(broken)
    for purpose, typed, code in (
        ("official", copy.fingerprint, "purpose_foreign"),
        ("test", "0000" + copy.fingerprint[4:], "fingerprint_differs"),
    ):
        with pytest.raises(IntegrityError, match=code):
            spare.take_over(copy, world.folder, purpose, typed)  # type: ignore[arg-type]
    world.folder.mkdir()
    (world.folder / "something").touch()
    with pytest.raises(IntegrityError, match="folder_in_use"):
        spare.take_over(copy, world.folder, "test", copy.fingerprint)
    assert [p.name for p in world.folder.iterdir()] == ["something"]


@pytest.mark.parametrize(("number", "code"), [(errno.EIO, "copy_unreadable"), (errno.ENOSPC, "disk_full")])
def test_a_medium_that_fails_in_the_middle_leaves_nothing_half(
    world: World, broken: Path, number: int, code: str
) -> None:
    def fails(step: str, done: int, size: int) -> None:
        if done > size // 2:
            raise OSError(number, "as the system says it")

    with pytest.raises(KioskError, match=code):
        spare.take_over(spare.read_copy(broken), world.folder, "test", paper(broken), progress=fails)
    assert not world.folder.exists() and not world.folder.with_name(world.folder.name + ".part").exists()
    spare.take_over(spare.read_copy(broken), world.folder, "test", paper(broken))
    assert world.unlock("clerk-1").pending
