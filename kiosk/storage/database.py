"""The one way to open a file of the station: encrypted, migrated, its schema and triggers checked.

SQLCipher with a raw 32-byte key per file. The file of the day is written in place, PERSIST + FULL under one lock:
measured with a power-cut harness, Python's default DELETE + FULL lost acknowledged rows, a write-ahead log keeps the
order of writing, and so do the blocks that TRUNCATE frees (docs/decisions/0029-one-file-in-place.md).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import sqlcipher3
from sqlite_utils import Database as Database

from kiosk.errors import DeviceError, IntegrityError
from kiosk.storage.files import sync_folder

Mode = Literal["create", "write", "read"]

IntegrityViolation = sqlcipher3.dbapi2.IntegrityError  # a trigger or constraint said no

KEY_BYTES = 32


class Schema(msgspec.Struct, frozen=True):
    """A kind of file: its name and the scripts that build it, one per version, never edited once released."""

    name: str
    migrations: tuple[str, ...]


class _Cursor(sqlcipher3.Cursor):  # type: ignore[misc]
    """Tells what a disk or a damaged page did, wherever it happens: at a statement or at any row of its answer."""

    def execute(self, *arguments: Any) -> Any:
        try:
            return super().execute(*arguments)
        except sqlcipher3.dbapi2.DatabaseError as error:
            raise self.connection.told(error) from error

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except sqlcipher3.dbapi2.DatabaseError as error:
            raise self.connection.told(error) from error

    def fetchall(self) -> Any:
        try:
            return super().fetchall()
        except sqlcipher3.dbapi2.DatabaseError as error:
            raise self.connection.told(error) from error


class _Connection(sqlcipher3.Connection):  # type: ignore[misc]
    path = Path()
    readable = False  # it was opened with its key

    @property
    def file(self) -> str:
        return self.path.name

    def told(self, error: BaseException) -> BaseException:
        """A page that could not be read looks like a damaged one; whether the disk or the page is at fault is seen by
        reading again, past everything that is remembered."""
        told = _told(error, self.file)
        if isinstance(told, IntegrityError) and self.readable and (_read_fails(self.path) or self._holds()):
            return DeviceError("disk_error", file=self.file, reason=str(error))
        return told

    def _holds(self) -> bool:
        """Every page has its seal."""
        try:
            return not super().execute("PRAGMA cipher_integrity_check").fetchall()
        except (sqlcipher3.dbapi2.Error, DeviceError, IntegrityError):
            return False

    def cursor(self) -> Any:
        return super().cursor(_Cursor)


def _read_fails(path: Path) -> bool:
    try:
        path.read_bytes()
    except OSError:
        return True
    return False


def _told(error: BaseException, file: str) -> BaseException:
    """The error as the rest of the program knows it; constraint violations as they are."""
    passing: BaseException = error
    if isinstance(error, sqlcipher3.dbapi2.IntegrityError | sqlcipher3.dbapi2.ProgrammingError):
        return passing
    if isinstance(error, sqlcipher3.dbapi2.OperationalError):
        if "full" in str(error):
            return DeviceError("disk_full", file=file)
        return DeviceError("disk_error", file=file, reason=str(error))
    return IntegrityError("database_unreadable", file=file)


def open_database(path: Path, key: bytes, schema: Schema, mode: Mode = "write", *, in_place: bool = False) -> Database:
    """Open `path`. `create` wants no file there; `read` forbids every write. `in_place`: as `connect`.

    IntegrityError: wrong key, not our file, missing trigger, newer version. DeviceError: the disk.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a file key has 32 bytes")
    if mode == "create" and path.exists():
        raise IntegrityError("database_exists", file=path.name)
    if mode != "create" and not path.exists():
        raise IntegrityError("database_missing", file=path.name)
    with disk_errors(path.name):
        database = Database(connect(path, key, mode, in_place=in_place))
        try:
            _migrate(database, schema, mode)
            _check_schema(database, schema)
        except BaseException:
            database.close()
            raise
    if mode == "create":
        sync_folder(path.parent)
    return database


def connect(path: Path, key: bytes, mode: Mode, *, in_place: bool = False) -> Any:
    """`in_place`: the rollback journal keeps its blocks, and nobody else may open the file meanwhile."""
    connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False, factory=_Connection)
    connection.path = path
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is ours to tell
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        if in_place:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
        if in_place or mode != "read":
            connection.execute(f"PRAGMA journal_mode = {'PERSIST' if in_place else 'TRUNCATE'}").fetchone()
            connection.execute("PRAGMA synchronous = FULL")
        if mode == "read":
            connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.readable = in_place
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(database: Database, schema: Schema, mode: Mode) -> None:
    version = database.execute("PRAGMA user_version").fetchone()[0]
    newest = len(schema.migrations)
    if version > newest:
        raise IntegrityError("database_newer", file=schema.name, found=version, wanted=newest)
    if version == newest or (mode == "read" and version):
        return
    if version == 0 and (mode == "read" or _schema_of(database.conn)):
        raise IntegrityError("database_empty", file=schema.name)
    # An empty file that should have been there is the trace of a start that was cut off; what it should hold is for
    # the caller to compare (kiosk.day.restart).
    for number, script in enumerate(schema.migrations[version:], version + 1):
        database.conn.executescript(f"BEGIN; {script}; PRAGMA user_version = {number}; COMMIT;")


@cache
def expected_schema(schema: Schema) -> tuple[tuple[str, str, str], ...]:
    """(type, name, SQL) of everything the migrations make, from a bare database in memory."""
    bare = sqlite3.connect(":memory:")
    for script in schema.migrations:
        bare.executescript(script)
    return _schema_of(bare)


def _schema_of(connection: Any) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name").fetchall()
    )


def _check_schema(database: Database, schema: Schema) -> None:
    """Triggers and constraints are part of the promises: a file without them is refused."""
    if _schema_of(database.conn) != expected_schema(schema):
        raise IntegrityError("database_schema", file=schema.name)


@contextmanager
def disk_errors(name: str) -> Iterator[None]:
    """Tell a full or broken disk from a broken file; constraint violations pass through."""
    try:
        yield
    except sqlcipher3.dbapi2.DatabaseError as error:
        told = _told(error, name)
        if told is error:
            raise
        raise told from error
