"""An act is one commit: on the file of the day and on its twin at once, looked at after an error, and without a trace.

The file is written in place (docs/decisions/0029-one-file-in-place.md): its rollback journal keeps its blocks, and what
an act with a ballot leaves in it is overwritten before anybody is told that the ballot is recorded.
"""

import os
import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, TypeVar

import sqlcipher3

from kiosk.errors import DeviceError, IntegrityError, KioskError
from kiosk.storage.database import Database, Schema, connect, disk_errors, open_database
from kiosk.storage.files import disk_error, shred, sync_folder
from kiosk.storage.mirror import Mirror

T = TypeVar("T")

NEXT = ".next"  # ends the name of a file that was copied whole but is not in its place yet

_HEADER = 512  # of a rollback journal; zero when the transaction is final


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
    """The open file of the day, and its twin on the mirror where there is one."""

    def __init__(self, connection: Any, path: Path, key: bytes, mirror: Mirror | None) -> None:
        super().__init__(connection)
        self.conn: Any = connection
        self.path = path
        self.mirror = mirror
        self.act: Act | None = None  # the transaction that is open
        self.committed: Callable[[], None] = lambda: None  # called after each commit that is known to be done
        self._key = key
        self._twin: Any = None  # the mirror's thread alone uses it
        # What was read from the file, by name: nobody else writes it, so it holds until an act is taken back. Whoever
        # writes keeps it up; where there is nothing it is read again.
        self.kept: dict[Hashable, Any] = {}

    def keep(self, name: Hashable, read: Callable[[], T]) -> T:
        """What is kept under `name`; read now if nothing is."""
        if name not in self.kept:
            self.kept[name] = read()
        found: T = self.kept[name]
        return found

    @property
    def number(self) -> int:
        """Of the last commit."""
        return self.keep("number", lambda: _number(self.conn))

    def look(self) -> int:
        """Close the file, open it again, and say which commit it holds: what the disk has counts, not what it said.

        DeviceError `disk_doubtful` where even that fails; from then on every use of the file says so.
        """
        self.kept.clear()
        with suppress(sqlcipher3.dbapi2.Error, KioskError):
            self.conn.close()
        self.conn = _Gone(self.path.name)
        try:
            connection = connect(self.path, self._key, "write", in_place=True)
            try:
                number = _number(connection)
                self.conn = connection
            except BaseException:
                connection.close()
                raise
        except (sqlcipher3.dbapi2.Error, KioskError) as error:
            raise DeviceError("disk_doubtful", file=self.path.name) from error
        return number

    def on_twin(self, act: Callable[[Any], object]) -> "Future[object] | None":
        """Begin the same on the twin; None where there is none. Whatever the twin says of it is a fault of its medium:
        the file itself decides what is refused."""

        def run() -> object:
            try:
                return act(self._twin)
            except IntegrityError as error:
                raise DeviceError("disk_error", file=self.path.name, reason=error.code) from error

        return self.mirror.begin(run) if self.mirror else None

    def add_twin(self) -> "Future[None] | None":
        """Bring the twin up to what the file is now, in the mirror's thread; the acts that follow queue behind it.
        DeviceError: the file can't be read."""
        if self.mirror is None:
            return None
        mirror, twin = self.mirror, self.mirror.folder / self.path.name
        # The system's lock on the file goes when any handle of ours on it is closed; the folder's own lock
        # (kiosk.day.folder) is what keeps a second program out.
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise disk_error(error, self.path.name) from error

        def bring() -> None:
            self.drop_twin()
            replace(twin, content)
            try:
                with disk_errors(twin.name):
                    self._twin = connect(twin, self._key, "write", in_place=True)
            except IntegrityError as error:
                raise DeviceError("disk_error", file=twin.name, reason=error.code) from error

        return mirror.begin(bring, brings=True)

    def close(self) -> None:
        self.conn.close()
        if self.mirror:
            self.mirror.do(self.drop_twin)
            self.mirror.end()
            if not self.mirror.hangs:  # a connection that a thread is inside of must never be closed
                self.drop_twin()

    def drop_twin(self) -> None:
        twin, self._twin = self._twin, None
        if twin is not None:
            twin.close()


def replace(path: Path, content: bytes) -> None:
    """A new file in place of `path`; cut off anywhere, the old or the new one is there whole. OSError."""
    part = path.with_name(path.name + ".part")
    shred(part)  # of a copying that was cut off: an earlier hour of the box
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path.with_name(path.name + NEXT))
    sync_folder(path.parent)
    finish_copying(path)


def finish_copying(path: Path) -> None:
    """Put a file that was copied whole in its place. Its older self is an earlier hour of the box: overwritten, not
    only removed; an act that was cut off in it is not taken back into the new one."""
    copied = path.with_name(path.name + NEXT)
    shred(path.with_name(path.name + ".part"))
    if copied.exists():
        for old in (path.with_name(path.name + "-journal"), path):
            shred(old)
        copied.replace(path)
        sync_folder(path.parent)


def open_mirrored(
    path: Path, key: bytes, schema: Schema, mode: Literal["create", "write"] = "write", *, mirror: Mirror | None = None
) -> Mirrored:
    """As `open_database`, written in place; `mirror` gets a twin that is kept equal."""
    database = Mirrored(open_database(path, key, schema, mode, in_place=True).conn, path, key, mirror)
    _blank(path)  # what a power cut left
    database.add_twin()
    return database


class Act:
    """Runs every statement on the file and on its twin; answers come from the file."""

    def __init__(self, database: Mirrored) -> None:
        self._database = database
        self.secret = False  # what this act changed must not be told by what the disk keeps of it

    def execute(self, sql: str, values: Any = ()) -> Any:
        found = self._database.conn.execute(sql, values)
        self._database.on_twin(lambda twin: twin.execute(sql, values))
        return found

    def executemany(self, sql: str, rows: Iterable[Any]) -> Any:
        kept = list(rows)
        found = self._database.conn.executemany(sql, kept)
        self._database.on_twin(lambda twin: twin.executemany(sql, kept))
        return found


@contextmanager
def transaction(database: Mirrored) -> Iterator[Act]:
    """All or nothing, durable (on the mirror too, while it is kept) when the block ends. Inside another one it is a
    part of it.

    Each commit bears a number. An error out of COMMIT does not say that nothing happened: SQLite's last sync comes
    after the commit is final. So the file is looked at, and its number decides: done (no error), not done (the disk's
    error), or not to be known (`disk_doubtful`).
    """
    if database.act is not None:
        yield database.act
        return
    with disk_errors(database.path.name):
        act = Act(database)
        act.execute("BEGIN IMMEDIATE")
        database.act = act
        try:
            mark = (database.number + 1) % _NUMBERS
            act.execute(f"PRAGMA application_id = {mark}")
            yield act
            _commit(database, mark, act.secret)
            database.kept["number"] = mark
            database.committed()
        except BaseException:
            database.kept.clear()
            _roll_back(database)
            raise
        finally:
            database.act = None


# The number lies in the header of the file, a page that every commit writes anyway. It counts commits and so tells
# nothing that the number of rows does not tell.
_NUMBERS = 1 << 31


def _number(connection: Any) -> int:
    found: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return found


def _commit(database: Mirrored, mark: int, secret: bool) -> None:
    """File and twin at once. A twin that fails or is late is given up: the file decides whether the act succeeded.

    A twin that is one act ahead of a file that failed is brought back to it; should the power go just then, the next
    start takes the act from the twin (kiosk.day.mirroring).
    """
    on_twin = database.on_twin(lambda twin: _commit_on(twin, database, secret))
    try:
        database.conn.execute("COMMIT")
    except (sqlcipher3.dbapi2.Error, KioskError):
        if database.look() != mark:
            try:
                database.add_twin()
            except DeviceError:
                if database.mirror:
                    database.mirror.give_up()
            raise
    if secret:
        _blank(database.path)
    if on_twin and database.mirror and not database.mirror.lost:
        database.mirror.wait(on_twin)


def _commit_on(twin: Any, database: Mirrored, secret: bool) -> None:
    twin.execute("COMMIT")
    if secret and database.mirror:
        _blank(database.mirror.folder / database.path.name)


def _roll_back(database: Mirrored) -> None:
    """Also where the disk refuses even that: what was not committed is taken back when the file is opened again."""
    database.on_twin(lambda twin: twin.in_transaction and twin.execute("ROLLBACK"))
    try:
        if database.conn.in_transaction:
            database.conn.execute("ROLLBACK")
    except (sqlcipher3.dbapi2.Error, KioskError):
        database.look()


def _blank(path: Path) -> None:
    """Random bytes over what the last transaction left in the rollback journal, in the same blocks.

    A disk that fails here has committed: the act stands, and the next one or the next start overwrites it.
    """
    with suppress(OSError), path.with_name(path.name + "-journal").open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        if size > _HEADER:
            file.seek(_HEADER)
            file.write(secrets.token_bytes(size - _HEADER))
            file.flush()
            os.fdatasync(file.fileno())
