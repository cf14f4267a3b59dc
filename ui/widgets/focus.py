"""Where the keyboard is: shown to whoever came by a key, and to nobody who touches.

A ring after a touch looks like a second primary button, and around a candidate like a mark.
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

_KEYS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_by_key = False


def noted(event: QEvent) -> None:
    """What a person does: a key that moves the focus, a finger or a mouse. (Qt's own reasons for a focus do not tell:
    it calls a button that hides a Tab.)"""
    global _by_key
    if isinstance(event, QKeyEvent):
        _by_key = _by_key or event.key() in _KEYS
        return
    _by_key = False
    held = QApplication.focusWidget()
    if held is not None:
        refresh(held)


def refresh(widget: QWidget) -> None:
    """Show the ring, or no longer."""
    if bool(widget.property("ringed")) != ringed(widget):
        widget.setProperty("ringed", ringed(widget))
        widget.style().unpolish(widget)
        widget.style().polish(widget)
    widget.update()


def ringed(widget: QWidget) -> bool:
    """Whether to show that this widget has the focus."""
    return _by_key and widget.hasFocus()
