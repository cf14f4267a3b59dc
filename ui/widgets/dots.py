"""How many digits of a PIN are there: filled circles, never the digits."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.text import _
from ui.look.theme import look_of


class Dots(QWidget):
    def __init__(self, size: int = 6) -> None:
        super().__init__()
        self._size, self._filled = size, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_count(0)

    def show_count(self, filled: int) -> None:
        self._filled = filled
        self.setAccessibleName(_("{n} of {k} digits entered", n=filled, k=self._size))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        look = look_of(self)
        return QSize(look.px(10 * self._size), look.px(7))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = look_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, step = look.px(5), look.px(9.5)
        left = (self.width() - step * (self._size - 1) - side) // 2
        painter.setPen(QPen(look.colour("act"), look.px(0.5)))
        for place in range(self._size):
            painter.setBrush(look.colour("act" if place < self._filled else "surface"))
            painter.drawEllipse(left + place * step, (self.height() - side) // 2, side, side)
        painter.end()
