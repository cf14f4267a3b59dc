"""The list of names found: as many as fit, each a target; what does not fit is found by another letter."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QSizePolicy

from kiosk.text import _
from ui import words
from ui.look import tokens
from ui.look.scale import px
from ui.look.theme import look_of
from ui.views import Row
from ui.widgets import focus
from ui.words import dotted


class RowButton(QAbstractButton):
    """Name, and below it year, line on the list, and whether a ballot was given."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row: Row | None = None

    def show_row(self, row: Row, numbered: bool = False) -> None:
        """`numbered`: the personal number stands under the name, to be compared with the document."""
        self._row, self._numbered = row, numbered
        self.setText(row.name)
        self.setAccessibleName(f"{row.name}, {self._note()}")
        self.update()

    def forget(self) -> None:
        self._row = None
        self.setText("")
        self.setAccessibleName("")

    @property
    def key(self) -> str:
        return self._row.key if self._row else ""

    def _note(self) -> str:
        if self._row is None:
            return ""
        note = _("{year} · № {line} on the list", year=self._row.year, line=self._row.line)
        if self._numbered:
            note = words.pin(self._row.key)
        given = _("ballot given at {time}", time=self._row.given_at) if self._row.given_at else ""
        return dotted(note, given)

    def sizeHint(self) -> QSize:  # noqa: N802
        look = look_of(self)
        return QSize(look.px(60), look.px(15.2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = look_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        held = self.isDown() or focus.ringed(self)
        painter.setPen(QPen(look.colour("act" if held else "edge"), look.px(0.8 if held else 0.3)))
        painter.setBrush(look.colour("tint" if held else "surface"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), look.px(3.2), look.px(3.2))
        left, middle = look.px(4.5), self.height() // 2
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font(tokens.STRONG, 600))
        room = self.width() - 2 * left
        name = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, look.px(1), room, middle), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(look.colour("muted"))
        painter.setFont(look.font(tokens.CAPTION))
        painter.drawText(QRect(left, middle, room, middle - look.px(1)), Qt.AlignmentFlag.AlignVCenter, self._note())
        painter.end()


class Rows(QFrame):
    """Two columns where there is room. Buttons are kept and filled anew: nothing is built on a keystroke."""

    chosen = Signal(str)
    fitted = Signal()  # there is room for more or fewer

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(tokens.GAP))
        self._buttons: list[RowButton] = []
        self._rows: tuple[Row, ...] = ()
        self._numbered = False
        self._fit = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(px(15.5))

    def show_rows(self, rows: tuple[Row, ...], numbered: bool = False) -> None:
        self._rows, self._numbered = rows, numbered
        self._fill()

    @property
    def shown(self) -> int:
        """How many of the rows there is room for."""
        return min(len(self._buttons), len(self._rows))

    def choose_only(self) -> None:
        if len(self._rows) == 1:
            self.chosen.emit(self._rows[0].key)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        columns = 2 if self.width() > px(170) else 1
        step = px(15.2) + px(tokens.GAP)
        lines = max(1, (self.height() + px(tokens.GAP)) // step)
        if (lines, columns) != self._fit:
            self._fit = (lines, columns)
            self._build(lines, columns)
            self.fitted.emit()
        for button, row in zip(self._buttons, self._rows, strict=False):
            button.show_row(row, self._numbered)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(self._rows))
            if place >= len(self._rows):
                button.forget()  # no name stays on a hidden row

    def _build(self, lines: int, columns: int) -> None:
        for button in self._buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.setParent(None)
            button.deleteLater()
        self._buttons = []
        for place in range(lines * columns):
            button = RowButton()
            button.setObjectName(f"row-{place}")
            button.clicked.connect(lambda _checked=False, b=button: self.chosen.emit(b.key))
            self._buttons.append(button)
            self._grid.addWidget(button, place // columns, place % columns)
            button.hide()
        for x in range(2):
            self._grid.setColumnStretch(x, 1 if x < columns else 0)
        for y in range(self._grid.rowCount() + 1):
            self._grid.setRowStretch(y, 0)
        self._grid.setRowStretch(lines, 1)
