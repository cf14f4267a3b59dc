"""Packets for the centre: stations of the small country whose day is a list of visits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from kiosk.centre import tally as t
from kiosk.centre.tables import Tables
from kiosk.demo.fabricate import Desk, Visit, packet
from kiosk.election.calendar import station_hours
from kiosk.packet import write
from kiosk.roll.nation import tag
from kiosk.roll.person import Pin
from tests.world import World


class Country(msgspec.Struct):
    """Votes are given by station, number of the voter on some station's list, and minute of the day."""

    world: World
    folder: Path

    @property
    def packets(self) -> Path:
        path = self.folder / "packets"
        path.mkdir(exist_ok=True)
        return path

    def desk(self, station: int) -> Desk:
        made = self.world.made[station]
        return Desk.unlock(made.package, made.cards)

    def person(self, home: int, n: int) -> bytes:
        return tag(self.desk(home).nation_key, Pin(self.world.pins(home)[n]))

    def at(self, station: int, minute: int) -> datetime:
        return station_hours(self.world.source.definition, station).opens + timedelta(minutes=minute)

    def home(self, station: int, n: int, choice: int, minute: int = 10, kind: str = "home") -> Visit:
        district = self.world.source.definition.station(station).district
        return Visit(self.person(station, n), kind, district, self.at(station, minute), choice)  # type: ignore[arg-type]

    def remote(self, station: int, home: int, n: int, choice: int, minute: int = 10) -> Visit:
        district = self.world.source.definition.station(home).district
        return Visit(self.person(home, n), "remote", district, self.at(station, minute), choice)

    def send(self, station: int, visits: Sequence[Visit], version: int = 1, name: str = "", slip: int = 0) -> Path:
        path = self.packets / (name or write.file_name("test", station, version))
        path.write_bytes(packet(self.desk(station), visits, version, slip))
        return path

    def tally(self, tables: Tables | None = None, decisions: str = "", out: str = "out") -> t.Tally:
        own = tables or Tables.open()
        try:
            return t.tally(
                t.Centre.in_folder(self.world.out),
                sorted(self.packets.iterdir()),
                self.folder / out,
                self.world.authority.sealing_seed,
                own,
                decisions.encode(),
                workers=1,
            )
        finally:
            if tables is None:
                own.close()
