"""The command line. Each command is imported only when it is called: `kiosk --help` must feel instant."""

import importlib
import io
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from kiosk import __version__
from kiosk.errors import KioskError
from kiosk.settings import LANGUAGES
from kiosk.text import N_, _, use_language
from kiosk.trust.process import close_to_others

# command → (module, what it does)
COMMANDS = {
    "check-election": ("kiosk.cli.election", N_("Check an election folder; report every problem with file and line.")),
    "seats": ("kiosk.cli.seats", N_("Work out the seats from a table of results.")),
    "roll": ("kiosk.cli.roll", N_("Import a roll, find voters in it, print the list for posting.")),
    "provision": ("kiosk.cli.provision", N_("Make the signed packages of stations from an election and a roll.")),
    "load": ("kiosk.cli.provision", N_("Set up a terminal from a station package, telling every check.")),
    "take-over": ("kiosk.cli.provision", N_("Go on at a spare terminal from a broken one's second copy.")),
    "order": ("kiosk.cli.provision", N_("Sign the commission's order to one station to vote on.")),
    "recover": ("kiosk.cli.provision", N_("Answer a station whose members did not come back to open the box.")),
    "verify": ("kiosk.cli.verify", N_("Check a result packet; exit 0 accepted, 1 refused, 2 misuse.")),
    "rehearse": ("kiosk.cli.demo", N_("Run a whole election day at one station in simulated time.")),
    "authority": ("kiosk.cli.centre", N_("Make the central commission's keys, the sealing half in shares.")),
    "tally": ("kiosk.cli.centre", N_("From all packets to the result and its 90 seats, as a numbered version.")),
    "repeat": ("kiosk.cli.centre", N_("Repeat the steps of a result and compare, as an auditor.")),
    "intake": ("kiosk.cli.centre", N_("Take packets in as they come.")),
    "observer-page": ("kiosk.cli.centre", N_("Write the page with which observers check codes and packets.")),
    "demo-nation": ("kiosk.cli.demo", N_("Write the synthetic roll of the whole country.")),
    "simulate-nation": ("kiosk.cli.demo", N_("The election in all stations with its faults, then the tally.")),
}


BY_SCREEN: list[str] = []  # the module that can rehearse a day by touch, if there are screens


def join(commands: Mapping[str, tuple[str, str]], by_screen: str) -> None:
    """Whoever stands above this package joins with commands of its own, and is the script (pyproject.toml)."""
    COMMANDS.update(commands)
    BY_SCREEN[:] = [by_screen]


# What click says by itself, looked up in our catalogue (kiosk.text.use_language).
CLICK = (
    N_("Usage:"), N_("Options"), N_("Commands"), N_("Error: {message}"), N_("Show this message and exit."),
    N_("Show the version and exit."), N_("Try '{command} {option}' for help."), N_("Missing argument"),
    N_("Missing option"), N_("No such option {name!r}."), N_("No such command {name!r}."),
    N_("Invalid value: {message}"), N_("Invalid value for {param_hint}: {message}"), N_("Aborted!"),
    N_("default: {default}"), N_("{name} {filename!r} does not exist."), N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is a file."), N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."), N_("file"), N_("directory"), N_("path"),
)  # fmt: skip


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[name][0])
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(what)) for name, (_module, what) in COMMANDS.items()])


@click.group(cls=_Commands, help=_("A polling station: roll, sealed ballots, signed result packets; offline."))
@click.version_option(__version__, prog_name="kiosk")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    expose_value=False,
    help=_("Language of all sentences; without it, that of the system."),
)
def kiosk() -> None:
    pass


def language(arguments: list[str], environment: Any) -> str:
    """Before anything is printed, help texts included: --language, then the system's own setting."""
    for place, argument in enumerate(arguments):
        if argument == "--language" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--language="):
            return argument.partition("=")[2]
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if found := environment.get(name):
            return str(found)[:2]
    return "en"


def main() -> None:
    """The `kiosk` program: errors become one sentence with a code, never a traceback."""
    use_language(language(sys.argv[1:], os.environ))
    close_to_others()
    os.umask(0o077)  # rolls, badges, packages, tables: what is written here is its owner's alone
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a bare C locale can't say ң; UTF-8 always can
            stream.reconfigure(encoding="utf-8", errors="replace")
    kiosk.help = _("A polling station: roll, sealed ballots, signed result packets; offline.")
    try:
        kiosk(prog_name="kiosk")
    except KioskError as error:
        from kiosk.cli.output import explain

        explain(error)
        sys.exit(1)
    except OSError as error:
        from kiosk.cli.output import explain
        from kiosk.storage.files import disk_error

        explain(disk_error(error, str(error.filename or ""), "path_unusable"))
        sys.exit(1)
