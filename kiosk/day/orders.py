"""A signed order of the central commission to one station: the only way back from closed polls."""

from datetime import datetime
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
    number: int  # the commission's own; each is obeyed once
    until: str  # the new closing hour, ISO with zone


def issue(order: Order, authority: Ed25519PrivateKey) -> bytes:
    return signing.sign(canonical_json(msgspec.to_builtins(order)), TYPE, [authority])


def read(untrusted: bytes, authority: bytes, definition_hash: str, station: int) -> Order | None:
    """The order, if it is one of this authority to reopen this station in this election."""
    try:
        envelope = signing.read(untrusted, TYPE)
        order = msgspec.json.decode(envelope.payload, type=Order)
        until = datetime.fromisoformat(order.until)
    except (IntegrityError, msgspec.DecodeError, ValueError):
        return None
    fits = order.definition_hash == definition_hash and order.station == station and until.tzinfo is not None
    return order if fits and signing.signed_by(envelope, {"authority": authority}) else None
