"""After the polls close: the box opened with k badges, counted, and its key destroyed."""

import msgspec

from kiosk.ballot.count import ElectronicCount, open_box
from kiosk.day import box_key, phases
from kiosk.day.session import Session
from kiosk.errors import Refusal
from kiosk.journal.book import Happened, Record


def open_the_box(session: Session, recovered_seed: bytes | None = None) -> ElectronicCount | Refusal:
    """Rebuild the key from the badges present, open, count, destroy the key. One commit tells all of it.

    `recovered_seed`: from the central commission's recovery copy, when fewer than k members came back.
    """
    session.read_anew()
    if refused := session.may("count"):
        return refused
    k = session.credential.quorum
    event = phases.Count(len(session.present), k, recovered_seed is not None)
    after = phases.transition(session.state, event)
    if isinstance(after, Refusal):
        return after
    if session.on_paper:
        count = ElectronicCount((), 0)
    else:
        seed = recovered_seed or box_key.rebuild(session)
        if isinstance(seed, Refusal):
            return seed
        counted = _count(session, seed)
        if isinstance(counted, Refusal):
            return counted
        count = counted
    told = (
        Happened("box_opened", session.by, {"shares": len(session.present), "recovery": int(event.recovery_copy)}),
        Happened("counted", session.by, {"ballots": len(count.records), "unreadable": count.unreadable}),
    )
    record = Record("count", "electronic", msgspec.json.encode(count))
    if refused := session.move(event, *told, records=(record,)):
        return refused
    session.present.clear()  # signing asks for the badges again
    box_key.finish_destroying(session)
    return count


def _count(session: Session, seed: bytes) -> ElectronicCount | Refusal:
    key = box_key.private(session, seed)
    if isinstance(key, Refusal):
        return key
    return open_box(
        session.files.box.contents(),
        key,
        bytes.fromhex(session.credential.station_key),
        session.district,
        definition_hash=session.definition.hash,
        station=session.credential.station,
    )


def electronic(session: Session) -> ElectronicCount | None:
    """None before the count."""
    return session.journal.newest("count", "electronic", ElectronicCount)
