"""kiosk rehearse, kiosk demo-nation"""

import csv
import importlib
import os
from pathlib import Path

import click

from kiosk import cli
from kiosk.cli.election import FOLDER, read_folder
from kiosk.cli.output import as_json, new_file, progress, table
from kiosk.demo import nation
from kiosk.demo.rehearsal import Outcome, Rehearsal
from kiosk.election.source import Source
from kiosk.errors import KioskError
from kiosk.numerals import number
from kiosk.settings import RESOURCES
from kiosk.text import _

_ELECTION = click.option("--election", type=FOLDER, help=_("Another election folder than the bundled example."))


def _source(folder: Path | None) -> Source:
    return read_folder(folder or RESOURCES / "example-election")


@click.command(help=_("Run a whole election day at one station through the real code, in simulated time."))
@click.option("--station", default=1021, show_default=True, type=int, help=_("Which station."))
@click.option("--voters", default=400, show_default=True, type=click.IntRange(1, 5000), help=_("Voters of the roll."))
@click.option("--remote", default=25, show_default=True, type=click.IntRange(0, 2000), help=_("Remote voters."))
@click.option("--seed", default=7, show_default=True, type=int, help=_("The same seed gives the same day."))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("rehearsal"), show_default=True,
              help=_("Where everything is put."))  # fmt: skip
@click.option("--screen", is_flag=True, help=_("Through the screens, by touch, at a training station."))
@click.option("--json", "json_", is_flag=True, help=_("Print JSON for programs as the last line."))
@_ELECTION
def rehearse(
    station: int, voters: int, remote: int, seed: int, out: Path, screen: bool, json_: bool, election: Path | None
) -> None:
    if screen:
        if not cli.BY_SCREEN:  # the program without its face
            raise KioskError("no_display")
        importlib.import_module(*cli.BY_SCREEN).rehearse_by_screen(station, min(voters, 140), seed, out)
        return
    source = _source(election)
    if not source.definition.has_station(station):
        raise click.UsageError(_("station {n} is not in the definition", n=station))
    most = source.definition.station(station).voters - 8
    if voters > most:
        raise click.UsageError(_("station {n} has room for at most {most} voters of its roll", n=station, most=most))
    with progress(_("voters"), _("serving voters")) as show:
        outcome = Rehearsal(source, station, voters, remote, seed=seed, out=out, progress=show).run()
    if json_:
        as_json(_json(outcome))
    else:
        _show(outcome)
    if not outcome.verdict.accepted:
        raise SystemExit(1)


def _json(outcome: Outcome) -> dict[str, object]:
    names = "station given cast abandoned withdrawn remote refused counted packet protocol journal seconds refusals"
    found = {name: getattr(outcome, name) for name in names.split()}
    paths = {name: str(found[name]) for name in ("packet", "protocol", "journal")}
    return {**found, **paths, "verified": outcome.verdict.accepted}


def _show(outcome: Outcome) -> None:
    rows = [
        (_("ballots given"), outcome.given),
        (_("cast"), outcome.cast),
        (_("abandoned"), outcome.abandoned),
        (_("withdrawn"), outcome.withdrawn),
        (_("of the cast, sealed for other districts"), outcome.remote),
        (_("counted here"), outcome.counted),
        (_("refused, each as it should be"), outcome.refused),
    ]
    table([(name, str(value)) for name, value in rows], (_("station {n}", n=outcome.station), ""))
    table([("✓", _(check.name), check.found) for check in outcome.verdict.checks], ("", _("check"), _("found")))
    click.echo(_("A whole day in {seconds} seconds. The packet is verified.", seconds=outcome.seconds))
    click.echo(_("packet:   {path}", path=outcome.packet))
    click.echo(_("protocol: {path}", path=outcome.protocol))
    click.echo(_("journal:  {path}", path=outcome.journal))


@click.command(help=_("Write the synthetic roll of the whole country with exactly the published figures."))
@click.option("--out", type=click.Path(path_type=Path), required=True, callback=new_file, help=_("The CSV to write."))
@click.option("--stations", type=click.IntRange(1), help=_("Only the first so many stations."))
@click.option("--seed", default=7, show_default=True, type=int, help=_("The same seed gives the same people."))
@_ELECTION
def demo_nation(out: Path, stations: int | None, seed: int, election: Path | None) -> None:
    definition = _source(election).definition
    chosen = definition.stations[:stations]
    size = sum(s.voters for s in chosen)
    part = out.with_name(out.name + ".part")
    written = 0
    try:
        with part.open("w", encoding="utf-8", newline="") as file, progress(_("rows"), _("writing")) as show:
            file.write(nation.COLUMNS + "\n")
            writer = csv.writer(file, lineterminator="\n")
            for row in nation.all_rows(definition, stations, seed):
                writer.writerow(row)
                written += 1
                if written % 20_000 == 0:
                    show(_("writing"), written, size)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    men = sum(s.voters_m for s in chosen)
    click.echo(_("voters: {n}, men {m}, women {f}, stations {s}, in {path}", n=number(written), m=number(men),
                 f=number(size - men), s=len(chosen), path=out))  # fmt: skip


@click.command(help=_("The election in all stations with what goes wrong in them; then the tally, compared with it."))
@click.option(
    "--scale", default=0.05, show_default=True, type=click.FloatRange(0.001, 1.0), help=_("Share of stations.")
)
@click.option("--seed", default=7, show_default=True, type=int, help=_("The same seed gives the same election."))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("nation"), show_default=True,
              help=_("Where everything is put."))  # fmt: skip
@_ELECTION
def simulate_nation(scale: float, seed: int, out: Path, election: Path | None) -> None:
    from kiosk.demo.simulation import Simulation

    out.mkdir(parents=True, exist_ok=True)
    with progress("", _("stations"), _("stations vote"), _("packets")) as show:
        outcome = Simulation(
            _source(election), out, scale, seed,
            progress=show,
        ).run()  # fmt: skip
    result = outcome.made.result
    rows = [
        (_("stations"), str(outcome.stations)),
        (_("packets"), str(outcome.packets)),
        (_("ballots at the home station"), str(outcome.voters)),
        (_("remote ballots cast"), str(outcome.envelopes)),
        (_("double voters planted"), str(sum(outcome.planted.values()))),
        (_("envelopes not opened"), str(sum(result.findings.dropped.values()))),
        (_("stations without a valid packet"), str(len(result.findings.missing))),
        (_("seats"), f"{result.seated} / {result.seats}"),
        *((name, f"{seconds} s") for name, seconds in outcome.seconds.items()),
    ]
    table(rows, (_("The simulated country"), ""))
    for problem in outcome.problems:
        click.echo(f"✗ {problem}", err=True)
    click.echo(_("Report: {path}", path=outcome.made.folder / "report.html"))
    if outcome.problems:
        raise SystemExit(1)
    click.echo(_("Every planted fault was found, and the count is what was cast."))
