"""A sheet inside the window, over everything: a question, an answer, a message. There are no dialogues.

While a sheet is up, nothing behind it can be touched or reached with the keyboard.
"""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from kiosk.text import _
from ui.look.scale import exact, px
from ui.look.theme import look_of
from ui.look.tokens import VEIL
from ui.widgets import order
from ui.widgets.announce import announce
from ui.widgets.basic import Button, Card, Part, Role, Tone, column, label, row
from ui.widgets.picture import Picture


class Sheet(QWidget):
    """Covers `over` until it is closed. Fill `inside`."""

    closed = Signal()

    def __init__(self, over: QWidget, width_mm: float = 130) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
        self._over = over
        self._closing = False
        self._before: QWidget | None = None
        self._reminder: QLabel | None = None
        self.hides = False  # nothing of what is under it can be read
        self.card = Card(margin=6, spacing=3)
        self.card.setFixedWidth(min(exact(width_mm), max(px(60), over.width() - px(10))))
        self.card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        frame = QVBoxLayout(self)
        margin = px(4)
        frame.setContentsMargins(margin, margin, margin, margin)
        frame.addWidget(self.card, 0, Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        over.installEventFilter(self)
        self.setGeometry(over.rect())

    def open_sheet(self) -> None:
        self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        self.setFocus()
        announce(self, self.accessibleName(), self.accessibleDescription())

    def close_sheet(self) -> None:
        if self._closing:
            return
        self._closing = True
        self._over.removeEventFilter(self)
        self.hide()
        self.deleteLater()
        if self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)  # back to where the work was
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return False

    def remind(self) -> None:
        """Somebody scanned although an answer is awaited: said in the sheet and aloud."""
        text = _("First answer this, then scan again.")
        if self._reminder is None:
            self._reminder = label("strong", "warn", name="reminder")
            self.card.inside.insertWidget(0, self._reminder)
        self._reminder.setText(text)
        announce(self, text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), look_of(self).colour("page") if self.hides else QColor(VEIL))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape is the way back: the cancelling answer, or none."""
        if event.key() == Qt.Key.Key_Escape:
            self.escape()
        else:
            super().keyPressEvent(event)

    def escape(self) -> None:
        self.close_sheet()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Tab stays inside the sheet."""
        return order.step(self.card, forward)


_ICONS = {"good": "good", "warn": "warn", "bad": "bad", "act": "info", "ink": "info", "muted": "info"}


class Question(Sheet):
    """A title, sentences, and answers that are verbs; the first answer stands right and is the primary one."""

    answered = Signal(int)
    agreed = Signal()  # the first answer

    def __init__(
        self,
        over: QWidget,
        tone: Tone,
        title: str,
        sentences: list[str],
        *,
        answers: list[tuple[str, Role]],
        extra: QWidget | None = None,
    ) -> None:
        super().__init__(over)
        heading = label("title", tone, name="sheet-title")
        heading.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(sentences))
        top = row(Picture(_ICONS[tone], tone, 11), heading, spacing=4)
        top.setStretch(1, 1)
        lines: list[Part] = []
        for sentence in sentences:
            line = label("strong" if not lines else "body")
            line.setText(sentence)
            lines.append(line)
        self.buttons = []
        for place, (words, role) in enumerate(answers):
            button = Button(role, then=partial(self._answer, place), name=f"answer-{place}")
            button.say(words)
            self.buttons.append(button)
        last = row(*reversed(self.buttons[1:]), 1, self.buttons[0], spacing=3)
        self.card.inside.addLayout(top)
        self.card.inside.addLayout(column(*lines, spacing=2))
        if extra:
            self.card.inside.addWidget(extra)
        self.card.inside.addSpacing(px(2))
        self.card.inside.addLayout(last)

    def open_sheet(self) -> None:
        super().open_sheet()
        self.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)  # a stray Enter finds the way back, not the act

    def escape(self) -> None:
        self._answer(len(self.buttons) - 1)

    def _answer(self, place: int) -> None:
        self.close_sheet()
        self.answered.emit(place)
        if place == 0:
            self.agreed.emit()


def scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def put_up(widget: QWidget, sheet: Sheet) -> None:
    """Through the window, so that there is one sheet at a time."""
    window = widget.window()
    put = getattr(window, "put_up", None)
    if put:
        put(sheet)
    else:
        sheet.open_sheet()
