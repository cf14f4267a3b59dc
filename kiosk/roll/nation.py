"""nation.sqlite: where every voter of the country is at home, without a name or a number.

tag → station, line, district. A tag is HMAC-SHA256 of the PIN under the election's nation key, cut to 16 bytes: who
has the file but not the key can't test numbers against it.
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from struct import Struct
from typing import NewType

import msgspec

from kiosk.errors import IntegrityError
from kiosk.roll.person import Pin
from kiosk.storage.database import Database, Schema, disk_errors, open_database

Tag = NewType("Tag", bytes)
TAG_BYTES = 16
_PACKED = Struct(f">{TAG_BYTES}sIII")

SCHEMA = Schema(
    "nation",
    (
        """CREATE TABLE home (
             tag BLOB PRIMARY KEY CHECK (length(tag) = 16),
             station INTEGER NOT NULL, line INTEGER NOT NULL, district INTEGER NOT NULL
           ) STRICT, WITHOUT ROWID""",
    ),
)


def tag(nation_key: bytes, pin: Pin) -> Tag:
    return Tag(hmac.digest(nation_key, pin.encode(), "sha256")[:TAG_BYTES])


class Here(msgspec.Struct, frozen=True):
    line: int


class OtherStation(msgspec.Struct, frozen=True):
    """On another station's roll inside this district: there, and only there, this voter may vote today."""

    station: int


class OtherDistrict(msgspec.Struct, frozen=True):
    """A remote voter: votes here on the ballot of the home district."""

    district: int
    station: int


class Unknown(msgspec.Struct, frozen=True):
    pass


Home = Here | OtherStation | OtherDistrict | Unknown


class Nation:
    """The open index, as seen from one station."""

    def __init__(self, database: Database, nation_key: bytes, station: int, district: int) -> None:
        self._connection = database.conn
        self._key = nation_key
        self._station = station
        self._district = district

    @classmethod
    def open_file(cls, path: Path, nation_key: bytes, file_key: bytes) -> "Nation":
        """As the centre sees it, from no station."""
        return cls(open_database(path, file_key, SCHEMA, mode="read"), nation_key, 0, 0)

    def homes(self) -> Iterator[tuple[bytes, int, int]]:
        """(tag, station, district) of everybody, in order of tag."""
        yield from self._connection.execute("SELECT tag, station, district FROM home ORDER BY tag")

    def find(self, pin: Pin) -> Home:
        row = self._connection.execute(
            "SELECT station, line, district FROM home WHERE tag = ?", (tag(self._key, pin),)
        ).fetchone()
        if row is None:
            return Unknown()
        station, line, district = row
        if station == self._station:
            return Here(line)
        return OtherStation(station) if district == self._district else OtherDistrict(district, station)

    def close(self) -> None:
        self._connection.close()


def build(path: Path, file_key: bytes, rows: Iterable[tuple[bytes, int, int, int]]) -> int:
    """Write the index of `(tag, station, line, district)` rows; how many. IntegrityError `nation_duplicate`: whose."""
    database = open_database(path, file_key, SCHEMA, mode="create")
    connection = database.conn
    connection.execute("PRAGMA journal_mode = OFF").fetchone()  # a crash leaves a file nobody will use
    connection.execute("PRAGMA synchronous = OFF")
    # Sorted first: appending to a tree is several times faster than inserting into its middle. Packed: the whole
    # country takes 300 MB so, and three times that as tuples.
    ordered = sorted(_PACKED.pack(*row) for row in rows)
    for before, after in pairwise(ordered):
        if before[:TAG_BYTES] == after[:TAG_BYTES]:
            connection.close()
            _tag, station, line, _district = _PACKED.unpack(after)
            raise IntegrityError("nation_duplicate", station=station, line=line)
    with disk_errors(path.name):
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO home VALUES (?, ?, ?, ?)", map(_PACKED.unpack, ordered))
        connection.execute("COMMIT")
    connection.close()
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return len(ordered)
