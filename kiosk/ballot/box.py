"""The box: the ballots of this district, sealed to the box key, in slots that tell no order.

At opening every slot holds random bytes as long as a sealed ballot and its signature. Casting overwrites a free
slot, picked at random, in place: no time, no counter, no order. The same ballots in the same slots give the same
pages in whatever order they came, and nothing of the pages before stays on the disk (tests/secrecy).
"""

import secrets
from collections.abc import Iterator

from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from kiosk.ballot import ballot as b
from kiosk.errors import IntegrityError
from kiosk.storage.commit import Mirrored, transaction
from kiosk.trust.sealing import seal

CONTENT_BYTES = b.SEALED_BYTES + b.SIGNATURE_BYTES

# `used` is 0 or 1: SQLite stores both in the record's header, so marking a slot does not change its length.
TABLES = f"""
CREATE TABLE slot (
  id INTEGER PRIMARY KEY,
  used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
  content BLOB NOT NULL CHECK (length(content) = {CONTENT_BYTES})
) STRICT;
CREATE TABLE filled (once INTEGER PRIMARY KEY CHECK (once = 1)) STRICT;
CREATE TRIGGER slot_used_once BEFORE UPDATE ON slot
  WHEN OLD.used <> 0 OR NEW.used <> 1 OR NEW.id <> OLD.id
  BEGIN SELECT raise(ABORT, 'a slot is written once'); END;
CREATE TRIGGER slot_no_delete BEFORE DELETE ON slot BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER slot_no_more BEFORE INSERT ON slot WHEN EXISTS (SELECT 1 FROM filled)
  BEGIN SELECT raise(ABORT, 'the box is filled'); END;
CREATE TRIGGER filled_no_update BEFORE UPDATE ON filled BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER filled_no_delete BEFORE DELETE ON filled BEGIN SELECT raise(ABORT, 'final'); END
"""


class Box:
    """It can count and take ballots; it can't read one."""

    def __init__(self, database: Mirrored, definition_hash: str, station: int) -> None:
        self._database = database
        self._place = definition_hash, station

    @property
    def made(self) -> bool:
        """Whether an opening has laid out the slots."""
        return self._database.conn.execute("SELECT 1 FROM filled").fetchone() is not None

    def make(self, slots: int) -> None:
        """Lay out `slots` empty slots; there are never more."""
        with transaction(self._database) as act:
            act.executemany(
                "INSERT INTO slot (id, content) VALUES (?, ?)",
                ((slot, secrets.token_bytes(CONTENT_BYTES)) for slot in range(1, slots + 1)),
            )
            act.execute("INSERT INTO filled VALUES (1)")
            self._database.kept["slots"] = slots

    def __len__(self) -> int:
        """Ballots in the box."""
        read = "SELECT count(*) FROM slot WHERE used = 1"  # of every slot there is: once, then kept
        return self._database.keep("box", lambda: int(self._database.conn.execute(read).fetchone()[0]))

    @property
    def slots(self) -> int:
        read = "SELECT coalesce(max(id), 0) FROM slot"
        return self._database.keep("slots", lambda: int(self._database.conn.execute(read).fetchone()[0]))

    def cast(self, ballot: b.Ballot, box_key: MLKEM768X25519PublicKey, sign: b.Sign) -> None:
        """Seal and store one ballot; it is in the box, durably, when this returns, or with the act that is open.
        DeviceError if the disk fails."""
        slot = self._free_slot()
        info = b.box_info(*self._place, slot)
        sealed = seal(b.encode(ballot), box_key, info)
        self.put(slot, sealed + sign(info + sealed))

    def put(self, slot: int, content: bytes) -> None:
        """Overwrite a free slot in place."""
        with transaction(self._database) as act:
            act.secret = True
            changed = act.execute("UPDATE slot SET used = 1, content = ? WHERE id = ?", (content, slot)).rowcount
            if changed != 1:
                raise IntegrityError("slot_missing")
            if "box" in self._database.kept:
                self._database.kept["box"] += 1

    def contents(self) -> Iterator[tuple[int, bytes, bytes]]:
        """(slot, sealed ballot, station's signature) of every used slot."""
        for slot, content in self._database.conn.execute("SELECT id, content FROM slot WHERE used = 1 ORDER BY id"):
            yield slot, content[: b.SEALED_BYTES], content[b.SEALED_BYTES :]

    def _free_slot(self) -> int:
        """Any of the free ones, each as likely. IntegrityError `box_full`."""
        slots = self.slots
        for _ in range(_TRIES if slots else 0):
            slot: int = secrets.randbelow(slots) + 1
            if self._database.conn.execute("SELECT 1 FROM slot WHERE id = ? AND used = 0", (slot,)).fetchone():
                return slot
        free: list[int] = [
            slot for (slot,) in self._database.conn.execute("SELECT id FROM slot WHERE used = 0").fetchall()
        ]
        if not free:
            raise IntegrityError("box_full")
        return secrets.choice(free)


_TRIES = 50  # then so few are left that asking for all of them is quicker
