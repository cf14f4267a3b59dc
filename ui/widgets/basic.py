"""Labels, buttons, cards and the layouts between them, in the terms of `ui.look.theme`."""

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from ui.look import tokens
from ui.look.scale import px
from ui.look.theme import Look, Text, look_of
from ui.widgets import focus

Role = Literal["plain", "primary", "danger", "tall", "link", "key", "pad", "small"]
Tone = Literal["ink", "muted", "act", "on_act", "good", "warn", "bad"]


class Words(QLabel):
    """Plain text only: data can never become markup. Asks for as many lines as its width needs, insists on one."""

    def __init__(self, wrap: bool) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = self.sizePolicy()
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        if not self.wordWrap():
            return super().minimumSizeHint()
        self.ensurePolished()
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(word) for word in self.text().split()), default=0)
        return QSize(longest, metrics.height())


def label(text: Text = "body", tone: Tone = "ink", wrap: bool = True, name: str = "") -> Words:
    """Words of a kind and tone of `ui.look.theme`."""
    return styled(Words(wrap), text, tone, name)


def styled(made: Words, text: Text, tone: Tone = "ink", name: str = "") -> Words:
    made.setProperty("kind", text)
    if tone != "ink":
        made.setProperty("tone", tone)
    if name:
        made.setObjectName(name)
    return made


def retone(widget: QWidget, **properties: object) -> None:
    """Change what a widget says it is; the stylesheet follows."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        for child in widget.findChildren(QLabel):
            child.style().unpolish(child)
            child.style().polish(child)
        widget.update()


class Button(QPushButton):
    """Acts on release. Its words wrap to a second line rather than being cut; an icon stands before (or after) them."""

    def __init__(
        self,
        role: Role = "plain",
        *,
        icon: str = "",
        then: Callable[[], object] | None = None,
        name: str = "",
        icon_after: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("role", role)
        self._role: Role = role
        self._icon = icon
        self._icon_after = icon_after
        grows = QSizePolicy.Policy.Expanding if role == "pad" else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, grows)
        if role == "key":
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAutoDefault(True)
        if name:
            self.setObjectName(name)
        if then:
            self.clicked.connect(lambda _checked=False: then())

    def say(self, text: str, spoken: str = "") -> None:
        """The words on the button; `spoken`: what a screen reader says where there are only signs."""
        if self.text() != text or self.accessibleName() != (spoken or text):
            self.setText(text)
            self.setAccessibleName(spoken or text)
            self.updateGeometry()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusInEvent(event)
        focus.refresh(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        focus.refresh(self)

    def become(self, role: Role) -> None:
        self._role = role
        retone(self, role=role)

    def _icon_size(self, look: Look) -> int:
        return look.px(7.4 if self._role == "pad" else 5.6) if self._icon else 0

    def _around(self, look: Look) -> int:
        """Width taken by everything but the words."""
        gap = look.px(2.4) if self._icon and self.text() else 0
        return self._icon_size(look) + gap + 2 * look.px(1.5 if self._role in ("key", "pad", "small") else 3.6)

    def sizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        look = look_of(self)
        self.ensurePolished()
        metrics = self.fontMetrics()
        width = max(metrics.horizontalAdvance(line) for line in self.text().split("\n")) + self._around(look)
        lowest = look.px(tokens.PRIMARY if self._role in ("primary", "danger", "tall") else tokens.TARGET) + 2
        lines = 2 if len(self.text().split()) > 1 else 1
        return QSize(max(width, lowest), max(lines * metrics.lineSpacing() + look.px(1), lowest))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As narrow as two lines of the words allow."""
        look = look_of(self)
        self.ensurePolished()
        hint = self.sizeHint()
        if self._role in ("key", "pad"):
            return QSize(look.px(tokens.TARGET), look.px(tokens.TARGET))
        metrics = self.fontMetrics()
        wide = hint.width() if "\n" in self.text() else _two_lines(metrics, self.text()) + self._around(look)
        return QSize(max(min(hint.width(), wide), look.px(tokens.TARGET)), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        look = look_of(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        words = option.text
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        ink = self._ink(look)
        painter.setPen(ink)
        painter.setFont(self.font())
        inside = self.rect().adjusted(look.px(1.5), 0, -look.px(1.5), 0)
        size = self._icon_size(look)
        if size:
            inside = self._paint_icon(painter, look, ink, inside, words=words, size=size)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inside, int(flags), words)
        painter.end()

    def _paint_icon(self, painter: QPainter, look: Look, ink: QColor, inside: QRect, *, words: str, size: int) -> QRect:
        picture = look.icon(self._icon, self._ink_role(), 7.4 if self._role == "pad" else 5.6)
        top = (self.height() - size) // 2
        if not words:
            painter.drawPixmap((self.width() - size) // 2, top, picture)
            return inside
        gap = look.px(2.4)
        room = inside.width() - size - gap
        wide = min(painter.boundingRect(QRect(0, 0, room, 999), Qt.TextFlag.TextWordWrap, words).width(), room)
        left = inside.left() + (inside.width() - wide - size - gap) // 2
        if self._icon_after:
            painter.drawPixmap(left + wide + gap, top, picture)
            return QRect(left, 0, wide + 2, self.height())
        painter.drawPixmap(left, top, picture)
        return QRect(left + size + gap, 0, wide + 2, self.height())

    def _ink_role(self) -> str:
        if not self.isEnabled():
            return "muted"
        held = self.isDown() or self.isChecked()
        match self._role:
            case "primary":
                return "act" if held else "on_act"
            case "danger":
                return "bad"
            case "link":
                return "on_act" if self.isChecked() else "act"
            case _:
                return "act" if held else "ink"

    def _ink(self, look: Look) -> QColor:
        turned = look.colour("tint") == look.colour("surface") and (self.isDown() or self.isChecked())
        if turned and self._role != "primary" and self.isEnabled():
            return look.colour("on_act")  # as the style does: what is pressed or chosen is turned round
        return look.colour(self._ink_role())


def _two_lines(metrics: QFontMetrics, text: str) -> int:
    """The least width in which the words stand in two lines."""
    words = text.split()
    best = metrics.horizontalAdvance(text)
    for i in range(1, len(words)):
        first, second = " ".join(words[:i]), " ".join(words[i:])
        best = min(best, max(metrics.horizontalAdvance(first), metrics.horizontalAdvance(second)))
    return best + 2


class Card(QFrame):
    """A white surface with a hairline."""

    def __init__(self, *parts: "Part", spacing: float = tokens.STEP, margin: float = 3 * tokens.STEP) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.inside = column(*parts, spacing=spacing, margin=margin)
        self.setLayout(self.inside)


Part = QWidget | QLayout | int | None  # int: stretch


def column(*parts: Part, spacing: float = tokens.STEP, margin: float = 0) -> QVBoxLayout:
    """`spacing` and `margin` in mm; None is left out."""
    layout = QVBoxLayout()
    _fill(layout, parts, spacing, margin)
    return layout


def row(*parts: Part, spacing: float = tokens.GAP, margin: float = 0) -> QHBoxLayout:
    layout = QHBoxLayout()
    _fill(layout, parts, spacing, margin)
    return layout


def _fill(layout: QBoxLayout, parts: Sequence[Part], spacing: float, margin: float) -> None:
    layout.setSpacing(px(spacing) if spacing else 0)
    edge = px(margin) if margin else 0
    layout.setContentsMargins(edge, edge, edge, edge)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        elif part is not None:
            layout.addWidget(part)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        if inner := item.layout():
            empty(inner)
        elif widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


def rule() -> QFrame:
    line = QFrame()
    line.setProperty("rule", True)
    return line
