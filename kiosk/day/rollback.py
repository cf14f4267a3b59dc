"""A day that was put back whole is told by a counter that cannot be put back (kiosk.devices.tpm).

The counter goes up with every commit of the day, behind the answer; each commit waits for the step of the one before.
So at a start it may stand behind the file, which lost nothing then, and never ahead of it.
"""

from typing import Literal

import msgspec

from kiosk.day.session import Session
from kiosk.devices.tpm import Follower
from kiosk.errors import DeviceError
from kiosk.journal.book import Happened, Record

TOLD = ("put back", "counter")  # what `compare` may find
_CUT_OFF = 2  # commits whose step a power cut may take: the last, and one in flight


class Base(msgspec.Struct, frozen=True):
    """What the counter stood at when the day's file had made no commit; `at` None: the day goes on without one."""

    at: int | None


def compare(session: Session) -> dict[str, int]:
    """What the counter tells of this day: nothing, or that it was put back (by how many commits); `counter` where it is
    gone itself. Until the chair has said what happened, nothing is done here."""
    kept, value = _kept(session), _value(session)
    if kept is None:  # no day has begun here by this file; the counter may know of one
        return {"put back": value} if value is not None else {}
    if kept.at is None:
        return {}
    if value is None:
        return {"counter": 1}
    ahead = value - kept.at - session.files.day.number
    return {"put back": ahead} if ahead > 0 else {}


def follow(session: Session) -> None:
    """From here on the counter goes with the day; the journal keeps where it stood. A TPM that fails now is as none."""
    day, kept = session.files.day, _kept(session)
    known = kept.at if kept else None
    value = _brought_up(session, known)
    if session.tpm is None or value is None:
        if known is not None:
            _keep(session, Base(None), "counter_lost")
        return
    session.follower = Follower(session.tpm)
    day.committed = session.follower.committed
    if known is None or value != known + day.number:
        _keep(session, Base(value - day.number), "counter_kept")


def _brought_up(session: Session, known: int | None) -> int | None:
    """The counter after the steps that a power cut took; where it is behind by more, it is another one or was away, and
    counts from anew. None: there is no counter."""
    counter = session.tpm
    if counter is None:
        return None
    try:
        value = counter.value()
        behind = 1 if value is None else 0 if known is None else known + session.files.day.number - value
        for _ in range(behind if behind <= _CUT_OFF else 0):
            counter.step()
        return counter.value()
    except DeviceError:
        return None


def _kept(session: Session) -> Base | None:
    return session.journal.newest("tpm", "counter", Base)


def _value(session: Session) -> int | None:
    try:
        return session.tpm.value() if session.tpm else None
    except DeviceError:
        return None


def _keep(session: Session, base: Base, event: Literal["counter_kept", "counter_lost"]) -> None:
    session.journal.write(Happened(event), records=[Record("tpm", "counter", msgspec.json.encode(base))])
