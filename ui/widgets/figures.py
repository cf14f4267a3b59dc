"""A sheet of figures filled in line by line with a pad of digits: the hand count."""

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk.text import _
from ui.look import tokens
from ui.look.scale import px
from ui.look.theme import look_of
from ui.widgets.basic import Button
from ui.widgets.sheet import scrolled

_LONGEST = 5  # digits


class FigureLine(QAbstractButton):
    """Name on the left, figure on the right; the line being filled in is framed."""

    def __init__(self, key: str, name: str, strong: bool) -> None:
        super().__init__()
        self.key = key
        self.value: int | None = None
        self.marked = False
        self._strong = strong
        self.setCheckable(True)
        self.setText(name)
        self.setObjectName(f"figure-{key}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._spoken()

    def show_value(self, value: int | None) -> None:
        self.value = value
        self._spoken()
        self.update()

    def _spoken(self) -> None:
        figure = _("empty") if self.value is None else str(self.value)
        self.setAccessibleName(f"{self.text()}: {figure}")

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(look_of(self).px(70), look_of(self).px(13.4))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = look_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.isChecked()
        edge = "bad" if self.marked and not current else "act" if current else "edge"
        painter.setPen(QPen(look.colour(edge), look.px(0.9 if current else 0.3)))
        painter.setBrush(look.colour("tint" if current else "bad_wash" if self.marked else "surface"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), look.px(2.4), look.px(2.4))
        left, wide = look.px(4), look.px(24)
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font(tokens.BODY, 600 if self._strong else 400))
        room = QRect(left, 0, self.width() - wide - 2 * left, self.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), self.text())
        painter.setFont(look.font(tokens.TITLE, 700))
        figure = "" if self.value is None else str(self.value)
        box = QRect(self.width() - wide - left, 0, wide, self.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), figure)
        painter.end()


class Figures(QWidget):
    """`changed`: after each digit. `filled`: Enter on the last line, and none is empty."""

    changed = Signal()
    filled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fresh = True
        self._lines: list[FigureLine] = []
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, px(2), 0)
        self._column.setSpacing(px(tokens.GAP))
        self._area = scrolled(self._inside)
        pad = QGridLayout()
        pad.setSpacing(px(tokens.GAP + 1))
        for place, digit in enumerate("123456789"):
            pad.addWidget(self._key(digit), place // 3, place % 3)
        self._erase = Button("pad", icon="backspace", then=self.erase, name="figure-erase")
        self.next = Button("pad", icon="check", then=self.go_on, name="figure-next")
        self.next.become("primary")
        self.next.setSizePolicy(self._erase.sizePolicy())
        for place, key in enumerate((self._erase, self._key("0"), self.next)):
            pad.addWidget(key, 3, place)
        frame = QGridLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.setHorizontalSpacing(px(6))
        frame.addWidget(self._area, 0, 0)
        frame.addLayout(pad, 0, 1)
        frame.setColumnStretch(0, 7)
        frame.setColumnStretch(1, 4)

    def _key(self, digit: str) -> Button:
        key = Button("pad", then=lambda: self.digit(digit), name=f"figure-digit-{digit}")
        key.say(digit)
        return key

    def show_lines(self, lines: list[tuple[str, str, bool]], values: Mapping[str, int], marked: frozenset[str]) -> None:
        """`lines`: key, name, whether it is a heading figure. Values that were typed already stay."""
        self._erase.say("", _("erase"))
        self.next.say("", _("next line"))
        if [(x.key, x.text()) for x in self._lines] != [(key, name) for key, name, _strong in lines]:
            kept = {x.key: x.value for x in self._lines}
            self._build(lines)
            for line in self._lines:
                line.show_value(values.get(line.key, kept.get(line.key)))
        for line in self._lines:
            line.marked = line.key in marked
            line.update()

    def _build(self, lines: list[tuple[str, str, bool]]) -> None:
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
        for key, name, strong in lines:
            line = FigureLine(key, name, strong)
            line.setFocusProxy(self)
            line.clicked.connect(lambda _checked=False, x=line: self._take(x))
            self._lines.append(line)
            self._column.addWidget(line)
        if self._lines:
            self._take(self._lines[0])
        self._area.verticalScrollBar().setValue(0)  # before there is a layout, “visible” is somewhere further down

    def values(self) -> dict[str, int | None]:
        return {line.key: line.value for line in self._lines}

    def forget(self) -> None:
        self._build([])

    def _current(self) -> FigureLine | None:
        return next((line for line in self._lines if line.isChecked()), None)

    def _take(self, line: FigureLine) -> None:
        for other in self._lines:
            other.setChecked(other is line)
        self._fresh = True  # the first digit replaces what stands there
        if line is not self._lines[0]:
            self._area.ensureWidgetVisible(line, 0, px(16))
        else:
            self._area.verticalScrollBar().setValue(0)

    def digit(self, digit: str) -> None:
        line = self._current()
        if line is None:
            return
        before = "" if self._fresh or line.value is None else str(line.value)
        self._fresh = False
        if len(before) < _LONGEST:
            line.show_value(int(before + digit))
            self.changed.emit()

    def erase(self) -> None:
        line = self._current()
        if line is None:
            return
        self._fresh = False
        before = str(line.value)[:-1] if line.value is not None else ""
        line.show_value(int(before) if before else None)
        self.changed.emit()

    def go_on(self) -> None:
        """To the next line that is empty, or simply the next."""
        line = self._current()
        if line is None:
            return
        place = self._lines.index(line)
        order = [*self._lines[place + 1 :], *self._lines[:place]]
        following = next((x for x in order if x.value is None), None)
        if following is None and place + 1 == len(self._lines):
            self.filled.emit()  # nothing is left: on to entering the count
            return
        self._take(following or order[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        text = event.text()
        if text.isdigit() and text.isascii():
            self.digit(text)
        elif event.key() == Qt.Key.Key_Backspace:
            self.erase()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.go_on()
        else:
            super().keyPressEvent(event)
