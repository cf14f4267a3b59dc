"""Reading a CSV table from outside: every cell is checked, every problem is kept with its line."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence

from kiosk.errors import Problem
from kiosk.text import _

MAX_FIELD = 500


class Row:
    """One line of a table. A getter that finds a problem reports it and returns a harmless stand-in."""

    def __init__(self, table: "Table", line: int, cells: dict[str, str]) -> None:
        self.table = table
        self.line = line
        self.cells = cells

    def problem(self, what: str) -> None:
        self.table.problem(self.line, what)

    def text(self, column: str) -> str:
        value = self.cells.get(column, "").strip()
        if not value:
            self.problem(_("{column} is empty; fill it in", column=column))
        elif len(value) > MAX_FIELD:
            self.problem(_("{column} is longer than {most} characters; shorten it", column=column, most=MAX_FIELD))
        elif any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") for c in value):
            self.problem(_("{column} holds a control character; type it anew", column=column))
        return value

    def optional_text(self, column: str) -> str:
        """ "" where the cell is empty or the table has no such column."""
        return self.text(column) if self.cells.get(column, "").strip() else ""

    def number(self, column: str, least: int = 0, most: int = 10_000_000) -> int:
        value = self.cells.get(column, "").strip()
        if not (value.isascii() and value.isdigit()) or not least <= int(value[:12]) <= most or len(value) > 12:
            self.problem(
                _(
                    "{column} is “{value}”; write a whole number from {least} to {most}",
                    column=column,
                    value=value[:20],
                    least=least,
                    most=most,
                )
            )
            return least
        return int(value)

    def choice(self, column: str, options: Sequence[str]) -> str:
        value = self.cells.get(column, "").strip()
        if value not in options:
            known = ", ".join(options)
            self.problem(
                _(
                    "{column} is “{value}”; write one of: {known}",
                    column=column,
                    value=value[:20],
                    known=known,
                )
            )
            return options[0]
        return value


class Table:
    """A CSV file in memory. Iterating gives its rows; `problems` collects what is wrong."""

    def __init__(self, name: str, untrusted: bytes, columns: Sequence[str], problems: list[Problem]) -> None:
        self.name = name
        self.problems = problems
        self._columns = columns
        try:
            self._text = untrusted.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = untrusted[: error.start].count(b"\n") + 1
            self.problem(line, _("this is not UTF-8 text; save the file as “CSV UTF-8”"))
            self._text = ""

    def problem(self, line: int, what: str) -> None:
        self.problems.append(Problem(self.name, line, what))

    def __iter__(self) -> Iterator[Row]:
        if not self._text.strip():
            if not self.problems or self.problems[-1].file != self.name:
                self.problem(1, _("the file is empty; fill it in"))
            return
        reader = csv.DictReader(io.StringIO(self._text, newline=""), strict=True)
        line = 1  # the last that was read whole
        try:
            header = reader.fieldnames or []
            missing = [c for c in self._columns if c not in header]
            if missing and len(header) == 1 and ";" in header[0]:
                self.problem(1, _("the cells are parted by semicolons; save the file with commas"))
                return
            if missing:
                self.problem(1, _("columns are missing: {columns}; add them", columns=", ".join(missing)))
                return
            if twice := sorted({c for c in header if header.count(c) > 1}):
                self.problem(1, _("columns are given twice: {columns}; remove one", columns=", ".join(twice)))
                return
            for cells in reader:
                line = reader.line_num
                if None in cells or None in cells.values():
                    self.problem(reader.line_num, _("the number of cells differs from the heading; check the commas"))
                    continue
                yield Row(self, reader.line_num, cells)
        except csv.Error as error:
            what = _("here begins what is no CSV row: {error}; look for a quote that is not closed", error=str(error))
            self.problem(line + 1, what)
