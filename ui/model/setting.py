"""What a terminal stands in: its folder, its devices, its purpose. Built by the composition root."""

from dataclasses import dataclass, field
from pathlib import Path

from kiosk.devices.clock import Clock
from kiosk.devices.media import Media
from kiosk.devices.power import Power, power
from kiosk.devices.printer import Printer, PrinterStatus
from kiosk.devices.tpm import Counters
from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError
from kiosk.trust.tokens import Tokens


@dataclass(kw_only=True)
class Setting:
    """`clock`: None for the system's, in the station's zone. `booth_there`: no second screen is missing. `shows_paper`:
    the booth shows a picture of what was printed, in training. `plugged`: labels of the tokens that are there."""

    folder: Path
    purpose: Purpose
    printer: Printer
    media: Media
    mirror: Path | None = None
    tokens: Tokens | None = None
    counters: Counters | None = None
    clock: Clock | None = None
    two_screens: bool = False
    booth_there: bool = True
    shows_paper: bool = False
    plugged: tuple[str, ...] = ()
    watched: tuple[PrinterStatus, Power] = field(default_factory=lambda: (PrinterStatus("missing"), Power()))

    def watch(self) -> None:
        """Ask the devices how they are. Slow ones are asked outside the worker thread (ui.threads.devices)."""
        self.watched = (self.printer.status(), power())

    def watch_tokens(self) -> None:
        """See which tokens are plugged in. A library that fails is as if there were none."""
        try:
            self.plugged = self.tokens.labels() if self.tokens else ()
        except DeviceError:
            self.plugged = ()
