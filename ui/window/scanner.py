"""A scanner that types like a keyboard, told from a person by its rhythm and by what it says, wherever the focus is.

Keys that come faster than any hand are held back; if a suffix ends them, or they are a whole number, document or card,
they are a scan, otherwise they are handed on as what they were. A slow scanner's keys are handed on as they come and
remembered: once they can only be a card or a document, what is in the field is taken out again and the rest is held.
Letters are read by the place of the key, so that no layout and no CapsLock spoils anything.
"""

import re
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from kiosk.errors import IntegrityError
from kiosk.roll.person import is_whole
from kiosk.trust.badges import PREFIX, card_id

_FASTEST_HAND = 0.020  # seconds between keys; most scanners take 1 to 15 ms
_SLOWEST_SCANNER = 0.120
_SHORTEST = 8  # characters
_WAIT_MS = 90  # after the last key: documents have two or three lines, each with its suffix
_SLOW_WAIT_MS = 500
_AGAIN = 1.0  # seconds in which the same text is the same reading: a scanner that is left on reads twice

# evdev key codes + 8, as X11 and Wayland report them → what a US keyboard has there
_ROWS = ((10, "1234567890-="), (24, "qwertyuiop[]"), (38, "asdfghjkl;'`"), (52, "zxcvbnm,./"), (65, " "), (51, "\\"))
_PLAIN = {first + place: sign for first, signs in _ROWS for place, sign in enumerate(signs)} | {94: "<"}
_SHIFTED = str.maketrans("1234567890-=[];'`,./\\<", '!@#$%^&*()_+{}:"~<>?|>')
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")  # the kind of code, which some scanners say first (ISO/IEC 15424)
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class Scanner(QObject):
    scanned = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._held: list[tuple[QObject, QKeyEvent]] = []
        self._trail = ""  # what a slow scanner, or a hand, has typed without a pause, as it was handed on
        self._capturing = False  # the trail was a card's or a document's: nothing is handed on any more
        self._captured = ""
        self._last = 0.0
        self._heard = ("", 0.0)  # the last scan and when it ended
        self._replaying = False
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._due)
        self._read_all = False
        app.installEventFilter(self)

    @property
    def undecided(self) -> bool:
        """Keys are held back that may be a scan or a hand's."""
        return bool(self._held) or self._capturing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin):
            self._heard = ("", 0.0)  # somebody answered in between: what is read now is read anew
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
            return self.undecided
        if not (key.text() or key.key() == Qt.Key.Key_Shift):
            return False
        return self._pressed(watched, key)

    def _pressed(self, watched: QObject, key: QKeyEvent) -> bool:
        now = _struck(key)
        gap, self._last = now - self._last, now
        self._read_all = False
        if not 0 <= gap <= _SLOWEST_SCANNER:
            self._trail = ""
        if key.key() in _ENDS and 0 <= now - self._heard[1] < _SLOWEST_SCANNER and not self._held:
            self._heard = (self._heard[0], now)
            return True  # the rest of a suffix: CR and LF, or Enter after what was whole already
        if self._capturing:
            return self._capture(key)
        line = (self._trail + self._text()).rpartition("\n")[2]
        if not _scannable(key) or (key.key() == Qt.Key.Key_Tab and len(line) < _SHORTEST):
            self._hand()  # Tab, Backspace, Escape: a hand is at work
            return False
        if key.key() == Qt.Key.Key_Shift:
            return bool(self._held)
        quick = gap < _FASTEST_HAND
        if self._held and not quick and not self._ends():
            self._replay()
        if key.isAutoRepeat():
            return False
        self._held.append((watched, _copy(key)))
        if self._ends() and len(self._presses()) > _SHORTEST and _is_whole(self._text()):
            self._emit(self._text())
            return True
        if not quick and self._is_given_away(self._trail + self._text()):
            self._begin_capture()
            return True
        self._timer.start(_WAIT_MS if quick and len(self._held) > 1 else int(_FASTEST_HAND * 1000))
        return True

    # -- fast -----------------------------------------------------------------------------------------

    def _ends(self) -> bool:
        presses = self._presses()
        return bool(presses) and presses[-1].key() in _ENDS

    def _presses(self) -> list[QKeyEvent]:
        return [key for _widget, key in self._held if key.type() == QEvent.Type.KeyPress]

    def _text(self) -> str:
        return "".join(_letter(key) for key in self._presses()).strip("\n")

    def _due(self) -> None:
        """A window that was busy reads the keys that came meanwhile before it decides."""
        if self._read_all:
            self._decide()
        else:
            self._read_all = True
            self._timer.start(1)

    def _decide(self) -> None:
        if self._capturing:
            self._emit(self._captured.strip("\n"))
            return
        long = len(self._presses()) > _SHORTEST
        if long and (self._ends() or self._is_given_away(self._text()) or _is_whole(self._text())):
            self._emit(self._text())
        else:
            self._replay()

    def _emit(self, text: str) -> None:
        self._held, self._trail, self._capturing, self._captured = [], "", False, ""
        self._timer.stop()
        lines = [_AIM.sub("", line) for line in text.split("\n") if line]
        text = "\n".join(lines)
        again = text == self._heard[0] and self._last - self._heard[1] < _AGAIN
        self._heard = (text, self._last)
        if text and not again:
            self.scanned.emit(text)

    # -- slow -----------------------------------------------------------------------------------------

    @staticmethod
    def _is_given_away(text: str) -> bool:
        """No hand types this: a card, or the filler of a document's lines."""
        plain = _AIM.sub("", text)
        return plain.startswith(PREFIX) or (len(plain) > 1 and "<" in plain)

    def _begin_capture(self) -> None:
        """Out of the field with what is in it already: a card's text is a secret, and is left nowhere."""
        typed = len(self._trail.replace("\n", ""))
        self._captured, self._trail, self._capturing = self._trail + self._text(), "", True
        self._held = []
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            for _ in range(typed):
                field.backspace()
        self._timer.start(_SLOW_WAIT_MS)

    def _capture(self, key: QKeyEvent) -> bool:
        if _scannable(key) and key.key() != Qt.Key.Key_Shift and not key.isAutoRepeat():
            self._captured += _letter(key)
        if key.key() in _ENDS and _is_whole(self._captured.strip("\n")):
            self._emit(self._captured.strip("\n"))
        else:
            self._timer.start(_SLOW_WAIT_MS)
        return True

    # -- a hand ---------------------------------------------------------------------------------------

    def _hand(self) -> None:
        self._heard = ("", 0.0)
        self._replay()
        self._trail = ""

    def _replay(self) -> None:
        """A hand typed this, or a slow scanner: on to where it was going."""
        self._trail += "".join(_letter(key) for key in self._presses())
        held, self._held = self._held, []
        self._timer.stop()
        if any(key.key() in (*_ENDS, Qt.Key.Key_Space) for _widget, key in held):
            self._heard = ("", 0.0)  # a button was pressed
        self._replaying = True
        try:
            for widget, key in held:
                QApplication.sendEvent(QApplication.focusWidget() or widget, key)
        finally:
            self._replaying = False


def _is_whole(text: str) -> bool:
    """Nothing more is to come: no need to wait for it."""
    plain = "\n".join(_AIM.sub("", line) for line in text.split("\n"))
    if not plain.startswith(PREFIX):
        return is_whole(plain)
    try:
        card_id(plain)
    except IntegrityError:
        return False
    return True


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
    return key.text().isprintable() or key.key() in (*_ENDS, Qt.Key.Key_Shift)


def _letter(key: QKeyEvent) -> str:
    """By its place where the keyboard tells one; the text of a key depends on the layout and on CapsLock."""
    if key.key() in _ENDS:
        return "\n"
    plain = _PLAIN.get(key.nativeScanCode(), "")
    if not plain:
        return key.text()
    if key.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return plain.upper() if plain.isalpha() else plain.translate(_SHIFTED)
    return plain
