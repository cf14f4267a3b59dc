"""box.sqlite: the ballots of this district, sealed to the box key, in slots that tell no order.

At opening every slot holds random bytes as long as a sealed ballot and its signature. Casting overwrites a free
slot, picked at random, in place: no time, no counter, no order. The same ballots in the same slots give the same
pages in whatever order they came (a test decrypts the pages and compares them).
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from kiosk.ballot import ballot as b
from kiosk.errors import DeviceError, IntegrityError
from kiosk.storage.database import IntegrityViolation, Schema
from kiosk.storage.mirror import Mirror, Mirrored, open_mirrored, transaction
from kiosk.trust.sealing import seal

CONTENT_BYTES = b.SEALED_BYTES + b.SIGNATURE_BYTES

# `used` is 0 or 1: SQLite stores both in the record's header, so marking a slot does not change its length.
SCHEMA = Schema(
    "box",
    (
        f"""
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
        """,
    ),
)


class Box:
    """The open box file. It can count and take ballots; it can't read one."""

    def __init__(self, database: Mirrored, definition_hash: str, station: int) -> None:
        self._database = database
        self._place = definition_hash, station
        self._free = self._free_slots()

    @classmethod
    def create(
        cls, path: Path, key: bytes, slots: int, definition_hash: str, *, station: int, mirror: Mirror | None = None
    ) -> "Box":
        """A new box with `slots` empty slots."""
        database = open_mirrored(path, key, SCHEMA, mode="create", mirror=mirror)
        with transaction(database, "box") as connection:
            connection.executemany(
                "INSERT INTO slot (id, content) VALUES (?, ?)",
                ((slot, secrets.token_bytes(CONTENT_BYTES)) for slot in range(1, slots + 1)),
            )
            connection.execute("INSERT INTO filled VALUES (1)")
        return cls(database, definition_hash, station)

    @classmethod
    def open(cls, path: Path, key: bytes, definition_hash: str, station: int, *, mirror: Mirror | None = None) -> "Box":
        return cls(open_mirrored(path, key, SCHEMA, mode="write", mirror=mirror), definition_hash, station)

    def __len__(self) -> int:
        """Ballots in the box."""
        found: int = self._database.conn.execute("SELECT count(*) FROM slot WHERE used = 1").fetchone()[0]
        return found

    @property
    def slots(self) -> int:
        found: int = self._database.conn.execute("SELECT count(*) FROM slot").fetchone()[0]
        return found

    def cast(self, ballot: b.Ballot, box_key: MLKEM768X25519PublicKey, sign: b.Sign) -> None:
        """Seal and store one ballot; it is in the box, durably, when this returns. DeviceError if the disk fails."""
        if not self._free:
            raise IntegrityError("box_full")
        place = secrets.randbelow(len(self._free))
        slot = self._free[place]
        info = b.box_info(*self._place, slot)
        sealed = seal(b.encode(ballot), box_key, info)
        try:
            self.put(slot, sealed + sign(info + sealed))
        except (DeviceError, IntegrityViolation):
            self._free = self._free_slots()
            raise
        self._free[place] = self._free[-1]
        self._free.pop()

    def put(self, slot: int, content: bytes) -> None:
        """Overwrite a free slot in place."""
        with transaction(self._database, "box") as connection:
            changed = connection.execute("UPDATE slot SET used = 1, content = ? WHERE id = ?", (content, slot)).rowcount
            if changed != 1:
                raise IntegrityError("slot_missing")

    def contents(self) -> Iterator[tuple[int, bytes, bytes]]:
        """(slot, sealed ballot, station's signature) of every used slot."""
        for slot, content in self._database.conn.execute("SELECT id, content FROM slot WHERE used = 1 ORDER BY id"):
            yield slot, content[: b.SEALED_BYTES], content[b.SEALED_BYTES :]

    def close(self) -> None:
        self._database.close()

    def _free_slots(self) -> list[int]:
        return [slot for (slot,) in self._database.conn.execute("SELECT id FROM slot WHERE used = 0").fetchall()]
