"""A roll in CSV → roll.sqlite: streaming, all or nothing, every bad row reported."""

import os
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import count, islice
from operator import itemgetter
from pathlib import Path

import msgspec
import sqlcipher3

from kiosk.election.definition import Sex
from kiosk.errors import Problem, ProblemsError
from kiosk.progress import Progress, silent
from kiosk.roll import search
from kiosk.roll.book import SCHEMA
from kiosk.roll.reading import RollReader, Row
from kiosk.storage.database import Database, disk_errors, open_database
from kiosk.storage.files import sync_folder
from kiosk.text import _

_BATCH = 20_000
_TOLD = 10  # pairs of lines; the rest is “…”

# Parts of a Row, taken without a line of Python per row.
_VOTER = itemgetter(slice(10))
_PLACE = itemgetter(6, 5)
_WORDS = itemgetter(10)
_LINE = itemgetter(11)


class Imported(msgspec.Struct, frozen=True):
    rows: int
    encoding: str
    counts: dict[tuple[int, Sex], int]  # (station, sex) → voters
    notes: tuple[str, ...] = ()  # what was forgiven, and what looks like a mistake; never a name or a number


def import_roll(
    source: Path,
    target: Path,
    key: bytes,
    *,
    stations: Collection[int] | None = None,
    report: Callable[[Problem], None] = lambda problem: None,
    progress: Progress = silent,
) -> Imported:
    """Import `source` into a new file `target`. `progress` is told the rows now and then.

    ProblemsError after the whole file was read if anything in it is wrong; `target` then does not exist.
    """
    reader = RollReader(source, report, stations)

    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with disk_errors(target.name):
            filler = Filler(part, key)
            filler.fill(reader, lambda: progress(_("importing"), reader.rows, reader.expected))
            repeated = filler.finish()
        for line in repeated:
            reader.problem(line, _("the PIN stands on an earlier line already; remove one of the two"))
        if reader.problems:
            raise ProblemsError([], reader.problems)
        part.replace(target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return Imported(reader.rows, reader.encoding, filler.counts, (*reader.notes, *filler.doubts))


class Filler:
    """Fills a new roll file as fast as the disk takes it; nothing in it counts until `finish` returned []."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self.counts: Counter[tuple[int, Sex]] = Counter()
        self.doubts: list[str] = []  # after `finish`
        self._lines = array("I")  # source line of each row, for telling duplicates apart
        self._database: Database = open_database(path, key, SCHEMA, mode="create")
        connection = self._database.conn
        # A crash leaves a file nobody will use, so nothing need be durable on the way.
        connection.execute("PRAGMA journal_mode = OFF").fetchone()
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -65536")
        search.prepare(connection)
        connection.execute("BEGIN")
        connection.execute("DROP INDEX voter_pin")  # built at the end, in one sort

    def fill(self, rows: Iterable[Row], after_batch: Callable[[], None] = lambda: None) -> None:
        connection = self._database.conn
        rows = iter(rows)
        while batch := list(islice(rows, _BATCH)):
            connection.executemany(
                "INSERT INTO voter (pin, surname, given_name, patronymic, birth_date, sex, station, line, address,"
                " document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                map(_VOTER, batch),
            )
            search.add(connection, zip(count(len(self._lines) + 1), map(_WORDS, batch), strict=False))
            self._lines.extend(map(_LINE, batch))
            self.counts.update(map(_PLACE, batch))
            after_batch()

    def finish(self) -> list[int]:
        """Build the indexes and make the file durable. Source lines whose PIN stood before; then it is no roll."""
        connection = self._database.conn
        try:
            connection.execute("CREATE UNIQUE INDEX voter_pin ON voter (pin)")
        except sqlcipher3.dbapi2.IntegrityError:
            repeated = connection.execute(
                "SELECT id FROM voter JOIN (SELECT pin, min(id) AS first FROM voter GROUP BY pin HAVING count(*) > 1)"
                " USING (pin) WHERE id > first ORDER BY id"
            ).fetchall()
            connection.close()
            return [self._lines[id_ - 1] for (id_,) in repeated]
        search.finish(connection)
        self.doubts = list(self._doubts())
        connection.execute("COMMIT")
        connection.close()
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        sync_folder(self.path.parent)
        return []

    def _doubts(self) -> Iterator[str]:
        """What may be so and is mostly a mistake, with the lines of the file."""
        yield from self._told(
            self._same("birth_date, surname, given_name, patronymic"),
            _("Two numbers for one name and birth date; make sure that they are two people. Lines: {lines}"),
        )
        yield from self._told(
            self._same("station, line"),
            _("The same line of the list twice at one station; number the list anew. Lines: {lines}"),
        )
        lacking = "SELECT count(*) FROM voter WHERE document = ''"
        if without := self._database.conn.execute(lacking).fetchone()[0]:
            yield _("Voters without a document in the roll: {n}.", n=without)

    def _same(self, columns: str) -> list[str]:
        """Pairs of lines whose rows have the same `columns`, one more than are told at most."""
        rows = self._database.conn.execute(
            f"SELECT min(id), max(id) FROM voter GROUP BY {columns} HAVING count(*) > 1 ORDER BY 1 LIMIT ?",
            (_TOLD + 1,),
        ).fetchall()
        return [f"{self._lines[first - 1]} + {self._lines[second - 1]}" for first, second in rows]

    def _told(self, found: list[str], sentence: str) -> Iterator[str]:
        if found:
            yield sentence.format(lines=", ".join(found[:_TOLD]) + (" …" if len(found) > _TOLD else ""))
