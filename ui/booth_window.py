"""The second screen: the voter's booth. The clerk's window stays at the desk meanwhile."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.bars import Edge
from ui.screens.booth import Booth
from ui.theme import Look, stylesheet
from ui.views import View
from ui.widgets import order
from ui.widgets.basic import column


class BoothWindow(QWidget):
    asked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._may_close = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("page", "plain")
        self.setStyleSheet(stylesheet(look.contrast, look.scale))
        self.booth = Booth()
        self.booth.asked.connect(self.asked)
        self._frame = column(self.booth, spacing=0)
        self.setLayout(self._frame)
        self.edge = Edge(self)
        self.booth.arrive()

    def show_view(self, view: View) -> None:
        self.edge.show_purpose(view.purpose)
        self._frame.setContentsMargins(*(Edge.margins() if view.purpose != "official" else (0, 0, 0, 0)))
        self.booth.show_view(view)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.edge.setGeometry(self.rect())
        self.edge.raise_()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        return order.step(self, forward)

    def leave(self) -> None:
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        event.setAccepted(self._may_close)
