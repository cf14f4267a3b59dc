"""All or nothing, every bad row with its line and reason, either encoding."""

import sqlite3
from pathlib import Path

import pytest

from kiosk.demo.nation import COLUMNS, Row
from kiosk.errors import IntegrityError, Problem, ProblemsError
from kiosk.roll.book import Book
from kiosk.roll.importing import import_roll
from kiosk.roll.person import Pin
from tests.stage.world import HOME, World, roll_csv

KEY = b"k" * 32


def run(folder: Path, content: bytes, stations: set[int] | None = None) -> tuple[Book | None, list[str]]:
    source, target = folder / "roll.csv", folder / "roll.sqlite"
    source.write_bytes(content)
    found: list[Problem] = []
    try:
        import_roll(source, target, KEY, stations=stations, report=found.append)
    except ProblemsError as error:
        assert error.total == len(found)
        assert sorted(p.name for p in folder.iterdir()) == ["roll.csv"]
        return None, [f"{p.line}: {p.what}" for p in found]
    return Book.open(target, KEY), []


def test_a_roll_comes_back_as_it_went_in(world: World, tmp_path: Path) -> None:
    rows = world.rows(HOME)
    book, problems = run(tmp_path, roll_csv(rows), {HOME})
    assert book and not problems
    assert len(book) == len(rows) == 30
    assert book.count() == {(HOME, "m"): 14, (HOME, "f"): 16}
    for row in rows:
        voter = book.find(Pin(row[0]))
        assert voter
        assert (voter.pin, voter.surname, voter.line, voter.address) == (row[0], row[1], row[7], row[8])
    assert book.find(Pin("00000000000000")) is None
    assert [v.line for v in book.in_order()] == list(range(1, 31))
    book.close()


def test_progress_counts_and_encoding_are_told(world: World, tmp_path: Path) -> None:
    source = tmp_path / "r.csv"
    source.write_bytes(roll_csv(world.rows(HOME)))
    seen: list[tuple[str, int, int]] = []
    done = import_roll(source, tmp_path / "r.sqlite", KEY, progress=lambda *at: seen.append(at))
    assert (done.rows, done.encoding, sum(done.counts.values())) == (30, "utf-8-sig", 30)
    assert seen[-1] == ("importing", 30, 30)


def test_windows_1251_is_recognised(tmp_path: Path) -> None:
    row = ("21503198012345", "Асанов", "Бакыт", "Эсенович", "1980-03-15", "m", HOME, 1, "ул. Мира, 1", "AC1")
    book, problems = run(tmp_path, roll_csv([row]).decode().encode("cp1251"))
    assert book and not problems
    voter = book.find(Pin(row[0]))
    assert voter and voter.name == "Асанов Бакыт Эсенович"


@pytest.mark.parametrize("surname", ["Сёмин", "Фёдоров", "Щётка"])
def test_windows_1251_names_that_begin_like_utf_8(tmp_path: Path, surname: str) -> None:
    row = ("21503198012345", surname, "Бакыт", "", "1980-03-15", "m", HOME, 1, "ул. Мира, 1", "AC1")
    book, problems = run(tmp_path, roll_csv([row]).decode().encode("cp1251"))
    assert book and not problems
    voter = book.find(Pin(row[0]))
    assert voter and voter.surname == surname


def test_one_damaged_byte_does_not_make_a_file_windows_1251(world: World, tmp_path: Path) -> None:
    content = roll_csv(world.rows(HOME))
    at = content.rindex("көч".encode())
    book, problems = run(tmp_path, content[:at] + b"\xff" + content[at + 1 :])
    assert book is None
    assert len(problems) == 1
    assert problems[0].startswith("31: address: there are bytes that are no letters")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (COLUMNS.encode() + b"\n", "1: there is no voter in the file"),
        (COLUMNS.replace(",", ";").encode() + b"\n", "1: the cells are parted by semicolons"),
    ],
)
def test_files_that_are_hardly_rolls(tmp_path: Path, content: bytes, said: str) -> None:
    _, problems = run(tmp_path, content)
    assert problems[0].startswith(said)


def test_the_byte_order_mark_of_spreadsheets_is_no_problem(world: World, tmp_path: Path) -> None:
    book, problems = run(tmp_path, b"\xef\xbb\xbf" + roll_csv(world.rows(HOME)).replace(b"\n", b"\r\n"))
    assert book and not problems and len(book) == 30


GOOD: Row = ("21503198012345", "Асанов", "Бакыт", "", "1980-03-15", "m", HOME, 1, "Көчө 1", "AC1")


def changed(place: int, value: object) -> Row:
    row = list(GOOD)
    row[place] = value
    return tuple(row)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (0, "2150319801234", "digits of the PIN: 13 instead of 14"),
        (0, "2150319801234x", "the PIN holds something other than digits"),
        (0, "٢١٥٠٣١٩٨٠١٢٣٤٥", "the PIN holds something other than digits"),
        (4, "1980-02-30", "the birth date is not a date"),
        (4, "15.03.1980", "the spreadsheet changed how the birth date is written"),
        (4, "29295", "the spreadsheet changed how the birth date is written"),
        (4, "2099-01-01", "the birth date lies in the future"),
        (0, "2,15032E+13", "the spreadsheet shortened the PIN"),
        (0, "21503198012345.0", "the spreadsheet shortened the PIN"),
        (0, "2E+13", "the spreadsheet shortened the PIN"),
        (1, "Ас?нов", "surname: a letter was lost"),
        (2, "Ас_н", "given_name: a letter was lost"),
        (8, "Төл?к көчөсү", "address: a letter was lost"),
        (1, "Ђсанов", "surname: “Ђ” (U+0402) stands in no name"),
        (1, "Àñàíîâ", "surname: Cyrillic letters were read as Western ones"),
        (8, "Мира 김", "address: no form can print “김” (U+AE40)"),
        (8, "ул.└Мира", "address: “└” (U+2514) stands in no name"),
        (4, "1680-03-15", "the birth date is not a date"),
        (5, "M", "the sex is neither m nor f"),
        (6, 999, "station 999 is not in the definition"),
        (6, "one", "the station is not a number"),
        (7, "x", "the line on the list is not a number"),
        (7, "12345678", "the line on the list is not a number"),
        (8, "a\x00b", "address: here is an invisible sign, U+0000"),
        (3, "a\u202eb", "patronymic: here is an invisible sign, U+202E"),
        (8, "a" * 600, "the row is longer than 600 characters"),
        (1, "\ufffd", "surname: there are bytes that are no letters"),
        (2, "a\ufffdb", "given_name: there are bytes that are no letters"),
        (4, "1980-W01-2", "the birth date is not a date"),
        (6, "1_01", "the station is not a number"),
        (7, "-5", "the line on the list is not a number"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_nothing_is_imported(
    tmp_path: Path, place: int, value: object, said: str
) -> None:
    book, problems = run(tmp_path, roll_csv([GOOD, changed(place, value)]), {HOME})
    assert book is None
    assert len(problems) == 1 or place == 0
    assert problems[0].startswith("3: ")
    assert said in problems[0]


def test_a_person_needs_some_name(tmp_path: Path) -> None:
    row = ("21503198012345", "", "", "", "1980-03-15", "m", HOME, 1, "Көчө 1", "AC1")
    _, problems = run(tmp_path, roll_csv([row]))
    assert problems == ["2: there is no name; fill in the surname or the given name"]


def test_a_pin_given_twice_is_told_with_the_later_lines(tmp_path: Path) -> None:
    other = changed(0, "21503198012346")
    _, problems = run(tmp_path, roll_csv([GOOD, other, GOOD, other]))
    assert [p.partition(";")[0] for p in problems] == [
        "4: the PIN stands on an earlier line already",
        "5: the PIN stands on an earlier line already",
    ]


def test_every_bad_row_is_told(tmp_path: Path) -> None:
    rows = [changed(0, f"{i:013d}") for i in range(50)]
    _, problems = run(tmp_path, roll_csv(rows))
    assert [p.split(":")[0] for p in problems] == [str(i) for i in range(2, 52)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1: the file is empty"),
        (b"pin,name\n", "1: columns are missing: surname, given_name"),
        (COLUMNS.encode() + b"\n1,2,3\n", "2: cells: 3 instead of 10"),
        (COLUMNS.encode() + b'\n"a,b\n', "2: here begins what is no CSV row"),
    ],
)
def test_what_is_no_roll_at_all(tmp_path: Path, content: bytes, said: str) -> None:
    _, problems = run(tmp_path, content)
    assert problems[0].startswith(said)


def test_a_quote_that_is_never_closed_is_told_where_it_opens(world: World, tmp_path: Path) -> None:
    lines = roll_csv(world.rows(HOME)).decode().splitlines(keepends=True)
    lines[5] = lines[5].replace(",", ',"', 1)
    _, problems = run(tmp_path, "".join(lines).encode())
    assert problems[-1].startswith("6: here begins what is no CSV row")


def test_a_problem_never_names_the_person(tmp_path: Path) -> None:
    _, problems = run(tmp_path, roll_csv([changed(0, "2150319801234"), changed(4, "x")]))
    assert not any(secret in " ".join(problems) for secret in ("Асанов", "2150319801234", "Бакыт"))


def test_the_file_is_unreadable_without_the_key(world: World, tmp_path: Path) -> None:
    book, _ = run(tmp_path, roll_csv(world.rows(HOME)))
    assert book
    book.close()
    content = (tmp_path / "roll.sqlite").read_bytes()
    assert not any(row[1].encode() in content or row[0].encode() in content for row in world.rows(HOME))
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "roll.sqlite").execute("SELECT * FROM voter")
    with pytest.raises(IntegrityError) as caught:
        Book.open(tmp_path / "roll.sqlite", b"x" * 32)
    assert caught.value.code == "database_unreadable"


def test_what_was_forgiven_and_what_is_doubtful_is_told(tmp_path: Path) -> None:
    rows = [
        GOOD,
        changed(0, "21503198012346"),  # the same person under another number, on the same line of the list
        ("21503198012347", "Ким\u00a0", "Иван", "", "1981-03-15", "m", HOME, 3, "ул.\u00a0Мира", ""),
    ]
    (tmp_path / "roll.csv").write_bytes(roll_csv(rows) + b",,,,,,,,,\n\x1a")
    done = import_roll(tmp_path / "roll.csv", tmp_path / "roll.sqlite", b"k" * 32)
    assert done.notes == (
        "Empty rows that were passed over: 2.",
        "Cells with special spaces, which were read as ordinary ones: 2.",
        "Cells with spaces around them, which were left out: 1.",
        "Two numbers for one name and birth date; make sure that they are two people. Lines: 2 + 3",
        "The same line of the list twice at one station; number the list anew. Lines: 2 + 3",
        "Voters without a document in the roll: 1.",
    )
    voter = Book.open(tmp_path / "roll.sqlite", b"k" * 32).find(Pin("21503198012347"))
    assert voter and (voter.surname, voter.address) == ("Ким", "ул. Мира")


def test_many_doubts_are_cut_short(tmp_path: Path) -> None:
    rows = [changed(0, f"{21503198012345 + i}") for i in range(2)]
    rows += [
        (f"{21503198022345 + i}", f"Ким{'абвгдежзиклмнопр'[i // 2]}", "А", "", "1980-03-15", "m", HOME, 9 + i, "", "1")
        for i in range(30)
    ]
    (tmp_path / "roll.csv").write_bytes(roll_csv(rows))
    done = import_roll(tmp_path / "roll.csv", tmp_path / "roll.sqlite", b"k" * 32)
    assert done.notes[0].endswith("…") and done.notes[0].count("+") == 10
