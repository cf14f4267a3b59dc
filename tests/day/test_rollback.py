"""A day that was put back whole: the disk of noon in the evening, with a counter that only goes up."""

import shutil
from pathlib import Path

import pytest

from kiosk.day import locked, rollback
from kiosk.day.station import Station
from kiosk.devices.tpm import Counter, TpmCounter
from kiosk.errors import DeviceError, IntegrityError, must
from tests.stage.swtpm import Chip
from tests.stage.world import HOME, World, code, give, serve, vote


class Chest:
    """A TPM of the test's own: one counter, which may be away or fail."""

    def __init__(self) -> None:
        self.count: int | None = None
        self.works = True

    def value(self) -> int | None:
        self._works()
        return self.count

    def step(self) -> None:
        self._works()
        self.count = (self.count or 0) + 1

    def _works(self) -> None:
        if not self.works:
            raise DeviceError("tpm_failed", reason="gone")


def unlock(world: World, counter: Counter | None, role: str = "chair") -> Station:
    shut = locked.Locked(world.folder, world.clock, counters=(lambda _hash, _station: counter) if counter else None)
    return must(Station.unlock(world.folder, world.clock, *world.card(role), locked=shut))


def told(station: Station) -> list[str]:
    return [entry.event for entry in station._session.journal.entries()]


def copy_of(world: World, name: str) -> Path:
    shutil.copytree(world.folder, kept := world.folder.parent / name, ignore=shutil.ignore_patterns("in-use"))
    return kept


def put_back(world: World, kept: Path) -> None:
    shutil.rmtree(world.folder)
    shutil.copytree(kept, world.folder)


def begun(world: World, counter: Counter) -> Station:
    world.set_up()
    station = unlock(world, counter)
    world.open_polls(station)
    return station


def test_a_day_like_any_other_needs_no_word(world: World) -> None:
    """Through restarts and power cuts; each commit is a step."""
    chest = Chest()
    station = begun(world, chest)
    for pin in world.pins(HOME)[:3]:
        vote(station, give(station, pin), 1)
        station.power_cut() if pin.endswith("1") else station.close()
        station = unlock(world, chest)
        assert not station.contradiction
        world.sign_in(station, "clerk-1")
    assert told(station).count("counter_kept") == 1 and "counter_lost" not in told(station)


@pytest.mark.parametrize("commits", [1, 2, 9])
def test_the_disk_of_noon_is_told_in_the_evening(world: World, commits: int) -> None:
    """By however little it is older: even the last commit alone."""
    chest = Chest()
    station = begun(world, chest)
    serve(world, station, [1])
    station.close()
    noon = copy_of(world, "noon")
    station = unlock(world, chest)
    before = station._session.files.day.number
    while station._session.files.day.number - before < commits:
        station._session.journal.write(checkpoint=True)
    station.close()
    put_back(world, noon)
    with pytest.raises(IntegrityError, match="day_put_back"):
        unlock(world, chest, "clerk-1")
    station = unlock(world, chest)
    assert station.contradiction["put back"] >= commits
    world.sign_in(station, "chair")
    assert code(station.close_polls()) == "counts_unexplained"
    assert station.explain_counts("The disk was exchanged at noon, the observers saw it.") is None
    assert not station.contradiction
    world.sign_in(station, "clerk-1")
    vote(station, give(station, world.pins(HOME)[5]), 2)
    station.close()
    station = unlock(world, chest)  # said once, it is over
    assert not station.contradiction and told(station)[-1] != "counts_explained"
    assert told(station).count("counts_explained") == 1


def test_a_disk_that_is_one_commit_older_is_told(world: World) -> None:
    chest = Chest()
    begun(world, chest).close()
    assert chest.count is not None
    chest.count += 1
    station = unlock(world, chest)
    assert station.contradiction == {"put back": 1} and station.put_back
    assert station.explain_counts("A technician tried the counter.") is None
    station._session.follower.end()  # type: ignore[union-attr]
    assert not station.put_back and chest.count == _base(station) + station._session.files.day.number


def _base(station: Station) -> int:
    kept = station._session.journal.newest("tpm", "counter", rollback.Base)
    assert kept and kept.at is not None
    return kept.at


def test_a_power_cut_before_the_step_is_no_putting_back(world: World) -> None:
    chest = Chest()
    station = begun(world, chest)
    station.close()
    # The last commit's step; one in flight besides; more: another counter, or one that was away for an hour.
    for lost, kept in ((1, 1), (2, 1), (3, 2), (40, 3)):
        assert chest.count is not None
        chest.count -= lost
        station = unlock(world, chest)
        assert not station.contradiction
        assert told(station).count("counter_kept") == kept
        station._session.follower.end()  # type: ignore[union-attr]
        assert chest.count == _base(station) + station._session.files.day.number
        station.close()


def test_a_counter_that_fails_in_the_day_is_told_and_stops_nobody(world: World) -> None:
    chest = Chest()
    station = begun(world, chest)
    chest.works = False
    serve(world, station, [1, 2])
    assert told(station).count("counter_lost") == 1
    station.close()
    with pytest.raises(IntegrityError, match="day_put_back"):
        unlock(world, chest, "clerk-1")  # gone altogether: the disk may stand in another machine
    station = unlock(world, chest)
    assert station.contradiction == {"counter": 1}
    assert station.explain_counts("The board was replaced.") is None
    station.close()
    station = unlock(world, None)
    assert not station.contradiction
    station.close()
    assert told(unlock(world, None)).count("counter_lost") == 2  # in the day, and with the chair's word; not again


def test_a_counter_that_answers_again_goes_on_from_there(world: World) -> None:
    chest = Chest()
    station = begun(world, chest)
    station.close()
    station = unlock(world, None)  # the board is out for repair
    assert station.contradiction == {"counter": 1}
    assert station.explain_counts("The board is being repaired.") is None
    station.close()
    station = unlock(world, chest)
    assert not station.contradiction and told(station).count("counter_kept") == 2
    station.close()
    assert chest.count is not None
    chest.count += 5
    assert unlock(world, chest).contradiction["put back"] == 5


def test_a_terminal_without_a_counter_says_nothing_of_one(world: World) -> None:
    world.set_up()
    station = unlock(world, None)
    assert not [event for event in told(station) if event.startswith("counter")]
    chest = Chest()
    chest.works = False
    station.close()
    assert not [event for event in told(unlock(world, chest)) if event.startswith("counter")]


def test_a_station_that_is_set_up_once_more_is_asked_why(world: World) -> None:
    """The folder removed and the package loaded anew: the counter remembers the day that is gone."""
    chest = Chest()
    begun(world, chest).close()
    shutil.rmtree(world.folder)
    world.set_up()
    station = unlock(world, chest)
    assert station.contradiction["put back"] > 0
    assert station.explain_counts("Set up again after the rehearsal.") is None
    station.close()
    assert not unlock(world, chest).contradiction


def test_with_a_chip(world: World, tmp_path: Path) -> None:
    """The same with the real library, a TPM that speaks TPM 2.0, and its power cut."""
    chip = Chip(tmp_path / "chip")

    def counter() -> TpmCounter:
        return TpmCounter(chip.tcti, world.election.definition.hash, HOME)

    with chip.on():
        first = counter()
        station = begun(world, first)
        serve(world, station, [1])
        station.close()
        first.close()
    noon = copy_of(world, "noon")
    with chip.on():
        second = counter()
        station = unlock(world, second)
        assert not station.contradiction
        world.sign_in(station, "clerk-1")
        serve(world, station, [2], first=1)
        station.close()
        put_back(world, noon)
        station = unlock(world, second)
        assert station.contradiction["put back"] > 2
        station.close()
        second.close()
