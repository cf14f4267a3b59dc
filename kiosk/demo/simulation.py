"""The election in all stations, then the tally: what was planted must be found, what was cast must be counted.

Provisioning, packets and tally are the real ones; the terminals themselves are left out (kiosk.demo.fabricate).
"""

import csv
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar

import msgspec

from kiosk.centre.intake import run as intake
from kiosk.centre.provision import authority as authority_file
from kiosk.centre.provision.run import Run, provision
from kiosk.centre.provision.station import Provisioned
from kiosk.centre.tables import Tables
from kiosk.centre.tally import Centre, Night, Tally, Watch
from kiosk.centre.workers import cores
from kiosk.centre.workers import workers as workers_of
from kiosk.demo import nation
from kiosk.demo.comparison import Cast, check
from kiosk.demo.fabricate import Desk, Visit, favourites, packet
from kiosk.demo.plan import Guest, Pins, Plan, Voter, draw, planted, scaled, voters_of
from kiosk.election.calendar import station_hours
from kiosk.election.definition import AGAINST_ALL, INVALID, Definition
from kiosk.election.source import Source
from kiosk.errors import KioskError
from kiosk.packet import write
from kiosk.progress import Progress
from kiosk.roll.nation import tag
from kiosk.roll.person import Pin
from kiosk.text import _
from kiosk.trust import badges

_CHEAP = badges.Cost(1, 1024)  # cards of this country open nothing real
_OUTSIDE, _INVALID, _AGAINST, _LEAVES = 0.02, 0.015, 0.05, 0.003

_MARK = ".simulated"
_OURS = ("packets", "centre", "tally", "authority.json", "centre.duckdb")

T = TypeVar("T")


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    stations: int
    packets: int
    voters: int
    envelopes: int
    planted: dict[str, int]
    faults: dict[str, list[int]]
    made: Tally
    problems: list[str]
    seconds: dict[str, float]


class _Shared(msgspec.Struct, frozen=True):
    definition: Definition
    plan: Plan
    folder: Path


_shared: _Shared | None = None  # of a worker process


def _begin(shared: _Shared) -> None:
    global _shared
    _shared = shared


def _station(made: Provisioned, guests: list[Guest]) -> Cast:
    assert _shared is not None
    return station_day(_shared, made, guests)


def station_day(shared: _Shared, made: Provisioned, guests: list[Guest]) -> Cast:
    """One station's day and its packet, or what the plan makes of it."""
    definition, plan, number = shared.definition, shared.plan, made.station
    desk = Desk.unlock(made.package, made.cards)
    dice = random.Random(f"{plan.seed} day {number}")
    pins, opens = Pins(definition), station_hours(definition, number).opens
    marks: dict[int, _Marks] = {d.number: _Marks(definition, d.number, plan.seed) for d in definition.districts}
    here = definition.station(number).district

    def person(voter: Voter) -> bytes:
        return tag(desk.nation_key, Pin(pins.of(voter)))

    visits = []
    for voter in voters_of(definition, number, plan.seed)[: plan.home[number]]:
        at = opens + timedelta(seconds=_when(dice))
        kind = dice.random()
        if kind < _OUTSIDE:
            visits.append(
                Visit(tag=person(voter), kind="outside", district=here, at=opens, choice=marks[here].draw(dice))
            )
        else:
            visits.append(
                Visit(
                    tag=person(voter),
                    kind="home",
                    district=here,
                    at=at,
                    choice=marks[here].draw(dice),
                    cast=kind < 1 - _LEAVES,
                )
            )
    cast: list[tuple[Voter, bytes, int, int, int]] = []
    for guest in guests:
        at = opens + timedelta(minutes=guest.minute, seconds=dice.randrange(60))
        visit = Visit(
            tag=person(guest.voter),
            kind="remote",
            district=guest.district,
            at=at,
            choice=marks[guest.district].draw(dice),
        )
        visits.append(visit)
        cast.append((guest.voter, visit.tag, round(at.timestamp() * 1_000_000), visit.district, visit.choice))
    own = Counter(v.choice for v in visits if v.kind != "remote" and v.cast)
    packets = _write(shared, desk, number, visits)
    return Cast(number, dict(own), cast, packets)


class _Marks:
    """What the voters of a district choose."""

    def __init__(self, definition: Definition, district: int, seed: int) -> None:
        self._numbers = [x.number for x in definition.district(district).standing]
        self._weights = favourites(district, self._numbers, seed)

    def draw(self, dice: random.Random) -> int:
        kind = dice.random()
        if kind < _INVALID:
            return INVALID
        if kind < _INVALID + _AGAINST:
            return AGAINST_ALL
        return dice.choices(self._numbers, self._weights)[0]


def _when(dice: random.Random) -> int:
    """Seconds after opening: a morning and an evening peak."""
    hour = dice.choices(range(12), (6, 9, 11, 12, 10, 8, 7, 7, 8, 9, 8, 5))[0]
    return hour * 3600 + dice.randrange(3600)


def _write(shared: _Shared, desk: Desk, number: int, visits: list[Visit]) -> int:
    """The station's packet into the folder, or what went wrong with it."""
    fault = shared.plan.fault(number)
    if fault == "missing":
        return 0
    folder, purpose = shared.folder, shared.definition.purpose

    def save(content: bytes, version: int, name: str = "") -> None:
        (folder / (name or write.file_name(purpose, number, version))).write_bytes(content)

    if fault == "corrected":
        save(packet(desk, visits[: len(visits) // 2]), 1)
        save(packet(desk, visits, 2), 2)
        return 2
    content = packet(desk, visits, 1, slip=3 if fault == "equation" else 0)
    if fault == "damaged":
        middle = len(content) // 2
        content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    if fault == "truncated":
        content = content[: len(content) * 2 // 3]
    save(content, 1)
    if fault == "replayed":
        save(content, 1, f"copy of {number}.packet.zip")
        return 2
    return 1


class Simulation:
    """`scale`: share of the stations, at least one in each district."""

    def __init__(
        self, source: Source, out: Path, scale: float, seed: int, *, progress: Progress, workers: int | None = None
    ) -> None:
        self.source = scaled(source, scale)
        self.definition = self.source.definition
        self.out, self.seed, self.progress = out, seed, progress
        self.workers = workers or cores()
        self.seconds: dict[str, float] = {}

    def run(self) -> Outcome:
        self._clear()
        packets = self.out / "packets"
        packets.mkdir(parents=True)
        authority = authority_file.new()
        authority_file.save(authority, self.out / "authority.json")
        made = self._timed(_("provisioning"), lambda: self._provision(authority))
        plan = draw(self.definition, self.seed)
        cast = self._timed(_("voting"), lambda: list(self._vote(plan, made, packets)))
        centre = Centre.in_folder(self.out / "centre")
        tables = Tables.open(self.out / "centre.duckdb")
        try:
            result = self._timed(
                _("tally"),
                lambda: Night(
                    centre, tables, self.out / "tally", authority.sealing_seed,
                    watch=Watch(progress=self.progress, workers=self.workers),
                ).tally(intake.files_in(packets)),
            )  # fmt: skip
        finally:
            tables.close()
        problems = list(check(self.definition, plan, cast, result))
        kinds = Counter(why for _voter, why in planted(plan))
        return Outcome(
            stations=len(self.definition.stations),
            packets=sum(c.packets for c in cast),
            voters=sum(sum(c.own.values()) for c in cast),
            envelopes=sum(len(c.guests) for c in cast),
            planted=dict(kinds),
            faults=plan.faults,
            made=result,
            problems=problems,
            seconds=self.seconds,
        )

    def _clear(self) -> None:
        """Take away an earlier simulation, and nothing else: folders that are not ours stop the run."""
        self.out.mkdir(parents=True, exist_ok=True)
        mark = self.out / _MARK
        old = [path for name in _OURS if (path := self.out / name).exists()]
        if old and not mark.exists():
            raise KioskError("rehearsal_in_the_way", folder=str(old[0]))
        mark.touch()
        for path in old:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _timed(self, name: str, work: Callable[[], T]) -> T:
        started = monotonic()
        done = work()
        self.seconds[name] = round(monotonic() - started, 1)
        return done

    def _provision(self, authority: authority_file.Authority) -> list[Provisioned]:
        roll = self.out / "roll.csv"
        with roll.open("w", encoding="utf-8", newline="") as file:
            file.write(nation.COLUMNS + "\n")
            csv.writer(file, lineterminator="\n").writerows(nation.all_rows(self.definition))
        opens = station_hours(self.definition, self.definition.stations[0].number).opens
        run = Run(
            source=self.source, roll=roll, out=self.out / "centre", authority=authority, now=opens, badge_cost=_CHEAP,
            printed=False,
        )  # fmt: skip
        made = provision(run, progress=self.progress, workers=self.workers)
        roll.unlink()
        return made

    def _vote(self, plan: Plan, made: list[Provisioned], packets: Path) -> Iterator[Cast]:
        shared = _Shared(self.definition, plan, packets)
        with workers_of(self.workers, _begin, (shared,)) as executor:
            futures = [executor.submit(_station, p, plan.guests.get(p.station, [])) for p in made]
            for number, future in enumerate(as_completed(futures), 1):
                self.progress(_("stations vote"), number, len(futures))
                yield future.result()
