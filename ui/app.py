"""The composition root: the only place where the window, the worker and what is behind it are put together."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QCoreApplication, QEvent, QLockFile, QObject
from PySide6.QtWidgets import QApplication

from kiosk.progress import Progress
from ui import crash
from ui.intents import BoothScreen, Intent, Quit
from ui.look import theme
from ui.look.scale import scaled, use_scale
from ui.look.theme import Look
from ui.look.tokens import DENSE_BELOW, DPI, Scale
from ui.threads.tasks import Behind, Tasks
from ui.views import BoothView, View
from ui.window.booth import BoothWindow
from ui.window.displays import Displays, OwnScale
from ui.window.memory import be_lean
from ui.window.scanner import Scanner
from ui.window.shell import Shell
from ui.window.waking import Waking

Build = Callable[[Progress], Behind]


def application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, prepared."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(arguments or ["kiosk"])
    theme.prepare(app)
    be_lean()
    return app


def scale(app: QApplication, number: int = 0) -> Scale:
    """Millimetres as the screen of this number says they are; screens that lie are taken for ordinary ones. KIOSK_DPI
    overrules."""
    screen = app.screens()[number] if number < len(app.screens()) else None
    told = (_number(os.environ.get("KIOSK_DPI", "")), screen.physicalDotsPerInch() if screen else None)
    dpi = next((one for one in told if one is not None and 80 <= one <= 170), DPI)
    return Scale(dpi, dense=screen is not None and screen.size().height() / dpi * 25.4 < DENSE_BELOW)


def _number(setting: str) -> float | None:
    """None for what is no number; a comma is taken for the point."""
    try:
        return float(setting.strip().replace(",", "."))
    except ValueError:
        return None


def booth_scale(app: QApplication) -> Scale | None:
    """Of the voter's own screen, if there is one."""
    return scale(app, 1) if len(app.screens()) > 1 else None


class App(QObject):
    """A window with a worker behind it. `build` runs on the worker thread. `booth_scale`: there is a second screen, and
    it is the voter's."""

    def __init__(
        self,
        app: QApplication,
        build: Build,
        crashes: Path,
        may_close: bool,
        *,
        with_scale: Scale,
        booth_scale: Scale | None = None,
    ) -> None:
        super().__init__()
        use_scale(with_scale)
        self._crashes = crashes
        self._stopped = False  # what is on its way from the worker is not shown any more
        self._displays: Displays | None = None
        self.app = app
        self.shell = Shell(Look("standard", with_scale), may_close)
        self.waking = Waking(app)
        self.scanner = Scanner(app)
        self.tasks = Tasks(build)
        self.booth: BoothWindow | None = None
        if booth_scale:
            with scaled(booth_scale):
                self.booth = BoothWindow(Look("standard", booth_scale))
            self.booth.asked.connect(self._ask)
            self._scales = OwnScale(app)
        self.shell.asked.connect(self._ask)
        self.scanner.scanned.connect(self.shell.scanned)
        self.tasks.viewed.connect(self._viewed)
        self.tasks.progressed.connect(self.shell.show_progress)
        self.tasks.crashed.connect(self._crashed)

    def show(self, windowed: bool) -> None:
        """Each window on its screen. windowed: the staff's is an ordinary window."""
        self._displays = Displays(self.app, self.shell, self.booth, windowed)
        self._displays.booth_changed.connect(self._booth_changed)

    def _booth_changed(self, there: bool) -> None:
        if self.booth and not there:
            self.booth.cover()  # whoever plugs the cable in again must not see what the voter marked
        self._ask(BoothScreen(there))

    def start(self) -> None:
        self.tasks.start()

    def _ask(self, intent: Intent) -> None:
        if isinstance(intent, Quit):
            self._quit()
            return
        self.tasks.post(intent)

    def _quit(self) -> None:
        """Only the chair may, or whoever stands at a terminal that is no station yet."""
        officer = self.shell.view.officer
        if (officer and officer.role == "chair") or self.shell.view.phase == "unconfigured":
            if self.booth:
                self.booth.leave()
            self.shell.leave(self.app.quit)

    def _viewed(self, view: View) -> None:
        if self._stopped:
            return
        try:
            if self.booth:
                with scaled(self.booth.look.scale):
                    self.booth.show_view(view)
                nothing = BoothView(page=view.booth.page, language=view.booth.language)
                view = msgspec.structs.replace(view, booth=nothing)  # the staff's window never holds a choice
            with scaled(self.shell.look.scale):
                self.shell.show_view(view)
        except Exception as error:  # noqa: BLE001 (a screen that breaks must not take the day with it)
            self._crashed(error)

    def _crashed(self, error: BaseException) -> None:
        if self._stopped:
            return
        self.shell.show_crash(crash.keep(self._crashes, error))

    def catch_everything(self) -> None:
        """An exception in any slot shows the error screen; nobody is shown a traceback."""

        def caught(kind: type[BaseException], error: BaseException, trace: object) -> None:
            if issubclass(kind, KeyboardInterrupt):
                self.shell.leave(self.app.quit)
                return
            self._crashed(error)

        sys.excepthook = caught

    def hurry(self) -> None:
        """These voters know what they want to read: no touch has to wait until a new page can have been read."""
        for booth in (self.shell.voters_screen(), self.booth.booth if self.booth else None):
            if booth:
                booth.quiet_seconds = 0.0

    def stop(self) -> None:
        """Nothing of this window hears, ticks or shows any more; its widgets are gone when this returns."""
        self._stopped = True
        self.app.removeEventFilter(self.scanner)
        self.app.removeEventFilter(self.waking)
        self.shell.rest()
        if self.booth:
            self.app.removeEventFilter(self._scales)
            self._scales.deleteLater()
            self.booth.leave()
        self.tasks.stop()
        self.tasks.viewed.disconnect(self._viewed)
        self.tasks.progressed.disconnect(self.shell.show_progress)
        self.tasks.crashed.disconnect(self._crashed)
        self.shell.leave()
        for window in (self.booth, self.shell, self._displays):
            if window:
                window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def only_instance(folder: Path) -> QLockFile | None:
    """A lock that the system frees when the process ends; None if another window has it. OSError if the folder can't
    be written."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(folder / ".window.lock"))
    lock.setStaleLockTime(0)
    if lock.tryLock(100):
        return lock
    if lock.error() == QLockFile.LockError.PermissionError:
        raise PermissionError(13, "not writable", str(folder))
    return None
