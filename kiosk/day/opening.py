"""Before the first voter: the members come, the counters stand at zero, the box and its key are made and split."""

import os
import secrets
from pathlib import Path
from typing import NamedTuple

import msgspec

from kiosk.ballot.box import Box
from kiosk.day import permissions, phases
from kiosk.day.folder import BOX, BOX_KEY, BOX_PUBLIC, file_key
from kiosk.day.journal import Happened
from kiosk.day.session import Session
from kiosk.day.unlocking import Locked
from kiosk.errors import Fact, IntegrityError, Refusal
from kiosk.trust import shares
from kiosk.trust.credential import Officer
from kiosk.trust.keys import key_id, new_seed, read_sealing_public, sealing_public
from kiosk.trust.sealing import seal


class Counter(NamedTuple):
    """A line of the zero report."""

    name: str
    value: int


class SplitKey(msgspec.Struct, frozen=True):
    """The box key's shares, each sealed to one member's badge, and the recovery copy sealed to the authority."""

    shares: dict[str, str]
    recovery: str


def share_info(session: Session, badge: str) -> bytes:
    return f"ks1 share {session.definition.hash} {session.credential.station} {badge}".encode()


def attend(session: Session, locked: Locked, untrusted_card: str, pin: str) -> Officer | Refusal:
    """A chair or member shows the badge: present for what comes next (opening, count, signing)."""
    if session.state.name not in ("posting", "ready", "closed", "counted"):
        return Refusal("wrong_phase", {"phase": session.state.name})
    badge = locked.open_badge(untrusted_card, pin)
    if isinstance(badge, Refusal):
        return badge
    officer = session.credential.officer(badge.id)
    if officer is None or permissions.refusal(officer.role, "attend"):
        return Refusal("holds_no_share")
    session.present[badge.id] = badge
    session.journal.write(Happened("attended", badge.id))
    return officer


def counters(session: Session) -> list[Counter]:
    """Every counter that must stand at zero before the polls open."""
    tally = session.register.tally()
    return [
        Counter("given", sum(tally[kind].given for kind in ("home", "remote"))),
        Counter("cast", len(session.box) if session.box else 0),
        Counter("envelopes", len(session.envelopes)),
    ]


def prepare(session: Session) -> list[Counter] | Refusal:
    """Self-test and zero report. The day's files are compared with the definition before anybody may vote."""
    if refused := session.may("prepare"):
        return refused
    roll = len(session.book)
    expected = session.station.voters
    good = roll == expected and {s for s, _ in session.book.count()} <= {session.credential.station}
    found = counters(session)
    present = tuple(sorted(session.present))
    members = sum(o.id in session.present for o in session.credential.of_role("member"))
    event = phases.Prepare(
        present=present, members=members, quorum=session.credential.quorum, self_test=good, counters=dict(found)
    )
    told = (
        Happened("self_test", session.by, {"roll": roll, "definition_roll": expected}),
        Happened("zero_report", session.by, dict(found)),
    )
    return session.move(event, *told) or found


def open_polls(session: Session) -> Refusal | None:
    """Make the box and its key, split the key, forget it, open. Not a minute before the hour.

    The private half exists only inside this call and is never written; after it, k badges or the central commission
    are needed. The journal tells the hashes of what is written beside it, so that neither can be exchanged.
    """
    if refused := session.may("open"):
        return refused
    now = session.clock.now()
    hours = session.hours
    event = phases.OpenPolls(now.isoformat(), hours.before(now), hours.after(now))
    refused_or_state = phases.transition(session.state, event)
    if isinstance(refused_or_state, Refusal):
        return refused_or_state
    told = () if session.on_paper else (_make_box(session),)
    return session.move(event, *told)


def _make_box(session: Session) -> Happened:
    holders = session.credential.shareholders
    k = session.credential.quorum
    seed = new_seed()
    words = shares.split(seed, k, len(holders))
    sealed = {
        officer.id: seal(
            share.encode(), read_sealing_public(bytes.fromhex(officer.sealing_key)), share_info(session, officer.id)
        ).hex()
        for officer, share in zip(holders, words, strict=True)
    }
    recovery = seal(seed, session.authority_sealing, share_info(session, "authority")).hex()
    public = sealing_public(seed)
    del seed, words
    path = session.folder / BOX
    if session.box is not None:  # left by an opening that was cut off; nobody can have voted yet
        if len(session.box):
            raise IntegrityError("box_not_empty")
        session.box.close()
        session.box = session.box_public = None
    for leftover in (path, session.folder / BOX_PUBLIC, session.folder / BOX_KEY):
        leftover.unlink(missing_ok=True)
    slots = session.station.voters
    session.box = Box.create(
        path,
        file_key(session.store_key, BOX),
        slots,
        session.definition.hash,
        station=session.credential.station,
        mirror=session.mirror,
    )
    split = msgspec.json.encode(SplitKey(sealed, recovery))
    session.write_file(BOX_KEY, split)
    session.write_file(BOX_PUBLIC, public)
    session.box_public = read_sealing_public(public)
    made: dict[str, Fact] = {
        "slots": slots,
        "k": k,
        "n": len(holders),
        "public": key_id(public),
        "shares": key_id(split),
    }
    return Happened("box_made", session.by, made)


def read_split_key(session: Session) -> SplitKey:
    """The shares as they were made: IntegrityError `box_key_missing` for anything else."""
    try:
        content = (session.folder / BOX_KEY).read_bytes()
    except OSError as error:
        raise IntegrityError("box_key_missing") from error
    made = session.journal.last("box_made")
    if made is None or made.fields["shares"] != key_id(content):
        raise IntegrityError("box_key_missing")
    return msgspec.json.decode(content, type=SplitKey)


def destroy_split_key(session: Session) -> bool:
    """Overwrite the shares and the recovery copy, then remove them: what the disk remembers opens nothing.

    Whether there was anything to destroy.
    """
    mirror = session.mirror
    found = False
    for folder in (session.folder, *([mirror.folder] if mirror and not mirror.lost else [])):
        try:
            found = _wipe(folder / BOX_KEY) or found
        except OSError:
            if folder == session.folder:
                raise
            if mirror:
                mirror.lost = True
    return found


def _wipe(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return True
