"""An icon of resources/icons in a colour role."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look.theme import look_of


class Picture(QWidget):
    """An icon in a colour role; says nothing to a screen reader, the words beside it do."""

    def __init__(self, name: str, role: str = "ink", mm: float = 8) -> None:
        super().__init__()
        self._what = (name, role)
        self._mm = mm
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, role: str) -> None:
        self._what = (name, role)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        side = look_of(self).px(self._mm)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = look_of(self)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, look.icon(*self._what, self._mm))
        painter.end()
