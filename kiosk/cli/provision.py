"""kiosk provision, kiosk load"""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from kiosk.centre.provision import authority as authority_file
from kiosk.centre.provision.run import NATION_FILE, Run
from kiosk.centre.provision.run import provision as provision_stations
from kiosk.cli.election import FOLDER, read_folder
from kiosk.cli.output import PlainFile, problem, progress, table
from kiosk.errors import ProblemsError, Refusal
from kiosk.messages import message
from kiosk.storage.files import read_small, write_file
from kiosk.text import _
from kiosk.trust.badges import Badge
from kiosk.trust.keys import fingerprint
from kiosk.trust.tokens import Tokens

_FILE = PlainFile()


@click.command(help=_("Make signed packages, badge cards and PIN letters of stations, and the shared nation index."))
@click.argument("election", type=FOLDER)
@click.argument("roll", type=_FILE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help=_("Where to put them."))
@click.option("--station", "stations", type=int, multiple=True, help=_("Only this station; may be repeated."))
@click.option(
    "--authority",
    type=PlainFile(),
    help=_("The authority's key file; for demo and test one is made in the output folder."),
)
@click.option("--tokens", "module", type=_FILE,
              help=_("Tokens in place of cards: their PKCS#11 library; a label is a badge's id."))  # fmt: skip
@click.option(
    "--replace", is_flag=True, help=_("Make everything anew; packages that went out are good for nothing then.")
)
def provision(
    election: Path, roll: Path, out: Path, stations: tuple[int, ...], authority: Path | None, module: Path | None,
    replace: bool,
) -> None:  # fmt: skip
    source = read_folder(election)
    definition = source.definition
    for number in stations:
        if not definition.has_station(number):
            raise click.UsageError(_("station {n} is not in the definition", n=number))
    wanted = {o.id for o in source.officials if not stations or o.station in stations}
    tokens = _tokens(str(module), wanted) if module else {}
    path = authority or out / "authority.json"
    made_here = not path.exists()
    if made_here:
        if definition.purpose == "official":
            raise click.UsageError(_("an official election needs --authority with the commission's own key file"))
        path.parent.mkdir(parents=True, exist_ok=True)
        authority_file.save(authority_file.new(), path)
    keys = authority_file.load(path)
    now = datetime.now(ZoneInfo(definition.zone)).replace(microsecond=0)
    try:
        with progress(_("stations"), _("stations")) as show:
            run = Run(
                source=source, roll=roll, out=out, authority=keys, now=now, stations=stations or None, tokens=tokens
            )
            made = provision_stations(run, replace=replace, report=problem, progress=show)
    except ProblemsError as error:
        if made_here:
            path.unlink()
        click.echo(
            _("Problems in the roll: {n}. Nothing was made: correct them and try again.", n=error.total), err=True
        )
        sys.exit(1)
    table(
        [(str(p.station), str(p.package), str(len(p.cards))) for p in made], (_("station"), _("package"), _("badges"))
    )
    click.echo(_("Nation index: {path}", path=out / NATION_FILE))
    click.echo(_("Fingerprint of the authority, to be printed on paper: {print}", print=fingerprint(keys.public)))


def _tokens(module: str, wanted: set[str]) -> dict[str, Badge]:
    """Of every token that is plugged in and named after one of these badges, its badge; the operator plugs in more."""
    plugged, made = Tokens(module), dict[str, Badge]()
    while True:
        for label in plugged.labels():
            while label in wanted and label not in made:
                pin = click.prompt(_("PIN of the token {badge}", badge=label), hide_input=True)
                badge = plugged.prepare(label, pin)
                if isinstance(badge, Refusal):
                    click.echo(message(badge.code, badge.facts).title, err=True)
                    if badge.code == "badge_pin_wrong":
                        continue
                    sys.exit(1)
                made[label] = badge
        if not click.confirm(_("Tokens that are ready: {n}. Plug in more?", n=len(made)), default=False):
            return made


@click.command(help=_("Set up a terminal: check PACKAGE and the nation index, lay out the station's data folder."))
@click.argument("package", type=_FILE)
@click.option("--nation", type=_FILE, required=True, help=_("The nation index that came with the package."))
@click.option("--data", type=click.Path(path_type=Path), required=True, help=_("The station's data folder, new."))
@click.option("--purpose", type=click.Choice(["demo", "test", "official"]), default="official", show_default=True,
              help=_("What this terminal is for; a package for anything else is refused."))  # fmt: skip
@click.option("--fingerprint", "paper", help=_("The authority's fingerprint, read from paper."))
def load(package: Path, nation: Path, data: Path, purpose: str, paper: str | None) -> None:
    from typing import cast

    from kiosk.day.setup import load_package
    from kiosk.election.definition import Purpose

    with progress() as show:
        checks = load_package(
            package,
            nation,
            data,
            cast(Purpose, purpose),
            authority_fingerprint=paper,
            progress=lambda _step, done, size: show(_("copying"), done, size),
        )
    table([("✓", _(check.name), check.found) for check in checks], ("", _("check"), _("found")))
    click.echo(_("The terminal is set up. Sign in with a badge of this station."))


@click.command(
    "take-over", help=_("Go on at a spare terminal: COPY is a broken one's second copy, or its data folder.")
)
@click.argument("copy", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), required=True, help=_("The station's data folder, new."))
@click.option("--purpose", type=click.Choice(["demo", "test", "official"]), default="official", show_default=True,
              help=_("What this terminal is for; a package for anything else is refused."))  # fmt: skip
@click.option("--fingerprint", "paper", help=_("The authority's fingerprint, read from paper."))
def take_over(copy: Path, data: Path, purpose: str, paper: str | None) -> None:
    from typing import cast

    from kiosk.day import spare
    from kiosk.election.definition import Purpose

    with progress() as show:
        checks = spare.take_over(
            spare.read_copy(copy), data, cast(Purpose, purpose), paper,
            progress=lambda _step, done, size: show(_("copying"), done, size),
        )  # fmt: skip
    table([("✓", _(check.name), check.found) for check in checks], ("", _("check"), _("found")))
    click.echo(_("The day goes on here. Keep the broken terminal switched off and compare the counters."))


@click.command(
    help=_(
        "Sign the commission's order to one station: to vote (again) until an hour, or to correct its signed protocol."
    )
)
@click.argument("centre", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--station", type=int, required=True, help=_("To whom."))
@click.option("--until", default="", help=_("The new closing hour at that station, as 2025-11-30T22:00."))
@click.option("--correct", is_flag=True, help=_("To correct the signed protocol, in place of an hour."))
@click.option("--number", type=click.IntRange(1), required=True, help=_("The commission's number; higher than before."))
@click.option("--authority-key", type=_FILE, required=True, help=_("The authority's key file that signs."))
@click.option("--out", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True,
              help=_("The stick to write it to."))  # fmt: skip
def order(centre: Path, station: int, until: str, correct: bool, number: int, authority_key: Path, out: Path) -> None:
    from kiosk.centre.provision.run import ELECTION_FILE
    from kiosk.day import orders
    from kiosk.trust import election_file

    signed = election_file.read((centre / ELECTION_FILE).read_bytes())
    keys = authority_file.load(authority_key)
    if keys.public != signed.authority:
        raise click.UsageError(_("{file} is not the key of this election's authority", file=authority_key.name))
    if not signed.definition.has_station(station):
        raise click.UsageError(_("station {n} is not in the definition", n=station))
    if correct == bool(until):
        raise click.UsageError(_("name either --until or --correct"))
    hour = None if correct else _hour(until, signed.definition.station(station).zone)
    path = out / f"{station}-{number}{orders.SUFFIX}"
    made = orders.Order(
        definition_hash=signed.definition.hash,
        station=station,
        action="reopen" if hour else "correct",
        number=number,
        until=hour.isoformat() if hour else "",
    )
    path.write_bytes(orders.issue(made, keys.signing))
    if hour is None:
        click.echo(_("The order is in {path}: station {n} corrects its protocol.", path=path, n=station))
        return
    told = f"{hour:%d.%m.%Y %H:%M %Z}"
    click.echo(_("The order is in {path}: station {n} votes until {until}.", path=path, n=station, until=told))


@click.command(help=_("Answer a station's request for its recovery copy: fewer than k of its members came back."))
@click.argument("centre", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("request", type=_FILE)
@click.option("--authority-key", type=_FILE, required=True, help=_("The authority's key file that signs."))
@click.option("--share", "shares", type=_FILE, multiple=True,
              help=_("A share of the sealing half: repeat. None where the key file holds both halves."))  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True,
              help=_("The stick to write it to."))  # fmt: skip
def recover(centre: Path, request: Path, authority_key: Path, shares: tuple[Path, ...], out: Path) -> None:
    from kiosk.centre.provision.run import ELECTION_FILE
    from kiosk.day import recovery
    from kiosk.packet import package
    from kiosk.trust import election_file
    from kiosk.trust.keys import sealing_key

    signed = election_file.read((centre / ELECTION_FILE).read_bytes())
    keys = authority_file.load(authority_key)
    if keys.public != signed.authority:
        raise click.UsageError(_("{file} is not the key of this election's authority", file=authority_key.name))
    station = recovery.station_of(request.name)
    if station is None or not signed.definition.has_station(station):
        raise click.UsageError(_("{file} is no request of a station of this election", file=request.name))
    who = package.read_file(centre / str(station) / package.file_name(station)).credential
    asked = recovery.read_request(read_small(request, 1 << 16), who)
    sealing = sealing_key(authority_file.sealing_seed(shares or (authority_key,), signed.authority_sealing))
    path = out / f"{station}{recovery.ANSWER_SUFFIX}"
    write_file(path, recovery.answer(asked, who, sealing=sealing, signing_key=keys.signing))
    click.echo(_("The answer is in {path}: only the badge {badge} of station {n} opens it.",
                 path=path, badge=asked.badge, n=station))  # fmt: skip


def _hour(text: str, zone: str) -> datetime:
    """By the station's own clock, unless the text names a zone."""
    try:
        hour = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(_("{text} is no time; write it as 2025-11-30T22:00", text=text)) from error
    return hour if hour.tzinfo else hour.replace(tzinfo=ZoneInfo(zone))
