"""The station package: what the authority sends to one station, signed, its secrets sealed to that station's badges.

A ZIP like the packet's. The one big file that all stations share, nation.sqlite, travels beside it and is named in
the manifest by size and hash.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.election.definition import Purpose
from kiosk.errors import IntegrityError
from kiosk.packet import archive
from kiosk.packet.content import FileEntry, file_entry, from_json, to_json
from kiosk.trust import credential as cr
from kiosk.trust import election_file, signing
from kiosk.trust.keys import derive, read_sealing_public
from kiosk.trust.sealing import lock, seal, unlock

TYPE = "application/vnd.kiosk.package+json"
FORMAT = 1
MANIFEST = "manifest.dsse.json"
SUFFIX = ".package.zip"
ELECTION, CREDENTIAL, KEYRING, VAULT, ROLL = (
    "election.dsse.json", "credential.dsse.json", "keyring.json", "vault.bin", "roll.sqlite",
)  # fmt: skip
_MEBI = 1 << 20
ENTRIES = {
    MANIFEST: _MEBI, ELECTION: 32 * _MEBI, CREDENTIAL: _MEBI, KEYRING: _MEBI, VAULT: _MEBI, ROLL: 64 * _MEBI,
}  # fmt: skip


class Nation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    format: int
    purpose: Purpose
    election: str
    definition_hash: str
    station: int
    nation: Nation
    entries: tuple[FileEntry, ...]


class Secrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the vault holds, hexadecimal: the station's signing seed and the nation key."""

    station_seed: str
    nation_key: str


class Package(msgspec.Struct, frozen=True):
    """A package whose every signature and hash holds."""

    manifest: Manifest
    election: election_file.SignedElection
    credential: cr.Credential
    entries: Mapping[str, bytes]


def file_name(station: int) -> str:
    return f"{station}{SUFFIX}"


def roll_key(store_key: bytes) -> bytes:
    return derive(store_key, "file roll")


def nation_file_key(nation_key: bytes) -> bytes:
    return derive(nation_key, "file nation")


def _store_info(credential: cr.Credential, badge: str) -> bytes:
    return f"ks1 store {credential.definition_hash} {credential.station} {badge}".encode()


def make_keyring(credential: cr.Credential, store_key: bytes) -> bytes:
    """The store key, sealed to every badge that may unlock."""
    ring = {
        officer.id: seal(
            store_key,
            read_sealing_public(bytes.fromhex(officer.sealing_key)),
            _store_info(credential, officer.id),
        ).hex()
        for officer in credential.officers
        if officer.may_unlock
    }
    return msgspec.json.encode(ring, order="sorted")


def open_keyring(keyring: bytes, credential: cr.Credential, badge: str) -> tuple[bytes, bytes]:
    """(sealed store key, info to unseal it with). IntegrityError `keyring_malformed`."""
    try:
        return bytes.fromhex(msgspec.json.decode(keyring, type=dict[str, str])[badge]), _store_info(credential, badge)
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise IntegrityError("keyring_malformed") from error


def lock_vault(secrets: Secrets, store_key: bytes, credential: cr.Credential) -> bytes:
    return lock(msgspec.json.encode(secrets), derive(store_key, "vault"), _store_info(credential, "vault"))


def unlock_vault(vault: bytes, store_key: bytes, credential: cr.Credential) -> Secrets:
    plain = unlock(vault, derive(store_key, "vault"), _store_info(credential, "vault"))
    return msgspec.json.decode(plain, type=Secrets)


def build(
    credential: cr.Credential, nation: Nation, entries: Mapping[str, bytes], authority: Ed25519PrivateKey
) -> bytes:
    """The package's bytes from its entries (ENTRIES without the manifest, in order)."""
    manifest = Manifest(
        format=FORMAT,
        purpose=credential.purpose,
        election=credential.election,
        definition_hash=credential.definition_hash,
        station=credential.station,
        nation=nation,
        entries=tuple(file_entry(name, content) for name, content in entries.items()),
    )
    return archive.write({MANIFEST: signing.sign(to_json(manifest), TYPE, [authority]), **entries})


def read_file(path: Path) -> Package:
    """Everything checked except whether this authority is the one on paper. IntegrityError says what is off."""
    entries = archive.read_file(path, ENTRIES)
    envelope = signing.read(entries[MANIFEST], TYPE)
    manifest = from_json(envelope.payload, Manifest, MANIFEST)
    if manifest.format != FORMAT:
        raise IntegrityError("package_format", found=manifest.format, wanted=FORMAT)
    if [e.name for e in manifest.entries] != [name for name in entries if name != MANIFEST]:
        raise IntegrityError("manifest_entries")
    for entry in manifest.entries:
        if file_entry(entry.name, entries[entry.name]) != entry:
            raise IntegrityError("entry_hash", entry=entry.name)
    election = election_file.read(entries[ELECTION])
    if not signing.signed_by(envelope, {"authority": election.authority}):
        raise IntegrityError("package_signature")
    credential = cr.read(entries[CREDENTIAL])
    cr.check_belongs(credential, election.definition)
    same = (
        ("authority", bytes.fromhex(credential.authority_key), election.authority),
        ("sealing key", bytes.fromhex(credential.authority_sealing_key), election.authority_sealing),
        ("purpose", manifest.purpose, election.definition.purpose),
        ("definition", manifest.definition_hash, election.definition.hash),
        ("station", manifest.station, credential.station),
    )
    for field, found, wanted in same:
        if found != wanted:
            raise IntegrityError("package_foreign", field=field)
    return Package(manifest, election, credential, entries)
