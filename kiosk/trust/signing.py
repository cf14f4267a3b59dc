"""Signatures: Ed25519 in DSSE envelopes, so that stock tools can check them (docs/verify-by-hand.md)."""

import json
import re
from collections.abc import Iterable, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from securesystemslib.dsse import Envelope
from securesystemslib.signer._signature import Signature

from kiosk import canonical
from kiosk.errors import IntegrityError
from kiosk.trust.keys import key_id, read_signing_public, signing_public

MAX_SIGNATURES = 32
_KEY_ID = re.compile("[0-9a-f]{32}")


def sign(payload: bytes, payload_type: str, keys: Iterable[Ed25519PrivateKey]) -> bytes:
    """A DSSE envelope as canonical JSON, signatures in order of key id."""
    return encode(add_signatures(Envelope(payload, payload_type, {}), keys))


def add_signatures(envelope: Envelope, keys: Iterable[Ed25519PrivateKey]) -> Envelope:
    for key in keys:
        name = key_id(signing_public(key))
        envelope.signatures[name] = Signature(name, key.sign(envelope.pae()).hex())
    return envelope


def encode(envelope: Envelope) -> bytes:
    raw = envelope.to_dict()
    raw["signatures"].sort(key=lambda s: s["keyid"])
    return canonical.write(raw)


def read(untrusted: bytes, payload_type: str) -> Envelope:
    """Parse strictly; nothing is verified yet. IntegrityError `envelope_malformed`."""
    try:
        raw = json.loads(untrusted)
        if set(raw) != {"payload", "payloadType", "signatures"} or len(raw["signatures"]) > MAX_SIGNATURES:
            raise ValueError
        if any(set(s) != {"keyid", "sig"} or not _KEY_ID.fullmatch(s["keyid"]) for s in raw["signatures"]):
            raise ValueError
        envelope = Envelope.from_dict(raw)
        canonical = encode(envelope)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError("envelope_malformed") from error
    if envelope.payload_type != payload_type:
        raise IntegrityError("envelope_type")
    if canonical != untrusted:
        raise IntegrityError("envelope_not_canonical")
    return envelope


def signed_by(envelope: Envelope, publics: Mapping[str, bytes]) -> frozenset[str]:
    """The names out of `publics` (name → raw public key) whose signature is there and holds."""
    pae = envelope.pae()
    names = set()
    for name, public in publics.items():
        signature = envelope.signatures.get(key_id(public))
        if signature is not None and verifies(public, bytes.fromhex(signature.signature), pae):
            names.add(name)
    return frozenset(names)


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """The one place where a signature is judged (docs/decisions/0031-libsodium.md): libsodium, which takes half the
    time and refuses keys and points of small order, with which one signature would fit many messages.

    IntegrityError `key_malformed` for a public key that is none.
    """
    read_signing_public(public)
    if len(signature) != _SIGNATURE_BYTES:
        return False
    try:
        crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


_SIGNATURE_BYTES = 64
