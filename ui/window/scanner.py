"""A scanner that types like a keyboard, told from a person by its rhythm and its Enter, wherever the focus is.

Keys that come faster than any hand are held back; if Enter ends them they are a scan, otherwise they are handed on as
what they were. The letters of a scan are read by the place of the key, so that a Cyrillic layout spoils nothing.
"""

from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

_FASTEST_HAND = 0.035  # seconds between keys; scanners take 1 to 20 ms
_SHORTEST = 8  # characters
_WAIT_MS = 90  # after the last key: documents have two or three lines, each with its Enter

# evdev key codes + 8, as X11 and Wayland report them → what a US keyboard has there
_ROWS = ((10, "1234567890-="), (24, "qwertyuiop[]"), (38, "asdfghjkl;'`"), (52, "zxcvbnm,./"), (65, " "))
_PLAIN = {first + place: sign for first, signs in _ROWS for place, sign in enumerate(signs)}
_SHIFTED = str.maketrans("1234567890-=[];'`,./", '!@#$%^&*()_+{}:"~<>?')


class Scanner(QObject):
    scanned = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._held: list[tuple[QObject, QKeyEvent]] = []
        self._last = 0.0
        self._replaying = False
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._due)
        self._read_all = False
        app.installEventFilter(self)

    @property
    def undecided(self) -> bool:
        """Keys are held back that may be a scan or a hand's."""
        return bool(self._held)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if self._replaying or event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return False
        if not watched.isWidgetType():
            return False  # the same key comes to the native window first
        key = event
        if not isinstance(key, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            if self._held:
                self._held.append((watched, _copy(key)))
            return bool(self._held)
        if not (key.text() or key.key() == Qt.Key.Key_Shift):
            return False
        return self._pressed(watched, key)

    def _pressed(self, watched: QObject, key: QKeyEvent) -> bool:
        if not _scannable(key):
            self._replay()  # Tab, Backspace, Escape: a hand is at work
            return False
        now = _struck(key)
        quick = now - self._last < _FASTEST_HAND
        self._last, self._read_all = now, False
        if key.key() == Qt.Key.Key_Shift:
            return bool(self._held)
        if self._held and not quick and not self._ends():
            self._replay()
        if key.isAutoRepeat():
            return False
        self._held.append((watched, _copy(key)))
        self._timer.start(_WAIT_MS if quick and len(self._held) > 1 else int(_FASTEST_HAND * 1000))
        return True

    def _ends(self) -> bool:
        presses = self._presses()
        return bool(presses) and presses[-1].key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)

    def _presses(self) -> list[QKeyEvent]:
        return [key for _widget, key in self._held if key.type() == QEvent.Type.KeyPress]

    def _due(self) -> None:
        """A window that was busy reads the keys that came meanwhile before it decides."""
        if self._read_all:
            self._decide()
        else:
            self._read_all = True
            self._timer.start(1)

    def _decide(self) -> None:
        presses = self._presses()
        if self._ends() and len(presses) > _SHORTEST:
            self._held = []
            self.scanned.emit("".join(_letter(key) for key in presses).strip("\n"))
        else:
            self._replay()

    def _replay(self) -> None:
        """A hand typed this: on to where it was going."""
        held, self._held = self._held, []
        self._timer.stop()
        self._replaying = True
        try:
            for widget, key in held:
                QApplication.sendEvent(QApplication.focusWidget() or widget, key)
        finally:
            self._replaying = False


def _struck(key: QKeyEvent) -> float:
    """Seconds, of a clock that only goes on. When the key was struck, not when a busy window came to look at it."""
    return key.timestamp() / 1000 if key.timestamp() else monotonic()


def _copy(key: QKeyEvent) -> QKeyEvent:
    """`key.clone()` would never be freed: Python does not own it, and what was typed would stay in memory."""
    native = key.nativeScanCode(), key.nativeVirtualKey(), key.nativeModifiers()
    return QKeyEvent(
        key.type(), key.key(), key.modifiers(), *native, text=key.text(), autorep=key.isAutoRepeat(), count=key.count()
    )


def _scannable(key: QKeyEvent) -> bool:
    return key.text().isprintable() or key.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Shift)


def _letter(key: QKeyEvent) -> str:
    if key.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return "\n"
    text = key.text()
    if text.isascii():
        return text
    plain = _PLAIN.get(key.nativeScanCode(), "")
    if key.modifiers() & Qt.KeyboardModifier.ShiftModifier or text.isupper():
        return plain.upper() if plain.isalpha() else plain.translate(_SHIFTED)
    return plain
