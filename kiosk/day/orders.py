"""A signed order of the central commission to one station: the only way back from closed polls."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import canonical
from kiosk.day import phases
from kiosk.day.counting import electronic
from kiosk.day.session import Session
from kiosk.errors import IntegrityError, Refusal
from kiosk.journal.book import Happened, Record
from kiosk.storage.files import is_plain
from kiosk.trust import signing

TYPE = "application/vnd.kiosk.order+json"
SUFFIX = ".order.json"
_MOST_BYTES = 16 << 10


Action = Literal["reopen", "correct"]


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    definition_hash: str
    station: int
    action: Action = "reopen"
    number: int  # the commission's own; each is obeyed once
    until: str = ""  # of a reopening: the new closing hour, ISO with zone


def issue(order: Order, authority: Ed25519PrivateKey) -> bytes:
    return signing.sign(canonical.write(order), TYPE, [authority])


def on_medium(folder: Path, suffix: str = SUFFIX) -> list[bytes]:
    """What may be the commission's words on a stick, unread. It may hold anything under any name: links and pipes are
    not followed, and nothing large is read."""
    found = []
    with suppress(OSError):  # pulled out while we look
        for path in sorted(folder.glob(f"*{suffix}")):
            if is_plain(path) and path.stat().st_size <= _MOST_BYTES:
                found.append(path.read_bytes())
    return found


def read(
    untrusted: bytes, authority: bytes, definition_hash: str, station: int, *, action: Action = "reopen"
) -> Order | None:
    """The order, if it is one of this authority to this station in this election to do this."""
    try:
        envelope = signing.read(untrusted, TYPE)
        order = msgspec.json.decode(envelope.payload, type=Order)
        hour = action != "reopen" or datetime.fromisoformat(order.until).tzinfo is not None
    except (IntegrityError, msgspec.DecodeError, ValueError):
        return None
    fits = (order.definition_hash, order.station, order.action) == (definition_hash, station, action) and hour
    return order if fits and signing.signed_by(envelope, {"authority": authority}) else None


def obey(session: Session, untrusted_order: bytes) -> Refusal | None:
    """Vote on until another hour; after the close only while the box is still shut. `order_invalid`,
    `box_already_opened`, `wrong_phase`."""
    s = session
    order = read(untrusted_order, bytes.fromhex(s.credential.authority_key), s.definition.hash, s.credential.station)
    obeyed = s.journal.all_newest("order", str)
    latest = s.hours.closes + timedelta(days=1)  # a slip of the pen must not keep a station open for years
    good = (
        order is not None
        and order.number > max(map(int, obeyed), default=0)
        and datetime.fromisoformat(order.until) <= latest
    )
    kept = (Record("order", str(order.number), msgspec.json.encode(order.until)),) if order else ()
    if refused := s.may("reopen"):
        return refused
    if s.state.name in ("open", "paused"):
        if not good:
            return Refusal("order_invalid")
        s.journal.write(Happened("reopened", s.by), records=kept, checkpoint=True)  # another closing hour
        return None
    return s.move(phases.Reopen(good, electronic(s) is not None), Happened("reopened", s.by), records=kept)


def to_correct(session: Session, folders: Iterable[Path]) -> Record | None:
    """The first order on these media to correct this station's protocol that was not obeyed yet, to be kept; None if
    there is none."""
    s = session
    obeyed = max((int(key) for key in s.journal.all_newest("correction", str)), default=0)
    key = bytes.fromhex(s.credential.authority_key)
    for untrusted in (order for folder in folders for order in on_medium(folder)):
        order = read(untrusted, key, s.definition.hash, s.credential.station, action="correct")
        if order is not None and order.number > obeyed:
            return Record("correction", str(order.number), msgspec.json.encode(order.action))
    return None


def obey_from(session: Session, folders: Iterable[Path]) -> Refusal | None:
    """By the first good order on these media: an old one may still lie beside it. `order_missing`: none at all."""
    refused: Refusal | None = Refusal("order_missing")
    for untrusted in (order for folder in folders for order in on_medium(folder)):
        if (refused := obey(session, untrusted)) is None:
            return None
    return refused
