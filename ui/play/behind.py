"""What stands behind the window in training: a station of its own with fakes for devices, and the trainer."""

from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.demo import training as tr
from kiosk.devices.clock import TrainingClock
from kiosk.devices.media import TrainingMedia
from kiosk.devices.printer import FolderPrinter
from kiosk.errors import ProblemsError
from kiosk.progress import Progress
from kiosk.settings import RESOURCES
from ui.model import parts
from ui.model.seat import Seat
from ui.model.setting import Setting
from ui.model.terminal import Terminal
from ui.model.training.trainer import Station, Trainer

if TYPE_CHECKING:
    from kiosk.election import source


def training(base: Path, number: int, fresh: bool, progress: Progress, *, second: bool = False) -> Terminal:
    """The station below `base`, made now if it is not there."""

    def renew(report: Progress) -> tr.Training:
        return tr.prepare(base, example, number, report)

    if fresh:
        tr.restart(base)
    found = renew(lambda _step, done, size: progress("training", done, size))
    station = Station(
        training=found,
        clock=TrainingClock(tr.clock_of(found), "demo"),
        printer=FolderPrinter(base / "printed", "demo"),
        media=TrainingMedia(base / "stick", "demo"),
    )
    setting = Setting(
        folder=found.folder,
        purpose="demo",
        printer=station.printer,
        media=station.media,
        mirror=base / "mirror",
        clock=station.clock,
        two_screens=second,
        shows_paper=True,
    )
    setting.watch()
    seat = Seat(setting, progress)
    return Terminal(seat, parts.on(seat, Trainer(seat, station, renew)))


def example() -> "source.Source":
    from kiosk.election import source

    folder = RESOURCES / "example-election"
    found, problems = source.read({name: (folder / name).read_bytes() for name in source.FILES})
    if found is None:
        raise ProblemsError(problems)
    return found
