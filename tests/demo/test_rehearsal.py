"""A rehearsed day runs, verifies, and its figures add up; nothing unexpected is swallowed."""

from pathlib import Path

import pytest

from kiosk.demo.rehearsal import Rehearsal
from kiosk.demo.voters import write_roll
from kiosk.election.source import Source
from kiosk.errors import KioskError, Refusal
from tests.stage.world import small_source


def run(source: Source, out: Path, **options: int) -> Rehearsal:
    given = {"station": 1021, "voters": 60, "remote": 5, "seed": 7, **options}
    return Rehearsal(source, out=out, progress=lambda *at: None, **given)


@pytest.mark.parametrize(("seed", "station"), [(7, 1021), (3, 9001)])
def test_a_day_adds_up(example: Source, tmp_path: Path, seed: int, station: int) -> None:
    outcome = run(example, tmp_path, seed=seed, station=station, voters=120).run()
    assert outcome.verdict.accepted
    assert outcome.given == outcome.cast + outcome.abandoned + outcome.withdrawn
    assert outcome.cast == outcome.counted + outcome.remote
    assert outcome.remote == 5
    assert outcome.given == 125
    assert set(outcome.refusals) >= {
        "already_given", "other_station", "on_no_roll", "under_age", "struck_off", "asked_home_vote", "pin_length",
        "badge_pin_wrong", "quorum_missing", "before_hours", "paused", "booth_busy", "close_too_early",
        "too_few_shares", "hand_counts_differ", "same_person", "not_permitted",
    }  # fmt: skip
    for path in (outcome.packet, outcome.protocol, outcome.journal):
        assert path.stat().st_size > 1000
    again = run(example, tmp_path, seed=seed, station=station, voters=120).run()
    assert (again.given, again.cast, again.refusals) == (outcome.given, outcome.cast, outcome.refusals)


def test_an_official_election_is_not_rehearsed(tmp_path: Path) -> None:
    with pytest.raises(KioskError, match="rehearsal_official"):
        run(small_source("official"), tmp_path)


def test_folders_that_no_rehearsal_made_are_left_alone(example: Source, tmp_path: Path) -> None:
    (tmp_path / "station").mkdir()
    (tmp_path / "station" / "thesis.txt").write_text("years of work")
    with pytest.raises(KioskError, match="rehearsal_in_the_way"):
        run(example, tmp_path).run()
    assert (tmp_path / "station" / "thesis.txt").exists()


def test_surprises_stop_the_rehearsal(example: Source, tmp_path: Path) -> None:
    rehearsal = run(example, tmp_path)
    with pytest.raises(KioskError, match="rehearsal_surprise"):
        rehearsal.expect(Refusal("one"), "another")
    with pytest.raises(KioskError, match="rehearsal_surprise"):
        rehearsal.expect(None, "another")
    with pytest.raises(KioskError, match="rehearsal_surprise"):
        rehearsal.done(Refusal("one"))


def test_more_voters_than_the_roll_has(example: Source, tmp_path: Path) -> None:
    definition = example.definition
    with pytest.raises(ValueError, match="more voters"):
        write_roll(tmp_path / "r.csv", definition, definition.station(1021), 7, voters=5000, remote=5)
