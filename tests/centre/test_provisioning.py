"""A run of provisioning: on several cores, interrupted and gone on, a roll in no order; and the split authority key."""

from pathlib import Path
from typing import Any

import pytest

from kiosk.centre.provision import authority as authority_file
from kiosk.centre.provision import run as packages
from kiosk.centre.provision import station as station_package
from kiosk.centre.provision.run import NATION_FILE, NATION_KEY_FILE, Run, nation_key_info, provision
from kiosk.centre.provision.unfinished import Unfinished
from kiosk.errors import IntegrityError
from kiosk.packet import package
from kiosk.roll.nation import Nation, tag
from kiosk.roll.person import Pin
from kiosk.roll.reading import RollReader
from kiosk.trust import badges, keys
from kiosk.trust.sealing import unseal
from tests.centre.test_packages import all_rows
from tests.stage.world import AWAY, CHEAP, HOME, NEIGHBOUR, REMOTE_ONLY, World, roll_csv

STATIONS = [HOME, NEIGHBOUR, AWAY, REMOTE_ONLY]


def make(world: World, folder: Path, **changes: object) -> list[station_package.Provisioned]:
    roll = folder / "roll.csv"
    if not roll.exists():
        roll.write_bytes(roll_csv(all_rows(world)))
    run = Run(
        source=world.source, roll=roll, out=folder / "out", authority=world.authority, now=world.opens, badge_cost=CHEAP
    )
    return provision(run, **changes)  # type: ignore[arg-type]


def test_several_processes_make_the_same_packages(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_FEW", 0)
    seen: list[tuple[str, int, int]] = []
    made = make(world, tmp_path, workers=2, progress=lambda *told: seen.append(told))
    assert sorted(p.station for p in made) == STATIONS
    assert [told[1:] for told in seen if told[0] == "stations"] == [(n, 4) for n in range(5)]
    nations = {package.read_file(p.package).manifest.nation for p in made}
    assert len(nations) == 1 and all(p.cards for p in made)


def test_an_interrupted_run_goes_on_where_it_stopped(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = station_package.make
    calls: list[Any] = []

    def dies(job: station_package.Job, number: int, rows: list[Any]) -> station_package.Provisioned:
        if len(calls) == 2:
            (job.out / f"{number}.part").mkdir()  # killed in the middle of a station
            raise KeyboardInterrupt
        calls.append(number)
        return real(job, number, rows)

    with monkeypatch.context() as patch:
        patch.setattr(station_package, "make", dies)
        with pytest.raises(KeyboardInterrupt):
            make(world, tmp_path)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [".provision"]
    packed = {n: (tmp_path / "out" / ".provision" / str(n) / f"{n}.package.zip").read_bytes() for n in calls}
    with monkeypatch.context() as patch:
        patch.setattr(packages, "_build_nation", None)  # made already
        made = make(world, tmp_path)
    assert sorted(p.station for p in made) == STATIONS
    assert {p.station for p in made if not p.cards} == set(calls)
    assert {n: (tmp_path / "out" / str(n) / f"{n}.package.zip").read_bytes() for n in calls} == packed
    assert {package.read_file(p.package).manifest.nation for p in made} == {
        package.read_file(made[0].package).manifest.nation
    }
    assert not (tmp_path / "out" / ".provision").exists()


def test_the_remains_of_another_run_are_not_gone_on_with(world: World, tmp_path: Path) -> None:
    roll = tmp_path / "roll.csv"
    roll.write_bytes(roll_csv(all_rows(world)))
    (tmp_path / "out").mkdir()
    before = Unfinished.open(tmp_path / "out", world.source, roll, world.authority, stations=STATIONS)
    assert (
        Unfinished.open(tmp_path / "out", world.source, roll, world.authority, stations=STATIONS).nation_key
        == before.nation_key
    )
    other = authority_file.new()
    assert (
        Unfinished.open(tmp_path / "out", world.source, roll, other, stations=STATIONS).nation_key != before.nation_key
    )
    (before.folder / "run.json").write_bytes(b"{")
    assert (
        Unfinished.open(tmp_path / "out", world.source, roll, world.authority, stations=STATIONS).done() == frozenset()
    )
    assert world.authority.signing_seed not in (before.folder / "run.json").read_bytes()
    assert before.nation_key.hex().encode() not in (before.folder / "run.json").read_bytes()


def test_a_roll_in_no_order_is_read_again_rather_than_held(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = all_rows(world)
    mixed = [rows[n * 7 % len(rows)] for n in range(len(rows))]
    assert len(set(mixed)) == len(rows)
    (tmp_path / "roll.csv").write_bytes(roll_csv(mixed))
    readings = []
    real = RollReader

    def counted(*arguments: Any) -> object:
        readings.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(packages, "RollReader", counted)
    monkeypatch.setattr(packages, "_HELD", 10)
    made = make(world, tmp_path)
    assert len(made) == 4 and len(readings) > 2
    assert all(package.read_file(p.package).manifest.station == p.station for p in made)


def test_the_centre_finds_every_voter_in_the_index(world: World, tmp_path: Path) -> None:
    make(world, tmp_path)
    sealed = (tmp_path / "out" / NATION_KEY_FILE).read_bytes()
    key = unseal(sealed, world.authority.sealing, nation_key_info(world.source.definition.hash))
    nation = Nation.open_file(tmp_path / "out" / NATION_FILE, key, package.nation_file_key(key))
    homes = {t: (station, district) for t, station, district in nation.homes()}
    assert len(homes) == 40 and list(homes) == sorted(homes)
    for pin in world.pins(AWAY):
        assert homes[tag(key, Pin(pin))] == (AWAY, 2)


# -- the sealing key in shares -----------------------------------------------------------------------------


def test_k_of_n_shares_rebuild_the_sealing_key(tmp_path: Path) -> None:
    whole = authority_file.new()
    signing, *parts = authority_file.save_split(whole, tmp_path, 3, 5)
    signer = authority_file.load(signing)
    assert signer.public == whole.public and signer.sealing_public == whole.sealing_public and not signer.sealing_seed
    assert authority_file.sealing_seed(parts[1:4], whole.sealing_public) == whole.sealing_seed
    assert authority_file.sealing_seed([*parts[:3], parts[0]], whole.sealing_public) == whole.sealing_seed
    for path in (signing, *parts):
        assert whole.sealing_seed.hex() not in path.read_text() and path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(IntegrityError, match="authority_shares_few"):
        authority_file.sealing_seed(parts[:2], whole.sealing_public)
    with pytest.raises(IntegrityError, match="authority_shares_few"):
        authority_file.sealing_seed([parts[0]] * 3, whole.sealing_public)
    with pytest.raises(IntegrityError, match="authority_signing_only"):
        authority_file.sealing_seed([signing], whole.sealing_public)
    with pytest.raises(IntegrityError, match="authority_share_foreign"):
        authority_file.sealing_seed(parts[:3], keys.sealing_public(keys.new_seed()))
    path = tmp_path / "whole.json"
    authority_file.save(whole, path)
    assert authority_file.sealing_seed([path], whole.sealing_public) == whole.sealing_seed
    other = tmp_path / "other.json"
    authority_file.save(authority_file.new(), other)
    with pytest.raises(IntegrityError, match="authority_foreign"):
        authority_file.sealing_seed([other], whole.sealing_public)
    damaged = tmp_path / "damaged.json"
    damaged.write_bytes(parts[0].read_bytes().replace(b'"share":"', b'"share":"academic '))
    with pytest.raises(IntegrityError, match="authority_shares_apart"):
        authority_file.sealing_seed([damaged, *parts[1:3]], whole.sealing_public)


def test_packages_are_made_without_the_sealing_key(world: World, tmp_path: Path) -> None:
    signing, *_parts = authority_file.save_split(world.authority, tmp_path, 2, 3)
    alone = authority_file.load(signing)
    roll = tmp_path / "roll.csv"
    roll.write_bytes(roll_csv(world.rows(HOME)))
    run = Run(
        source=world.source, roll=roll, out=tmp_path / "out", authority=alone, now=world.opens, stations=[HOME],
        badge_cost=CHEAP,
    )  # fmt: skip
    [made] = provision(run)
    found = package.read_file(made.package)
    assert found.credential.authority_sealing_key == world.authority.sealing_public.hex()
    assert isinstance(badges.open_card(made.cards[0].text, made.cards[0].pin), badges.Badge)
