"""The night at the centre: hostile uploads, a station that cheats, hands on the tables, an operator who slips."""

import csv
import os
import subprocess
from pathlib import Path

import pytest

from kiosk.centre.intake import run as intake
from kiosk.centre.tables import Tables
from kiosk.errors import IntegrityError
from kiosk.packet import archive
from tests.centre.test_tally import refused, votes
from tests.stage.country import Country
from tests.stage.world import AWAY, HOME, NEIGHBOUR


def test_folders_without_end_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"x")
    here = os.open(tmp_path, os.O_RDONLY)
    for _n in range(1_100):
        os.mkdir("d", dir_fd=here)
        inside = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inside
    os.close(here)
    (tmp_path / "round").symlink_to(tmp_path)
    try:
        assert [p.name for p in intake.files_in(tmp_path)] == ["a.zip"]
    finally:
        subprocess.run(["rm", "-r", str(tmp_path / "d")], check=True)  # pytest itself would give up on it


def test_a_refused_file_is_not_hidden_by_a_good_one_of_the_same_name_elsewhere(country: Country) -> None:
    good = country.send(HOME, [country.home(HOME, 0, 1)])
    for folder in ("a", "b", "c"):
        (country.packets / folder).mkdir()
    (country.packets / "a" / good.name).write_bytes(b"damaged")
    (country.packets / "b" / good.name).write_bytes(good.read_bytes())
    good.rename(country.packets / "c" / good.name)
    made = country.tally()
    assert refused(made) == {f"a/{good.name}": "archive_malformed"}
    assert made.result.findings.replayed == (f"c/{good.name}",)


def test_a_name_is_no_formula_in_a_spreadsheet(country: Country) -> None:
    (country.packets / '=HYPERLINK("x").zip').write_bytes(b"x")
    assert set(refused(country.tally())) == {'_=HYPERLINK("x").zip'}


def test_a_fault_of_the_checker_refuses_one_file_and_the_rest_goes_on(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = country.send(HOME, [country.home(HOME, 0, 1)])
    (country.packets / "evil.zip").write_bytes(b"evil")
    real = archive.read

    def falls(content: bytes, allowed: dict[str, int]) -> dict[str, bytes]:
        if content == b"evil":
            raise OverflowError
        return real(content, allowed)

    monkeypatch.setattr(archive, "read", falls)
    made = country.tally()
    assert refused(made) == {"evil.zip": "packet_unchecked"} and good.exists() and votes(made, 1) == {1: 1}


def test_what_somebody_changed_in_the_tables_is_not_believed(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)])
    tables = Tables.open()
    first = country.tally(tables)
    tables.run("UPDATE vote SET legal = legal + 1000 WHERE number = 2")
    again = country.tally(tables)
    assert votes(again, 1) == {1: 1} and not again.new_version and first.unseen == again.unseen == ()
    next(country.packets.iterdir()).rename(country.folder / "kept.zip")
    assert country.tally(tables).unseen == (HOME,)  # counted as the tables say, and that is told
    tables.close()


def test_a_station_that_dates_its_envelopes_before_the_hours_of_the_election_is_refused(country: Country) -> None:
    """Its opening is what it writes itself; of two envelopes the earliest would count."""
    country.send(HOME, [country.remote(HOME, AWAY, 0, 1, minute=30)])
    path = country.send(NEIGHBOUR, [country.remote(NEIGHBOUR, AWAY, 0, 2, minute=-600)])
    made = country.tally()
    assert refused(made) == {path.name: "sealed_differs"}


def test_an_interim_result_does_not_follow_a_final_one(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1)])
    final = country.tally()
    with pytest.raises(IntegrityError, match="final_exists"):
        country.tally(keyed=False)
    assert sorted(p.name for p in final.folder.parent.glob("version-*")) == ["version-1"]


def test_what_a_difference_would_tell_is_counted(country: Country) -> None:
    country.send(HOME, [country.remote(HOME, AWAY, n, 1) for n in range(3)])
    country.send(NEIGHBOUR, [country.remote(NEIGHBOUR, AWAY, 3, 2)])
    assert country.tally().told_apart == 0
    made = country.tally(decisions='[[annul]]\nstation = 101\npart = "all"\nreason = "x"\n')
    assert made.told_apart == 3


def test_stations_results_add_up_to_the_count_also_without_a_portable_box(country: Country) -> None:
    country.send(HOME, [country.home(HOME, 0, 1), country.home(HOME, 1, 2, kind="outside")])
    made = country.tally(decisions='[[annul]]\nstation = 101\npart = "outside"\nreason = "x"\n')
    with (made.folder / "results.csv").open() as file:
        listed = {int(row["number"]): int(row["legal"]) for row in csv.DictReader(file) if int(row["legal"])}
    assert listed == votes(made, 1) == {1: 1}
