"""Packets for the centre: stations of the small country whose day is a list of visits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from kiosk.centre import tally as t
from kiosk.centre.intake.run import files_in
from kiosk.centre.tables import Tables
from kiosk.demo.fabricate import Desk, Visit, packet
from kiosk.election.calendar import station_hours
from kiosk.packet import archive, write
from kiosk.packet import content as c
from kiosk.roll.nation import tag
from kiosk.roll.person import Pin
from kiosk.roll.register import BallotKind
from kiosk.trust import keys, signing
from kiosk.trust.sealing import seal, unseal
from tests.stage.world import AWAY, HOME, NEIGHBOUR, World


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

    def home(self, station: int, n: int, choice: int, minute: int = 10, kind: BallotKind = "home") -> Visit:
        district = self.world.source.definition.station(station).district
        return Visit(
            tag=self.person(station, n), kind=kind, district=district, at=self.at(station, minute), choice=choice
        )

    def remote(self, station: int, home: int, n: int, choice: int, minute: int = 10) -> Visit:
        district = self.world.source.definition.station(home).district
        return Visit(
            tag=self.person(home, n), kind="remote", district=district, at=self.at(station, minute), choice=choice
        )

    def send(self, station: int, visits: Sequence[Visit], version: int = 1, name: str = "", slip: int = 0) -> Path:
        path = self.packets / (name or write.file_name("test", station, version))
        path.write_bytes(packet(self.desk(station), visits, version, slip))
        return path

    def send_an_evening(self) -> None:
        """Packets with something of everything: voters of other stations, one who was at two, one who voted away from
        the station, a file that is none."""
        self.send(HOME, [self.home(HOME, n, 1 + n % 2, minute=60 * n) for n in range(9)])
        here = [self.home(NEIGHBOUR, n, 4) for n in range(3)]
        self.send(NEIGHBOUR, [*here, self.home(NEIGHBOUR, 3, 4, kind="outside")])
        self.send(AWAY, [self.home(AWAY, 0, 1), self.remote(AWAY, HOME, 12, 4), self.remote(AWAY, HOME, 3, 1)])
        (self.packets / "bad.zip").write_bytes(b"x")

    def tally(self, tables: Tables | None = None, decisions: str = "", out: str = "out", keyed: bool = True) -> t.Tally:
        own = tables or Tables.open()
        try:
            seed = self.world.authority.sealing_seed if keyed else b""
            night = t.Night(t.Centre.in_folder(self.world.out), own, self.folder / out, seed, watch=t.Watch(workers=1))
            return night.tally(files_in(self.packets), self.packets, decisions.encode())
        finally:
            if tables is None:
                own.close()


def _sender(entries: dict[str, bytes]) -> int:
    return c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL).station


def _info(country: Country, entries: dict[str, bytes]) -> bytes:
    return c.envelopes_info(country.world.source.definition.hash, _sender(entries))


def envelopes(country: Country, path: Path) -> list[list[object]]:
    """Of a packet, opened: tag, district, sealed, signature of each."""
    entries = archive.read_file(path, c.ENTRIES)
    opened = unseal(entries[c.SEALED_ENVELOPES], country.world.authority.sealing, _info(country, entries))
    found: list[list[object]] = msgspec.json.decode(opened)
    return found


def seal_again(country: Country, path: Path, rows: list[list[object]]) -> None:
    info = _info(country, archive.read_file(path, c.ENTRIES))
    authority = country.world.authority.sealing.public_key()
    resealed(country, path, c.SEALED_ENVELOPES, seal(msgspec.json.encode(rows), authority, info))


def resealed(country: Country, path: Path, entry: str, sealed: bytes) -> None:
    """A packet that insiders of its station changed: one entry exchanged, everything hashed and signed anew."""
    entries = archive.read_file(path, c.ENTRIES)
    desk = country.desk(_sender(entries))
    entries[entry] = sealed
    envelope = signing.read(entries[c.MANIFEST], c.MANIFEST_TYPE)
    manifest = c.from_json(envelope.payload, c.Manifest, c.MANIFEST)
    listed = tuple(c.file_entry(name, data) for name, data in entries.items() if name != c.MANIFEST)
    manifest = msgspec.structs.replace(manifest, entries=listed, content=c.content_hash(listed))
    station = keys.signing_key(bytes.fromhex(desk.secrets.station_seed))
    known = set(c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL).signatories)
    names = {s.id for s in known}
    signers = [station, *(badge.signing for id_, badge in desk.badges.items() if id_ in names)]
    entries[c.MANIFEST] = signing.sign(c.to_json(manifest), c.MANIFEST_TYPE, signers)
    path.write_bytes(archive.write(entries))
