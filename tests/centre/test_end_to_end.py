"""A voter away from home, from the real desk of a real station to a seat: nothing is fabricated here."""

from pathlib import Path

from kiosk.centre import tally as t
from kiosk.centre.tables import Tables
from kiosk.day.station import Station
from kiosk.errors import must
from tests.centre.test_tally import votes
from tests.stage.world import AWAY, HOME, REMOTE_ONLY, World, give, vote


def _station(world: World, folder: Path, number: int) -> tuple[World, Station]:
    folder.mkdir()
    there = world.in_folder(folder, number)
    return there, there.opened()


def test_three_real_stations_and_one_voter_who_tries_at_all_of_them(world: World, tmp_path: Path) -> None:
    sticks = tmp_path / "sticks"
    sticks.mkdir()
    home, station = _station(world, tmp_path / "home", HOME)
    everywhere, once_away, at_home = world.pins(HOME)[:3]
    vote(station, give(station, everywhere), 1)
    vote(station, give(station, at_home), 2)
    home.sign_in(station, "chair")
    number = must(station.complain("observer", "technical", "Kezek")).number
    must(station.decide_complaint(number, "dismissed", "Stol"))
    home.packet(station, {1: 1, 2: 1}, sticks)

    abroad, station = _station(world, tmp_path / "abroad", AWAY)
    vote(station, give(station, everywhere), 2)
    vote(station, give(station, once_away), 4)
    vote(station, give(station, world.pins(AWAY)[0]), 1)
    left = give(station, world.pins(HOME)[9])
    abroad.sign_in(station, "chair")
    assert station.desk.abandon(left, "left") is None
    abroad.packet(station, {1: 1}, sticks)

    airport, station = _station(world, tmp_path / "airport", REMOTE_ONLY)
    vote(station, give(station, everywhere), 4)
    vote(station, give(station, once_away), 2)  # Bishkek's morning is before New York's
    airport.packet(station, {}, sticks)

    tables = Tables.open()
    night = t.Night(t.Centre.in_folder(world.out), tables, tmp_path / "out", world.authority.sealing_seed)
    made = night.tally(sorted(sticks.iterdir()))
    tables.close()
    assert made.result.findings.rejected == ()
    assert votes(made, 1) == {1: 1, 2: 2} and votes(made, 2) == {1: 1}
    assert dict(made.result.findings.dropped) == {"beaten_by_home": 2, "beaten_by_earlier": 1}
    assert dict(made.result.findings.complaints) == {"dismissed": 1}
    assert sum(made.result.findings.hours.values()) == 8
    assert made.result.districts[0].remote == 1


def test_an_election_on_paper_is_tallied_from_its_legal_figures(tmp_path: Path) -> None:
    """Remote ballots are paper too: there is nothing sealed, and the packet is none the worse for it."""
    world = World.make(tmp_path, mode="paper")
    there, station = _station(world, tmp_path / "paper", HOME)
    for pin in world.pins(HOME)[:5]:
        last = give(station, pin)
    assert station.desk.withdraw(last, "wrong_person") is None
    give(station, world.pins(AWAY)[0])
    there.packet(station, {1: 2, 2: 1, 0: 1}, tmp_path / "sticks")
    tables = Tables.open()
    night = t.Night(t.Centre.in_folder(world.out), tables, tmp_path / "out", world.authority.sealing_seed)
    made = night.tally(sorted((tmp_path / "sticks").iterdir()))
    tables.close()
    assert made.result.findings.rejected == () and votes(made, 1) == {0: 1, 1: 2, 2: 1}
