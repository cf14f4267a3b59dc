"""P1, P3: the power goes at any write of a whole day. What was acknowledged is there, once, and the day goes on.

A real ext4 under the station, or under its mirror; the write the power interrupts, and all since the last flush, are
lost, torn or kept. 150 cuts here, 1,000 with --long.
"""

import os
import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from kiosk.day.desk import Eligible
from kiosk.day.folder import BOX_KEY, is_station
from kiosk.day.session import Authorisation
from kiosk.day.station import Station
from kiosk.devices.stick import FolderStick
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import IntegrityError, must
from kiosk.packet.verify import verify_file
from tests.faults.power import Logged, logged_medium
from tests.stage.world import AWAY, HOME, World, code, give, vote

PHASES = ("posting", "ready", "open", "paused", "closed", "counted", "signed", "exported")
CHOICES = (1, 2, 4, AGAINST_ALL, INVALID)


class Told(NamedTuple):
    """What the terminal had said when the log was so long."""

    written: int
    what: str
    value: int | str = 0


class Day:
    """A day through the verbs, on a medium that is logged."""

    def __init__(self, world: World, medium: Logged) -> None:
        self.world, self.medium = world, medium
        self.told: list[Told] = []

    def tell(self, what: str, value: int | str = 0) -> None:
        self.told.append(Told(self.medium.written, what, value))

    def run(self) -> None:
        world = self.world
        world.set_up()
        self.tell("phase", "posting")
        station = world.unlock("chair")
        world.attend(station)
        must(station.prepare())
        self.tell("phase", "ready")
        world.clock.set(world.opens)
        assert station.open_polls() is None
        self.tell("phase", "open")
        home, away = world.pins(HOME), world.pins(AWAY)
        for number, pin in enumerate(home[:16]):
            if number == 3:
                given = give(station, away[0])
                vote(station, given, 1)
                self.tell("remote", 0)
            if number == 5:
                given = give(station, home[20])
                self.tell("given", 20)
                assert station.desk.withdraw(given, "wrong_person") is None
                self.tell("withdrawn", 20)
            if number == 7:
                assert station.pause("power") is None
                assert station.resume() is None
                self.tell("phase", "open")
            if number == 9:
                assert station.desk.strike_off(home[25], "moved") is None
                self.tell("struck off", 25)
                must(station.complain("observer", "other", "text"))
                self.tell("complaint")
            if number == 11:
                station.close()
                station = world.unlock("chair")
            given = give(station, pin)
            self.tell("given", number)
            vote(station, given, CHOICES[number % 5])
            self.tell("cast", CHOICES[number % 5])
        world.closed(station)
        self.tell("phase", "closed")
        world.attend(station)
        must(station.count())
        self.tell("phase", "counted")
        world.enter(station, Counter(int(t.value) for t in self.told if t.what == "cast"))
        world.sign_in(station, "chair")
        world.attend(station)
        must(station.sign())
        self.tell("phase", "signed")
        stick = world.folder.parent / "stick"
        stick.mkdir()
        must(station.export(FolderStick(stick)))
        self.tell("phase", "exported")
        station.close()
        os.sync()


def check(world: World, told: list[Told]) -> None:
    """Open what is there, compare it with what was said, finish the day, verify the packet."""
    phase = next((str(t.value) for t in reversed(told) if t.what == "phase"), None)
    if phase is None and not is_station(world.folder):
        return
    world.clock.set(world.opens if phase is None or PHASES.index(phase) < 4 else world.closes)
    station = world.unlock("chair")
    session = station._session
    assert PHASES.index(station.state.name) >= PHASES.index(phase or "posting")
    said = [int(t.value) for t in told if t.what == "cast"]
    assert len(said) <= len(session.files.box) <= len(said) + 1
    assert len(session.files.envelopes) >= sum(t.what == "remote" for t in told)
    assert len(station.complaints.all()) >= sum(t.what == "complaint" for t in told)
    withdrawn = {t.value for t in told if t.what == "withdrawn"}
    given = {int(t.value) for t in told if t.what == "given" and t.value not in withdrawn}
    given -= {20} if told[-1][1:] == ("given", 20) else set()  # its withdrawal may have been in flight
    if station.state.name == "open":
        for number in given:
            assert code(station.desk.identify(world.pins(HOME)[number])) == "already_given"
        if any(t.what == "struck off" for t in told):
            assert code(station.desk.identify(world.pins(HOME)[25])) == "struck_off"
    found = finish(world, station)
    assert not Counter(said) - found
    assert station.state.name == "exported" and not (world.folder / BOX_KEY).exists()
    station.close()


def finish(world: World, station: Station) -> Counter[int]:
    """The rest of the day; what was counted."""
    if station.state.name in ("posting", "ready"):
        world.attend(station)
        must(station.prepare())
        assert station.open_polls() is None
    if station.state.name == "paused":
        assert station.resume() is None
    if station.state.name == "open":
        if isinstance(pending := station.pending, Authorisation):
            vote(station, pending, 1)
        assert isinstance(must(station.desk.identify(world.pins(HOME)[29])), Eligible)
        world.closed(station)
    if station.state.name == "closed":
        world.attend(station)
        must(station.count())
    count = station.electronic()
    assert count and count.unreadable == 0
    if station.state.name == "counted":
        world.enter(station, count.votes())
        world.sign_in(station, "chair")
        world.attend(station)
        must(station.sign())
    stick = world.folder.parent / "stick"
    stick.mkdir(exist_ok=True)
    assert verify_file(must(station.export(FolderStick(stick))).path, world.election).accepted
    return Counter(record.choice for record in count.records)


@pytest.mark.parametrize("where", ["main", "mirror"])
def test_power_cuts(world: World, tmp_path: Path, request: pytest.FixtureRequest, where: str) -> None:
    cuts = 75 if not request.config.getoption("--long") else 500
    dice = random.Random(11)
    with logged_medium(tmp_path / "power") as medium:
        folder = medium.folder / "station"
        if where == "main":
            there = msgspec.structs.replace(world, folder=folder, unlocked=[])
        else:
            there = msgspec.structs.replace(world, mirror=folder, unlocked=[])
        day = Day(there, medium)
        begun = medium.written
        day.run()
        if where == "mirror":
            begun = next(told.written for told in day.told if told.value == "ready")  # the first act with two copies
        for number in range(cuts):
            until = dice.randint(begun, medium.written)
            told = [t for t in day.told if t.written <= until]
            unflushed = ("lost", "torn", "kept")[number % 3]
            with medium.cut(until, unflushed, dice) as disk:  # type: ignore[arg-type]
                after = msgspec.structs.replace(world, folder=disk / "station", mirror=None, unlocked=[])
                try:
                    check(after, told)
                except IntegrityError as error:
                    raise AssertionError(
                        f"cut {number} at {until} ({unflushed}): {error.code} {error.facts}"
                    ) from error
                finally:
                    after.power_cut()
