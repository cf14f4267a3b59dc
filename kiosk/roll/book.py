"""roll.sqlite: who may vote here. Made once (kiosk.roll.importing), then only read."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from kiosk.election.definition import Sex
from kiosk.roll import search
from kiosk.roll.person import Pin, Voter
from kiosk.storage.database import Database, Schema, open_database

SCHEMA = Schema(
    "roll",
    (
        f"""
        CREATE TABLE voter (
          id INTEGER PRIMARY KEY,
          pin INTEGER NOT NULL, -- 14 digits; as a number, half the index
          surname TEXT NOT NULL, given_name TEXT NOT NULL, patronymic TEXT NOT NULL,
          birth_date TEXT NOT NULL, sex TEXT NOT NULL CHECK (sex IN ('m', 'f')),
          station INTEGER NOT NULL, line INTEGER NOT NULL,
          address TEXT NOT NULL, document TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX voter_pin ON voter (pin);
        {search.TABLES}
        """,
    ),
)

_COLUMNS = "pin, surname, given_name, patronymic, birth_date, sex, station, line, address, document"
_BY_PIN = f"SELECT {_COLUMNS} FROM voter WHERE pin = ?"


class Found(msgspec.Struct, frozen=True):
    """The answer to a search, best first."""

    voters: tuple[Voter, ...]
    near: bool  # no name begins like this: these are spelled nearly like it


class Book:
    """The open roll."""

    def __init__(self, database: Database) -> None:
        self._connection = database.conn
        self._names = search.NameIndex(database)

    @classmethod
    def open(cls, path: Path, key: bytes) -> "Book":
        return cls(open_database(path, key, SCHEMA, mode="read"))

    def find(self, pin: Pin) -> Voter | None:
        row = self._connection.execute(_BY_PIN, (int(pin),)).fetchone()
        return _voter(row) if row else None

    def near_numbers(self, pin: Pin) -> tuple[Voter, ...]:
        """Those whose number has one other digit, or two neighbours the other way round: how a number is mistyped."""
        near = {pin[:at] + digit + pin[at + 1 :] for at in range(len(pin)) for digit in "0123456789"}
        near |= {pin[:at] + pin[at + 1] + pin[at] + pin[at + 2 :] for at in range(len(pin) - 1)}
        numbers = sorted(int(number) for number in near - {pin})
        marks = ",".join("?" * len(numbers))
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM voter WHERE pin IN ({marks}) ORDER BY pin", numbers)
        return tuple(_voter(row) for row in rows.fetchall())

    def search(self, text: str, limit: int = 20) -> Found:
        """Voters whose name has a word beginning with each word of `text`; failing that, near misses."""
        ids, near = self._names.search(text, limit)
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(f"SELECT id, {_COLUMNS} FROM voter WHERE id IN ({marks})", ids).fetchall()
        by_id = {id_: _voter(row) for id_, *row in rows}
        return Found(tuple(by_id[i] for i in ids), near)

    def count(self) -> dict[tuple[int, Sex], int]:
        """(station, sex) → voters."""
        rows = self._connection.execute("SELECT station, sex, count(*) FROM voter GROUP BY station, sex").fetchall()
        return {(station, sex): n for station, sex, n in rows}

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _size(self) -> int:
        found: int = self._connection.execute("SELECT count(*) FROM voter").fetchone()[0]
        return found

    def pins(self) -> Iterator[Pin]:
        for (pin,) in self._connection.execute("SELECT pin FROM voter"):
            yield Pin(f"{pin:014d}")

    def in_order(self) -> Iterator[Voter]:
        """Everybody in the order of the posted list."""
        for row in self._connection.execute(f"SELECT {_COLUMNS} FROM voter ORDER BY station, line"):
            yield _voter(row)

    def close(self) -> None:
        self._connection.close()


def _voter(row: Any) -> Voter:
    pin, surname, given, patronymic, born, sex, station, line, address, document = row
    return Voter(
        pin=Pin(f"{pin:014d}"),
        surname=surname,
        given_name=given,
        patronymic=patronymic,
        birth_date=born,
        sex=sex,
        station=station,
        line=line,
        address=address,
        document=document,
    )
