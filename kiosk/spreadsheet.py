"""What a spreadsheet saves as CSV → its rows, one at a time. One reader for the roll and for the election folder.

Strict about what a cell means, forgiving about what a spreadsheet leaves behind: empty rows and columns, a mark of byte
order, spaces that do not break, DOS's end of file. What was forgiven is told. What is no such table is refused with
its cause, not with what follows from it.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from kiosk.letters import code_page, code_page_name, foreign, misread
from kiosk.text import _

Told = Callable[[int, str], None]  # line, what

_CHUNK = 1 << 20
_SIGNATURES = {
    b"PK\x03\x04": "XLSX",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"{\\rtf": "RTF",
    b"%PDF": "PDF",
    b"\x1f\x8b": "GZIP",
    b"SQLite format 3": "SQLite",
    b"<!DOCTYPE": "HTML",
    b"<html": "HTML",
}
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# Spaces that word processors and spreadsheets put in place of the one on the keyboard.
SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u3000", " "))
_NOTHING = " \t\r\n\x1a\u00a0"
_PREVIEW = 60  # characters


class Unreadable(Exception):  # noqa: N818 (it is no error of ours)
    """This is no table: `line` and what to do."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


class Sheet:
    """Iterate for `(line, cells)`, the cells in the order of `columns` and then of those `optional` ones that are
    there (`self.columns`). Unreadable before the first row where the heading or the text is not what it must be, and
    in between where the quotes end the table."""

    def __init__(
        self, file: BinaryIO, columns: Sequence[str], optional: Sequence[str] = (), *, old_code_page: bool = False
    ) -> None:
        """`old_code_page`: Windows-1251 is taken too, as old registers are kept."""
        self.encoding = _encoding(file, old_code_page)
        self.forgiven: Counter[str] = Counter()
        self._file = file
        self._required, self._optional = tuple(columns), tuple(optional)
        self.columns: tuple[str, ...] = ()
        self._line = 1  # the last that was read whole

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, self.encoding, "replace", newline="")
        reader = csv.reader(text, strict=True)
        try:
            heading = self._heading([cell.translate(SPACES).strip() for cell in next(reader, [])])
            width, order = len(heading), [heading.index(column) for column in self.columns]
            straight = order == list(range(width))
            for cells in reader:
                self._line = reader.line_num
                if straight and len(cells) == width and len(cells[0]) > 1:  # nearly every one
                    yield reader.line_num, cells
                elif not "".join(cells).strip(_NOTHING):
                    self.forgiven["rows"] += 1
                else:
                    yield reader.line_num, self._in_order(cells, order, width)
        except csv.Error as error:
            what = _("here begins what is no CSV row: {error}; look for a quote that is not closed", error=str(error))
            raise Unreadable(self._line + 1, what) from error
        finally:
            text.detach()  # whoever opened the file closes it

    def _in_order(self, cells: list[str], order: list[int], width: int) -> list[str]:
        """As `columns` has them, without empty cells at the end; as they are where there are too few or too many."""
        if len(cells) > width and not "".join(cells[width:]).strip(_NOTHING):
            self.forgiven["columns"] += 1
            del cells[width:]
        return [cells[place] for place in order] if len(cells) == width else cells

    def _heading(self, found: list[str]) -> list[str]:
        if found and found[0].lower().startswith("sep="):
            what = _("the first line is “{line}”, which Excel alone understands; remove it", line=found[0][:20])
            raise Unreadable(1, what)
        while found and not found[-1]:
            found = found[:-1]  # columns that were emptied and not removed
        if not found:
            raise Unreadable(1, _("the file is empty; fill it in"))
        if len(found) == 1 and len(self._required) > 1:
            for mark, what in (
                (";", _("the cells are parted by semicolons; save the file with commas")),
                ("\t", _("the cells are parted by tabs; save the file as “CSV UTF-8”, with commas")),
                ("|", _("the cells are parted by “|”; save the file with commas")),
            ):
                if mark in found[0]:
                    raise Unreadable(1, what)
        if twice := sorted({column for column in found if found.count(column) > 1}):
            raise Unreadable(1, _("columns are given twice: {columns}; remove one", columns=", ".join(twice)))
        if missing := [column for column in self._required if column not in found]:
            raise Unreadable(1, _("columns are missing: {columns}; add them", columns=", ".join(missing)))
        if strange := [column for column in found if column not in (*self._required, *self._optional)]:
            what = _("columns are not known: {columns}; correct the heading, or remove them",
                     columns=", ".join(column[:30] or "–" for column in strange))  # fmt: skip
            raise Unreadable(1, what)
        self.columns = (*self._required, *(column for column in self._optional if column in found))
        return found

    def told(self) -> list[str]:
        """What was forgiven, as sentences for whoever made the table."""
        words = {
            "rows": _("Empty rows that were passed over: {n}.", n=self.forgiven["rows"]),
            "columns": _("Rows with empty cells at the end, which were passed over: {n}.", n=self.forgiven["columns"]),
            "spaces": _("Cells with special spaces, which were read as ordinary ones: {n}.", n=self.forgiven["spaces"]),
            "trimmed": _("Cells with spaces around them, which were left out: {n}.", n=self.forgiven["trimmed"]),
        }
        return [what for kind, what in words.items() if self.forgiven[kind]]


def _encoding(file: BinaryIO, old_code_page: bool) -> str:
    """`utf-8-sig`, or `cp1251`. The first line with letters decides: where it is good UTF-8, a later damaged place
    does not make the file another, and the row's own check names it."""
    file.seek(0)
    head = file.read(4096)
    for signature, kind in _SIGNATURES.items():
        if head.lower().startswith(signature.lower()):
            what = _("this is a file of the kind {kind} and no CSV; open it and save it as “CSV UTF-8”", kind=kind)
            raise Unreadable(1, what)
    if head.startswith(_WIDE) or 20 * head.count(b"\0") > len(head):
        raise Unreadable(1, _("this is UTF-16 (“Unicode text”); save the file as “CSV UTF-8”"))
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    number, first = 0, b""
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        file.seek(0)
        for line in file:
            number += 1
            if not line.removeprefix(codecs.BOM_UTF8).isascii():
                first = line.removeprefix(codecs.BOM_UTF8)
                break
    if first and not _is_utf8(first):
        page = code_page(first + file.read(_CHUNK))
        if page == "cp1251" and old_code_page:
            return page
        what = _(
            "this is text in {encoding} and not UTF-8; save the file as “CSV UTF-8”. The line reads: {text}",
            encoding=code_page_name(page),
            text=foreign(first.decode(page, "replace"), _PREVIEW),
        )
        raise Unreadable(number, what)
    _refuse_misread(file)
    return "utf-8-sig"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_misread(file: BinaryIO) -> None:
    """Good UTF-8 that spells nonsense: another program had read the text in a wrong code page before it saved it."""
    file.seek(0)
    text = file.read(_CHUNK).decode("utf-8-sig", "replace")
    name, better = misread("\n".join(line for line in text.splitlines() if not line.isascii()))
    if name:
        number = next(n for n, line in enumerate(text.splitlines(), 1) if not line.isascii())
        what = _(
            "the text was once read wrongly: as {encoding} the line reads: {text}. Export it again as “CSV UTF-8”",
            encoding=name,
            text=foreign(better.splitlines()[0], _PREVIEW),
        )
        raise Unreadable(number, what)
