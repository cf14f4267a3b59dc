"""A country small enough to hold in the head: two districts, four stations, forty voters."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from kiosk.centre.provision import authority as authority_file
from kiosk.centre.provision.authority import Authority
from kiosk.centre.provision.run import ELECTION_FILE, NATION_FILE, Run, provision
from kiosk.centre.provision.station import Provisioned
from kiosk.day import booth
from kiosk.day.desk import Eligible
from kiosk.day.folder import COPY
from kiosk.day.session import Authorisation
from kiosk.day.setup import load_package
from kiosk.day.station import Station
from kiosk.demo.nation import COLUMNS, Row, station_rows
from kiosk.devices.clock import SetClock
from kiosk.devices.stick import FolderStick
from kiosk.election import source
from kiosk.election.calendar import station_hours
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import Refusal, must
from kiosk.roll.person import Pin, Voter
from kiosk.settings import RESOURCES
from kiosk.trust.badges import Cost
from kiosk.trust.election_file import SignedElection
from kiosk.trust.election_file import read as read_election

EXAMPLE = RESOURCES / "example-election"
CHEAP = Cost(1, 8)

HOME = 101  # thirty voters in district 1
NEIGHBOUR = 102  # four more in district 1
AWAY = 201  # six in district 2
REMOTE_ONLY = 900


def example_source() -> source.Source:
    found, problems = source.read({name: (EXAMPLE / name).read_bytes() for name in source.FILES})
    assert found, problems[:5]
    return found


def small_files(purpose: str = "test", mode: str = "screen") -> dict[str, bytes]:
    """The folder of the small election."""
    toml = (EXAMPLE / "election.toml").read_text("utf-8")
    toml = toml.replace('"kg-jk-2025"', '"small"').replace("quorum = 3", "quorum = 2")
    toml = toml.replace('purpose = "demo"', f'purpose = "{purpose}"')
    toml = toml.replace('ballot_mode = "screen"', f'ballot_mode = "{mode}"')
    officials = "station,role,name_ky,name_ru\n" + "".join(
        f"{station},{role},Аты {station} {role} {i},Имя {station} {role} {i}\n"
        for station in (HOME, NEIGHBOUR, AWAY, REMOTE_ONLY)
        for role, count in (("chair", 1), ("member", 3), ("clerk", 2), ("technician", 1))
        for i in range(count)
    )
    return {
        "election.toml": toml.encode(),
        "protocol.toml": (EXAMPLE / "protocol.toml").read_bytes(),
        "districts.csv": (
            "district,name_ky,name_ru,seats\n1,Биринчи округ,Первый округ,3\n2,Экинчи округ,Второй округ,3\n"
        ).encode(),
        "stations.csv": (
            "number,district,kind,zone,address_ky,address_ru,voters_m,voters_f\n"
            f"{HOME},1,precinct,Asia/Bishkek,Мектеп,Школа,14,16\n"
            f"{NEIGHBOUR},1,precinct,Asia/Bishkek,Китепкана,Библиотека,2,2\n"
            f"{AWAY},2,abroad,America/New_York,Элчилик,Посольство,3,3\n"
            f"{REMOTE_ONLY},2,remote_only,Asia/Bishkek,Аэропорт,Аэропорт,0,0\n"
        ).encode(),
        "candidates.csv": (
            "district,order,name_ky,name_ru,sex,birth_year,filed,status,struck_off_at\n"
            "1,1,Асанов Бакыт,Асанов Бакыт,m,1970,3,registered,\n"
            "1,2,Бекова Айгүл,Бекова Айгул,f,1980,1,registered,\n"
            "1,3,Жумабеков Нурлан,Жумабеков Нурлан,m,1975,2,struck_off,2025-11-28T18:00+06:00\n"
            "1,4,Төрөбекова Асел,Торобекова Асел,f,1985,4,registered,\n"
            "2,1,Улан уулу Эмил,Улан уулу Эмил,m,1977,2,registered,\n"
            "2,2,Сапарова Назгүл,Сапарова Назгуль,f,1982,1,registered,\n"
        ).encode(),
        "officials.csv": officials.encode(),
    }


def small_source(purpose: str = "test", mode: str = "screen") -> source.Source:
    found, problems = source.read(small_files(purpose, mode))
    assert found, problems
    return found


def roll_csv(rows: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    text.write(COLUMNS + "\n")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


class World(msgspec.Struct):
    """The provisioned country, and one station of it as a test drives it."""

    source: source.Source
    out: Path
    authority: Authority
    made: dict[int, Provisioned]
    folder: Path
    clock: SetClock
    station_number: int = HOME
    mirror: Path | None = None
    unlocked: list[Station] = []

    @classmethod
    def make(cls, out: Path, purpose: str = "test", mode: str = "screen") -> "World":
        found = small_source(purpose, mode)
        rows = [row for s in found.definition.stations for row in station_rows(found.definition, s.number)]
        roll = out / "roll.csv"
        roll.write_bytes(roll_csv(rows))
        authority = authority_file.new()
        opens = station_hours(found.definition, HOME).opens
        run = Run(source=found, roll=roll, out=out / "centre", authority=authority, now=opens, badge_cost=CHEAP)
        made = provision(run)
        clock = SetClock(opens, "test")
        return cls(found, out / "centre", authority, {p.station: p for p in made}, out, clock)

    def in_folder(self, folder: Path, station: int = HOME) -> "World":
        opens = station_hours(self.source.definition, station).opens
        clock = SetClock(opens - timedelta(hours=1), "test")
        return msgspec.structs.replace(
            self, folder=folder / "station", clock=clock, station_number=station, unlocked=[]
        )

    @property
    def opens(self) -> datetime:
        return station_hours(self.source.definition, self.station_number).opens

    @property
    def closes(self) -> datetime:
        return station_hours(self.source.definition, self.station_number).closes

    @property
    def election(self) -> SignedElection:
        return read_election((self.out / ELECTION_FILE).read_bytes())

    def rows(self, station: int) -> list[Row]:
        return list(station_rows(self.source.definition, station))

    def pins(self, station: int) -> list[Pin]:
        return [Pin(row[0]) for row in self.rows(station)]

    def card(self, role: str) -> tuple[str, str]:
        """Text and PIN of a badge: `chair`, `member-1`, `clerk-1`, `technician-1`."""
        found = self.made[self.station_number].card(f"{self.station_number}-{role}")
        return found.text, found.pin

    def set_up(self) -> None:
        load_package(
            self.made[self.station_number].package,
            self.out / NATION_FILE,
            self.folder,
            "test",
            authority_fingerprint=None,
        )

    def unlock(self, role: str = "chair", *, take_over: bool = True) -> Station:
        """`take_over`: where the folder is a copy of another terminal's day, two badges do so first."""
        if take_over and (self.folder / COPY).exists():
            station = self.unlock("chair", take_over=False)
            self.attend(station, ("member-1",))
            assert station.take_over() is None
            station.close()
        station = must(Station.unlock(self.folder, self.clock, *self.card(role), mirror=self.mirror))
        self.unlocked.append(station)
        return station

    def power_cut(self) -> None:
        """Every station a test left open."""
        for station in self.unlocked:
            station.power_cut()

    def attend(self, station: Station, roles: tuple[str, ...] = ("chair", "member-1", "member-2")) -> None:
        for role in roles:
            must(station.attend(*self.card(role)))

    def sign_in(self, station: Station, role: str) -> None:
        must(station.sign_in(*self.card(role)))

    def opened(self) -> Station:
        """Set up, prepared and open, the clerk signed in."""
        self.set_up()
        station = self.unlock("chair")
        self.open_polls(station)
        return station

    def open_polls(self, station: Station) -> None:
        """From the chair's badge on, to the clerk's."""
        self.attend(station)
        must(station.prepare())
        self.clock.set(self.opens)
        assert station.open_polls() is None
        self.sign_in(station, "clerk-1")

    def closed(self, station: Station) -> Station:
        self.sign_in(station, "chair")
        self.clock.set(self.closes + timedelta(minutes=1))
        must(station.attend(*self.card("member-1")))
        assert station.close_polls() is None
        return station

    def counted(self, station: Station, paper: dict[int, int]) -> Station:
        """Closed, counted, the hand count entered twice. `paper`: choice → ballots in the stationary box."""
        self.closed(station)
        self.attend(station)
        must(station.count())
        self.enter(station, paper)
        self.sign_in(station, "chair")
        self.attend(station)
        return station

    def enter(self, station: Station, paper: dict[int, int]) -> None:
        district = station._session.district
        votes = {n: paper.get(n, 0) for n in (AGAINST_ALL, *(c.number for c in district.standing))}
        invalid = paper.get(INVALID, 0)
        valid = sum(votes.values())
        lines = {"portable": 0, "stationary": valid + invalid, "valid": valid, "invalid": invalid}
        for place in (1, 2):
            self.sign_in(station, f"member-{place}")
            assert station.enter_hand_count(place, lines, votes) is None

    def packet(self, station: Station, paper: dict[int, int], stick: Path) -> Path:
        """Through to the exported packet."""
        self.counted(station, paper)
        must(station.sign())
        stick.mkdir(exist_ok=True)
        return must(station.export(FolderStick(stick))).path


def give(station: Station, pin: Pin) -> Authorisation:
    answer = must(station.desk.identify(pin))
    assert isinstance(answer, Eligible)
    return must(station.desk.give(answer))


def vote(station: Station, given: Authorisation, choice: int) -> None:
    """Through the booth: mark, review, print, record. INVALID: nothing is marked."""
    marked(station, given, choice)
    assert station.booth.record() is None
    station.booth.cover()


def marked(station: Station, given: Authorisation, choice: int) -> None:
    """As far as the paper, which is out."""
    station.booth.offer(given)
    assert station.booth.touch(booth.Start()) is None
    if choice != INVALID:
        assert station.booth.touch(booth.Mark(choice)) is None
    assert station.booth.touch(booth.Review()) is None
    assert station.booth.touch(booth.Printed(must(station.booth.print()), good=True)) is None


def code(answer: object) -> str | None:
    return answer.code if isinstance(answer, Refusal) else None


def serve(world: World, station: Station, choices: list[int], first: int = 0) -> None:
    for pin, choice in zip(world.pins(HOME)[first:], choices, strict=False):
        vote(station, give(station, pin), choice)


def voter_of(cells: Sequence[Any]) -> Voter:
    """From the cells of a row of the roll, in the order of a voter's fields."""
    return Voter(**dict(zip(Voter.__struct_fields__, cells, strict=True)))
