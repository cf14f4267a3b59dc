"""kiosk check-election"""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from kiosk.cli.output import problem
from kiosk.election import source
from kiosk.election.definition import Definition, District
from kiosk.errors import DeviceError, Problem, ProblemsError
from kiosk.numerals import number
from kiosk.text import _

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def read_folder(
    folder: Path,
    report: Callable[[Problem], None] = problem,
    warning: Callable[[Problem], None] = lambda what: None,
) -> source.Source:
    """The election in a folder; ProblemsError after every problem was reported."""
    files = {name: (folder / name).read_bytes() for name in source.FILES if (folder / name).is_file()}
    found, problems = source.read(files)
    for doubt in found.warnings if found else ():
        warning(doubt)
    if found is not None:
        problems = _unprintable(found.definition)
    for what in problems:
        report(what)
    if found is None or problems:
        raise ProblemsError(problems)
    return found


def _unprintable(definition: Definition) -> list[Problem]:
    """The district with most on its ballot, printed once: nobody may find out on the day that a sheet is too long."""
    from kiosk.forms import ballots

    def letters(district: District) -> int:
        return sum(len(c.name_ky) + len(c.name_ru) for c in district.candidates) + len(district.candidates)

    served = {s.district: s.number for s in definition.stations}
    there = [d for d in definition.districts if d.number in served]
    try:
        for district in sorted(there, key=letters)[-1:]:
            ballots.blank(definition, served[district.number], district)
    except DeviceError as error:
        what = _("the ballot of district {n} does not fit on its sheets ({reason}); use shorter names",
                 n=district.number, reason=str(error.facts["reason"]))  # fmt: skip
        return [Problem("candidates.csv", 1, what)]
    return []


@click.command(help=_("Check an election folder; report every problem as file:line: what is wrong, what to do."))
@click.argument("folder", type=FOLDER)
def check_election(folder: Path) -> None:
    try:
        found = read_folder(
            folder,
            lambda what: click.echo(str(what)),  # the list is what was asked for
            lambda what: click.echo(_("look at {place}: {what}", place=f"{what.file}:{what.line}", what=what.what)),
        ).definition
    except ProblemsError as error:
        click.echo(_("Problems: {n}. Correct the lines named above and check again.", n=error.total), err=True)
        sys.exit(1)
    candidates = [c for d in found.districts for c in d.candidates]
    men = sum(c.sex == "m" for c in candidates)
    lines = (
        _("election: {id} ({purpose})", id=found.id, purpose=found.purpose),
        _("districts: {n}, seats: {seats}", n=len(found.districts), seats=sum(d.seats for d in found.districts)),
        _("candidates: {n}, men {m}, women {f}", n=len(candidates), m=men, f=len(candidates) - men),
        _("stations: {n}, abroad {a}", n=len(found.stations), a=sum(s.kind == "abroad" for s in found.stations)),
        _("voters: {n}", n=number(sum(s.voters for s in found.stations))),
        _("hash: {hash}", hash=found.hash),
    )
    for line in lines:
        click.echo(line)
