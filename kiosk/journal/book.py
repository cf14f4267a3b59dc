"""The journal: what was done, by which badge, append-only and chained; and the day's other records beside it.

Everything lives in the file of the day, so that an act and the entry that tells of it are one commit. A record is
never changed: a correction is a new version under the same name.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.errors import Fact
from kiosk.journal import chain
from kiosk.journal.events import JournalEvent, event_table
from kiosk.settings import CHECKPOINT_EVERY
from kiosk.storage.commit import Mirrored, transaction

T = TypeVar("T")

RecordKind = Literal[
    "phase",
    "box_key",
    "count",
    "hand_count",
    "act",
    "complaint",
    "signed",
    "order",
    "mirror",
    "counts",
    "tpm",
    "hand_draft",
    "correction",
]

TABLES = """
CREATE TABLE entry (seq INTEGER PRIMARY KEY, event TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE checkpoint (seq INTEGER PRIMARY KEY REFERENCES entry, signature TEXT NOT NULL) STRICT;
CREATE TABLE record (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX record_name ON record (kind, name, id);
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER entry_in_order BEFORE INSERT ON entry
  WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry)
  BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record BEGIN SELECT raise(ABORT, 'final'); END
"""

_CODE = re.compile(r"[a-z0-9_:.-]{0,40}", re.IGNORECASE)


class Happened(msgspec.Struct, frozen=True):
    """An event to be written."""

    event: JournalEvent
    badge: str = ""
    fields: dict[str, Fact] = {}


class Record(msgspec.Struct, frozen=True):
    kind: RecordKind
    name: str
    body: bytes  # JSON


class Journal:
    def __init__(
        self, database: Mirrored, context: str, station_key: Ed25519PrivateKey, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self.context = context
        self._key = station_key
        self._now = now
        self._latest: datetime | None = None  # to the second, where the last entry tells the hour only

    @property
    def head(self) -> chain.Entry | None:
        """The last entry: its number and hash stand for all before it. None in an empty journal."""
        return self._database.keep("head", lambda: self._entry("ORDER BY seq DESC LIMIT 1"))

    def _entry(self, where: str, *values: object) -> chain.Entry | None:
        row = self._database.conn.execute(f"SELECT body FROM entry {where}", values).fetchone()
        return msgspec.json.decode(row[0], type=chain.Entry) if row else None

    def write(self, *happened: Happened, records: Sequence[Record] = (), checkpoint: bool = False) -> None:
        """Append entries and records, in one durable commit or as a part of the act that is open; sign a checkpoint if
        asked or due. DeviceError: the disk."""
        now = self._now()
        with transaction(self._database) as act:
            head = self.head
            before = self._latest or (datetime.fromisoformat(head.at) if head else now)
            entries = _chain(head, now, [*_clock_went_back(before, now), *happened])
            act.executemany(
                "INSERT INTO entry VALUES (?, ?, ?)", [(e.seq, e.event, e.to_bytes().decode()) for e in entries]
            )
            act.executemany(
                "INSERT INTO record (kind, name, body) VALUES (?, ?, ?)",
                [(r.kind, r.name, r.body.decode()) for r in records],
            )
            self._keep_up(entries, records)
            last = entries[-1] if entries else head
            due = any(e.seq % CHECKPOINT_EVERY == 0 for e in entries)
            if (checkpoint or due) and last:
                signature = self._key.sign(chain.checkpoint_bytes(self.context, last.seq, last.hash)).hex()
                act.execute("INSERT OR IGNORE INTO checkpoint VALUES (?, ?)", (last.seq, signature))
        self._latest = now

    def _keep_up(self, entries: Sequence[chain.Entry], records: Sequence[Record]) -> None:
        """What is kept of the journal, after these were added to it."""
        kept = self._database.kept
        for entry in entries:
            kept["head"] = kept["last", entry.event] = entry
            for name in [name for name in kept if isinstance(name, tuple) and name[:2] == ("tally", entry.event)]:
                del kept[name]
        for record in records:
            if (found := kept.get(("records", record.kind))) is not None:
                found[record.name] = record.body

    def entries(self) -> list[chain.Entry]:
        rows = self._database.conn.execute("SELECT body FROM entry ORDER BY seq").fetchall()
        return [msgspec.json.decode(body, type=chain.Entry) for (body,) in rows]

    def checkpoints(self) -> list[chain.Checkpoint]:
        rows = self._database.conn.execute("SELECT seq, signature FROM checkpoint ORDER BY seq").fetchall()
        return [chain.Checkpoint(*row) for row in rows]

    def count(self, event: JournalEvent, kind: str) -> int:
        """How often `event` is told with this `kind`."""
        return self.tally(event, "kind").get(kind, 0)

    def tally(self, event: JournalEvent, field: str) -> dict[Fact | None, int]:
        """Value of a field of `event` → how often it is told with it; under None where the event has no such field."""

        def read() -> dict[Fact | None, int]:
            rows = self._database.conn.execute(
                "SELECT json_extract(body, ?), count(*) FROM entry WHERE event = ? GROUP BY 1",
                (f'$.fields."{field}"', event),
            )
            return dict(rows.fetchall())

        return dict(self._database.keep(("tally", event, field), read))

    def last(self, event: JournalEvent) -> chain.Entry | None:
        """The latest entry of this event."""
        where = "WHERE event = ? ORDER BY seq DESC LIMIT 1"
        return self._database.keep(("last", event), lambda: self._entry(where, event))

    def newest(self, kind: RecordKind, name: str, type_: type[T]) -> T | None:
        """The latest version of a record."""
        body = self._records(kind).get(name)
        return None if body is None else msgspec.json.decode(body, type=type_)

    def all_newest(self, kind: RecordKind, type_: type[T]) -> dict[str, T]:
        """name → latest version, in the order the names first appeared."""
        return {name: msgspec.json.decode(body, type=type_) for name, body in self._records(kind).items()}

    def _records(self, kind: RecordKind) -> dict[str, bytes]:
        """name → latest body, in the order the names first appeared."""

        def read() -> dict[str, bytes]:
            rows = self._database.conn.execute("SELECT name, body FROM record WHERE kind = ? ORDER BY id", (kind,))
            return {name: body.encode() for name, body in rows.fetchall()}

        return self._database.keep(("records", kind), read)


def _clock_went_back(before: datetime, now: datetime) -> list[Happened]:
    back = int((before - now).total_seconds())
    return [Happened("clock_backwards", fields={"seconds": back})] if back > 0 else []


def _chain(head: chain.Entry | None, now: datetime, happened: Sequence[Happened]) -> list[chain.Entry]:
    entries = []
    last = head
    for what in happened:
        _check_fields(what)
        seq, previous = (last.seq + 1, last.hash) if last else (1, chain.START)
        last = chain.Entry(
            seq=seq,
            at=chain.told_at(what.event, now),
            event=what.event,
            badge=what.badge,
            fields=what.fields,
            prev=previous,
        )
        entries.append(last)
    return entries


def _check_fields(what: Happened) -> None:
    """Only the fields of the table, only numbers and codes: free text can't get into the journal."""
    if list(what.fields) != event_table()[what.event]["fields"]:
        raise ValueError(f"{what.event} has other fields in the table")
    for value in what.fields.values():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"a field of {what.event} is neither a number nor a code")
