"""The QR on the printed protocol: the result in a form any phone can check offline.

CBOR in COSE_Sign1 with the station key, zlib, base45, prefix `KS1:`: the construction of the EU health certificates.
"""

import zlib
from typing import Any

import base45
import cbor2
import msgspec

from kiosk.election.definition import Purpose
from kiosk.errors import IntegrityError
from kiosk.packet.content import FORMAT, Protocol
from kiosk.trust.signing import verifies

PREFIX = "KS1:"
_MOST_TEXT, _MOST_BYTES = 4296, 8192  # a QR code's alphanumeric capacity; what may come out of zlib

# COSE key parameters (RFC 9052, 9053): an octet key pair on Ed25519 for EdDSA.
_OKP = {1: 1, 3: -8, -1: 6}
_COSE_SIGN1, _EDDSA, _SIGNATURE_BYTES = 18, cbor2.dumps({1: -8}), 64


class QrContent(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, kw_only=True):
    """An array, not a map: every byte counts on paper. `votes`: legal votes by ballot number, against all last."""

    format: int
    purpose: Purpose
    election: str
    station: int
    version: int
    lines: tuple[int, ...]  # in the order of the definition: the inputs of the equations
    votes: tuple[int, ...]
    content: bytes  # hash of the packet's other entries
    epoch: int  # as in the protocol
    software: bytes  # the first 8 bytes of the program's hash, as they stand on the lock screen and the papers


def content_of(protocol: Protocol, content_hash: str, software_hash: str) -> QrContent:
    return QrContent(
        format=FORMAT,
        purpose=protocol.purpose,
        election=protocol.election,
        station=protocol.station,
        version=protocol.version,
        lines=tuple(line.value for line in protocol.lines),
        votes=tuple(row.legal for row in protocol.votes),
        content=bytes.fromhex(content_hash),
        epoch=protocol.epoch,
        software=bytes.fromhex(software_hash)[:8],
    )


def encode(content: QrContent, private: bytes, public: bytes) -> str:
    """The text of the code, signed with the station's raw Ed25519 key."""
    from cwt import COSE, COSEKey  # slow to import, and only needed here

    key = COSEKey.new({**_OKP, -2: public, -4: private})
    payload = cbor2.dumps(msgspec.to_builtins(content, builtin_types=(bytes,)), canonical=True)
    signed: bytes = COSE.new(alg_auto_inclusion=True).encode(payload, key)
    text: bytes = base45.b45encode(zlib.compress(signed, 9))
    return PREFIX + text.decode()


def decode(untrusted: str, station_public: bytes) -> QrContent:
    """The content if the signature holds. IntegrityError `qr_malformed` or `qr_signature`.

    The signature is judged where all others are (kiosk.trust.signing): two libraries may differ over a strange one.
    """
    signed = _unpack(untrusted)
    try:
        message = cbor2.loads(signed)
        protected, unprotected, payload, signature = message.value
        if (message.tag, protected, unprotected, len(signature)) != (_COSE_SIGN1, _EDDSA, {}, _SIGNATURE_BYTES):
            raise ValueError
        if cbor2.dumps(message, canonical=True) != signed:  # there is one way to write each thing
            raise ValueError
        to_be_signed = cbor2.dumps(["Signature1", protected, b"", payload])
    except (cbor2.CBORError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise IntegrityError("qr_malformed") from error
    if not verifies(station_public, signature, to_be_signed):
        raise IntegrityError("qr_signature")
    try:
        raw: Any = cbor2.loads(payload)
        content = msgspec.convert(raw, QrContent)
        if (
            cbor2.dumps(raw, canonical=True) != payload
            or content.format != FORMAT
            or len(content.content) != 32
            or len(content.software) != 8
        ):
            raise ValueError
    except (cbor2.CBORError, ValueError, TypeError, msgspec.ValidationError, RecursionError) as error:
        raise IntegrityError("qr_malformed") from error
    return content


def _unpack(untrusted: str) -> bytes:
    try:
        if not untrusted.startswith(PREFIX) or len(untrusted) > _MOST_TEXT:
            raise ValueError
        unpacker = zlib.decompressobj()
        signed = unpacker.decompress(base45.b45decode(untrusted[len(PREFIX) :]), _MOST_BYTES)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError
    except (ValueError, zlib.error) as error:
        raise IntegrityError("qr_malformed") from error
    return signed
