"""Ballots given per hour as bars; hours still to come are hatched."""

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import tokens
from ui.look.theme import Look, look_of


class Bar(NamedTuple):
    hour: int
    given: int
    to_come: bool


class HourlyPlot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(20)

    def show_bars(self, bars: tuple[Bar, ...], spoken: str) -> None:
        self._bars = bars
        self.setAccessibleName(spoken)
        self.setAccessibleDescription(", ".join(f"{b.hour}: {b.given}" for b in bars if not b.to_come))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(look_of(self).px(120), look_of(self).px(40))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = look_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((bar.given for bar in self._bars), default=0)
        foot, head = look.px(7), look.px(7)
        full = self.height() - foot - head
        step = self.width() / max(len(self._bars), 1)
        for place, bar in enumerate(self._bars):
            left, wide = place * step, step - look.px(3)
            tall = full * bar.given / most if most else 0
            self._bar(painter, look, bar, QRectF(left, head + full - tall, wide, tall))
            painter.setPen(look.colour("muted"))
            painter.setFont(look.font(tokens.CAPTION))
            below = QRect(int(left), self.height() - foot, int(wide), foot)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, str(bar.hour))
        painter.setPen(look.colour("edge"))
        painter.drawLine(0, head + full, self.width() - look.px(3), head + full)
        painter.end()

    def _bar(self, painter: QPainter, look: Look, bar: Bar, place: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if bar.to_come and not bar.given:
            hatch = QRectF(place.left(), place.bottom() - look.px(5), place.width(), look.px(5))
            painter.fillRect(hatch, QBrush(look.colour("line"), Qt.BrushStyle.BDiagPattern))
            return
        radius = min(look.px(1.8), place.height())
        path = QPainterPath()
        path.addRoundedRect(place.adjusted(0, 0, 0, radius), radius, radius)
        painter.save()
        painter.setClipRect(place)
        painter.fillPath(path, look.colour("act"))
        painter.restore()
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font(tokens.CAPTION, 600))
        above = QRect(
            int(place.left() - look.px(2)), int(place.top()) - look.px(6), int(place.width() + look.px(4)), look.px(6)
        )
        painter.drawText(above, Qt.AlignmentFlag.AlignCenter, str(bar.given))
