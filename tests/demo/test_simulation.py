"""The simulated country at a scale that fits into CI: every planted fault is found, and the count is what was cast."""

import json
from pathlib import Path

import msgspec
import pytest

from kiosk.centre.steps.squash import Dropped
from kiosk.demo import comparison, simulation
from kiosk.demo.fabricate import Desk
from kiosk.demo.plan import FAULTS, LOST, draw, scaled
from kiosk.errors import DeviceError
from tests.stage.world import World, example_source


def test_two_stations_in_a_hundred(tmp_path: Path) -> None:
    steps: list[str] = []
    outcome = simulation.Simulation(
        example_source(), tmp_path, 0.02, 7, progress=lambda step, done, size: steps.append(step), workers=2
    ).run()
    assert outcome.problems == []
    result = outcome.made.result
    assert (result.seated, result.seats) == (90, 90)
    assert sum(outcome.planted.values()) == sum(result.findings.dropped.values()) > 10
    assert set(outcome.planted) == {"beaten_by_home", "beaten_by_earlier"}
    assert {kind for kind in FAULTS if not outcome.faults[kind]} == {"outlier"}  # two stations a district: none to see
    assert len(result.findings.missing) == sum(len(outcome.faults[kind]) for kind in LOST)
    assert outcome.stations == 60 and outcome.voters > 30_000 and outcome.envelopes > 3_000
    assert "packets" in steps and len(set(steps)) >= 6
    for name in (
        "1-check.csv",
        "private/2-squash.csv",
        "2-squash-totals.csv",
        "3-anonymous.parquet",
        "6-seats.csv",
        "results.json",
        "report.pdf",
    ):
        assert (outcome.made.folder / name).stat().st_size > 0
    assert json.loads((outcome.made.folder / "results.json").read_bytes())["IsTest"] is True


def test_a_planted_fault_that_is_not_found_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself can fail: one envelope that the squash lets through is seen twice, as tag and as vote."""
    source = scaled(example_source(), 0.001)
    plan = draw(source.definition, 1)
    assert plan.home_and_away
    real = comparison.dropped_in
    monkeypatch.setattr(comparison, "dropped_in", lambda folder: set(list(real(folder))[1:]))
    outcome = simulation.Simulation(
        example_source(), tmp_path, 0.001, 1, progress=lambda step, done, size: None, workers=1
    ).run()
    assert any(problem.startswith("double votes") for problem in outcome.problems)


def test_the_plan_follows_from_the_seed() -> None:
    definition = scaled(example_source(), 0.02).definition
    assert {s.district for s in definition.stations} == set(range(1, 31))
    one, again, other = draw(definition, 3), draw(definition, 3), draw(definition, 4)
    assert one == again and one != other
    for voter, stations in one.twice_away.items():
        assert len(set(stations)) == 2
        homes = {definition.station(voter[0]).district}
        assert homes.isdisjoint(definition.station(n).district for n in stations)


def test_nothing_official_is_fabricated(tmp_path: Path) -> None:
    official = World.make(tmp_path, purpose="official")
    made = official.made[101]
    with pytest.raises(DeviceError, match="fake_refused"):
        Desk.unlock(made.package, made.cards)
    assert msgspec.structs.fields(Dropped)[0].name == "tag"
