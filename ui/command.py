"""kiosk run, kiosk demo: open the window. They join the command line in ui.program; Qt is imported only when one is
called."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.errors import KioskError
from kiosk.progress import Progress, silent
from kiosk.text import _, language, use_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.threads.tasks import Behind

_DATA = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
_FOLDER = click.Path(file_okay=False, path_type=Path)


def second_screen() -> bool:
    """Whether the voter has a screen of their own."""
    from PySide6.QtGui import QGuiApplication

    return len(QGuiApplication.screens()) > 1


def has_display() -> bool:
    """Whether a window can be opened; Qt itself would end the process."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return True
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@click.command(
    help=_("Open the station's window: full screen, one at a time; only the chair's badge closes it."),
)
@click.option("--data", type=_FOLDER, required=True, help=_("The station's folder; empty for a new terminal."))
@click.option("--windowed", is_flag=True, help=_("In a window that may be closed, for trying it out."))
@click.option("--mirror", type=_FOLDER, help=_("A folder on a second medium that is kept equal."))
@click.option("--printer", default="", help=_("The CUPS queue; without it, the system's default."))
@click.option("--media", type=_FOLDER, multiple=True, help=_("More folders that count as removable media."))
@click.option("--purpose", type=click.Choice(["official", "test"]), default="official", show_default=True,
              help=_("What this terminal is for; packages for anything else are refused."))  # fmt: skip
@click.option("--tokens", type=click.Path(exists=True, dir_okay=False),
              help=_("The PKCS#11 library of the tokens that stand in for cards."))  # fmt: skip
def run(
    data: Path, windowed: bool, mirror: Path | None, printer: str, media: tuple[Path, ...], purpose: str,
    tokens: str | None,
) -> None:  # fmt: skip
    def build(progress: Progress) -> "Behind":
        from ui.behind import official

        return official(
            data,
            mirror,
            printer,
            media,
            tokens=tokens or "",
            purpose=purpose,
            second=second_screen(),
            progress=progress,
        )

    _open(build, data.parent if data.parent != data else data, data, windowed)


@click.command(
    help=_("Open a training station: its own folder, its own keys, documents and badges to touch."),
)
@click.option("--station", default=1021, show_default=True, type=int, help=_("Which station."))
@click.option("--data", type=_FOLDER, default=_DATA / "kiosk-training", show_default=True,
              help=_("Where the training station lies."))  # fmt: skip
@click.option("--full-screen", is_flag=True, help=_("As at a real station."))
@click.option("--fresh", is_flag=True, help=_("Begin a new training day."))
def demo(station: int, data: Path, full_screen: bool, fresh: bool) -> None:
    def build(progress: Progress) -> "Behind":
        from ui.play.behind import training

        return training(data, station, fresh, progress, second=second_screen())

    _open(build, data, data, not full_screen)


def rehearse_by_screen(station: int, voters: int, seed: int, out: Path) -> None:
    """A whole day at a training station, every step a touch on the window; offscreen where there is no display."""
    from kiosk.cli.output import progress
    from kiosk.demo import training as tr

    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui import app as composition
    from ui.play import behind
    from ui.play.rehearsal import Rehearsal

    tr.restart(out)
    training = tr.prepare(out, behind.example, station, silent)
    application = composition.application()
    root = composition.App(
        application,
        lambda told: behind.training(out, station, False, told),
        out,
        True,
        with_scale=composition.scale(application),
    )
    root.shell.resize(root.shell.sizeHint())
    root.shell.show()
    root.start()
    with progress(_("voters"), _("serving voters")) as show:
        day = Rehearsal(root, training, seed, lambda n: show(_("serving voters"), n, voters)).run(voters)
    root.stop()
    if not day.verdict.accepted:
        raise KioskError(day.verdict.code or "unknown", **day.verdict.facts)
    click.echo(
        _(
            "Voters served: {served}; turned away: {refused}; touches: {touches}; seconds: {seconds}.",
            served=day.served,
            refused=day.refused,
            touches=day.touches,
            seconds=day.seconds,
        )
    )
    click.echo(_("The packet is verified: {path}", path=day.packet))


def _open(build: "Callable[[Progress], Behind]", crashes: Path, data: Path, windowed: bool) -> None:
    if not has_display():
        raise KioskError("no_display")
    from ui import app as composition

    chosen = language()
    use_language(chosen if "LANGUAGE" in os.environ or "LANG" in os.environ else "ky")
    application = composition.application()
    lock = composition.only_instance(crashes)
    if lock is None:
        raise KioskError("already_running")
    scale, booth_scale = composition.scale(application), composition.booth_scale(application)
    root = composition.App(application, build, crashes, windowed, with_scale=scale, booth_scale=booth_scale)
    root.catch_everything()
    root.show(windowed)
    root.start()
    if root.booth:
        root.shell.closed.connect(root.booth.leave)
    application.exec()
    root.stop()
    lock.unlock()
