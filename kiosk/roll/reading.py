"""A roll in CSV → checked rows, one at a time. Everything wrong is reported with its line and reason."""

import codecs
import os
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from kiosk.errors import Problem
from kiosk.letters import EVERYDAY, damage, damage_of_text, sign, unbidden, unprintable
from kiosk.roll.names import GIVEN, SURNAME, indexed
from kiosk.roll.person import PIN_DIGITS
from kiosk.spreadsheet import SPACES, Sheet, Unreadable
from kiosk.text import _

COLUMNS = (
    "pin", "surname", "given_name", "patronymic", "birth_date", "sex", "station", "line", "address", "document",
)  # fmt: skip

# What goes into the table, then the words of the name for the index and the line of the file.
Row = tuple[int, str, str, str, str, str, int, int, str, str, str, int]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_DATE = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]{4}[./][0-9]{1,2}[./][0-9]{1,2}|[0-9]{5}|#+")
_SHORTENED = re.compile(r"[0-9][.,][0-9]+E[+]?[0-9]+|[0-9]+E[+][0-9]+|[0-9]{14}[.,]0+|#+", re.I)
_FIRST_YEAR = 1880
MAX_ROW = 600  # characters in a whole row
# A row of these letters alone, which is nearly every one, is looked at no closer. The 0 before them is what makes of it
# a table that is quick to look into; nobody types one.
_EVERYDAY = codecs.charmap_build("\0" + EVERYDAY.ljust(255, "\ufffe"))


class RollReader:
    """Iterate for rows; problems go to `report` as they are found, and `notes` say afterwards what was forgiven or
    looks doubtful. `done` and `size` are bytes, for progress."""

    def __init__(
        self,
        path: Path,
        report: Callable[[Problem], None],
        stations: Collection[int] | None = None,
        today: date | None = None,
    ) -> None:
        """`today`: nobody is born later."""
        self.path = path
        self.size = path.stat().st_size
        self.encoding = "utf-8-sig"
        self.problems = 0
        self.rows = 0
        self.notes: list[str] = []
        self._report = report
        self._stations = frozenset(stations) if stations is not None else None
        self._today = (today or date.today()).isoformat()
        self._handle, self._read = -1, 0

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
        with self.path.open("rb") as file:
            self._handle = file.fileno()
            try:
                sheet = Sheet(file, COLUMNS, old_code_page=True)
                self.encoding = sheet.encoding
                yield from self._rows(sheet)
                self.notes = sheet.told()
                if not self.rows and not self.problems:
                    self.problem(1, _("there is no voter in the file; check that it is the right one"))
            except Unreadable as error:
                self.problem(error.line, error.what)
            finally:
                self._handle, self._read = -1, self.size

    def _rows(self, sheet: Sheet) -> Iterator[Row]:
        encode = codecs.charmap_encode
        for number, cells in sheet:
            try:
                whole = "".join(cells)
                encode(whole, "strict", _EVERYDAY)
                if len(whole) <= MAX_ROW and "\0" not in whole and (row := self._row(cells, number)):
                    yield row
                    continue
            except UnicodeEncodeError:
                pass  # some rarer letter: looked at closely
            tidy = _tidy(cells, sheet)
            wrong = list(_what_is_wrong(tidy, self._stations, self._today))
            for what in wrong:
                self.problem(number, what)
            if not wrong and (row := self._row(tidy, number)):
                yield row

    def _row(self, cells: list[str], number: int) -> Row | None:
        """None where any cell is not what it must be, without a word about it."""
        if len(cells) != len(COLUMNS):
            return None
        pin, surname, given, patronymic, born, sex, station, line, address, document = cells
        if (
            len(pin) == PIN_DIGITS
            and pin.isascii()
            and pin.isdigit()
            and (sex == "m" or sex == "f")
            and (surname.strip() or given.strip())
            and _is_date(born)
            and born <= self._today
            and _is_number(line)
            and _is_number(station)
            and (self._stations is None or int(station) in self._stations)
            and (first := _words(surname, SURNAME)) is not None
            and (second := _words(given, GIVEN)) is not None
            and (third := _words(patronymic, "")) is not None
        ):
            self.rows += 1
            return (
                int(pin), surname, given, patronymic, born, sex, int(station), int(line), address, document,
                f"{first} {second} {third}", number,
            )  # fmt: skip
        return None


def _tidy(cells: list[str], sheet: Sheet) -> list[str]:
    """Without what a spreadsheet leaves in a cell and nobody sees: special spaces, and spaces around what is
    written."""
    plain = [cell.translate(SPACES) for cell in cells]
    stripped = [cell.strip(" ") for cell in plain]
    sheet.forgiven["spaces"] += sum(a != b for a, b in zip(cells, plain, strict=True))
    sheet.forgiven["trimmed"] += sum(a != b for a, b in zip(plain, stripped, strict=True))
    return stripped


@lru_cache(maxsize=200_000)
def _words(name: str, kind: str) -> str | None:
    """None for what is no name of a person."""
    return None if damage(name) or name != name.strip() else " ".join(indexed(name, kind))


@lru_cache(maxsize=100_000)
def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


@lru_cache(maxsize=100_000)
def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and date.fromisoformat(text).year >= _FIRST_YEAR
    except ValueError:
        return False


def _what_is_wrong(cells: list[str], stations: Collection[int] | None, today: str) -> Iterator[str]:
    """The slow, talkative twin of the check above, for a row that failed it. Never names the person or the PIN."""
    if len(cells) != len(COLUMNS):
        yield _("cells: {n} instead of {m}; check the commas and quotes", n=len(cells), m=len(COLUMNS))
        return
    row = dict(zip(COLUMNS, cells, strict=True))
    pin = row["pin"]
    if _SHORTENED.fullmatch(pin):
        yield _("the spreadsheet shortened the PIN to a rounded number; format the column as text and export it again")
    elif not (pin.isascii() and pin.isdigit()):
        yield _("the PIN holds something other than digits; correct it from the document")
    elif len(pin) != PIN_DIGITS:
        yield _("digits of the PIN: {n} instead of 14; correct it from the document", n=len(pin))
    if not (row["surname"].strip() or row["given_name"].strip()):
        yield _("there is no name; fill in the surname or the given name")
    if _OTHER_DATE.fullmatch(row["birth_date"]):
        yield _("the spreadsheet changed how the birth date is written; format the column as text, like 1987-04-25")
    elif not _is_date(row["birth_date"]):
        yield _("the birth date is not a date of the calendar; write like 1987-04-25")
    elif row["birth_date"] > today:
        yield _("the birth date lies in the future; correct it from the document")
    if row["sex"] not in ("m", "f"):
        yield _("the sex is neither m nor f; write one of them")
    if not _is_number(row["station"]):
        yield _("the station is not a number; write it in digits")
    elif stations is not None and int(row["station"]) not in stations:
        yield _("station {n} is not in the definition; correct the number", n=int(row["station"]))
    if not _is_number(row["line"]):
        yield _("the line on the list is not a number; write it in digits")
    for column, value in row.items():
        if what := _damage(column, value):
            yield f"{column}: {what}"
    if sum(map(len, cells)) > MAX_ROW:
        yield _("the row is longer than {most} characters; shorten it", most=MAX_ROW)


def _damage(column: str, value: str) -> str:
    if "\ufffd" in value:
        return _("there are bytes that are no letters; save the file as UTF-8")
    if hidden := unbidden(value):
        return _("here is an invisible sign, {sign}; type the cell anew", sign=sign(hidden))
    if column in ("surname", "given_name", "patronymic") and (what := damage(value)):
        return what
    if column in ("address", "document") and (what := damage_of_text(value)):
        return what
    if strange := unprintable(value):
        return _("no form can print {sign}; write it with other letters", sign=sign(strange))
    return ""
