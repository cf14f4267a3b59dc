"""Which window stands on which screen, also when a cable is pulled out in the middle of the day.

Without this the system would move the booth's window over the clerk's, with a voter's ballot on it, or the roll before
the voter. A window whose screen is gone is hidden until its screen is back; what was on it stays as it was.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QApplication, QWidget

from ui.look.scale import use_scale
from ui.look.theme import Look

_SETTLED_MS = 300  # a cable that is plugged in comes and goes a few times


class Displays(QObject):
    booth_changed = Signal(bool)  # the voter's screen is there

    def __init__(self, app: QApplication, desk: QWidget, booth: QWidget | None, windowed: bool) -> None:
        super().__init__(app)
        self._app = app
        self._places: list[tuple[str, QWidget, Callable[[], None]]] = []
        screens = app.screens()
        if booth is None:
            self._show(desk, screens[0], windowed)
            return
        for window, screen, as_window in ((desk, screens[0], windowed), (booth, screens[1], False)):
            self._show(window, screen, as_window)
            self._places.append((screen.name(), window, partial(self._show, window, None, as_window)))
        self._booth, self._there = booth, True
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._timer.timeout.connect(self._put_back)
        app.screenRemoved.connect(self._gone)
        app.screenAdded.connect(self._timer.start)

    def _show(self, window: QWidget, screen: QScreen | None, windowed: bool) -> None:
        if windowed:
            if screen is not None:
                window.resize(window.sizeHint())
            window.show()
            return
        if screen is not None:
            window.setGeometry(screen.geometry())
        window.showFullScreen()

    def _gone(self, screen: QScreen) -> None:
        for name, window, _again in self._places:
            if name == screen.name():
                window.hide()
        self._tell()
        self._timer.start()

    def _put_back(self) -> None:
        there = {screen.name(): screen for screen in self._app.screens()}
        for name, window, again in self._places:
            if name in there and not window.isVisible():
                window.setGeometry(there[name].geometry())
                again()
            elif name not in there:
                window.hide()
        self._tell()

    def _tell(self) -> None:
        if self._there != self._booth.isVisible():
            self._there = not self._there
            self.booth_changed.emit(self._there)


class OwnScale(QObject):
    """Two screens of two sizes: what happens in a window is laid out in the millimetres of its own screen."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        above: QObject | None = watched
        while above is not None and not isinstance(above, QWidget):  # a timer belongs to its widget
            above = above.parent()
        look = getattr(above.window(), "look", None) if above is not None else None
        if isinstance(look, Look):
            use_scale(look.scale)
        return False
