"""The `kiosk` program, as pyproject.toml names it: the commands of `kiosk.cli`, and those of the window."""

from kiosk import cli
from kiosk.text import N_


def main() -> None:
    cli.join(
        {
            "run": ("ui.command", N_("Open the station's window.")),
            "demo": ("ui.command", N_("Open a training station.")),
        },
        by_screen="ui.command",
    )
    cli.main()
