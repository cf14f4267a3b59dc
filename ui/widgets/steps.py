"""The day (or a set-up) as a list of steps: done, next, later."""

from typing import Literal, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import tokens
from ui.look.theme import look_of
from ui.widgets.basic import Part, column, empty, label, row

StepState = Literal["done", "next", "later", "failed"]


class StepLine(NamedTuple):
    state: StepState
    title: str
    note: str


class Dot(QWidget):
    """A circle with the number of the step or its tick."""

    def __init__(self, number: int, state: StepState) -> None:
        super().__init__()
        self._number, self._state = number, state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        side = look_of(self).px(10)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = look_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self.width()
        fill = {"done": "good", "next": "act", "later": "surface", "failed": "bad"}[self._state]
        painter.setBrush(look.colour(fill))
        painter.setPen(QPen(look.colour("edge" if self._state == "later" else fill), look.px(0.5)))
        painter.drawEllipse(1, 1, side - 2, side - 2)
        if self._state in ("done", "failed"):
            mark = look.icon("check" if self._state == "done" else "bad", "on_act", 5.2)
            place = (side - mark.width()) // 2
            painter.drawPixmap(place, place, mark)
        else:
            painter.setPen(look.colour("on_act" if self._state == "next" else "muted"))
            painter.setFont(look.font(tokens.BODY, 700))
            painter.drawText(QRect(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()


class Steps(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._inside = column(spacing=2)
        self.setLayout(self._inside)
        self._shown: object = None

    def show_steps(self, lines: list[StepLine], crowded: bool = False) -> None:
        """`crowded`: only the step that is due says more than its name."""
        if (lines, crowded) == self._shown:
            return
        self._shown = (lines, crowded)
        empty(self._inside)
        for number, line in enumerate(lines, 1):
            title, note = label("strong"), label("caption", "muted")
            title.setText(line.title)
            note.setText(line.note)
            words: list[Part] = [title, note] if line.note and (line.state == "next" or not crowded) else [title]
            step = row(Dot(number, line.state), column(*words, spacing=0), spacing=4)
            step.setStretch(1, 1)
            self._inside.addLayout(step)
