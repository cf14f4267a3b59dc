"""One whole day, its packet, and the keys to sign changed copies of it."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.packet.verify import Verdict, verify
from kiosk.trust import badges, keys, signing
from tests.stage.world import AWAY, HOME, World, give, vote


class Day(msgspec.Struct):
    world: World
    packet: bytes
    signers: dict[str, bytes]  # "station" or badge id → signing seed

    def verify(self, packet: bytes, compared: bool = True) -> Verdict:
        return verify(packet, self.world.election if compared else None)

    def entries(self) -> dict[str, bytes]:
        return archive.read(self.packet, c.ENTRIES)

    def manifest(self) -> c.Manifest:
        envelope = signing.read(self.entries()[c.MANIFEST], c.MANIFEST_TYPE)
        return c.from_json(envelope.payload, c.Manifest, c.MANIFEST)

    def forge(
        self,
        change: Callable[[dict[str, bytes]], None] = lambda entries: None,
        manifest: Callable[[c.Manifest], c.Manifest] = lambda manifest: manifest,
        signers: tuple[str, ...] = ("station", "101-chair", "101-member-1", "101-member-2"),
        rehash: bool = True,
    ) -> bytes:
        """A packet as insiders with these keys could make it: entries changed, hashes and signatures made anew."""
        entries = self.entries()
        change(entries)
        made = self.manifest()
        if rehash:
            listed = tuple(c.file_entry(n, d) for n, d in entries.items() if n != c.MANIFEST)
            made = msgspec.structs.replace(made, entries=listed, content=c.content_hash(listed))
        made = manifest(made)
        private = [keys.signing_key(self.signers[name]) for name in signers]
        entries[c.MANIFEST] = signing.sign(c.to_json(made), c.MANIFEST_TYPE, private)
        return archive.write(entries)

    def forge_protocol(self, **changes: object) -> bytes:
        protocol = c.from_json(self.entries()[c.PROTOCOL], c.Protocol, c.PROTOCOL)

        def change(entries: dict[str, bytes]) -> None:
            entries[c.PROTOCOL] = c.to_json(msgspec.structs.replace(protocol, **changes))

        return self.forge(change)


@pytest.fixture(scope="session")
def day(_world: World, tmp_path_factory: pytest.TempPathFactory) -> Day:
    folder: Path = tmp_path_factory.mktemp("day")
    world = _world.in_folder(folder)
    station = world.opened()
    choices = [1, 1, 2, 4, 4, AGAINST_ALL, INVALID]
    for pin, choice in zip(world.pins(HOME), choices, strict=False):
        vote(station, give(station, pin), choice)
    vote(station, give(station, world.pins(AWAY)[0]), 1)
    world.sign_in(station, "chair")
    station.complain("observer", "technical", "A queue.")
    paper = {n: choices.count(n) for n in set(choices)}
    packet = world.packet(station, paper, folder / "stick").read_bytes()
    station.close()
    seeds = {
        role: badges.open_card(*world.card(role.removeprefix("101-"))).seed  # type: ignore[union-attr]
        for role in ("101-chair", "101-member-1", "101-member-2", "101-member-3", "101-clerk-1")
    }
    # The station's own key never leaves it; the test takes it from the open session.
    session = world.unlock("chair")._session
    from kiosk.packet.package import unlock_vault

    secrets = unlock_vault((world.folder / "vault.bin").read_bytes(), session.keys.store, session.credential)
    seeds["station"] = bytes.fromhex(secrets.station_seed)
    session.close()
    return Day(world, packet, seeds)


def refused(day: Day, packet: bytes, code: str, compared: bool = True) -> None:
    verdict = day.verify(packet, compared)
    assert verdict.code == code, verdict
    assert not verdict.accepted


def protocol_of(day: Day) -> c.Protocol:
    return c.from_json(day.entries()[c.PROTOCOL], c.Protocol, c.PROTOCOL)
