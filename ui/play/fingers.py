"""Fingers and a scanner for the window: touches what is visible, types what a scanner would type.

For rehearsals by screen and for the journeys of the tests. A touch goes to a place on the glass; what lies there
answers, as for a person.
"""

from collections.abc import Callable
from time import monotonic, sleep

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget

from kiosk.errors import KioskError
from ui.play.keys import Keys
from ui.screens.voter.booth import Booth
from ui.threads.tasks import Tasks
from ui.window.scanner import Scanner

_PATIENCE = 20.0  # seconds
_TABS = 80  # more than any screen has to reach


class Fingers:
    def __init__(self, window: QWidget, tasks: Tasks, scanner: Scanner) -> None:
        self._window = window
        self._tasks = tasks
        self._scanner = scanner
        self._keys = Keys(window)
        self._device = QTest.createTouchDevice()
        self.touches = 0

    # -- seeing ---------------------------------------------------------------------------------------

    def see(self, name: str) -> QWidget | None:
        """The widget of this name that a finger would hit, None if there is none."""
        for widget in self._window.findChildren(QWidget, name):
            if widget.isVisible() and widget.isEnabled() and self._hits(widget):
                return widget
        return None

    def _hits(self, widget: QWidget) -> bool:
        found = self._window.childAt(self._centre(widget))
        return found is widget or (found is not None and widget.isAncestorOf(found))

    def _centre(self, widget: QWidget) -> QPoint:
        return widget.mapTo(self._window, widget.rect().center())

    def says(self, name: str) -> str:
        """The words on a widget, "" if it cannot be seen."""
        for widget in self._window.findChildren(QWidget, name):
            if widget.isVisible():
                return str(widget.property("text") or widget.accessibleName())
        return ""

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Let the window live until something is so. KioskError `rehearsal_surprise` if it never is."""
        end = monotonic() + _PATIENCE
        while not until():
            if monotonic() > end:
                raise KioskError("rehearsal_surprise", wanted=what, found="nothing of the kind on the screen")
            QApplication.processEvents()
            sleep(0.001)
        QApplication.processEvents()

    def settle(self) -> None:
        self.wait(lambda: self._tasks.idle, "an answer")

    # -- touching ---------------------------------------------------------------------------------------

    def touch(self, name: str) -> None:
        """Press and release on the middle of it, after the eye has had time to see a page that is new."""
        self.settle()
        self._look()
        self._scroll_to(name)
        self.wait(lambda: self.see(name) is not None, name)
        widget = self.see(name)
        if widget is None:
            raise KioskError("rehearsal_surprise", wanted=name, found="gone")
        place = self._centre(widget)
        QTest.touchEvent(self._window, self._device).press(0, place, self._window).commit()
        QTest.touchEvent(self._window, self._device).release(0, place, self._window).commit()
        self.touches += 1
        self.settle()

    def pin(self, digits: str) -> None:
        for digit in digits:
            self.touch(f"digit-{digit}")
        self.touch("digit-done")

    def _look(self) -> None:
        for booth in self._window.findChildren(Booth):
            if booth.isVisible():
                self.wait(lambda b=booth: not b.quiet, "time to read")  # type: ignore[misc]

    def _scroll_to(self, name: str) -> None:
        """What lies further down in a list is brought into view first."""
        for widget in self._window.findChildren(QWidget, name):
            above = widget.parentWidget()
            while above is not None:
                if isinstance(above, QScrollArea) and widget.isVisible():
                    above.ensureWidgetVisible(widget)
                above = above.parentWidget()

    def key(self, words: str) -> None:
        """A key of the keyboard on the screen, by what is written on it."""
        for button in self._keys_with(words):
            button.setObjectName(f"key-{words}")
        self.touch(f"key-{words}")

    def type_number(self, digits: str) -> None:
        """On the keyboard of the screen, whichever layout it shows."""
        if not self._keys_with(digits[0]):
            self.key("123")
        for digit in digits:
            self.key(digit)

    def _keys_with(self, words: str) -> list[QAbstractButton]:
        keys = (b for b in self._window.findChildren(QAbstractButton) if b.property("role") == "key")
        return [button for button in keys if button.text() == words and button.isVisible()]

    def press(self, name: str) -> None:
        """Without touching: Tab until the focus is there, then Space."""
        self.settle()
        self._look()
        passed = set()
        for _n in range(_TABS):
            focus = QApplication.focusWidget() or self._window
            if focus.objectName() == name:
                QTest.keyClick(focus, Qt.Key.Key_Space)
                self._pause()
                return
            passed.add(focus.objectName())
            QTest.keyClick(focus, Qt.Key.Key_Tab)
        raise KioskError("rehearsal_surprise", wanted=name, found=f"Tab never comes there: {sorted(passed)}")

    def type(self, text: str) -> None:
        """As a person types, to wherever the focus is; Enter at the end."""
        self._keys.type(f"{text}\n")
        self._pause()

    def scan(self, text: str) -> None:
        """As a scanner types; Enter at the end of each line."""
        self.settle()
        self._keys.scan(f"{text}\n")
        self._pause()

    def _pause(self) -> None:
        """After it typing is known for a hand's or for a scanner's."""
        self.wait(lambda: not self._scanner.undecided, "what was typed")
        self.settle()
