"""The order of the focus is the order of the eye: as the layouts stand, whatever was built last."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout, QLayoutItem, QScrollArea, QWidget


def stops(root: QWidget) -> list[QWidget]:
    """What Tab reaches inside `root`, in order; disabled and hidden things are passed over."""
    return [w for w in _walk(root) if w is not root and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]


def step(root: QWidget, forward: bool) -> bool:
    """Move the focus by one inside `root`, round at the ends. False if nothing there takes it."""
    order = stops(root)
    if not order:
        return False
    at = next((n for n, widget in enumerate(order) if widget.hasFocus()), -1 if forward else 0)
    reached = order[(at + (1 if forward else -1)) % len(order)]
    reached.setFocus(Qt.FocusReason.TabFocusReason)
    above = reached.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(reached)
        above = above.parentWidget()
    return True


def _walk(widget: QWidget) -> Iterator[QWidget]:
    if widget.isHidden():
        return
    yield widget
    laid_out: list[QWidget] = []
    layout = widget.layout()
    if layout is not None:
        laid_out = list(_widgets(layout))
    free = [w for w in widget.children() if isinstance(w, QWidget) and not w.isWindow() and w not in laid_out]
    for child in (*laid_out, *sorted(free, key=lambda w: (w.y(), w.x()))):
        yield from _walk(child)


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    for item in _items(layout):
        if widget := item.widget():
            yield widget
        elif inner := item.layout():
            yield from _widgets(inner)


def _items(layout: QLayout) -> list[QLayoutItem]:
    """A grid is read line by line, in whatever order it was filled; a row from the right, where it is laid out so."""
    places = range(layout.count())
    if isinstance(layout, QGridLayout):
        places = sorted(places, key=lambda n: tuple(layout.getItemPosition(n))[:2])  # type: ignore[assignment,arg-type]
    if isinstance(layout, QBoxLayout) and layout.direction() == QBoxLayout.Direction.RightToLeft:
        places = range(layout.count() - 1, -1, -1)
    return [item for n in places if (item := layout.itemAt(n)) is not None]
