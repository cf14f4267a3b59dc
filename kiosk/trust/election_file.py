"""The election file: the definition with the authority's public keys, signed by the authority.

One file for all stations and for everybody who checks a packet (`kiosk verify --election`).
"""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import canonical
from kiosk.election import definition as d
from kiosk.errors import IntegrityError
from kiosk.trust import signing
from kiosk.trust.keys import read_sealing_public, signing_public

TYPE = "application/vnd.kiosk.election+json"
MAX_BYTES = 32 << 20


class SignedElection(msgspec.Struct, frozen=True):
    definition: d.Definition
    authority: bytes  # raw Ed25519 public key
    authority_sealing: bytes


class _Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    authority_key: str
    authority_sealing_key: str
    definition: str  # canonical JSON as text: its bytes are what the hash names


def issue(definition: d.Definition, authority: Ed25519PrivateKey, authority_sealing: bytes) -> bytes:
    payload = _Payload(signing_public(authority).hex(), authority_sealing.hex(), d.to_bytes(definition).decode())
    return signing.sign(canonical.write(payload), TYPE, [authority])


def read(untrusted: bytes) -> SignedElection:
    """Parse and verify against the key it names; comparing that key with paper is for the caller.

    IntegrityError: `envelope_…`, `election_malformed`, `election_signature`, `definition_…`.
    """
    if len(untrusted) > MAX_BYTES:
        raise IntegrityError("election_malformed")
    envelope = signing.read(untrusted, TYPE)
    try:
        payload = msgspec.json.decode(envelope.payload, type=_Payload)
        authority = bytes.fromhex(payload.authority_key)
        sealing = bytes.fromhex(payload.authority_sealing_key)
        read_sealing_public(sealing)
        good = bool(signing.signed_by(envelope, {"authority": authority}))
    except (msgspec.DecodeError, ValueError, IntegrityError) as error:
        raise IntegrityError("election_malformed") from error
    if not good:
        raise IntegrityError("election_signature")
    return SignedElection(d.from_bytes(payload.definition.encode()), authority, sealing)
