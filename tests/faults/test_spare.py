"""A spare terminal takes over from a broken one's second copy: all of it or nothing, and the journal says so."""

import errno
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.day import spare
from kiosk.day.folder import COPY
from kiosk.day.station import Station
from kiosk.errors import IntegrityError, KioskError, must
from kiosk.packet.verify import verify_file
from tests.centre.test_tally import votes
from tests.stage.country import Country
from tests.stage.desktop import Desktop
from tests.stage.world import AWAY, HOME, World, code, give, vote


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


def taken_over(world: World) -> Station:
    """By two badges."""
    station = world.unlock("chair", take_over=False)
    world.attend(station, ("member-1",))
    assert station.take_over() is None
    return station


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
    station = taken_over(world)
    station.close()
    station = world.unlock("clerk-1")
    assert told_of(station) == 1 and not (world.folder / COPY).exists()
    assert station.pending  # the voter in the booth goes on
    vote(station, station.pending, 2)
    packet = world.packet(station, {1: 2, 2: 1}, tmp_path / "stick")
    assert verify_file(packet, world.election).accepted


def test_the_command_takes_over_and_refuses_a_wrong_fingerprint(world: World, broken: Path) -> None:
    told = CliRunner().invoke(kiosk, ["take-over", str(broken), "--data", str(world.folder), "--purpose", "test"])
    assert told.exit_code == 0, told.output
    assert "Keep the broken terminal switched off" in told.output and str(HOME) in told.output
    assert told_of(taken_over(world)) == 1
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
    assert taken_over(world).state.name == "posting"


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
    for purpose, typed, refused in (
        ("official", copy.fingerprint, "purpose_foreign"),
        ("test", "0000" + copy.fingerprint[4:], "fingerprint_differs"),
    ):
        with pytest.raises(IntegrityError, match=refused):
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
    assert taken_over(world).pending


def test_a_copy_does_nothing_before_two_badges_have_taken_it_over(world: World, broken: Path) -> None:
    """Also where the second copy itself is opened as a station: whoever starts a spare by mistake gives nothing."""
    spare.take_over(spare.read_copy(broken), world.folder, "test", paper(broken))
    for folder in (world.folder, broken):
        there = msgspec.structs.replace(world, folder=folder, unlocked=[])
        with pytest.raises(KioskError, match="chair_missing"):
            there.unlock("clerk-1", take_over=False)
        station = there.unlock("chair", take_over=False)
        assert station.is_copy
        assert code(station.desk.identify(world.pins(HOME)[5])) == "not_taken_over"
        assert code(station.close_polls()) == "not_taken_over"
        assert code(station.take_over()) == "second_badge_missing"
        must(station.attend(*world.card("member-2")))
        assert station.take_over() is None
        assert code(station.take_over()) == "taken_over_already"
        world.clock.set(world.opens)
        assert code(station.desk.identify(world.pins(HOME)[5])) is None
        station.close()


def test_through_the_window(world: World, broken: Path, tmp_path: Path) -> None:
    spare.take_over(spare.read_copy(broken), world.folder, "test", paper(broken))
    with Desktop(world, tmp_path / "window") as desk:
        desk.badge("clerk-1")
        assert desk.view.page == "locked"
        desk.hand.touch("other-badge")
        desk.badge("chair")
        assert desk.hand.says("next-step") == "Take the day over"
        desk.hand.touch("next-step")
        desk.badge("member-1")
        desk.hand.touch("take-over")
        desk.hand.touch("answer-0")
        assert desk.view.page == "day" and not desk.station.is_copy and desk.station.pending


def test_two_terminals_that_both_go_on(world: World, tmp_path: Path) -> None:
    """The spare's packet counts, whatever the first terminal gives, records and signs after it; the fork is listed."""
    world.mirror = tmp_path / "mirror"
    first = world.opened()
    for pin in world.pins(HOME)[:2]:
        vote(first, give(first, pin), 1)
    shutil.copytree(tmp_path / "mirror", tmp_path / "stick")
    second = world.in_folder(tmp_path / "second")
    second.mirror = None
    (tmp_path / "second").mkdir()
    copy = spare.read_copy(tmp_path / "stick")
    spare.take_over(copy, second.folder, "test", copy.fingerprint)
    second.clock.set(world.opens)
    other = taken_over(second)
    vote(other, give(other, world.pins(HOME)[2]), 2)
    vote(other, give(other, world.pins(AWAY)[0]), 2)
    for pin in world.pins(HOME)[2:5]:  # the first goes on, and gives the same voter a ballot
        vote(first, give(first, pin), 4)
    theirs = world.packet(first, {1: 2, 4: 3}, tmp_path / "theirs")
    ours = second.packet(other, {1: 2, 2: 1}, tmp_path / "ours")
    for order in ((ours, theirs), (theirs, ours)):
        country = Country(world, tmp_path / f"centre-{order[0].parent.name}")
        country.folder.mkdir()
        for number, packet in enumerate(order):
            shutil.copyfile(packet, country.packets / f"{number}.packet.zip")
        made = country.tally()
        found = made.result.findings
        assert found.forked == ((HOME, 1),) and found.ambiguous == () and HOME not in found.missing
        assert votes(made, 1) == {1: 2, 2: 1}
