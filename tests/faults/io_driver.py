"""Runs inside a disk that fails (failing_calls.c): `python -m tests.faults.io_driver WORK ACT WHERE`.

Each call of a kind on the day's files fails in turn, once or for ever, while one act is done. Then the act is tried
again as a person would, the station is started again, and the act must have happened exactly once. Prints how many
calls were made to fail; a line `BAD …` for each that broke a promise.
"""

import mmap
import os
import shutil
import struct
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from kiosk.day.desk import Eligible
from kiosk.day.station import Station
from kiosk.errors import DeviceError, KioskError, Refusal, must
from tests.stage.world import AWAY, HOME, World, code, give, marked, serve, vote

CALLS = {"sync": 1, "truncate": 2, "write": 4, "read": 8, "open": 16}
EIO, ENOSPC = 5, 28
_FORMAT = "iiiiii104s224x"  # its last part is for slow media, and stays zero


class Disk:
    """The other half of `struct control`."""

    def __init__(self) -> None:
        with Path(os.environ["FAILING_CALLS"]).open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), struct.calcsize(_FORMAT))

    def arm(self, call: str, piece: str, *, after: int, forever: bool, error: int) -> None:
        self._map[:] = struct.pack(_FORMAT, 1, CALLS[call], after, forever, error, 0, piece.encode())

    def disarm(self) -> int:
        """How often it failed."""
        hits: int = struct.unpack(_FORMAT, self._map[:])[5]
        self._map[:] = bytes(len(self._map))
        return hits


class Act:
    """One act of a day: what comes before it, the act, and whether it has happened."""

    def __init__(self, world: World, station: Station) -> None:
        self.world, self.station = world, station
        self.pins, self.away = world.pins(HOME), world.pins(AWAY)

    def before(self) -> None: ...

    def do(self) -> object:
        raise NotImplementedError

    def done(self) -> bool:
        """After any restart."""
        raise NotImplementedError


class Give(Act):
    def before(self) -> None:
        found = must(self.station.desk.identify(self.pins[5]))
        assert isinstance(found, Eligible)
        self.found = found

    def do(self) -> object:
        return self.station.desk.give(self.found)

    def done(self) -> bool:
        return code(self.station.desk.identify(self.pins[5])) == "already_given"


class Cast(Act):
    def before(self) -> None:
        marked(self.station, give(self.station, self.pins[5]), 1)
        self.had = self.station.figures().recorded

    def do(self) -> object:
        return self.station.booth.record()

    def done(self) -> bool:
        now = self.station.figures().recorded - self.had
        assert now in (0, 1), f"{now} ballots"
        return now == 1


class CastRemote(Cast):
    def before(self) -> None:
        marked(self.station, give(self.station, self.away[0]), 1)
        self.had = self.station.figures().recorded


class Withdraw(Act):
    def before(self) -> None:
        self.given = give(self.station, self.pins[5])

    def do(self) -> object:
        if self.station.pending is None:
            return Refusal("not_in_progress")
        return self.station.desk.withdraw(self.station.pending, "wrong_person")

    def done(self) -> bool:
        return self.station.figures().withdrawn == 1


class Close(Act):
    def before(self) -> None:
        self.world.sign_in(self.station, "chair")
        self.world.clock.set(self.world.closes)
        self.world.attend(self.station, ("member-1",))

    def do(self) -> object:
        if self.station.officer is None or self.station.officer.role != "chair":
            self.world.sign_in(self.station, "chair")
        if not self.station.present:
            self.world.attend(self.station, ("member-1",))
        return self.station.close_polls()

    def done(self) -> bool:
        return self.station.state.name == "closed"


ACTS: dict[str, type[Act]] = {
    "give": Give, "cast": Cast, "cast-remote": CastRemote, "withdraw": Withdraw, "close": Close,
}  # fmt: skip


def settle(act: Act, base: World) -> None:
    """As a person: touch again; where the terminal locked itself, show the badge first."""
    if not act.station.doubtful and _touch(act) == "done":
        return
    act.station.power_cut()
    act.station = base.unlock("clerk-1")
    if act.done():
        return
    if isinstance(act, Cast):
        assert act.station.pending, "the ballot is neither recorded nor in progress"
        vote(act.station, act.station.pending, 1)
        return
    assert _touch(act) == "done", "the second touch after a restart"


def _touch(act: Act) -> str:
    try:
        answer = act.do()
    except DeviceError as error:
        return error.code
    return answer.code if isinstance(answer, Refusal) else "done"


def case(base: World, make: type[Act], fault: Callable[[], None], disk: Disk) -> int:
    """How many calls failed. AssertionError where a promise was broken."""
    station = base.unlock("clerk-1")
    act = make(base, station)
    try:
        act.before()
        fault()
        try:
            outcome = _touch(act)
        finally:
            hits = disk.disarm()
        if not hits:
            return 0
        assert outcome in ("done", "disk_error", "disk_full", "disk_doubtful"), outcome
        if outcome != "done":
            settle(act, base)
        act.station.power_cut()
        act.station = base.unlock("clerk-1")
        assert act.done(), "acknowledged and gone"
        finish(base, act.station)
        return hits
    finally:
        act.station.power_cut()


def finish(world: World, station: Station) -> None:
    if station.state.name == "open":
        if station.pending:
            vote(station, station.pending, 1)
        world.closed(station)
    figures = station.figures()
    assert figures.out == 0
    world.sign_in(station, "chair")
    world.attend(station)
    count = must(station.count())
    assert len(count.records) == figures.recorded - figures.recorded_remote and not count.unreadable


def through_the_window(base: World, what: str, fault: Callable[[], None], disk: Disk) -> int:
    """The same by touch: no crash sheet, no dead end, one ballot."""
    from tests.stage.desktop import Desktop

    pin = base.pins(HOME)[5]
    with Desktop(base, base.folder.parent / "window") as desk:
        desk.badge("clerk-1")
        desk.hand.scan(pin)
        if what == "cast":
            desk.hand.touch("give")
            for name in ("voter-ready", "start-ballot", "choice-1", "review", "print-paper"):
                desk.hand.touch(name)
        fault()
        desk.hand.touch("record" if what == "cast" else "give")
        hits = disk.disarm()
        if not hits:
            return 0
        assert not desk.crashes, desk.crashes
        if desk.hand.see("answer-0") is not None:
            desk.hand.touch("answer-0")
        if desk.view.page == "locked":
            desk.badge("clerk-1")
        elif what == "cast" and desk.view.booth.page == "paper":
            desk.hand.touch("record")  # once more, as the sentence says
        elif what == "give" and desk.view.page == "desk":
            desk.hand.touch("give")
    station = base.unlock("clerk-1")
    figures = station.figures()
    assert figures.given in (2, 3) if what == "give" else figures.given == 3, figures
    assert figures.recorded + figures.out == figures.given, figures
    finish(base, station)
    station.power_cut()
    return hits


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    work, act, where = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    disk, tried = Disk(), Counter[str]()
    (work / "world").mkdir(parents=True)
    world = World.make(work / "world").in_folder(work / "world")
    world.mirror = work / "world" / "mirror"
    station = world.opened()
    serve(world, station, [1, 2])
    station.close()
    pieces = {"main": "/case/station/day.sqlite", "mirror": "/case/mirror/day.sqlite", "both": "/day.sqlite"}
    for call in CALLS:
        window = act.startswith("window")  # takes its time: every call once, every fourth write
        for error in (EIO, ENOSPC) if call in ("sync", "write") and not window else (EIO,):
            for forever in (False,) if window else (False, True):
                for after in range(0, 60, 4 if window and call == "write" else 1):
                    there = work / "case"
                    shutil.rmtree(there, ignore_errors=True)
                    shutil.copytree(work / "world" / "station", there / "station")
                    shutil.copytree(work / "world" / "mirror", there / "mirror")
                    here = world.in_folder(there)
                    here.mirror = there / "mirror"
                    here.clock.set(world.opens)

                    def fault(
                        call: str = call, after: int = after, forever: bool = forever, error: int = error
                    ) -> None:
                        disk.arm(call, pieces[where], after=after, forever=forever, error=error)

                    try:
                        kind, _, what = act.partition("-")
                        if kind == "window":
                            hits = through_the_window(here, what, fault, disk)
                        else:
                            hits = case(here, ACTS[act], fault, disk)
                    except (AssertionError, KioskError, Exception) as broken:  # noqa: BLE001 (everything is a finding)
                        disk.disarm()
                        said = f"{type(broken).__name__}: {broken} {getattr(broken, 'facts', '')}"
                        tell(f"BAD {act} {where} {call} {error} {'for ever' if forever else 'once'} {after}: {said}")
                        hits = 1
                    if not hits:
                        break
                    tried[call] += 1
    tell(f"FAILED {sum(tried.values())} {dict(tried)}")


if __name__ == "__main__":
    main()
