"""A touch on a screen that has gone dark only wakes it: nobody chooses what nobody can see.

The terminal is set up so that its screen never goes dark (docs/terminal.md); this is for one that is not.
"""

from time import monotonic

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

_DARK = 540.0  # seconds without a touch or a key: an X server blanks after 600, a desktop not before
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TouchBegin)
_POINTER = (*_PRESSES, QEvent.Type.MouseButtonRelease, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd)
_RELEASES = (QEvent.Type.MouseButtonRelease, QEvent.Type.TouchEnd)


class Waking(QObject):
    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.last = monotonic()  # touch or key
        self._only_wakes = False
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            self.last = monotonic()  # keys are a scanner's more often than not: none is lost
        if kind not in _POINTER:
            return False
        if kind in _PRESSES and not self._only_wakes:
            self._only_wakes = monotonic() - self.last > _DARK
        self.last = monotonic()
        swallowed = self._only_wakes
        if swallowed:
            event.accept()  # otherwise a touch comes once more, as a click
        if kind in _RELEASES:
            self._only_wakes = False
        return swallowed
