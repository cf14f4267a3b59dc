"""Look-ups, searches and imports of rolls from 2,000 to 4,297,040 voters."""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import sqlcipher3

from kiosk.cli import demo as _demo  # noqa: F401 (import cost paid before timing)
from kiosk.demo.nation import COLUMNS, all_rows
from kiosk.election.source import Source
from kiosk.packet.package import nation_file_key
from kiosk.roll import nation, search
from kiosk.roll.book import Book
from kiosk.roll.importing import import_roll
from kiosk.roll.person import Pin
from kiosk.storage.database import open_database
from tests.bench.measure import Row, at_most, in_turn, p95_within, row

KEY = b"k" * 32
SAMPLES = 1000
P95 = {2_000: 1.0, 100_000: 3.0, 1_000_000: 10.0, 4_297_040: 20.0}


def rows(folder: Path, source: Source, sizes: list[int]) -> Iterator[Row]:
    whole = _write_csv(folder, source, max(sizes))
    for size in sizes:
        csv = whole if size == max(sizes) else _head(whole, size)
        target = folder / f"{size}.sqlite"
        start = perf_counter()
        import_roll(csv, target, KEY)
        spent = perf_counter() - start
        if size >= 1_000_000:
            yield _import_row(size, spent, _shell_import(csv, folder / "reference.sqlite"))
        book = Book.open(target, KEY)
        people = _sample(book)
        if size in (min(sizes), max(sizes)):
            yield _pin_row(size, book, target, people)
        yield from _search_rows(size, book, target, people)
        book.close()
    yield _nation_row(folder, source, max(sizes))


def _write_csv(folder: Path, source: Source, size: int) -> Path:
    import csv
    from itertools import islice

    path = folder / "nation.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(COLUMNS + "\n")
        csv.writer(file, lineterminator="\n").writerows(islice(all_rows(source.definition), size))
    return path


def _head(whole: Path, size: int) -> Path:
    from itertools import islice

    path = whole.with_name(f"{size}.csv")
    with whole.open(encoding="utf-8") as reading, path.open("w", encoding="utf-8") as writing:
        writing.writelines(islice(reading, size + 1))
    return path


def _sample(book: Book) -> list[tuple[str, str, str, int]]:
    """(surname, given name, patronymic, pin) of random voters."""
    dice = random.Random(1)
    count = len(book)
    sql = "SELECT surname, given_name, patronymic, pin FROM voter WHERE id = ?"
    return [book._connection.execute(sql, (dice.randint(1, count),)).fetchone() for _ in range(SAMPLES)]


def _bare(path: Path) -> Any:
    connection = sqlcipher3.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    return connection


def _pin_row(size: int, book: Book, path: Path, people: list[tuple[str, str, str, int]]) -> Row:
    bare = _bare(path)
    sql = "SELECT pin, surname, given_name, patronymic, birth_date, sex, station, line, address, document"
    sql += " FROM voter WHERE pin = ?"
    pins = [Pin(f"{p[3]:014d}") for p in people]
    for pin in pins[:200]:
        book.find(pin)
        bare.execute(sql, (int(pin),)).fetchone()
    times = in_turn(book.find, lambda pin: bare.execute(sql, (int(pin),)).fetchone(), pins * 3)
    bare.close()
    return row(f"look up a PIN, {size:,} voters", times, "the bare SELECT, same file", "≤ 1.5 ×", at_most(1.5))


def _search_rows(size: int, book: Book, path: Path, people: list[tuple[str, str, str, int]]) -> Iterator[Row]:
    dice = random.Random(2)
    like = _bare(path)
    one = [(p[0][: dice.randint(1, len(p[0].split()[0]))],) for p in people]
    two = [(p[0][: dice.randint(1, 8)], p[1][: dice.randint(1, 6)]) for p in people]
    columns = ("surname", "given_name", "patronymic")

    def scan(prefixes: tuple[str, ...]) -> None:
        any_column = " OR ".join(f"{c} LIKE ?" for c in columns)
        where = " AND ".join(f"({any_column})" for _ in prefixes)
        values = [f"{p}%" for p in prefixes for _ in columns]
        like.execute(f"SELECT id FROM voter WHERE {where} ORDER BY surname, given_name LIMIT 20", values).fetchall()

    scans = 5 if size >= 1_000_000 else 20
    limit = P95[size]
    faster = 50 if size == 1_000_000 else 0
    goal = f"p95 ≤ {limit:g} ms" + (", ≥ 50 × faster" if faster else "")
    for name, queries in (("one word", one), ("two words", two)):
        for query in queries[:50]:
            book.search(" ".join(query))
        ours, _ = in_turn(lambda q: book.search(" ".join(q)), None, queries)
        theirs, _ = in_turn(scan, None, queries[:scans])
        yield row(f"search by prefix, {name}, {size:,}", (ours, theirs), "LIKE scan of the same columns", goal,
                  p95_within(limit, faster))  # fmt: skip
    if size == max(P95) or size == 1_000_000:
        slips = [(_slip(dice, p[0].split()[0]),) if dice.random() < 0.5 else
                 (_slip(dice, p[0].split()[0]), _slip(dice, p[1])) for p in people[:500]]  # fmt: skip
        book.search(" ".join(slips[0]))
        ours, _ = in_turn(lambda q: book.search(" ".join(q)), None, slips)
        theirs, _ = in_turn(scan, None, slips[:scans])
        yield row(f"near misses, {size:,}", (ours, theirs), "LIKE scan of the same columns", "p95 ≤ 60 ms",
                  p95_within(60))  # fmt: skip
    like.close()


def _slip(dice: random.Random, word: str) -> str:
    """One or two typing slips."""
    letters = list(word)
    for _ in range(dice.choice((1, 2))):
        at = dice.randrange(1, len(letters)) if len(letters) > 1 else 0
        kind = dice.randrange(3)
        if kind == 0 and len(letters) > 4:
            del letters[at]
        elif kind == 1:
            letters.insert(at, dice.choice("абвгдеклмно"))
        else:
            letters[at - 1], letters[at] = letters[at], letters[at - 1]
    return "".join(letters)


def _shell_import(csv: Path, target: Path) -> float:
    """`sqlite3` shell, unencrypted, no checks, and the same indexes. Seconds."""
    target.unlink(missing_ok=True)
    prefixes = search.TABLES.split("prefix='")[1].split("'")[0]
    script = f"""
        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE voter (pin INTEGER, surname TEXT, given_name TEXT, patronymic TEXT, birth_date TEXT, sex TEXT,
                            station INTEGER, line INTEGER, address TEXT, document TEXT);
        .import --csv --skip 1 {csv} voter
        CREATE UNIQUE INDEX voter_pin ON voter (pin);
        CREATE VIRTUAL TABLE name_index USING fts5(words, content='', columnsize=0, detail=none, prefix='{prefixes}');
        INSERT INTO name_index (rowid, words)
            SELECT rowid, surname || ' ' || given_name || ' ' || patronymic FROM voter;
        INSERT INTO name_index (name_index) VALUES ('optimize');
    """
    lines = "\n".join(line.strip() for line in script.splitlines())
    start = perf_counter()
    subprocess.run(["sqlite3", str(target)], input=lines, text=True, check=True, capture_output=True)
    spent = perf_counter() - start
    target.unlink()
    return spent


def _import_row(size: int, spent: float, shell: float) -> Row:
    return row(f"import a roll, {size:,} rows", ([spent * 1000], [shell * 1000]), "sqlite3 .import + same indexes",
               "≤ 2 ×", at_most(2), f"{size / spent:,.0f} rows/s")  # fmt: skip


def _nation_row(folder: Path, source: Source, size: int) -> Row:
    from itertools import islice

    path, key = folder / "nation.sqlite", b"n" * 32
    districts: dict[int, int] = {s.number: s.district for s in source.definition.stations}
    people = islice(all_rows(source.definition), size)
    nation.build(
        path,
        nation_file_key(key),
        ((nation.tag(key, Pin(p[0])), p[6], p[7], districts[p[6]]) for p in people),
    )
    index = nation.Nation(open_database(path, nation_file_key(key), nation.SCHEMA, mode="read"), key, 1021, 1)
    bare = sqlcipher3.connect(str(path))
    bare.execute(f"PRAGMA key = \"x'{nation_file_key(key).hex()}'\"")
    dice = random.Random(4)
    step = max(1, size // 3000)
    pins = [Pin(p[0]) for p in islice(all_rows(source.definition), 0, size, step)]
    dice.shuffle(pins)
    tags = {pin: nation.tag(key, pin) for pin in pins}
    sql = "SELECT station, line, district FROM home WHERE tag = ?"
    times = in_turn(index.find, lambda pin: bare.execute(sql, (tags[pin],)).fetchone(), pins)
    bare.close()
    index.close()
    return row(f"nation tag look-up, {size:,}", times, "the bare SELECT, same file", "≤ 2 ×", at_most(2))
