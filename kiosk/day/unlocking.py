"""From a locked folder to an open station: a badge and its PIN, then every file checked against every other.

Also what a restart after a power cut does: look at what was committed, say what became of the last ballot.
"""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from kiosk.ballot.box import Box
from kiosk.ballot.envelopes import Envelopes
from kiosk.day import mirroring
from kiosk.day.folder import (
    ATTEMPTS,
    BOX,
    BOX_PUBLIC,
    ENVELOPES,
    JOURNAL,
    NATION,
    REGISTER,
    TAKEN_OVER,
    check_complete,
    file_key,
    lock,
    read,
)
from kiosk.day.journal import Happened, Journal
from kiosk.day.session import KINDS, Session
from kiosk.devices.clock import Clock
from kiosk.errors import DeviceError, Fact, IntegrityError, Refusal
from kiosk.packet import package
from kiosk.roll import nation as nation_file
from kiosk.roll.book import Book
from kiosk.roll.nation import Nation
from kiosk.roll.register import BallotKind, Register
from kiosk.storage.database import open_database
from kiosk.storage.mirror import Mirror
from kiosk.trust import badges, chain, election_file
from kiosk.trust import credential as cr
from kiosk.trust.attempts import Attempts
from kiosk.trust.journal_events import JournalEvent
from kiosk.trust.keys import key_id, read_sealing_public, signing_key
from kiosk.trust.sealing import unseal


class Locked:
    """A station's folder nobody has opened yet: it knows who may, and counts wrong PINs."""

    def __init__(self, folder: Path, clock: Clock, mirror: Path | None = None) -> None:
        self.folder = folder
        self.mirror = Mirror(mirror) if mirror else None
        self.clock = clock
        self.election = election_file.read(read(folder / package.ELECTION))
        self.credential_bytes = read(folder / package.CREDENTIAL)
        self.credential = cr.read(self.credential_bytes)
        cr.check_belongs(self.credential, self.election.definition)
        if bytes.fromhex(self.credential.authority_key) != self.election.authority:
            raise IntegrityError("credential_foreign", field="authority")
        self.attempts = Attempts(folder / ATTEMPTS)

    def open_badge(self, untrusted_card: str, pin: str) -> badges.Badge | Refusal:
        """`badge_unknown`, `badge_foreign`, `badge_wait`, `badge_blocked`, `badge_pin_wrong`, `badge_malformed`."""
        try:
            id_ = badges.card_id(untrusted_card)
        except IntegrityError as error:
            return Refusal(error.code)
        officer = self.credential.officer(id_)
        if officer is None:
            return Refusal("badge_unknown")
        now = self.clock.now()
        if refused := self.attempts.refusal(id_, now):
            return refused
        badge = badges.open_card(untrusted_card, pin)
        if isinstance(badge, Refusal):
            tries = self.attempts.wrong(id_, now)
            return self.attempts.refusal(id_, now) or Refusal("badge_pin_wrong", {"tries": tries})
        if badge.signing_public.hex() != officer.signing_key:
            return Refusal("badge_foreign")
        return badge

    def unlock(self, untrusted_card: str, pin: str) -> Session | Refusal:
        """Open every file with this badge and sign its holder in."""
        badge = self.open_badge(untrusted_card, pin)
        return badge if isinstance(badge, Refusal) else self.unlock_with(badge)

    def unlock_with(self, badge: badges.Badge) -> Session | Refusal:
        """The same for a badge from a token."""
        officer = self.credential.officer(badge.id)
        if officer is None or badge.signing_public.hex() != officer.signing_key:
            return Refusal("badge_foreign")
        if not officer.may_unlock:
            return Refusal("not_permitted", {"role": officer.role, "verb": "unlock"})
        sealed, info = package.open_keyring(read(self.folder / package.KEYRING), self.credential, badge.id)
        locks = [lock(self.folder)]
        try:
            if self.mirror:
                with suppress(OSError, DeviceError):  # a medium that fails is given up when it is brought up
                    self.mirror.folder.mkdir(exist_ok=True)
                    locks.append(lock(self.mirror.folder))
            session = self._open(unseal(sealed, badge.sealing, info))
            session.locks = locks
            _reconcile(session)
            _tell_taken_over(session)
            sign_in(session, self, badge)
        except BaseException:
            for handle in locks:
                os.close(handle)
            raise
        return session

    def _open(self, store_key: bytes) -> Session:
        folder, credential, definition = self.folder, self.credential, self.election.definition
        secrets = package.unlock_vault(read(folder / package.VAULT), store_key, credential)
        station_key = signing_key(bytes.fromhex(secrets.station_seed))
        if station_key.public_key().public_bytes_raw().hex() != credential.station_key:
            raise IntegrityError("credential_foreign", field="station key")
        nation_key = bytes.fromhex(secrets.nation_key)
        mirroring.finish_copying(folder)
        check_complete(folder)
        if self.mirror:
            mirroring.bring_up(folder, self.mirror, store_key, definition.purpose)
        return Session(
            folder,
            self.mirror,
            store_key,
            definition,
            credential=credential,
            credential_bytes=self.credential_bytes,
            station_key=station_key,
            nation_key=nation_key,
            book=Book.open(folder / package.ROLL, package.roll_key(store_key)),
            nation=self._nation(nation_key),
            register=Register.open(folder / REGISTER, file_key(store_key, REGISTER), self.mirror),
            envelopes=Envelopes.open(folder / ENVELOPES, file_key(store_key, ENVELOPES), definition.hash, self.mirror),
            journal=self._journal(file_key(store_key, JOURNAL), station_key),
            box=self._box(file_key(store_key, BOX)),
            authority_sealing=read_sealing_public(self.election.authority_sealing),
            clock=self.clock,
        )

    def _nation(self, nation_key: bytes) -> Nation:
        here = self.credential.station
        file_key = package.nation_file_key(nation_key)
        database = open_database(self.folder / NATION, file_key, nation_file.SCHEMA, mode="read")
        return Nation(database, nation_key, here, self.election.definition.station(here).district)

    def _box(self, key: bytes) -> tuple[Box, MLKEM768X25519PublicKey] | None:
        """The box with the key to seal to, once an opening has made both."""
        box, public = self.folder / BOX, self.folder / BOX_PUBLIC
        if not (box.exists() and public.exists()):
            return None
        opened = Box.open(box, key, self.election.definition.hash, self.credential.station, mirror=self.mirror)
        return opened, read_sealing_public(read(public))

    def _journal(self, key: bytes, station_key: Ed25519PrivateKey) -> Journal:
        path, credential = self.folder / JOURNAL, self.credential
        new = not path.exists()
        context = f"{credential.definition_hash} {credential.station}"
        journal = Journal.open(path, key, context, station_key, now=self.clock.now, mirror=self.mirror)
        if new:
            journal.write(Happened("station_loaded", fields={"checks": len(package.ENTRIES)}), checkpoint=True)
        else:
            _check_journal(journal, bytes.fromhex(credential.station_key))
        return journal


def _check_journal(journal: Journal, station_public: bytes) -> None:
    """The chain up to its last checkpoint must hold; entries after it are chained but not signed yet."""
    entries, checkpoints = journal.entries(), journal.checkpoints()
    signed = checkpoints[-1].seq if checkpoints else 0
    chain.verify(entries[:signed], checkpoints, journal.context, station_public)
    previous = entries[signed - 1].hash if signed else chain.START
    for entry in entries[signed:]:
        if entry.prev != previous:
            raise IntegrityError("journal_broken", entry=entry.seq)
        previous = entry.hash


def sign_in(session: Session, locked: Locked, badge: badges.Badge) -> None:
    """Whose acts follow. Wrong PINs that happened while the journal was out of reach are told now."""
    happened = []
    for id_, tries in locked.attempts.unreported().items():
        happened.append(Happened("badge_pin_wrong", id_, {"tries": tries}))
        if (refused := locked.attempts.refusal(id_, locked.clock.now())) and refused.code == "badge_blocked":
            happened.append(Happened("badge_blocked", id_))
        locked.attempts.reported(id_)
    locked.attempts.right(badge.id)
    session.officer = session.credential.officer(badge.id)
    session.journal.write(*happened, Happened("signed_in", badge.id))


def _reconcile(session: Session) -> None:
    """After any stop: given = cast + abandoned + withdrawn + in progress, per kind, at most one in progress.

    What was committed counts; a journal that was cut off before it could tell of it catches up. One in progress
    becomes the pending ballot again. IntegrityError `counts_impossible` if the files contradict each other.
    """
    if session.state.name in ("posting", "ready"):
        return
    _check_box(session)
    session.journal.write(*_untold(session))
    out = {kind: session.in_progress(kind) for kind in KINDS}
    if any(n < 0 for n in out.values()) or sum(out.values()) > 1:
        raise IntegrityError("counts_impossible", home=out["home"], remote=out["remote"])
    if session.state.name not in ("open", "paused"):
        return
    session.journal.write(Happened("restarted", fields={"in_progress": sum(out.values())}))
    last = session.register.last_given()
    if sum(out.values()) and last and last.kind and last.district is not None:
        session.hand_out(last.kind, last.district, last.person)


def _tell_taken_over(session: Session) -> None:
    """Once: the journal first, then the mark goes."""
    mark = session.folder / TAKEN_OVER
    if mark.exists():
        session.journal.write(Happened("taken_over"), checkpoint=True)
        mark.unlink()


def _check_box(session: Session) -> None:
    """The box is sealed to the key that the opening made, and to no other."""
    made = session.journal.last("box_made")
    if session.on_paper or made is None:
        return
    public = session.folder / BOX_PUBLIC
    if session.box is None or made.fields["public"] != key_id(read(public)):
        raise IntegrityError("box_exchanged")


def _untold(session: Session) -> list[Happened]:
    """What was committed and not yet told. IntegrityError `counts_impossible` if the journal tells of more than the
    files hold: then an older file was put in place of the day's."""
    happened: list[Happened] = []

    def catch_up(event: JournalEvent, count: int, fields: dict[str, Fact]) -> None:
        missing = count - session.journal.count(event, str(fields["kind"]))
        if missing < 0:
            raise IntegrityError("counts_impossible", told=count - missing, found=count)
        happened.extend([Happened(event, fields=dict(fields))] * missing)

    tally = session.register.tally()
    kinds: tuple[BallotKind, ...] = ("home", "remote", "outside")
    for kind in kinds:
        catch_up("ballot_given", tally[kind].given, {"kind": kind})
        if kind in KINDS and not session.on_paper:
            catch_up("ballot_cast", session.cast_count(kind), {"kind": kind})
        catch_up("ballot_abandoned", tally[kind].abandoned, {"kind": kind, "reason": "restart"})
        catch_up("ballot_withdrawn", tally[kind].withdrawn, {"kind": kind, "reason": "restart"})
    return happened
