"""What must hold on every screen: nothing clipped, nothing overlapping, targets a finger can hit, contrast, names."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from ui.look.theme import look_of
from ui.widgets.choice import Choice
from ui.widgets.figures import FigureLine
from ui.widgets.order import stops
from ui.widgets.rows import RowButton
from ui.widgets.sheet import Sheet

MM = 12.7
APART = 2.54
_SLACK = 1  # pixel, of rounding


def shown(window: QWidget, kind: type[QWidget] = QWidget) -> Iterator[QWidget]:
    """Widgets of a kind that a person sees: visible, and not behind a sheet."""
    sheets = [s for s in window.findChildren(Sheet) if s.isVisible()]
    for widget in window.findChildren(kind):
        if widget.isVisible() and (not sheets or sheets[-1].isAncestorOf(widget)):
            yield widget


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def seen(widget: QWidget, window: QWidget) -> QRect:
    """The part that is not scrolled away."""
    seen = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(window, seen.topLeft()), seen.size())


def _scrolls(widget: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            return True
        above = above.parentWidget()
    return False


def size(window: QWidget, wanted: tuple[int, int]) -> list[str]:
    """The screen asks for no more than the display has."""
    found = (window.width(), window.height())
    return [] if found == wanted else [f"the window grew to {found}"]


def clipped(window: QWidget) -> list[str]:
    """Words that do not fit where they stand."""
    found = []
    for label in shown(window, QLabel):
        assert isinstance(label, QLabel)
        if not label.text() or label.pixmap():
            continue
        metrics = QFontMetrics(label.font())
        room = label.contentsRect()
        flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
        needed = metrics.boundingRect(QRect(0, 0, room.width(), 9999), int(flags), label.text())
        ignored = label.sizePolicy().horizontalPolicy() == label.sizePolicy().Policy.Ignored
        if needed.height() > room.height() + 2 + _SLACK or (needed.width() > room.width() + _SLACK and not ignored):
            found.append(
                f"label “{label.text()}” needs {needed.width()}×{needed.height()}, has {room.width()}×{room.height()}"
            )
    for button in shown(window, QAbstractButton):
        found += _button(button)
    return found


def _button(button: QWidget) -> list[str]:
    assert isinstance(button, QAbstractButton)
    if not button.text() or isinstance(button, RowButton):
        return []
    look = look_of(button)
    if isinstance(button, Choice):
        needed_high = Choice.height_for(look, button.text(), button.note, button.width())
        return [] if needed_high <= button.height() + _SLACK else [f"tile “{button.text()}” needs {needed_high}"]
    if isinstance(button, FigureLine):
        return []
    around = button._around(look)  # type: ignore[attr-defined]
    metrics = QFontMetrics(button.font())
    room = QRect(0, 0, button.width() - around + look.px(3), 9999)
    needed = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), button.text())
    if needed.height() > button.height() or needed.width() > button.width() - around + look.px(3) + _SLACK:
        return [
            f"button “{button.text()}” needs {needed.width()}×{needed.height()}, is {button.width()}×{button.height()}"
        ]
    return []


def sideways(window: QWidget) -> list[str]:
    """Nothing scrolls sideways, so nothing may be wider than its frame."""
    return [
        f"{area.objectName() or type(area.parentWidget()).__name__}: content is wider than its frame"
        for area in shown(window, QScrollArea)
        if isinstance(area, QScrollArea)
        and (inside := area.widget())
        and inside.width() > area.viewport().width() + _SLACK
    ]


def overlapping(window: QWidget) -> list[str]:
    """Words or targets that stand on each other."""
    leaves = [w for w in shown(window) if isinstance(w, QLabel | QAbstractButton | QLineEdit | QPlainTextEdit)]
    leaves = [w for w in leaves if not (isinstance(w, QLabel) and not w.text())]
    leaves = [w for w in leaves if not _scrolls(w)]
    found = []
    for n, one in enumerate(leaves):
        for other in leaves[n + 1 :]:
            if one.isAncestorOf(other) or other.isAncestorOf(one):
                continue
            shared = place(one, window).intersected(place(other, window))
            if shared.width() > _SLACK and shared.height() > _SLACK:
                found.append(f"{_name(one)} stands on {_name(other)}")
    return found


def outside(window: QWidget) -> list[str]:
    """What a finger cannot reach because it lies beyond the edge, of the screen or of what holds it."""
    found = []
    for widget in shown(window, QAbstractButton):
        if _scrolls(widget):
            continue
        whole, above = place(widget, window), widget.parentWidget()
        left = whole
        while above is not None and above is not window.parentWidget():
            left = left.intersected(place(above, window))
            above = above.parentWidget()
        lost = (whole.width() - left.width(), whole.height() - left.height())
        if max(lost) > 0:
            found.append(f"{_name(widget)} is cut off by {lost[0]}×{lost[1]}")
    return found


def targets(window: QWidget) -> list[str]:
    """At least 12.7 mm each way, at least 2.54 mm apart."""
    dpi = look_of(window).scale.dpi
    least, apart = int(MM * dpi / 25.4), int(APART * dpi / 25.4)
    buttons = list(shown(window, QAbstractButton))
    found = [
        f"{_name(b)} is only {b.width()}×{b.height()} px" for b in buttons if b.width() < least or b.height() < least
    ]
    for n, one in enumerate(buttons):
        for other in buttons[n + 1 :]:
            a, b = seen(one, window), seen(other, window)
            if a.isEmpty() or b.isEmpty():
                continue
            if a.adjusted(-apart + 1, -apart + 1, apart - 1, apart - 1).intersects(b):
                found.append(f"{_name(one)} is too near {_name(other)}")
    return found


def named(window: QWidget) -> list[str]:
    """Every control has a name and a role for a screen reader, and a place in the order of the focus."""
    found = []
    for control in shown(window):
        if not isinstance(control, QAbstractButton | QLineEdit | QPlainTextEdit):
            continue
        spoken = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
        if not spoken.strip():
            found.append(f"{type(control).__name__} {control.objectName()} has no accessible name")
        key = control.property("role") == "key"
        fixed = isinstance(control, QLineEdit) and control.isReadOnly()
        if not key and not fixed and control.isEnabled() and not control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(f"{_name(control)} cannot be reached with the keyboard")
    return found


def begins_at_the_top(window: QWidget) -> list[str]:
    """Nobody types into a line that is scrolled out of sight: whatever scrolls comes up with its first line."""
    areas = [area for area in window.findChildren(QScrollArea) if area.isVisible()]
    return [f"{_name(area)} comes up scrolled down" for area in areas if area.verticalScrollBar().value()]


def no_ring(window: QWidget) -> list[str]:
    """Nobody has touched a key: nothing is framed as if it were chosen."""
    return [f"{_name(w)} has a ring" for w in window.findChildren(QWidget) if w.isVisible() and w.property("ringed")]


def focus_order(window: QWidget) -> list[str]:
    """Tab goes as the eye does: everything that can be touched comes once, and no step leads straight back."""
    sheets = [s for s in window.findChildren(Sheet) if s.isVisible()]
    order = stops(sheets[-1] if sheets else window)
    buttons = (b for b in shown(window, QAbstractButton) if b.isEnabled())
    touchable = [b for b in buttons if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    found = [f"{_name(b)} is not in the order of the focus" for b in touchable if order.count(b) != 1]
    for one, following in pairwise(order):
        a, b = seen(one, window), seen(following, window)
        if a.isEmpty() or b.isEmpty():
            continue  # scrolled away
        same_line = min(a.bottom(), b.bottom()) - max(a.top(), b.top()) > min(a.height(), b.height()) // 2
        back = b.right() < a.left() if same_line else b.bottom() < a.top() and b.left() <= a.right()
        if back:
            found.append(f"Tab goes back from {_name(one)} to {_name(following)}")
    return found


def _size(rect: QRect) -> str:
    return f"{rect.width()}×{rect.height()}"


def _name(widget: QWidget) -> str:
    text = str(widget.property("text") or "")
    return f"{type(widget).__name__} {widget.objectName()} “{text[:40]}”"


def all_of(window: QWidget, wanted: tuple[int, int]) -> list[str]:
    checks = (clipped, sideways, overlapping, outside, targets, named, focus_order, begins_at_the_top, no_ring)
    return size(window, wanted) + [line for check in checks for line in check(window)]
