"""One line of the ballot: number, name, birth year, and a box on the right. A radio button that paints itself."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy

from ui.look import tokens
from ui.look.theme import Look, look_of
from ui.widgets import focus

_BOX = 10.5  # mm


def _figure_width(look: Look) -> int:
    """Room for two digits and a gap."""
    return QFontMetrics(look.font(tokens.BODY)).horizontalAdvance("00") + look.px(3)


class Choice(QRadioButton):
    def __init__(self, choice: int, number: str, name: str, note: str) -> None:
        super().__init__()
        self.setAutoExclusive(False)  # Qt would make only the marked tile a stop of Tab; the ballot keeps to one mark
        self.choice = choice
        self._number, self._name, self.note = number, name, note
        self.setText(name)
        self.setAccessibleName(f"{number}. {name}, {note}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName(f"choice-{choice}")

    @staticmethod
    def height_for(look: Look, name: str, note: str, width: int) -> int:
        """Pixels a tile needs at this width, its name on one line or more."""
        em = tokens.BODY
        room = width - look.px(_BOX + 12) - _figure_width(look)
        bold = QFontMetrics(look.font(em, 700))
        lines = bold.boundingRect(QRect(0, 0, max(room, 40), 9999), Qt.TextFlag.TextWordWrap, name).height()
        plain = QFontMetrics(look.font(em, 400))
        noted = plain.boundingRect(QRect(0, 0, max(room, 40), 9999), Qt.TextFlag.TextWordWrap, note).height()
        return max(lines + (noted if note else 0) + look.px(4.4), look.px(tokens.PRIMARY))

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        """The whole tile is the target."""
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:  # noqa: N802
        look = look_of(self)
        return QSize(look.px(60), look.px(tokens.PRIMARY))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        look = look_of(self)
        return QSize(look.px(40), look.px(tokens.PRIMARY))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = look_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        width = look.px(1.1 if chosen else 0.5)
        painter.setPen(QPen(look.colour("act" if chosen or self.isDown() else "edge"), width))
        painter.setBrush(look.colour("tint" if chosen or self.isDown() else "surface"))
        inset = width / 2 + 0.5
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, look.px(3.2), look.px(3.2))
        if focus.ringed(self):  # inside and dashed: never the frame of a chosen one
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("ink"), look.px(0.7), Qt.PenStyle.DashLine))
            within = look.px(1.8)
            painter.drawRoundedRect(frame.adjusted(within, within, -within, -within), look.px(2), look.px(2))
        self._words(painter, look)
        self._box(painter, look, chosen)
        painter.end()

    def _words(self, painter: QPainter, look: Look) -> None:
        left, middle = look.px(5), self.height()
        figure = _figure_width(look)
        painter.setPen(look.colour("muted"))
        painter.setFont(look.font(tokens.BODY, 400))
        painter.drawText(QRect(left, 0, figure, middle), Qt.AlignmentFlag.AlignVCenter, self._number)
        text_left = left + figure
        room = self.width() - text_left - look.px(_BOX + 7)
        bold, plain = look.font(tokens.BODY, 700), look.font(tokens.BODY, 400)
        wrap = Qt.TextFlag.TextWordWrap
        name = QFontMetrics(bold).boundingRect(QRect(0, 0, room, 9999), wrap, self._name).height()
        note = QFontMetrics(plain).boundingRect(QRect(0, 0, room, 9999), wrap, self.note).height() if self.note else 0
        top = (middle - name - note) // 2
        painter.setFont(bold)
        painter.setPen(look.colour("ink"))
        painter.drawText(QRect(text_left, top, room, name), int(wrap | Qt.AlignmentFlag.AlignVCenter), self._name)
        painter.setFont(plain)
        painter.setPen(look.colour("muted"))
        painter.drawText(QRect(text_left, top + name, room, note), int(wrap), self.note)

    def _box(self, painter: QPainter, look: Look, chosen: bool) -> None:
        side = look.px(_BOX)
        box = QRectF(self.width() - side - look.px(5.5), (self.height() - side) / 2, side, side)
        painter.setPen(QPen(look.colour("act" if chosen else "ink"), look.px(0.8)))
        painter.setBrush(look.colour("act" if chosen else "surface"))
        painter.drawRoundedRect(box, look.px(1.8), look.px(1.8))
        if chosen:
            pen = QPen(look.colour("on_act"), look.px(1.4))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            x, y = box.left(), box.top()
            points = [QPointF(x + side * a, y + side * b) for a, b in ((0.24, 0.52), (0.43, 0.70), (0.76, 0.32))]
            painter.drawPolyline(points)
