"""Keys struck as a scanner or a hand strikes them, each with a time of its own: a slow machine spoils no rhythm.

For rehearsals by screen and for tests.
"""

from time import monotonic, sleep

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

_SCANNER_MS = 5  # between two keys
_HAND_MS = 60


class Keys:
    """To wherever the focus is, or to `else_to` where no widget has it."""

    def __init__(self, else_to: QObject) -> None:
        self._else_to = else_to
        self._ms = 0

    def scan(self, text: str) -> None:
        """Text as a scanner types it. A line break is Enter."""
        self._from_now()
        for sign in text:
            self.strike(sign, _SCANNER_MS)

    def type(self, text: str) -> None:
        """Text as a person types it. A line break is Enter."""
        self._from_now()
        for sign in text:
            self.strike(sign, _HAND_MS)
            sleep(_HAND_MS / 1000)
            QApplication.processEvents()

    def strike(self, sign: str, after_ms: int, place: int = 0) -> None:
        """A key down and up, so long after the one before. place: its scan code, 0 if the keyboard tells none."""
        self._ms += after_ms
        code = Qt.Key.Key_Return if sign == "\n" else ord(sign.upper())
        shift = Qt.KeyboardModifier.ShiftModifier if sign.isupper() else Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = QKeyEvent(kind, code, shift, *(place, 0, 0), text="\r" if sign == "\n" else sign)
            key.setTimestamp(self._ms)
            QApplication.sendEvent(QApplication.focusWidget() or self._else_to, key)

    def _from_now(self) -> None:
        self._ms = int(monotonic() * 1000)
