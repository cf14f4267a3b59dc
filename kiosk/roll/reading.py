"""A roll in CSV → checked rows, one at a time. Everything wrong is reported with its line and reason."""

import codecs
import csv
import os
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from kiosk.errors import Problem
from kiosk.roll.names import words
from kiosk.roll.person import PIN_DIGITS
from kiosk.text import _

COLUMNS = (
    "pin", "surname", "given_name", "patronymic", "birth_date", "sex", "station", "line", "address", "document",
)  # fmt: skip

# What goes into the table, then the words of the name for the index and the line of the file.
Row = tuple[int, str, str, str, str, str, int, int, str, str, str, int]

_CHUNK = 1 << 20
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1880, 2100)
MAX_ROW = 600  # characters in a whole row


def encoding_of(path: Path) -> str:
    """`utf-8-sig`, or `cp1251` where the bytes are not UTF-8: older registers are kept in Windows-1251.

    The first line with letters decides: where it is good UTF-8, a later damaged place does not make the file another,
    and the row's own check names it.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            file.seek(0)
            first = next(line for line in file if not line.removeprefix(codecs.BOM_UTF8).isascii())
            try:
                first.decode()
            except UnicodeDecodeError:
                return "cp1251"
    return "utf-8-sig"


class RollReader:
    """Iterate for rows; problems go to `report` as they are found. `done` and `size` are bytes, for progress."""

    def __init__(self, path: Path, report: Callable[[Problem], None], stations: Collection[int] | None = None) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.encoding = encoding_of(path)
        self.problems = 0
        self.rows = 0
        self._report = report
        self._stations = frozenset(stations) if stations is not None else None
        self._handle, self._read = -1, 0
        self._line = 1  # the last that was read whole

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return os.lseek(self._handle, 0, os.SEEK_CUR) if self._handle >= 0 else self._read

    @property
    def expected(self) -> int:
        """Rows in all, if those to come are as long as those read."""
        return self.rows * self.size // self.done if self.done else self.rows

    def problem(self, line: int, what: str) -> None:
        self.problems += 1
        self._report(Problem(self.path.name, line, what))

    def __iter__(self) -> Iterator[Row]:
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            self._handle = file.fileno()
            reader = csv.reader(file, strict=True)
            try:
                yield from self._rows(reader)
            except csv.Error as error:
                what = _(
                    "here begins what is no CSV row: {error}; look for a quote that is not closed", error=str(error)
                )
                self.problem(self._line + 1, what)
            else:
                if not self.rows and not self.problems:
                    self.problem(1, _("there is no voter in the file; check that it is the right one"))
            finally:
                self._handle, self._read = -1, self.size

    def _rows(self, reader: Any) -> Iterator[Row]:
        header = tuple(next(reader, ()))
        if header != COLUMNS:
            semicolons = len(header) == 1 and ";" in header[0]
            parted = _("the cells are parted by semicolons; save the file with commas")
            self.problem(1, parted if semicolons else _("the heading must be: {columns}", columns=",".join(COLUMNS)))
            return
        stations = self._stations
        for cells in reader:
            self._line = reader.line_num
            try:
                pin, surname, given, patronymic, born, sex, station, line, address, document = cells
                if (
                    len(pin) == PIN_DIGITS
                    and pin.isascii()
                    and pin.isdigit()
                    and (sex == "m" or sex == "f")
                    and (surname.strip() or given.strip())
                    and _is_date(born)
                    and (whole := "".join(cells)).isprintable()
                    and "\ufffd" not in whole
                    and len(whole) <= MAX_ROW
                    and _is_number(line)
                    and _is_number(station)
                ):
                    number = int(station)
                    if stations is None or number in stations:
                        name = f"{_words(surname)} {_words(given)} {_words(patronymic)}"
                        self.rows += 1
                        yield (
                            int(pin), surname, given, patronymic, born, sex, number, int(line), address, document,
                            name, reader.line_num,
                        )  # fmt: skip
                        continue
            except ValueError:
                pass
            for what in _what_is_wrong(cells, stations):
                self.problem(reader.line_num, what)


@lru_cache(maxsize=200_000)
def _words(name: str) -> str:
    return " ".join(words(name))


@lru_cache(maxsize=100_000)
def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


@lru_cache(maxsize=100_000)
def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and date.fromisoformat(text).year in _YEARS
    except ValueError:
        return False


def _what_is_wrong(cells: list[str], stations: Collection[int] | None) -> Iterator[str]:
    """The slow, talkative twin of the check above, for a row that failed it. Never names the person or the PIN."""
    if len(cells) != len(COLUMNS):
        yield _("{n} cells instead of {m}; check the commas and quotes", n=len(cells), m=len(COLUMNS))
        return
    row = dict(zip(COLUMNS, cells, strict=True))
    pin = row["pin"]
    if not (pin.isascii() and pin.isdigit()):
        yield _("the PIN holds something other than digits; correct it from the document")
    elif len(pin) != PIN_DIGITS:
        yield _("the PIN has {n} digits instead of 14; correct it from the document", n=len(pin))
    if not (row["surname"].strip() or row["given_name"].strip()):
        yield _("there is no name; fill in the surname or the given name")
    if not _is_date(row["birth_date"]):
        yield _("the birth date is not a date of the calendar; write like 1987-04-25")
    if row["sex"] not in ("m", "f"):
        yield _("the sex is neither m nor f; write one of them")
    if not _is_number(row["station"]):
        yield _("the station is not a number; write it in digits")
    elif stations is not None and int(row["station"]) not in stations:
        yield _("station {n} is not in the definition; correct the number", n=int(row["station"]))
    if not _is_number(row["line"]):
        yield _("the line on the list is not a number; write it in digits")
    for column, value in row.items():
        if not value.isprintable():
            yield _("{column} holds a control character; type it anew", column=column)
        if "\ufffd" in value:
            yield _("{column} holds bytes that are no letters; save the file as UTF-8", column=column)
    if len("".join(cells)) > MAX_ROW:
        yield _("the row is longer than {most} characters; shorten it", most=MAX_ROW)
