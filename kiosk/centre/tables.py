"""The centre's tables: one thin layer of SQL that runs on DuckDB (a file or memory) and on PostgreSQL.

The same statements for both: `$1` placeholders, types both know, `ON CONFLICT DO NOTHING`. DuckDB belongs to one
process at a time; where several people take packets in at once, PostgreSQL keeps them apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kiosk.errors import DeviceError, IntegrityError

_TYPES = {"text": "TEXT", "int": "INTEGER", "long": "BIGINT", "bytes": "BYTEA", "bool": "BOOLEAN"}

# table → columns, the key first; everything but `packet` and `arrival` hangs on the hash of an accepted packet.
TABLES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "belongs": (("one",), {"one": "int", "election": "text"}),
    "packet": (
        ("sha256",),
        {
            "sha256": "text", "station": "int", "version": "int", "purpose": "text", "created": "text", "size": "long",
            "code": "text", "facts": "text", "opened": "bool",
        },
    ),
    "course": (("sha256",), {"sha256": "text", "taken": "text", "marks": "bytes"}),  # of the journal
    "arrival": (("file", "sha256"), {"file": "text", "sha256": "text"}),
    "line": (("sha256", "id"), {"sha256": "text", "id": "text", "value": "long"}),
    "vote": (
        ("sha256", "number"),
        {"sha256": "text", "number": "int", "electronic": "long", "legal": "long"},
    ),
    "broken": (("sha256", "equation"), {"sha256": "text", "equation": "text", "explained": "bool"}),
    "complaint": (
        ("sha256", "number"),
        {"sha256": "text", "number": "int", "author": "text", "category": "text", "status": "text"},
    ),
    "served": (
        (),
        {"sha256": "text", "tag": "bytes", "kind": "text", "district": "int", "given_at": "long", "hour": "int"},
    ),
    "envelope": (
        (),
        {"sha256": "text", "tag": "bytes", "district": "int", "sealed": "bytes", "genuine": "bool"},
    ),
}  # fmt: skip

_MAKING = 0x6B696F736B  # any number that no other program locks by


class Tables:
    """An open database with the centre's tables in it."""

    def __init__(self, connection: Any, postgres: bool) -> None:
        self._connection = connection
        self._postgres = postgres
        try:
            with self.transaction():
                if postgres:  # two that make the same table at once trip over each other, IF NOT EXISTS or not
                    self.run("SELECT pg_advisory_xact_lock($1)", _MAKING)
                self._make()
        except BaseException:
            connection.close()
            raise

    @classmethod
    def open(cls, where: str | Path = ":memory:") -> "Tables":
        """`postgresql://…`, or the path of a DuckDB file. DeviceError `tables_unreachable`."""
        try:
            if str(where).startswith(("postgresql://", "postgres://")):
                import psycopg

                return cls(psycopg.connect(str(where), autocommit=True, cursor_factory=psycopg.RawCursor), True)
            import duckdb

            connection = duckdb.connect(str(where), config={"memory_limit": "350MB"})
            connection.execute("SET enable_progress_bar = false")
            return cls(connection, False)
        except Exception as error:
            raise _told(error, _public(str(where))) from error

    def _make(self) -> None:
        for name, (key, columns) in TABLES.items():
            described = [f"{column} {_TYPES[kind]}" for column, kind in columns.items()]
            if key:
                described.append(f"PRIMARY KEY ({', '.join(key)})")
            self.run(f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(described)})")

    def belong_to(self, election: str) -> None:
        """These tables are of one election (its hash and its authority) for good. IntegrityError `tables_foreign`."""
        self.run("INSERT INTO belongs VALUES (1, $1) ON CONFLICT DO NOTHING", election)
        if self.value("SELECT election FROM belongs") != election:
            raise IntegrityError("tables_foreign")

    def run(self, sql: str, *values: Any) -> None:
        with _errors():
            self._connection.execute(sql, list(values))

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with _errors():
            found: list[tuple[Any, ...]] = self._connection.execute(sql, list(values)).fetchall()
        return found

    def value(self, sql: str, *values: Any) -> Any:
        return self.rows(sql, *values)[0][0]

    def add(self, table: str, columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, str] | None = None) -> None:
        """Many rows at once, given by columns of one length."""
        if not next(iter(columns.values()), ()):
            return
        types = kinds or TABLES[table][1]
        if self._postgres:
            names = {"text": "text", "int": "int4", "long": "int8", "bytes": "bytea", "bool": "bool"}
            cursor = self._connection.cursor()
            with _errors(), cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([names[types[column]] for column in columns])
                for row in zip(*columns.values(), strict=True):
                    copy.write_row(row)
            return
        import pyarrow as pa

        arrow = {"text": pa.string(), "int": pa.int32(), "long": pa.int64(), "bytes": pa.binary(), "bool": pa.bool_()}
        with _errors():
            batch = pa.table({name: pa.array(values, arrow[types[name]]) for name, values in columns.items()})
            self._connection.register("_batch", batch)
            self._connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM _batch")
            self._connection.unregister("_batch")

    def temporary(self, table: str, kinds: Mapping[str, str]) -> None:
        """A table of this connection alone, empty."""
        self.drop_temporary(table)
        self.run(f"CREATE TEMPORARY TABLE {table} ({', '.join(f'{c} {_TYPES[k]}' for c, k in kinds.items())})")

    def drop_temporary(self, table: str) -> None:
        """Only this connection's own, never a table that somebody keeps under the same name."""
        self.run(f"DROP TABLE IF EXISTS {'pg_temp' if self._postgres else 'temp'}.{table}")

    @contextmanager
    def still(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever others take in meanwhile: their packets come next time."""
        if not self._postgres:
            yield  # a file of DuckDB has one process at a time
            return
        from psycopg import IsolationLevel

        self._connection.isolation_level = IsolationLevel.REPEATABLE_READ
        try:
            with self.transaction():
                yield
        finally:
            self._connection.isolation_level = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        if self._postgres:
            with _errors(), self._connection.transaction():
                yield
            return
        self._connection.begin()
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the first error is the one to tell
                self._connection.rollback()
            raise
        with _errors():
            self._connection.commit()

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise _told(error, "") from error


def _told(error: Exception, where: str) -> Exception:
    """What a database says, as the rest of the program knows it."""
    if isinstance(error, RuntimeError) and "interrupted" in str(error):
        raise KeyboardInterrupt from error  # DuckDB noticed Ctrl-C first
    if type(error).__module__.split(".")[0] in ("psycopg", "duckdb", "_duckdb", "pyarrow"):
        code = "tables_unreachable" if where else "tables_failed"
        return DeviceError(code, where=where, reason=str(error).splitlines()[0][:200])
    return error


def _public(where: str) -> str:
    """Without the password of an address."""
    scheme, at, rest = where.partition("://")
    return f"{scheme}{at}{rest.rpartition('@')[2]}" if at else where
