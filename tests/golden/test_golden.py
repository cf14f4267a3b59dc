"""What was made once is accepted for good, and made again to the same bytes where that is promised."""

import hashlib
import shutil
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.centre.intake.sealed_parts import open_parts
from kiosk.day import orders
from kiosk.day.station import Station
from kiosk.devices.clock import SetClock
from kiosk.election.calendar import station_hours
from kiosk.errors import must
from kiosk.forms import pages
from kiosk.journal import chain
from kiosk.packet import archive, package, write
from kiosk.packet import content as c
from kiosk.packet.nist import ballots
from kiosk.packet.verify import verify
from kiosk.trust import badges, election_file, keys, sealing, signing
from kiosk.trust.credential import Credential
from tests.golden.make import CLOSED, ELECTION, FOLDER, KEYS, ORDER, PACKAGE, PACKET, PAPER, Keys, printed
from tests.stage.world import HOME


@pytest.fixture(scope="module")
def held() -> Keys:
    return msgspec.json.decode(KEYS.read_bytes(), type=Keys)


@pytest.fixture(scope="module")
def election() -> election_file.SignedElection:
    return election_file.read((FOLDER / ELECTION).read_bytes())


@pytest.fixture(scope="module")
def credential() -> Credential:
    return package.read_file(FOLDER / PACKAGE).credential


def authority(held: Keys) -> Ed25519PrivateKey:
    return keys.signing_key(bytes.fromhex(held.signing_seed))


def open_badge(held: Keys, role: str) -> badges.Badge:
    return must(badges.open_card(*held.cards[role]))


def test_the_election_file(held: Keys, election: election_file.SignedElection) -> None:
    again = election_file.issue(election.definition, authority(held), election.authority_sealing)
    assert again == (FOLDER / ELECTION).read_bytes()
    assert keys.sealing_public(bytes.fromhex(held.sealing_seed)) == election.authority_sealing


def test_the_station_package(held: Keys) -> None:
    found = package.read_file(FOLDER / PACKAGE)
    entries = {name: data for name, data in found.entries.items() if name != package.MANIFEST}
    again = package.build(found.credential, found.manifest.nation, entries, authority(held))
    assert again == (FOLDER / PACKAGE).read_bytes()


def test_the_order(held: Keys, election: election_file.SignedElection) -> None:
    signed = (FOLDER / ORDER).read_bytes()
    assert orders.read(signed, election.authority, election.definition.hash, HOME) == held.order
    assert orders.issue(held.order, authority(held)) == signed


def test_the_packet(held: Keys, election: election_file.SignedElection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accepted; and built once more from its own records with the same keys, byte for byte."""
    packet = (FOLDER / PACKET).read_bytes()
    verdict = verify(packet, election)
    assert verdict.accepted and verdict.manifest and verdict.protocol, verdict
    entries = archive.read(packet, c.ENTRIES)
    journal, checkpoints = chain.from_jsonl(entries[c.JOURNAL])
    records = write.Records(
        protocol=verdict.protocol,
        ballots=ballots.records(entries[c.BALLOTS]),
        journal=journal,
        checkpoints=checkpoints,
        complaints=msgspec.json.decode(entries[c.COMPLAINTS], type=list[c.PublicComplaint]),
        sealed_register=entries[c.SEALED_REGISTER],
        sealed_envelopes=entries[c.SEALED_ENVELOPES],
        credential=verdict.manifest.credential.encode(),
        created=verdict.manifest.created,
    )
    monkeypatch.setattr(write, "SOFTWARE", verdict.manifest.software)
    monkeypatch.setattr(write, "software_hash", lambda: verdict.manifest.software_hash)
    signers = [open_badge(held, s.id.partition("-")[2]).signing for s in verdict.protocol.signatories]
    imprint = pages.Imprint(chain.printed_head(journal[-1]), write.software())

    def print_protocol(drawn: c.Protocol, code: str) -> bytes:
        return pages.protocol(drawn, code, imprint)

    assert write.build(records, station_key(held), signers, print_protocol) == packet


def station_key(held: Keys) -> Ed25519PrivateKey:
    found = package.read_file(FOLDER / PACKAGE)
    chair = open_badge(held, "chair")
    sealed, info = package.open_keyring(found.entries[package.KEYRING], found.credential, chair.id)
    store_key = sealing.unseal(sealed, chair.sealing, info)
    vault = package.unlock_vault(found.entries[package.VAULT], store_key, found.credential)
    return keys.signing_key(bytes.fromhex(vault.station_seed))


def test_the_sealed_parts_of_the_packet(held: Keys, election: election_file.SignedElection) -> None:
    entries = archive.read((FOLDER / PACKET).read_bytes(), c.ENTRIES)
    manifest = c.from_json(signing.read(entries[c.MANIFEST], c.MANIFEST_TYPE).payload, c.Manifest, c.MANIFEST)
    protocol = c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL)
    key = keys.sealing_key(bytes.fromhex(held.sealing_seed))
    served, envelopes = open_parts(entries, manifest, protocol, key, definition=election.definition)
    assert (len(served.tags), len(envelopes)) == (7, 1) and envelopes[0].genuine


def test_the_closed_day_goes_on(held: Keys, election: election_file.SignedElection, tmp_path: Path) -> None:
    folder = tmp_path / "station"
    shutil.copytree(CLOSED, folder)
    closes = station_hours(election.definition, HOME).closes
    station = must(Station.unlock(folder, SetClock(closes, "test"), *held.cards["chair"]))
    assert station.state.name == "closed" and [x.number for x in station.complaints.all()] == [1]
    for role in ("chair", "member-1", "member-2"):
        must(station.attend(*held.cards[role]))
    count = must(station.count())
    assert count.votes() == PAPER and count.unreadable == 0
    station.close()


def test_printed_forms(held: Keys, election: election_file.SignedElection, credential: Credential) -> None:
    """The same data, the same sheet. Another version of Typst may draw otherwise: then the list is made anew."""
    assert {form: hashlib.sha256(pdf).hexdigest() for form, pdf in printed(election, credential)} == held.printed
