"""The open station: its files, its phase, who is signed in, and the ballot in progress.

Everything the verbs of the day share. Only this file knows the voter's tag and the ballot's kind together, and it
never sees a choice.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Literal, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from kiosk.ballot.box import Box
from kiosk.ballot.envelopes import Envelopes
from kiosk.day import mirroring, permissions, phases
from kiosk.day.folder import COPY
from kiosk.devices.clock import Clock
from kiosk.devices.tpm import Counter as TpmCounter
from kiosk.devices.tpm import Follower
from kiosk.election.calendar import Hours, station_hours
from kiosk.election.definition import Definition, District, Station
from kiosk.errors import DeviceError, Refusal
from kiosk.forms.pages import Imprint
from kiosk.journal.book import Happened, Journal, Record
from kiosk.journal.chain import printed_head
from kiosk.journal.events import event_table
from kiosk.packet.write import software
from kiosk.roll.book import Book
from kiosk.roll.nation import Nation, Tag
from kiosk.roll.register import BallotKind, Register
from kiosk.settings import COPY_AGAIN_SECONDS
from kiosk.storage.commit import Mirrored, transaction
from kiosk.storage.files import write_file
from kiosk.storage.mirror import Mirror
from kiosk.trust.badges import Badge
from kiosk.trust.credential import Credential, Officer

_IN_A_COPY: tuple[permissions.Verb, ...] = ("take_over",)
_WHILE_CONTRADICTING: tuple[permissions.Verb, ...] = ("explain", "incident", "complaint", "print")

KINDS: tuple[BallotKind, ...] = ("home", "remote")  # those that go through the booth


class Authorisation(msgspec.Struct, frozen=True):
    """What the booth learns of a voter: nothing but which ballot to show."""

    token: bytes
    kind: BallotKind
    district: int


class Counter(NamedTuple):
    """A line of the zero report."""

    name: str
    value: int


@dataclass(kw_only=True)
class Files:
    """What is open: the rolls, and what the file of the day holds. The box is laid out at the opening."""

    book: Book
    nation: Nation
    day: Mirrored
    register: Register
    envelopes: Envelopes
    journal: Journal
    box: Box

    def close(self) -> None:
        for file in (self.book, self.nation, self.day):
            file.close()


@dataclass(kw_only=True)
class Keys:
    """What a badge has unlocked. `authority`: to seal to; `box`: the same of the box, once an opening has made it."""

    store: bytes
    station: Ed25519PrivateKey
    nation: bytes
    authority: MLKEM768X25519PublicKey
    box: MLKEM768X25519PublicKey | None = None

    def __repr__(self) -> str:
        return "Keys(…)"


class Session:
    """Opened by kiosk.day.locked; closed with `close`."""

    def __init__(
        self,
        folder: Path,
        mirror: Mirror | None,
        *,
        definition: Definition,
        credential: Credential,
        credential_bytes: bytes,
        files: Files,
        keys: Keys,
        clock: Clock,
    ) -> None:
        self.folder = folder
        self.mirror = mirror
        self.definition = definition
        self.credential = credential
        self.credential_bytes = credential_bytes
        self.files = files
        self.keys = keys
        self.clock = clock
        self.journal = files.journal
        self.locks: list[int] = []  # of the folder and its mirror, held while the session is open
        self.state: phases.State = self._phase()
        self.officer: Officer | None = None
        self.present: dict[str, Badge] = {}  # members whose badges are open: at opening, count and signing
        self.pending: Authorisation | None = None
        self._pending_tag: Tag | None = None
        self._untold: list[Happened] = []
        self.contradiction: dict[str, int] = {}  # what does not add up, until the chair has said what happened
        self.is_copy = (folder / COPY).exists()  # of another terminal's day, until two badges take it over
        self.doubtful = False  # the journal can't be gone on with: lock, unlock, and what is on the disk counts
        self.tpm: TpmCounter | None = None  # of this terminal, where it has one
        self.follower: Follower | None = None  # what steps it
        self._told_lost = False
        self._copy_asked = 0.0

    def _phase(self) -> phases.State:
        kept = self.journal.newest("phase", "phase", phases.State)  # type: ignore[arg-type]
        return kept or phases.Posting()

    @property
    def station(self) -> Station:
        return self.definition.station(self.credential.station)

    @property
    def district(self) -> District:
        return self.definition.district(self.station.district)

    @property
    def hours(self) -> Hours:
        return station_hours(self.definition, self.credential.station)

    @property
    def by(self) -> str:
        """The badge on whose account things happen; "" when nobody is signed in."""
        return self.officer.id if self.officer else ""

    @property
    def on_paper(self) -> bool:
        return self.definition.ballot_mode == "paper"

    def clock_behind(self, since: str) -> Refusal | None:
        """Whether the clock stands before something that has happened: a flat battery, or a clock in another zone.
        What was done at such a time would be believed by nobody, and the centre would refuse the whole packet."""
        now, moment = self.clock.now(), datetime.fromisoformat(since)
        if now >= moment:
            return None
        return Refusal("clock_behind", {"now": f"{now:%d.%m.%Y %H:%M}", "since": f"{moment:%d.%m.%Y %H:%M}"})

    def may(self, verb: permissions.Verb) -> Refusal | None:
        """Why the one signed in may not do this; a role that tries is told of in the journal."""
        if self.officer is None:
            return Refusal("not_signed_in")
        if refused := permissions.refusal(self.officer.role, verb):
            self.tell(Happened("not_permitted", self.by, {"verb": verb}))
            return refused
        if self.is_copy and verb not in _IN_A_COPY:
            return Refusal("not_taken_over")
        if self.contradiction and verb not in _WHILE_CONTRADICTING:
            return Refusal("counts_unexplained")
        return None

    def tell(self, *happened: Happened) -> None:
        """Journal what happened without changing anything else. If the disk refuses, it stays to be told with the next
        entry."""
        self._untold += [*happened, *self._news_of_copy()]
        try:
            self.journal.write(*self._untold)
        except DeviceError as error:
            self.doubtful = self.doubtful or error.code == "disk_doubtful"
            return
        self._untold.clear()

    @contextmanager
    def act(self, *happened: Happened) -> Iterator[None]:
        """One commit: what the block changes, and the entries that tell of it. DeviceError: nothing of it happened."""
        self._untold += self._news_of_copy()
        with transaction(self.files.day):
            yield
            self.journal.write(*self._untold, *happened)
        self._untold.clear()

    @property
    def copy(self) -> Literal["kept", "behind", "lost", "none"]:
        """How the second copy is. `lost` also where a day that had one goes on without."""
        if self.mirror is not None:
            return self.mirror.state
        return "lost" if self.journal.newest("mirror", "mirror", bool) else "none"

    def _news_of_copy(self) -> list[Happened]:
        """Told once each: from here on there is one copy; from here on there are two again; the counter failed."""
        if self.follower and self.follower.is_news():
            self._untold.append(Happened("counter_lost"))
        copy = self.copy
        if copy == "lost" and not self._told_lost:
            self._told_lost = True
            return [Happened("mirror_lost")]
        if copy == "kept" and self._told_lost:
            self._told_lost = False
            return [Happened("mirror_kept")]
        return []

    def write_file(self, name: str, content: bytes) -> None:
        """A small file of the station's folder, and its twin on the mirror."""
        write_file(self.folder / name, content)
        if self.mirror:
            self.mirror.write_file(name, content)

    def look_after_copy(self) -> None:
        """From time to time: a medium that was lost and answers again is brought up to date while the day goes on."""
        if monotonic() - self._copy_asked < COPY_AGAIN_SECONDS:
            return
        self._copy_asked = monotonic()
        if self.mirror and self.mirror.state == "lost":
            mirroring.try_again(
                self.folder, self.mirror, self.files.day, self.keys.store, purpose=self.definition.purpose
            )
        if self._news_of_copy_is_out():
            self.tell()

    def _news_of_copy_is_out(self) -> bool:
        return (self.copy == "lost") != self._told_lost and self.copy in ("kept", "lost")

    def move(
        self,
        event: phases.Event,
        *happened: Happened,
        records: tuple[Record, ...] = (),
        also: Callable[[], None] = lambda: None,
    ) -> Refusal | None:
        """Take a step of the day: phase, journal, records and what `also` changes in one commit, signed. None: done."""
        after = phases.transition(self.state, event)
        if isinstance(after, Refusal):
            return after
        moved = Happened("phase_changed", self.by, {"from": self.state.name, "to": after.name})
        record = Record("phase", "phase", msgspec.json.encode(after))
        with transaction(self.files.day):
            also()
            self.journal.write(*self._untold, *happened, moved, records=(*records, record), checkpoint=True)
        self._untold.clear()
        self.state = after
        return None

    @property
    def zero(self) -> list[Counter]:
        """The counters of the zero report, as the journal has them; none before it."""
        told = self.journal.last("zero_report")
        order = event_table()["zero_report"]["fields"]  # an entry has its fields by the alphabet
        return [Counter(name, int(told.fields[name])) for name in order] if told else []

    # -- the ballot in progress ------------------------------------------------------------------

    def read_anew(self) -> None:
        """Before a step that cannot be taken back: what is kept beside the open file is read from the disk again."""
        self.files.day.kept.clear()

    def cast_count(self, kind: BallotKind) -> int:
        """Ballots of a kind that are recorded. On paper, what was given and did not end otherwise."""
        if self.on_paper:
            tally = self.files.register.tally()[kind]
            return tally.given - tally.abandoned - tally.withdrawn
        if kind == "remote":
            return len(self.files.envelopes)
        return len(self.files.box)

    def in_progress(self, kind: BallotKind) -> int:
        """given − abandoned − withdrawn − cast: ballots that are out and not yet back, less what was explained."""
        if self.on_paper:
            return 0
        tally = self.files.register.tally()[kind]
        return tally.given - tally.abandoned - tally.withdrawn - self.cast_count(kind) - self.explained(f"out {kind}")

    def explained(self, what: str) -> int:
        """By how much the chair has said that these counts do not add up."""
        return (self.journal.newest("counts", "explained", dict[str, int]) or {}).get(what, 0)

    def hand_out(self, kind: BallotKind, district: int, tag: Tag) -> Authorisation:
        """After the register's commit: the booth may show one ballot."""
        self._pending_tag = tag
        self.pending = Authorisation(secrets.token_bytes(16), kind, district)
        return self.pending

    def take_back(self) -> None:
        self.pending = None
        self._pending_tag = None

    def pending_tag(self, authorisation: Authorisation) -> Tag:
        """For the envelope of a remote ballot, and for withdrawing; ValueError for any other authorisation."""
        if self.pending != authorisation or self._pending_tag is None:
            raise ValueError("not the ballot in progress")
        return self._pending_tag

    def imprint(self) -> Imprint:
        """What a paper printed now bears of journal and program."""
        head = self.journal.head
        return Imprint(printed_head(head) if head else "–", software())

    def sign(self, message: bytes) -> bytes:
        return self.keys.station.sign(message)

    def close(self) -> None:
        """Forget the badges and close every file."""
        self.present.clear()
        self.take_back()
        self.power_cut()

    def power_cut(self) -> None:
        """What the system does when the power goes: nothing is written, the folder is free again. For rehearsals."""
        self.files.close()
        if self.follower:
            self.follower.end()
        while self.locks:
            os.close(self.locks.pop())

    def closes(self) -> datetime:
        """The closing hour, or that of the commission's last order."""
        orders = self.journal.all_newest("order", str)
        if not orders:
            return self.hours.closes
        return datetime.fromisoformat(orders[max(orders, key=int)])
