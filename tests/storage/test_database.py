"""One way to open a file: encrypted, whole, its triggers in place."""

import os
import re
from pathlib import Path

import pytest
import sqlcipher3

from kiosk.day import folder
from kiosk.errors import DeviceError, IntegrityError
from kiosk.roll import book, nation
from kiosk.storage import database as db
from kiosk.storage.commit import open_mirrored, transaction

KEY = b"k" * 32
SCHEMA = db.Schema("t", ("CREATE TABLE t (a INTEGER) STRICT",))
NEWER = db.Schema("t", (*SCHEMA.migrations, "CREATE TABLE u (b TEXT) STRICT"))
ALL = (folder.SCHEMA, nation.SCHEMA, book.SCHEMA)
SNAPSHOT = Path(__file__).parent / "schema.sql"


def test_create_write_read(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    made = open_mirrored(path, KEY, SCHEMA, mode="create")
    with transaction(made) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
    made.conn.close()
    found = db.open_database(path, KEY, SCHEMA, mode="read")
    assert found.execute("SELECT a FROM t").fetchall() == [(1,)]
    assert [table.name for table in found.tables] == ["t"]
    with pytest.raises(DeviceError, match="disk_error"):
        found.execute("INSERT INTO t VALUES (2)")
    assert b"SQLite format" not in path.read_bytes()


def test_the_pragmas_of_files_written_during_the_day(tmp_path: Path) -> None:
    connection = open_mirrored(tmp_path / "t.sqlite", KEY, SCHEMA, mode="create").conn
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("persist",)
    assert connection.execute("PRAGMA locking_mode").fetchone() == ("exclusive",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_failed_block_leaves_nothing(tmp_path: Path) -> None:
    made = open_mirrored(tmp_path / "t.sqlite", KEY, SCHEMA, mode="create")
    with pytest.raises(ZeroDivisionError), transaction(made) as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError
    assert made.execute("SELECT count(*) FROM t").fetchone() == (0,)


def refused(code: str, path: Path, key: bytes = KEY, schema: db.Schema = SCHEMA, mode: db.Mode = "write") -> None:
    with pytest.raises(IntegrityError) as caught:
        db.open_database(path, key, schema, mode=mode)
    assert caught.value.code == code


def test_what_is_not_our_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    refused("database_missing", path)
    db.open_database(path, KEY, SCHEMA, mode="create").conn.close()
    refused("database_exists", path, mode="create")
    refused("database_unreadable", path, key=b"x" * 32)
    with pytest.raises(ValueError, match="32 bytes"):
        db.open_database(path, b"short", SCHEMA)
    (tmp_path / "empty.sqlite").touch()
    refused("database_empty", tmp_path / "empty.sqlite", mode="read")
    db.open_database(tmp_path / "empty.sqlite", KEY, SCHEMA).close()  # the trace of a start that was cut off
    made = db.open_database(tmp_path / "other.sqlite", KEY, NEWER, mode="create")
    made.execute("PRAGMA user_version = 0")
    made.close()
    refused("database_empty", tmp_path / "other.sqlite")
    (tmp_path / "junk.sqlite").write_bytes(os.urandom(8192))
    refused("database_unreadable", tmp_path / "junk.sqlite")


def test_migrations_run_once_and_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    db.open_database(path, KEY, SCHEMA, mode="create").conn.close()
    found = db.open_database(path, KEY, NEWER)
    assert [t.name for t in found.tables] == ["t", "u"]
    found.conn.close()
    refused("database_newer", path)


@pytest.mark.parametrize("schema", [s for s in ALL if "TRIGGER" in s.migrations[0]], ids=lambda s: s.name)
def test_a_file_whose_trigger_was_dropped_is_refused(tmp_path: Path, schema: db.Schema) -> None:
    path = tmp_path / "t.sqlite"
    connection = db.open_database(path, KEY, schema, mode="create").conn
    name = re.findall(r"CREATE TRIGGER (\w+)", schema.migrations[0])[0]
    connection.execute(f"DROP TRIGGER {name}")
    connection.close()
    refused("database_schema", path, schema=schema)


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    db.open_database(path, KEY, SCHEMA, mode="create").conn.close()
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    found = open_mirrored(path, KEY, SCHEMA)
    with pytest.raises(IntegrityError, match="database_unreadable"), transaction(found) as connection:
        connection.execute("SELECT * FROM t").fetchall()


def test_the_schemas_are_those_of_the_snapshot() -> None:
    """Changing a file's schema is a migration and a decision: this file is committed to make it seen."""
    lines = []
    for schema in ALL:
        lines.append(f"-- {schema.name}")
        lines += [f"{sql};" for _kind, name, sql in db.expected_schema(schema) if sql and "name_index_" not in name]
    text = "\n".join(lines) + "\n"
    assert SNAPSHOT.read_text("utf-8") == text


def test_constraint_violations_pass_through(tmp_path: Path) -> None:
    made = open_mirrored(tmp_path / "t.sqlite", KEY, SCHEMA, mode="create")
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError), transaction(made) as connection:
        connection.execute("INSERT INTO t VALUES ('not a number')")
