"""Reading a CSV table from outside: every cell is checked, every problem is kept with its line."""

import io
from collections.abc import Iterator, Sequence

from kiosk.errors import Problem
from kiosk.letters import damage, damage_of_text, sign, unbidden, unprintable
from kiosk.spreadsheet import SPACES, Sheet, Unreadable
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
        """Something to be read and printed: an address, a title."""
        return self._text(column, damage_of_text(self._cell(column)))

    def name(self, column: str) -> str:
        """Of a person."""
        return self._text(column, damage(self._cell(column)))

    def _text(self, column: str, damaged: str) -> str:
        value = self._cell(column)
        if not value:
            self.problem(_("{column} is empty; fill it in", column=column))
        elif len(value) > MAX_FIELD:
            self.problem(_("{column} is longer than {most} characters; shorten it", column=column, most=MAX_FIELD))
        elif what := wrong_sign(value) or damaged:
            self.problem(f"{column}: {what}")
        return value

    def optional_text(self, column: str) -> str:
        """ "" where the cell is empty or the table has no such column."""
        return self.text(column) if self._cell(column) else ""

    def _cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def number(self, column: str, least: int = 0, most: int = 10_000_000) -> int:
        value = self._cell(column)
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

    def key(self, column: str, most: int) -> int:
        """A number by which other files speak of this row: where it is wrong, theirs can't be compared with it."""
        before = len(self.table.problems)
        value = self.number(column, 1, most)
        self.table.whole = self.table.whole and len(self.table.problems) == before
        return value

    def choice(self, column: str, options: Sequence[str]) -> str:
        value = self._cell(column)
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


def wrong_sign(value: str) -> str:
    """What can be neither read nor printed in a text that a commission wrote; "" if all is well."""
    if hidden := unbidden(value):
        return _("here is an invisible sign, {sign}; type the cell anew", sign=sign(hidden))
    if strange := unprintable(value):
        return _("no form can print {sign}; write it with other letters", sign=sign(strange))
    return ""


class Table:
    """A CSV file in memory. Iterating gives its rows; `problems` collects what is wrong, `notes` what was forgiven.

    `whole`, after iterating: whether every row is known by its key. Files that name these rows are compared with a
    whole table only: what follows from a cause is not told beside it.
    """

    def __init__(
        self,
        name: str,
        untrusted: bytes,
        columns: Sequence[str],
        problems: list[Problem],
        *,
        optional: Sequence[str] = (),
        notes: list[Problem] | None = None,
    ) -> None:
        self.name = name
        self.problems = problems
        self.whole = True
        self._untrusted = untrusted
        self._columns, self._optional = columns, optional
        self._notes = notes if notes is not None else []

    def problem(self, line: int, what: str) -> None:
        self.problems.append(Problem(self.name, line, what))

    def __iter__(self) -> Iterator[Row]:
        try:
            sheet = Sheet(io.BytesIO(self._untrusted), self._columns, self._optional)
            for line, cells in sheet:
                if len(cells) != len(sheet.columns):
                    self.whole = False
                    self.problem(line, _("the number of cells differs from the heading; check the commas"))
                    continue
                plain = [cell.translate(SPACES).strip() for cell in cells]
                sheet.forgiven["spaces"] += sum("\u00a0" in cell for cell in cells)
                yield Row(self, line, dict(zip(sheet.columns, plain, strict=True)))
            self._notes.extend(Problem(self.name, 1, what) for what in sheet.told())
        except Unreadable as error:
            self.whole = False
            self.problem(error.line, error.what)
