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


class _Gone:
    """In place of a connection to a file of which nobody knows any more what it holds: every use of it says so."""

    in_transaction = False

    def __init__(self, file: str) -> None:
        self._file = file

    def execute(self, *_: Any) -> Any:
        raise DeviceError("disk_doubtful", file=self._file)

    executemany = cursor = execute

    def close(self) -> None:
        pass


class Mirrored(Database):
    """An open file of the day, and its twin on the mirror where there is one."""

    def __init__(self, connection: Any, again: Callable[[], Any], mirror: Mirror | None = None) -> None:
        """`again` opens one more connection to the same file."""
        super().__init__(connection)
        self._again = again
        self.mirror = mirror
        self.twin: Any = None

    def look(self, file: str) -> int:
        """Close the file, open it again, and say which commit it holds: what the disk has counts, not what it said.

        DeviceError `disk_doubtful` where even that fails; from then on every use of the file says so.
        """
        with suppress(sqlcipher3.dbapi2.Error, KioskError):
            self.conn.close()
        self.conn: Any = _Gone(file)
        try:
            connection = self._again()
            try:
                number = _number(connection)
                self.conn = connection
            except BaseException:
                connection.close()
                raise
        except (sqlcipher3.dbapi2.Error, KioskError) as error:
            raise DeviceError("disk_doubtful", file=file) from error
        return number

    def close(self) -> None:
        self.conn.close()
        if self.twin is not None:
            self.twin.close()


def open_mirrored(
    path: Path, key: bytes, schema: Schema, mode: Mode = "write", *, mirror: Mirror | None = None
) -> Mirrored:
    """As `open_database`; `mirror` gets a twin that is kept equal."""
    database = Mirrored(open_database(path, key, schema, mode).conn, lambda: connect(path, key, "write"), mirror)
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
    """All or nothing, durable (on the mirror too, while there is one) when the block ends.

    Each commit bears a number. An error out of COMMIT does not say that nothing happened: SQLite's last sync comes
    after the commit is final. So the file is looked at, and its number decides: done (no error), not done (the disk's
    error), or not to be known (`disk_doubtful`).
    """
    with disk_errors(name):
        both = _Both(database)
        both.execute("BEGIN IMMEDIATE")
        try:
            mark = (_number(database.conn) + 1) % _NUMBERS
            both.execute(f"PRAGMA application_id = {mark}")
            yield both
            _commit(database, name, mark)
        except BaseException:
            _roll_back(database, name)
            raise


# The number lies in the header of the file, a page that every commit writes anyway. It counts commits and so tells
# nothing that the number of rows does not tell.
_NUMBERS = 1 << 31


def _number(connection: Any) -> int:
    """Of the last commit."""
    found: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return found


def _commit(database: Mirrored, name: str, mark: int) -> None:
    try:
        database.conn.execute("COMMIT")
    except (sqlcipher3.dbapi2.Error, KioskError):
        if database.look(name) != mark:
            raise
    _on_twin(database, lambda twin: twin.execute("COMMIT"))


def _roll_back(database: Mirrored, name: str) -> None:
    """Also where the disk refuses even that: what was not committed is taken back when the file is opened again."""
    try:
        if database.conn.in_transaction:
            database.conn.execute("ROLLBACK")
    except (sqlcipher3.dbapi2.Error, KioskError):
        database.look(name)
    _on_twin(database, lambda twin: twin.in_transaction and twin.execute("ROLLBACK"))
