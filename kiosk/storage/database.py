"""The one way to open a file of the station: encrypted, migrated, its schema and triggers checked.

SQLCipher with a raw 32-byte key per file. Files written during the day use TRUNCATE + FULL: measured with a
power-cut harness, Python's default DELETE + FULL lost acknowledged rows and a write-ahead log keeps the order of
writing (docs/decisions/0003-truncate-full.md).
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import sqlcipher3
import sqlite_utils

from kiosk.errors import DeviceError, IntegrityError

Database = sqlite_utils.Database
Mode = Literal["create", "write", "read"]

IntegrityViolation = sqlcipher3.dbapi2.IntegrityError  # a trigger or constraint said no

KEY_BYTES = 32


class Schema(msgspec.Struct, frozen=True):
    """A kind of file: its name and the scripts that build it, one per version, never edited once released."""

    name: str
    migrations: tuple[str, ...]


def open_database(path: Path, key: bytes, schema: Schema, mode: Mode = "write") -> Database:
    """Open `path`. `create` wants no file there; `read` forbids every write.

    IntegrityError: wrong key, not our file, missing trigger, newer version. DeviceError: the disk.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a file key has 32 bytes")
    if mode == "create" and path.exists():
        raise IntegrityError("database_exists", file=path.name)
    if mode != "create" and not path.exists():
        raise IntegrityError("database_missing", file=path.name)
    with _disk(path.name):
        connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            if mode == "read":
                connection.execute("PRAGMA query_only = ON")
            else:
                connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone()
                connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            database = Database(connection)
            _migrate(database, schema, mode)
            _check_schema(database, schema)
        except BaseException:
            connection.close()
            raise
    if mode == "create":
        sync_folder(path.parent)
    return database


def _migrate(database: Database, schema: Schema, mode: Mode) -> None:
    version = database.execute("PRAGMA user_version").fetchone()[0]
    newest = len(schema.migrations)
    if version > newest:
        raise IntegrityError("database_newer", file=schema.name, found=version, wanted=newest)
    if version == newest or (mode == "read" and version):
        return
    if version == 0 and mode != "create":
        raise IntegrityError("database_empty", file=schema.name)
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
def transaction(database: Database, name: str) -> Iterator[Any]:
    """All or nothing, durable when the block ends. Yields the bare connection."""
    with _disk(name):
        connection = database.conn
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def _disk(name: str) -> Iterator[None]:
    """Tell a full or broken disk from a broken file; constraint violations pass through."""
    try:
        yield
    except sqlcipher3.dbapi2.IntegrityError:
        raise
    except sqlcipher3.dbapi2.OperationalError as error:
        if "full" in str(error):
            raise DeviceError("disk_full", file=name) from error
        raise DeviceError("disk_error", file=name, reason=str(error)) from error
    except sqlcipher3.dbapi2.DatabaseError as error:
        raise IntegrityError("database_unreadable", file=name) from error


def sync_folder(folder: Path) -> None:
    """Make a created or renamed name in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_file(path: Path, content: bytes) -> None:
    """Replace `path` whole or not at all: temporary name, fsync, rename, fsync of the folder."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        code = "disk_full" if error.errno in (28, 122) else "disk_error"
        raise DeviceError(code, file=path.name, reason=error.strerror or "") from error
