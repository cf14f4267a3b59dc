"""kiosk roll: import, find, post"""

import sys
from pathlib import Path

import click
import msgspec

from kiosk.cli.election import FOLDER, read_folder
from kiosk.cli.output import PlainFile, as_json, explain, new_file, problem, progress, table
from kiosk.election.definition import Definition
from kiosk.errors import ProblemsError, Refusal
from kiosk.numerals import number
from kiosk.roll.book import Book, Found
from kiosk.roll.importing import Imported, import_roll
from kiosk.roll.person import looks_like_mrz, read_pin
from kiosk.text import _

_FILE = PlainFile()


def _key(ctx: click.Context, parameter: click.Parameter, value: str) -> bytes:
    try:
        key = bytes.fromhex(value)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise click.BadParameter(_("the key is 64 hexadecimal digits"))
    return key


_KEY = click.option("--key", required=True, callback=_key, metavar="HEX", help=_("The file's key, 64 hex digits."))


@click.group(help=_("Import a roll, find voters in it, print the list for posting."))
def roll() -> None:
    pass


@roll.command("import", help=_("Import ROLL.csv into a new encrypted file ROLL.sqlite: all rows or none."))
@click.argument("source", type=_FILE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), callback=new_file)
@_KEY
@click.option("--election", type=FOLDER, help=_("Compare stations and numbers of voters with this folder."))
def import_(source: Path, target: Path, key: bytes, election: Path | None) -> None:
    definition = read_folder(election).definition if election else None
    stations = {s.number for s in definition.stations} if definition else None
    try:
        with progress(_("rows"), _("importing")) as show:
            done = import_roll(
                source,
                target,
                key,
                stations=stations,
                report=problem,
                progress=show,
            )
    except ProblemsError as error:
        click.echo(_("Bad rows: {n}. Nothing was imported: correct them and import again.", n=error.total), err=True)
        sys.exit(1)
    _report(done, definition)


def _report(done: Imported, definition: Definition | None) -> None:
    men = sum(n for (_station, sex), n in done.counts.items() if sex == "m")
    encoding = "UTF-8" if done.encoding == "utf-8-sig" else "Windows-1251"
    click.echo(_("voters: {n}, men {m}, women {f} ({encoding})", n=number(done.rows), m=number(men),
                 f=number(done.rows - men), encoding=encoding))  # fmt: skip
    for note in done.notes:
        click.echo(note)
    numbers = sorted({place for place, _sex in done.counts})
    rows = []
    differing = 0
    for station in numbers:
        found = (done.counts.get((station, "m"), 0), done.counts.get((station, "f"), 0))
        wanted = (definition.station(station).voters_m, definition.station(station).voters_f) if definition else found
        differing += found != wanted
        mark = (
            ""
            if definition is None
            else _("as defined")
            if found == wanted
            else _("definition: {m} + {f}", m=wanted[0], f=wanted[1])
        )
        if len(numbers) <= 40 or found != wanted:
            rows.append((str(station), str(found[0]), str(found[1]), mark))
    table(rows, (_("station"), _("men"), _("women"), ""))
    if definition is None:
        click.echo(_("Not compared with a definition: add --election FOLDER to do so."))
    elif differing:
        click.echo(_("Stations that differ from the definition: {n}. Find out which of the two is right.", n=differing))
    else:
        click.echo(_("All {n} stations have the voters the definition says.", n=len(numbers)))


@roll.command(help=_("Find voters by PIN, by scanned document lines, or by name; near misses when nothing matches."))
@click.argument("file", type=_FILE)
@click.argument("text")
@_KEY
@click.option("--json", "json_", is_flag=True, help=_("Print JSON for programs."))
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help=_("At most so many."))
def find(file: Path, text: str, key: bytes, json_: bool, limit: int) -> None:
    book = Book.open(file, key)
    found = _find(book, text, limit)
    if isinstance(found, Refusal):
        explain(found)
        sys.exit(1)
    if json_:
        as_json({"near": found.near, "voters": [msgspec.to_builtins(v) for v in found.voters]})
        return
    if not found.voters:
        by_number = any(c.isdigit() for c in text)
        click.echo(
            _("Nobody on this roll has this number.")
            if by_number
            else _("Nobody found. Try fewer letters, or the PIN.")
        )
        return
    if found.near:
        click.echo(_("Nobody is spelled like this; these are near:"))
    rows = [(v.pin, v.name, v.birth_date, str(v.station), str(v.line), v.address) for v in found.voters]
    table(rows, (_("PIN"), _("name"), _("born"), _("station"), _("line"), _("address")))


def _find(book: Book, text: str, limit: int) -> Found | Refusal:
    text = text.replace("\\n", "\n")
    if looks_like_mrz(text) or any(c.isdigit() for c in text):
        pin = read_pin(text)
        if isinstance(pin, Refusal):
            return pin
        voter = book.find(pin)
        return Found((voter,) if voter else (), False)
    return book.search(text, limit)


@roll.command(help=_("Print the list for public posting as PDF: number, name, birth year, address; no PIN."))
@click.argument("file", type=_FILE)
@click.argument("pdf", type=click.Path(dir_okay=False, path_type=Path), callback=new_file)
@_KEY
@click.option("--election", type=FOLDER, required=True, help=_("The election folder, for the heading."))
def post(file: Path, pdf: Path, key: bytes, election: Path) -> None:
    from datetime import UTC, datetime

    from kiosk.forms.pages import posting_list
    from kiosk.storage.files import write_file

    voters = list(Book.open(file, key).in_order())
    stations = sorted({v.station for v in voters})
    if len(stations) != 1:
        raise click.UsageError(_("the roll holds {n} stations; a posting list is for one", n=len(stations)))
    definition = read_folder(election).definition
    if not definition.has_station(stations[0]):
        raise click.UsageError(_("station {n} is not in the definition", n=stations[0]))
    write_file(pdf, posting_list(definition, stations[0], voters, datetime.now(UTC)))
    click.echo(str(pdf))
