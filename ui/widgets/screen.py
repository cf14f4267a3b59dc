"""Base of all screens: shows its part of a view, emits intents."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.text import language
from ui.views import View


class Screen(QWidget):
    """`part` picks what the screen depends on; `render` runs only when that, or the language, has changed."""

    asked = Signal(object)  # an Intent

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown: Any = None
        self._view = View()

    def part(self, view: View) -> Any:
        raise NotImplementedError

    def render_view(self, view: View) -> None:
        raise NotImplementedError

    def show_view(self, view: View) -> None:
        self._view = view
        wanted = (self.part(view), language())
        if wanted != self._shown:
            self._shown = wanted
            self.render_view(view)

    def again(self) -> None:
        """Something else than the view has changed: its size."""
        if self._shown is not None:
            self.render_view(self._view)

    def arrive(self) -> None:
        """The screen has come up: the focus goes where the work is."""

    def leave(self) -> None:
        """The screen was left: forget what was typed and what was shown."""
        self._shown = None
        self._view = View()
