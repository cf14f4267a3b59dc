"""P9: every mix of files of an earlier hour, with the second copy and without. Only "everything is older" opens as if
nothing had been, and that one is found by the paper (tests/journeys/test_paper_pins.py)."""

import shutil
from itertools import chain, combinations
from pathlib import Path
from typing import Literal

import pytest

from kiosk.day.folder import ATTEMPTS, BOX_KEY, DAY
from kiosk.day.station import Station
from kiosk.errors import IntegrityError, must
from tests.stage.world import HOME, World, code, give, serve, vote

Hour = Literal["noon", "closed", "counted"]
PIECES = (DAY, BOX_KEY, ATTEMPTS, f"mirror/{DAY}", f"mirror/{BOX_KEY}")
MIXES = list(chain.from_iterable(combinations(PIECES, n) for n in range(len(PIECES) + 1)))


def advance(world: World, station: Station, hour: Hour) -> None:
    """From the morning to this hour."""
    serve(world, station, [1, 2], first=2)
    world.sign_in(station, "chair")
    must(station.complain("observer", "other", "text"))
    if hour == "noon":
        world.sign_in(station, "clerk-1")
        return
    world.closed(station)
    if hour == "counted":
        world.attend(station)
        must(station.count())


def put_back(place: Path, morning: Path, mix: tuple[str, ...]) -> None:
    for piece in mix:
        name = piece if piece.startswith("mirror/") else f"station/{piece}"
        (place / name).unlink(missing_ok=True)
        if (morning / name).exists():
            shutil.copyfile(morning / name, place / name)
        if name.endswith(DAY):
            (place / f"{name}-journal").unlink(missing_ok=True)


@pytest.mark.parametrize("with_mirror", [True, False], ids=["with the second copy", "without"])
@pytest.mark.parametrize("hour", ["noon", "closed", "counted"])
def test_every_mix(world: World, tmp_path: Path, hour: Hour, with_mirror: bool) -> None:
    world.folder, world.mirror = tmp_path / "now" / "station", tmp_path / "now" / "mirror"
    (tmp_path / "now").mkdir()
    station = world.opened()
    serve(world, station, [1, 1])
    station.close()
    shutil.copytree(tmp_path / "now", tmp_path / "morning")
    station = world.unlock("clerk-1")
    advance(world, station, hour)
    given, phase = station.figures().given, station.state.name
    station.close()
    shutil.copytree(tmp_path / "now", tmp_path / "evening")
    for mix in MIXES:
        shutil.rmtree(tmp_path / "now")
        shutil.copytree(tmp_path / "evening", tmp_path / "now")
        put_back(tmp_path / "now", tmp_path / "morning", mix)
        world.mirror = tmp_path / "now" / "mirror" if with_mirror else None
        older = DAY in mix
        # What is the same in the morning and now is older and newer at once.
        key_gone = hour == "counted" and BOX_KEY not in mix and not (with_mirror and f"mirror/{BOX_KEY}" in mix)
        try:
            station = world.unlock("chair")
        except IntegrityError as error:
            assert older, (mix, error.code)
            wanted = "mirror_newer" if with_mirror and f"mirror/{DAY}" not in mix else "box_key_missing"
            assert error.code == wanted, (mix, error.code)
            assert wanted == "mirror_newer" or key_gone, mix
            continue
        if not older:
            assert (station.figures().given, station.state.name) == (given, phase), mix
            if hour == "counted":  # a key that was put back is destroyed again
                assert not (world.folder / BOX_KEY).exists(), mix
        else:
            # everything older: nothing on the disk can tell, but the start says that the second copy is missing
            assert not (with_mirror and f"mirror/{DAY}" not in mix), mix
            assert not key_gone, mix
            assert station.copy == ("kept" if with_mirror else "lost"), mix
        if station.state.name == "open":
            world.clock.set(world.opens)
            world.sign_in(station, "clerk-1")
            assert code(station.desk.identify(world.pins(HOME)[0])) == "already_given"
            vote(station, give(station, world.pins(HOME)[9]), 1)
        station.close()
