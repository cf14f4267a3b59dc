"""What giving and casting cost in syncs, and what they take on slow media: `python -m tests.bench.slow_media WORK`.

Runs under tests/faults/failing_calls.c, which counts the syncs of the day's file and its twin and makes each of them
take longer: an eMMC (5 ms) and a stick (20 ms). Prints one JSON list of `Cost`.
"""

import mmap
import os
import struct
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import msgspec
import sqlcipher3

from kiosk.day.desk import Eligible
from kiosk.errors import must
from tests.stage.world import HOME, World, marked

_FAILING, _SLOW = struct.calcsize("iiiiii104s"), "104sii"
EMMC_MS, STICK_MS = 5, 20


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """`ms`: medians, in ms. `syncs`: of the day's file, and of its twin."""

    act: str
    mirror: bool
    slow: bool
    ms: float
    bare_ms: float
    syncs: tuple[int, int]


class Media:
    """The main medium and the mirror, as the other side sees them."""

    def __init__(self) -> None:
        with Path(os.environ["FAILING_CALLS"]).open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _FAILING + 2 * struct.calcsize(_SLOW))

    def watch(self, slow: bool) -> None:
        for place, (piece, delay) in enumerate((("/bench-main/", EMMC_MS), ("/bench-mirror/", STICK_MS))):
            at = _FAILING + place * struct.calcsize(_SLOW)
            struct.pack_into(_SLOW, self._map, at, piece.encode(), 0, 1000 * delay * slow)

    def syncs(self) -> tuple[int, int]:
        size = struct.calcsize(_SLOW)
        main, mirror = (struct.unpack_from(_SLOW, self._map, _FAILING + place * size)[1] for place in (0, 1))
        return main, mirror


def bare_commit(folder: Path):  # type: ignore[no-untyped-def]
    """A one-row commit as it was counted in before: TRUNCATE and FULL on the main medium."""
    connection = sqlcipher3.connect(str(folder / "bare.sqlite"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{'ab' * 32}'\"")
    connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t (a) VALUES ('one row of about the usual length, thirty or so')")
        connection.execute("COMMIT")

    return commit


def costs(base: World, media: Media, work: Path, mirror: bool, slow: bool) -> list[Cost]:
    media.watch(False)
    main, second = work / "bench-main", work / "bench-mirror"
    for folder in (main, second):
        folder.mkdir(parents=True)
    world = base.in_folder(main)
    world.mirror = second / "mirror" if mirror else None
    station = world.opened()
    commit = bare_commit(main)
    times: dict[str, list[float]] = {"bare": [], "give": [], "cast": []}
    syncs: dict[str, list[tuple[int, int]]] = {"give": [], "cast": []}

    def timed(name: str, act) -> object:  # type: ignore[no-untyped-def]
        media.watch(slow)
        began = perf_counter()
        answer = act()
        times[name].append(1000 * (perf_counter() - began))
        if name in syncs:
            syncs[name].append(media.syncs())
        media.watch(False)
        return answer

    for pin in world.pins(HOME)[:25]:
        found = must(station.desk.identify(pin))
        assert isinstance(found, Eligible)
        timed("bare", commit)
        given = must(timed("give", lambda found=found: station.desk.give(found)))
        marked(station, given, 1)  # type: ignore[arg-type]
        timed("bare", commit)
        assert timed("cast", station.booth.record) is None
        station.booth.cover()
    station.close()
    return [
        Cost(
            act=act, mirror=mirror, slow=slow, ms=median(times[act]), bare_ms=median(times["bare"]),
            syncs=max(set(syncs[act]), key=syncs[act].count),
        )
        for act in ("give", "cast")
    ]  # fmt: skip


def main() -> None:
    work = Path(sys.argv[1])
    (work / "world").mkdir(parents=True)
    world, media = World.make(work / "world"), Media()
    found = [
        cost
        for number, (mirror, slow) in enumerate(((False, False), (True, False), (False, True), (True, True)))
        for cost in costs(world, media, work / str(number), mirror, slow)
    ]
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")


if __name__ == "__main__":
    main()
