"""A locked folder: who may open it, and how a badge and its PIN open every file in it."""

import os
from contextlib import ExitStack
from pathlib import Path

from kiosk.ballot.box import Box
from kiosk.ballot.envelopes import Envelopes
from kiosk.day import box_key, mirroring, restart
from kiosk.day import folder as f
from kiosk.day.session import Files, Keys, Session
from kiosk.devices.clock import Clock
from kiosk.devices.tpm import Counters
from kiosk.errors import IntegrityError, Refusal
from kiosk.journal.book import Happened, Journal
from kiosk.packet import package
from kiosk.roll import nation as nation_file
from kiosk.roll.book import Book
from kiosk.roll.nation import Nation
from kiosk.roll.register import Register
from kiosk.settings import PIN_FREE_TRIES
from kiosk.storage.commit import finish_copying, open_mirrored
from kiosk.storage.database import open_database
from kiosk.storage.mirror import Mirror
from kiosk.trust import badges, election_file
from kiosk.trust import credential as cr
from kiosk.trust.attempts import LOST, Attempts, Tries
from kiosk.trust.attempts import refusal as waiting
from kiosk.trust.keys import read_sealing_public, signing_key
from kiosk.trust.sealing import unseal
from kiosk.trust.tokens import Tokens

_MOST_WRONG = PIN_FREE_TRIES + 3  # on a screen that was handed over


class Locked:
    """A station's folder nobody has opened yet: it knows who may, and counts wrong PINs."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        mirror: Path | None = None,
        *,
        tokens: Tokens | None = None,
        counters: Counters | None = None,
    ) -> None:
        self.folder = folder
        self.tokens = tokens
        self.mirror = Mirror(mirror) if mirror else None
        self.clock = clock
        self.election = election_file.read(f.read(folder / package.ELECTION))
        self.credential_bytes = f.read(folder / package.CREDENTIAL)
        self.credential = cr.read(self.credential_bytes)
        cr.check_belongs(self.credential, self.election.definition)
        if bytes.fromhex(self.credential.authority_key) != self.election.authority:
            raise IntegrityError("credential_foreign", field="authority")
        self.counter = counters(self.election.definition.hash, self.credential.station) if counters else None
        f.make_private(folder, strict=self.credential.purpose == "official")
        self.attempts = Attempts(folder / f.ATTEMPTS, clock.now())
        self._handed_over = Tries(0, clock.now(), 0)

    def open_badge(self, untrusted_card: str, pin: str, *, handed_over: bool = False) -> badges.Badge | Refusal:
        """`handed_over`: the screen stands before a voter. Wrong PINs make it wait, two minutes at most, and block
        nobody.

        `badge_unknown`, `badge_foreign`, `badge_wait`, `badge_blocked`, `badge_pin_wrong`, `badge_malformed`."""
        try:
            id_ = badges.card_id(untrusted_card)
        except IntegrityError as error:
            return Refusal(error.code)
        officer = self.credential.officer(id_)
        if officer is None:
            return Refusal("badge_unknown")
        if officer.card != badges.card_hash(untrusted_card):
            return Refusal("badge_foreign")  # home-made ones name anybody: no try of the genuine card is used up
        now = self.clock.now()
        refused = waiting(self._handed_over, now) if handed_over else self.attempts.refusal(id_, now)
        if refused:
            return refused
        badge = self._open(untrusted_card, pin, handed_over=handed_over)
        if isinstance(badge, Refusal) and badge.code != "badge_pin_wrong":
            return badge
        if isinstance(badge, Refusal):
            if handed_over:
                wrong = min(self._handed_over.wrong + 1, _MOST_WRONG)
                self._handed_over = Tries(wrong, now, 0)
                return waiting(self._handed_over, now) or badge
            tries = self.attempts.wrong(id_, now)
            return self.attempts.refusal(id_, now) or Refusal("badge_pin_wrong", {"tries": tries})
        if badge.signing_public.hex() != officer.signing_key:
            return Refusal("badge_foreign")
        if handed_over:
            self._handed_over = Tries(0, now, 0)
        return badge

    def _open(self, untrusted_card: str, pin: str, *, handed_over: bool) -> badges.Badge | Refusal:
        if not badges.is_token(untrusted_card):
            return badges.open_card(untrusted_card, pin)
        id_ = badges.card_id(untrusted_card)
        if self.tokens is None:
            return Refusal("token_missing", {"badge": id_})
        return self.tokens.open(id_, pin, handed_over=handed_over)

    def unlock(self, untrusted_card: str, pin: str) -> Session | Refusal:
        """Open every file with this badge and sign its holder in."""
        badge = self.open_badge(untrusted_card, pin)
        if isinstance(badge, Refusal):
            return badge
        officer = self.credential.officer(badge.id)
        if officer is None or badge.signing_public.hex() != officer.signing_key:
            return Refusal("badge_foreign")
        if not officer.may_unlock:
            return Refusal("not_permitted", {"role": officer.role, "verb": "unlock"})
        if (self.folder / f.COPY).exists() and officer.role != "chair":
            return Refusal("chair_missing")
        sealed, info = package.open_keyring(f.read(self.folder / package.KEYRING), self.credential, badge.id)
        locks = [f.lock(self.folder)]
        try:
            if self.mirror and self.mirror.try_again():
                handle = self.mirror.do(self._lock_mirror)
                locks += [] if handle is None else [handle]
            with ExitStack() as opened:
                session = self._open_files(unseal(sealed, badge.sealing, info), opened)
                session.tpm = self.counter
                box_key.check_split(session)
                if self.mirror:
                    mirroring.bring_up(self.folder, self.mirror)
                restart.reconcile(session, officer.role)
                restart.remember_copy(session)
                self.sign_in(session, badge)
                opened.pop_all()
        except BaseException:
            for handle in locks:
                os.close(handle)
            raise
        session.locks = locks
        return session

    def _lock_mirror(self) -> int:
        assert self.mirror
        self.mirror.folder.mkdir(exist_ok=True)
        return f.lock(self.mirror.folder)

    def sign_in(self, session: Session, badge: badges.Badge) -> None:
        """Whose acts follow. Wrong PINs that happened while the journal was out of reach are told now."""
        unheard = self.unheard()
        self.attempts.right(badge.id)
        session.officer = session.credential.officer(badge.id)
        session.journal.write(*unheard, Happened("signed_in", badge.id))

    def unheard(self) -> list[Happened]:
        """The wrong PINs that the journal has not heard of. Whoever asks tells them."""
        happened = []
        for id_, tries in self.attempts.unreported().items():
            told = Happened("tries_lost") if id_ == LOST else Happened("badge_pin_wrong", id_, {"tries": tries})
            happened.append(told)
            if (refused := self.attempts.refusal(id_, self.clock.now())) and refused.code == "badge_blocked":
                happened.append(Happened("badge_blocked", id_))
            self.attempts.reported(id_)
        return happened

    def _open_files(self, store_key: bytes, opened: ExitStack) -> Session:
        """`opened` closes again what this opens."""
        folder, credential, definition = self.folder, self.credential, self.election.definition
        secrets = package.unlock_vault(f.read(folder / package.VAULT), store_key, credential)
        station_key = signing_key(bytes.fromhex(secrets.station_seed))
        if station_key.public_key().public_bytes_raw().hex() != credential.station_key:
            raise IntegrityError("credential_foreign", field="station key")
        nation_key = bytes.fromhex(secrets.nation_key)
        finish_copying(folder / f.DAY)
        if self.mirror:
            mirroring.compare(folder, self.mirror, store_key, definition.purpose)
        authority = read_sealing_public(self.election.authority_sealing)
        keys = Keys(store=store_key, station=station_key, nation=nation_key, authority=authority)
        return Session(
            folder,
            self.mirror,
            definition=definition,
            credential=credential,
            credential_bytes=self.credential_bytes,
            files=self._files(keys, opened),
            keys=keys,
            clock=self.clock,
        )

    def _files(self, keys: Keys, opened: ExitStack) -> Files:
        """Every file, opened; and the key to seal ballots to, once an opening has made it."""
        folder, election, here = self.folder, self.election.definition.hash, self.credential.station
        path = folder / f.DAY
        new = not path.exists()
        day = open_mirrored(
            path, f.file_key(keys.store, f.DAY), f.SCHEMA, "create" if new else "write", mirror=self.mirror
        )
        opened.callback(day.close)
        journal = Journal(day, f"{election} {here}", keys.station, self.clock.now)
        if journal.head is None:
            f.check_new(folder)
            journal.write(Happened("station_loaded", fields={"checks": len(package.ENTRIES)}), checkpoint=True)
        else:
            restart.check_journal(journal, bytes.fromhex(self.credential.station_key))
        keys.box = box_key.public_half(journal)
        return Files(
            book=Book.open(folder / package.ROLL, package.roll_key(keys.store)),
            nation=self._nation(keys.nation),
            day=day,
            register=Register(day),
            envelopes=Envelopes(day, election),
            journal=journal,
            box=Box(day, election, here),
        )

    def _nation(self, nation_key: bytes) -> Nation:
        here = self.credential.station
        file_key = package.nation_file_key(nation_key)
        database = open_database(self.folder / f.NATION, file_key, nation_file.SCHEMA, "read")
        return Nation(database, nation_key, here, self.election.definition.station(here).district)
