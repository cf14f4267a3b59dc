"""A second medium that every commit goes to as well, so that a dead one loses nothing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3

from kiosk.errors import DeviceError, KioskError
from kiosk.storage.database import Database, Mode, Schema, connect, disk_errors, open_database
from kiosk.storage.files import write_file


class Mirror:
    """The folder on the second medium. The first failure on it ends it: the day goes on with one copy, and `lost` says
    so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lost = False

    def write_file(self, name: str, content: bytes) -> None:
        """The twin of a small file."""
        if not self.lost:
            try:
                write_file(self.folder / name, content)
            except DeviceError:
                self.lost = True


class Mirrored(Database):
    """An open file of the day, and its twin on the mirror where there is one."""

    def __init__(self, connection: Any, mirror: Mirror | None = None) -> None:
        super().__init__(connection)
        self.mirror = mirror
        self.twin: Any = None

    def close(self) -> None:
        self.conn.close()
        if self.twin is not None:
            self.twin.close()


def open_mirrored(
    path: Path, key: bytes, schema: Schema, mode: Mode = "write", *, mirror: Mirror | None = None
) -> Mirrored:
    """As `open_database`; `mirror` gets a twin that is kept equal."""
    database = Mirrored(open_database(path, key, schema, mode).conn, mirror)
    if mirror is not None:
        _add_twin(database, path, key, mirror)
    return database


def _add_twin(database: Mirrored, path: Path, key: bytes, mirror: Mirror) -> None:
    """Copy the file as it stands (open, recovered, idle) and keep the copy open beside it."""
    twin = mirror.folder / path.name
    with suppress(OSError):
        twin.with_name(twin.name + "-journal").unlink(missing_ok=True)
    try:
        content = path.read_bytes()
        if not twin.exists() or twin.read_bytes() != content:
            mirror.write_file(path.name, content)
        if not mirror.lost:
            with disk_errors(path.name):
                database.twin = connect(twin, key, "write")
    except (OSError, KioskError):
        mirror.lost = True


class _Both:
    """Runs every statement on the file and on its twin; answers come from the file."""

    def __init__(self, database: Mirrored) -> None:
        self._database = database

    def execute(self, sql: str, values: Any = ()) -> Any:
        found = self._database.conn.execute(sql, values)
        _on_twin(self._database, lambda twin: twin.execute(sql, values))
        return found

    def executemany(self, sql: str, rows: Iterable[Any]) -> Any:
        kept = list(rows)
        found = self._database.conn.executemany(sql, kept)
        _on_twin(self._database, lambda twin: twin.executemany(sql, kept))
        return found


def _on_twin(database: Mirrored, act: Callable[[Any], object]) -> None:
    """A twin that fails is given up: the file itself decides whether the act succeeded."""
    if database.twin is None or database.mirror is None:
        return
    try:
        if not database.mirror.lost:
            act(database.twin)
            return
    except (sqlcipher3.dbapi2.Error, KioskError):
        database.mirror.lost = True
    database.twin.close()
    database.twin = None


@contextmanager
def transaction(database: Mirrored, name: str) -> Iterator[_Both]:
    """All or nothing, durable (on the mirror too, while there is one) when the block ends."""
    with disk_errors(name):
        both = _Both(database)
        both.execute("BEGIN IMMEDIATE")
        try:
            yield both
            both.execute("COMMIT")
        except BaseException:
            if database.conn.in_transaction:
                database.conn.execute("ROLLBACK")
            _on_twin(database, lambda twin: twin.in_transaction and twin.execute("ROLLBACK"))
            raise
