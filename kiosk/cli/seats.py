"""kiosk seats"""

import sys
from pathlib import Path

import click
import msgspec

from kiosk.cli.output import PlainFile, as_json, problem, table
from kiosk.election.seats import Outcome, Votes, allot
from kiosk.election.table import Table
from kiosk.errors import Problem
from kiosk.numerals import number
from kiosk.text import _

COLUMNS = ("district", "candidate", "sex", "votes", "filed")
AGAINST_ALL = "against_all"


def read_results(name: str, untrusted: bytes) -> tuple[dict[str, tuple[list[Votes], int]], list[Problem]]:
    """district → (candidates, votes against all), in order of the file; and every problem."""
    problems: list[Problem] = []
    rows: dict[str, list[Votes]] = {}
    against: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for row in Table(name, untrusted, COLUMNS, problems):
        district, candidate = str(row.number("district", 1, 999_999)), row.text("candidate")
        votes = row.number("votes")
        if (district, candidate) in seen:
            row.problem(_("{name} is given twice in district {n}; remove one", name=candidate, n=district))
        seen.add((district, candidate))
        standing = rows.setdefault(district, [])
        if candidate == AGAINST_ALL:
            against[district] = votes
        else:
            sex = row.choice("sex", ("m", "f"))
            standing.append(Votes(candidate, "m" if sex == "m" else "f", votes, row.number("filed", 0, 99_999)))
    if not rows and not problems:
        problems.append(Problem(name, 1, _("there are no results; fill in the table")))
    return {d: (standing, against.get(d, 0)) for d, standing in rows.items()}, problems


@click.command(help=_("Work out the seats from RESULTS.csv: three a district, at most two of one sex."))
@click.argument("results", type=PlainFile())
@click.option("--json", "json_", is_flag=True, help=_("Print JSON for programs."))
def seats(results: Path, json_: bool) -> None:
    districts, problems = read_results(results.name, results.read_bytes())
    if problems:
        for what in problems:
            problem(what)
        sys.exit(1)
    outcomes = {district: allot(standing, against) for district, (standing, against) in districts.items()}
    if json_:
        as_json([{"district": int(d), **msgspec.to_builtins(outcome)} for d, outcome in outcomes.items()])
        return
    reasons = {"votes": _("votes"), "sex_rule": _("sex rule")}
    rows = [
        (district, seat.candidate, seat.sex, number(seat.votes), reasons[seat.reason])
        for district, outcome in outcomes.items()
        for seat in outcome.seats
    ]
    table(rows, (_("district"), _("candidate"), _("sex"), _("votes"), _("reason")))
    _flags(outcomes)


def _flags(outcomes: dict[str, Outcome]) -> None:
    sentences = {
        "against_all_leads": _("“against all” has more votes than anybody: a repeat election may follow"),
        "vacant_seat": _("a seat stays vacant: too few candidates of the other sex"),
        "seat_without_votes": _("a seat would go to a candidate without a single vote: the commission must look at it"),
        "tie_by_filing_order": _("equal votes were decided by the order of filing"),
        "unresolved_tie": _("equal votes and equal filing: the commission must decide; the seat is left open"),
    }
    for district, outcome in outcomes.items():
        for flag in outcome.flags:
            click.echo(_("district {n}: {what}", n=district, what=sentences[flag]))
