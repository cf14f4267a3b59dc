"""What stands behind the window: a real station with its devices, or a training one with its fakes."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from kiosk.demo import training as tr
from kiosk.devices.clock import TrainingClock
from kiosk.devices.media import MountedMedia, TrainingMedia
from kiosk.devices.printer import CupsPrinter, FolderPrinter
from kiosk.election.definition import Purpose
from kiosk.errors import ProblemsError
from kiosk.progress import Progress
from kiosk.settings import RESOURCES
from ui.model.setting import Setting
from ui.model.terminal import Terminal
from ui.watching import watch

if TYPE_CHECKING:
    from kiosk.election import source


def official(
    data: Path,
    mirror: Path | None,
    printer: str,
    media: tuple[Path, ...],
    *,
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
        clock=None,
        two_screens=second,
    )
    watch(setting)
    return Terminal(setting, progress)


def training(base: Path, station: int, fresh: bool, progress: Progress, *, second: bool = False) -> Terminal:
    """The station below `base`, made now if it is not there."""

    def renew(report: Progress) -> tr.Training:
        return tr.prepare(base, example, station, report)

    def told(_step: str, done: int, size: int) -> None:
        progress("training", done, size)

    if fresh:
        tr.restart(base)
    found = renew(told)
    clock = TrainingClock(tr.clock_of(found), "demo")
    setting = Setting(
        folder=found.folder,
        purpose="demo",
        printer=FolderPrinter(base / "printed", "demo"),
        media=TrainingMedia(base / "stick", "demo"),
        mirror=base / "mirror",
        clock=clock,
        two_screens=second,
        training=found,
        renew=renew,
    )
    setting.watch()
    return Terminal(setting, progress)


def example() -> "source.Source":
    from kiosk.election import source

    folder = RESOURCES / "example-election"
    found, problems = source.read({name: (folder / name).read_bytes() for name in source.FILES})
    if found is None:
        raise ProblemsError(problems)
    return found
