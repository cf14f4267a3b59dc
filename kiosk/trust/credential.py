"""The station's credential: who may do what there, with which key, signed by the authority.

It travels in the station package and again inside every packet, so a packet can be checked with nothing but the
authority's fingerprint from paper.
"""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import canonical
from kiosk.election.definition import Definition, Purpose, Role
from kiosk.errors import IntegrityError
from kiosk.trust import keys, signing

TYPE = "application/vnd.kiosk.credential+json"


class Officer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An official with the public keys of the badge (hexadecimal). `card`: hash of the one genuine card's text, so that
    a home-made one is told before any PIN; "" for a token."""

    id: str
    role: Role
    name_ky: str
    name_ru: str
    signing_key: str
    sealing_key: str
    card: str = ""

    @property
    def may_unlock(self) -> bool:
        """Whose badge opens the encrypted store: everybody who works with voters or ballots."""
        return self.role in ("chair", "member", "clerk")

    @property
    def holds_share(self) -> bool:
        return self.role in ("chair", "member")


class Credential(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    format: int
    purpose: Purpose
    election: str
    definition_hash: str
    station: int
    quorum: int
    station_key: str
    authority_key: str
    authority_sealing_key: str
    officers: tuple[Officer, ...]

    def officer(self, id_: str) -> Officer | None:
        return next((o for o in self.officers if o.id == id_), None)

    def of_role(self, role: Role) -> tuple[Officer, ...]:
        return tuple(o for o in self.officers if o.role == role)

    @property
    def shareholders(self) -> tuple[Officer, ...]:
        return tuple(o for o in self.officers if o.holds_share)


def issue(credential: Credential, authority: Ed25519PrivateKey) -> bytes:
    return signing.sign(canonical.write(credential), TYPE, [authority])


def read(untrusted: bytes) -> Credential:
    """Parse and verify against the authority key it names; whether that key is *the* authority's is for the caller
    to compare. IntegrityError: `envelope_…`, `credential_malformed`, `credential_signature`."""
    envelope = signing.read(untrusted, TYPE)
    try:
        credential = canonical.read(envelope.payload, Credential)
        publics = [bytes.fromhex(o.signing_key) for o in credential.officers]
        station, authority = bytes.fromhex(credential.station_key), bytes.fromhex(credential.authority_key)
        keys.read_sealing_public(bytes.fromhex(credential.authority_sealing_key))
        for officer in credential.officers:
            keys.read_sealing_public(bytes.fromhex(officer.sealing_key))
        everybody = [*publics, station, authority]
        if len(set(everybody)) < len(everybody) or any(len(k) != keys.SIGNING_PUBLIC_BYTES for k in everybody):
            raise ValueError  # the rules of acceptance are over disjoint sets of keys
        if not 1 <= credential.quorum <= len(credential.of_role("member")) or len(credential.of_role("chair")) != 1:
            raise ValueError
    except (ValueError, IntegrityError) as error:
        raise IntegrityError("credential_malformed") from error
    if not signing.signed_by(envelope, {"authority": authority}):
        raise IntegrityError("credential_signature")
    return credential


def check_belongs(credential: Credential, definition: Definition) -> None:
    """IntegrityError `credential_foreign` unless it is of this election, purpose and one of its stations."""
    for name, found, wanted in (
        ("purpose", credential.purpose, definition.purpose),
        ("election", credential.election, definition.id),
        ("definition", credential.definition_hash, definition.hash),
    ):
        if found != wanted:
            raise IntegrityError("credential_foreign", field=name)
    if not definition.has_station(credential.station):
        raise IntegrityError("credential_foreign", field="station")
