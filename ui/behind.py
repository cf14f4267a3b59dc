"""What stands behind the window of a real station: its folder, its devices, its terminal. A training one is made by
ui.play.behind, which nothing here imports."""

from pathlib import Path
from typing import cast

from kiosk.devices import tpm
from kiosk.devices.media import MountedMedia
from kiosk.devices.printer import CupsPrinter
from kiosk.election.definition import Purpose
from kiosk.progress import Progress
from kiosk.trust.tokens import Tokens
from ui.model import parts
from ui.model.seat import Seat
from ui.model.setting import Setting
from ui.model.terminal import Terminal
from ui.threads.devices import watch


def terminal(setting: Setting, progress: Progress) -> Terminal:
    seat = Seat(setting, progress)
    return Terminal(seat, parts.on(seat))


def official(
    data: Path,
    mirror: Path | None,
    printer: str,
    media: tuple[Path, ...],
    *,
    tokens: str = "",
    purpose: str,
    second: bool,
    progress: Progress,
) -> Terminal:
    setting = Setting(
        folder=data,
        purpose=cast("Purpose", purpose),
        printer=CupsPrinter(printer),
        media=MountedMedia(more=media, not_=(data, *([mirror] if mirror else []))),
        mirror=mirror,
        tokens=Tokens(tokens) if tokens else None,
        clock=None,
        counters=tpm.on_this_machine(),
        two_screens=second,
    )
    watch(setting)
    return terminal(setting, progress)
