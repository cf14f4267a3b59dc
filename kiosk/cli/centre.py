"""kiosk authority, kiosk tally, kiosk intake"""

import sys
import time
from contextlib import suppress
from pathlib import Path

import click

from kiosk.centre.intake import run as taking
from kiosk.centre.intake.check import Against, Checked
from kiosk.centre.provision import authority as authority_file
from kiosk.centre.provision.run import ELECTION_FILE
from kiosk.centre.publish.audit import PRIVATE
from kiosk.centre.tables import Tables
from kiosk.centre.tally import Centre, Night, Tally, Watch
from kiosk.cli.output import PlainFile, new_file, problem, progress, table
from kiosk.errors import ProblemsError
from kiosk.messages import message
from kiosk.text import N_, _
from kiosk.trust import election_file
from kiosk.trust.keys import fingerprint

_FEW_APART = 30  # remote ballots: fewer tell too much of whoever cast them
_SECONDS = 1.0  # between two looks at a watched folder
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = PlainFile()
_CENTRE = click.option(
    "--centre", type=_FOLDER,
    help=_("The folder that provisioning made: election, nation index and its key. Without it, the packets' folder."),
)  # fmt: skip
_DATABASE = click.option(
    "--database", help=_("postgresql://… where several people take packets in at once; else a file of its own.")
)


@click.command(help=_("Make the central commission's keys; the sealing half is split among its members."))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help=_("Where to put them."))
@click.option("--shares", default=5, show_default=True, type=click.IntRange(1, 16), help=_("Shares to make."))
@click.option("--needed", default=3, show_default=True, type=click.IntRange(1, 16), help=_("Shares that open."))
def authority(out: Path, shares: int, needed: int) -> None:
    if needed > shares:
        raise click.UsageError(_("{needed} of {shares} shares cannot be needed", needed=needed, shares=shares))
    out.mkdir(parents=True, exist_ok=True)
    made = authority_file.new()
    try:
        paths = authority_file.save_split(made, out, needed, shares)
    except FileExistsError as error:
        raise click.UsageError(_("{file} exists already; choose another folder", file=error.filename)) from error
    for path in paths:
        click.echo(str(path))
    click.echo(_("Fingerprint of the authority, to be printed on paper: {print}", print=fingerprint(made.public)))


@click.command(help=_("Check, squash, anonymise, open, count and seat: the result from all packets, as a version."))
@click.argument("packets", type=_FOLDER)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help=_("Where versions go."))
@click.option(
    "--authority-key", "key_files", type=_FILE, multiple=True,
    help=_("The authority's key file, or its shares: repeat. Without it remote ballots stay closed."),
)  # fmt: skip
@click.option("--decisions", type=_FILE, help=_("What was annulled or struck off, as TOML."))
@_CENTRE
@_DATABASE
def tally(
    packets: Path, out: Path, key_files: tuple[Path, ...], decisions: Path | None, centre: Path | None,
    database: str | None,
) -> None:  # fmt: skip
    files = Centre.in_folder(centre or packets)
    public = election_file.read(files.election).authority_sealing
    seed = authority_file.sealing_seed(key_files, public) if key_files else b""
    if not taking.files_in(packets) and not database:
        raise click.UsageError(_("there is no packet in {folder}; name the folder that holds them", folder=packets))
    out.mkdir(parents=True, exist_ok=True)
    tables = Tables.open(database or _private(out) / "centre.duckdb")
    try:
        with progress(_("packets"), _("packets")) as show:
            night = Night(files, tables, out, seed, watch=Watch(told=_only_refused, progress=show))
            text, name = (decisions.read_bytes(), decisions.name) if decisions else (b"", "")
            made = night.tally(taking.files_in(packets), packets, text, name)
    except ProblemsError as error:
        for what in error.problems:
            problem(what)
        sys.exit(1)
    finally:
        tables.close()
    _summary(made)


def _private(out: Path) -> Path:
    """Beside the versions, which are published: here lies who voted where and when."""
    folder = out / PRIVATE
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _only_refused(checked: Checked, new: bool) -> None:
    if checked.code:
        _verdict(checked, new)


def _verdict(checked: Checked, new: bool) -> None:
    if checked.code:
        said = message(checked.code, checked.facts)
        click.echo(f"✗ {checked.file}: {said.sentence} {said.next_step} [{checked.code}]", err=True)
    elif checked.manifest and new:
        station, version = checked.manifest.station, checked.manifest.version
        click.echo(_("✓ {file}: station {n}, version {v}", file=checked.file, n=station, v=version))
    else:
        click.echo(_("· {file}: taken in before", file=checked.file))


def _summary(made: Tally) -> None:
    result, found = made.result, made.result.findings
    rows = [
        (_("stations counted"), f"{found.packets} / {result.stations}"),
        (_("stations without a packet"), str(len(found.missing))),
        (_("stations with two packets of one version"), str(len({station for station, _version in found.ambiguous}))),
        (_("packets of terminals that a spare had replaced"), str(len(found.forked))),
        (_("packets whose sealed parts are not opened"), str(len(found.unopened))),
        (_("counted from the tables, without the file"), str(len(made.unseen))),
        (_("refused packets"), str(len(found.rejected))),
        (_("stations annulled"), str(len(result.decisions.annul))),
        (_("candidates struck off"), str(len(result.decisions.strike))),
        (_("older versions replaced"), str(len(found.superseded))),
        (_("remote ballots counted"), str(sum(d.remote for d in result.districts))),
        (_("envelopes not opened"), str(sum(found.dropped.values()))),
        (_("voters given a ballot at two home stations"), str(sum(pair.voters for pair in found.twice_at_home))),
        (_("home ballots given to strangers"), str(found.strange)),
        (_("turnouts out of line"), str(len(found.outliers))),
        (_("control equations that do not hold"), str(len(found.broken))),
        (_("seats"), f"{result.seated} / {result.seats}"),
    ]
    table(rows, (_("version {n}", n=result.version), ""))
    if not result.remote_opened:
        click.echo(_("Interim: remote ballots are not counted yet, so seats may change."))
    if 0 < made.told_apart < _FEW_APART:
        click.echo(
            _("Careful: the difference to the version before shows how remote ballots were cast ({n})."
              " Before you publish both, read “Opening once” in docs/centre.md.", n=made.told_apart), err=True
        )  # fmt: skip
    for change in result.changed:
        click.echo(
            _("district {n}: lost {lost}, won {won}", n=change.district, lost=", ".join(change.lost) or "–",
              won=", ".join(change.won) or "–")
        )  # fmt: skip
    if made.new_version:
        click.echo(_("The result is version {n}: {path}", n=result.version, path=made.folder / "report.html"))
    else:
        click.echo(_("Nothing has changed since version {n}: {path}", n=result.version, path=made.folder))


_STEPS = {
    "anonymise": N_("anonymise: as many of each district as the squash kept"),
    "open": N_("open the remote ballots"),
    "count": N_("count by district"),
    "seats": N_("seats"),
    "results": N_("what is published"),
}
_SIGNS = {"equal": "✓", "differs": "✗", "key_missing": "–"}
_FOUND = {"equal": N_("the same"), "differs": N_("differs"), "key_missing": N_("not repeated: the key is needed")}


@click.command(
    help=_("Repeat the steps of a result, each from what the one before left, and compare. Exit 1 if one differs.")
)
@click.argument("version", type=_FOLDER)
@click.option("--centre", type=_FOLDER, required=True, help=_("The folder that provisioning made."))
@click.option("--authority-key", "key_files", type=_FILE, multiple=True,
              help=_("With it the ballots are opened again."))  # fmt: skip
def repeat(version: Path, centre: Path, key_files: tuple[Path, ...]) -> None:
    from kiosk.centre.publish import repeat as repeating

    signed = election_file.read((centre / ELECTION_FILE).read_bytes())
    seed = authority_file.sealing_seed(key_files, signed.authority_sealing) if key_files else b""
    done = repeating.repeat(version, signed.definition, seed)
    places = [f"{one.file}: {one.line}" if one.line else one.file for one in done]
    rows = [
        (_SIGNS[one.found], _(_STEPS[one.step]), place, _(_FOUND[one.found]))
        for one, place in zip(done, places, strict=True)
    ]
    table(rows, ("", _("step"), _("file"), ""))
    if any(one.found == "differs" for one in done):
        sys.exit(1)
    click.echo(_("Check and squash: a tally of the same packets into another folder comes to the same fingerprint."))


@click.command(help=_("Write the page with which anybody checks a protocol's code or a packet, without a network."))
@click.argument("election", type=_FOLDER)
@click.option("--out", type=click.Path(path_type=Path), required=True, callback=new_file, help=_("The page to write."))
def observer_page(election: Path, out: Path) -> None:
    from kiosk.centre.publish.observer import page

    out.write_text(page(election), "utf-8")
    click.echo(_("The page is in {path}. It needs no network; hand it out with the fingerprint on paper.", path=out))


@click.group(help=_("Take packets in as they come."))
def intake() -> None:
    pass


@intake.command(help=_("Take in what appears in a folder, an upload target or a stick; each is told with its verdict."))
@click.argument("folder", type=_FOLDER)
@click.option("--database", required=True, help=_("postgresql://… or the path of a file."))
@click.option("--authority-key", "key_files", type=_FILE, multiple=True,
              help=_("With it the sealed parts are opened at once; without it the tally does that."))  # fmt: skip
@click.option("--once", is_flag=True, help=_("Take in what is there, and stop."))
@_CENTRE
def watch(folder: Path, database: str, key_files: tuple[Path, ...], once: bool, centre: Path | None) -> None:
    election = ((centre or folder) / ELECTION_FILE).read_bytes()
    seed = authority_file.sealing_seed(key_files, election_file.read(election).authority_sealing) if key_files else b""
    tables = Tables.open(database)
    watched = _Watched(folder)
    try:
        while True:
            paths = taking.files_in(folder) if once else watched.ready()
            taking.take_in(tables, paths, Against(election, seed, folder), _verdict)
            if once:
                return
            time.sleep(_SECONDS)
    except KeyboardInterrupt:
        click.echo(_("Stopped. Packets in the tables: {n}.", n=tables.value("SELECT count(*) FROM packet")))
    finally:
        tables.close()


class _Watched:
    """Files that are new or changed and that nobody is still writing: they were the same at the look before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, tuple[int, int]] = {}
        self._taken: dict[Path, tuple[int, int]] = {}

    def ready(self) -> list[Path]:
        before, self._seen = self._seen, {}
        for path in taking.files_in(self._folder):
            with suppress(OSError):  # gone again
                stat = path.stat()
                self._seen[path] = (stat.st_size, stat.st_mtime_ns)
        found = [p for p, now in self._seen.items() if before.get(p) == now and self._taken.get(p) != now]
        self._taken |= {path: self._seen[path] for path in found}
        return found
