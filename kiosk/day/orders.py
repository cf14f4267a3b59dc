"""A signed order of the central commission to one station: the only way back from closed polls."""

from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.errors import IntegrityError
from kiosk.text import canonical_json
from kiosk.trust import signing

TYPE = "application/vnd.kiosk.order+json"


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    definition_hash: str
    station: int
    action: Literal["reopen"]
    number: int  # the commission's own


def issue(order: Order, authority: Ed25519PrivateKey) -> bytes:
    return signing.sign(canonical_json(msgspec.to_builtins(order)), TYPE, [authority])


def is_valid(untrusted: bytes, authority: bytes, definition_hash: str, station: int) -> bool:
    """Whether this is an order of this authority to reopen this station in this election."""
    try:
        envelope = signing.read(untrusted, TYPE)
        order = msgspec.json.decode(envelope.payload, type=Order)
    except (IntegrityError, msgspec.DecodeError):
        return False
    fits = order.definition_hash == definition_hash and order.station == station
    return fits and bool(signing.signed_by(envelope, {"authority": authority}))
