"""Where the keyboard is: shown to whoever came by a key, and to nobody who touches.

A ring after a touch looks like a second primary button, and around a candidate like a mark.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_by_key = False  # how somebody came to a widget last; what the program gives the focus to is shown likewise


def arrived(reason: Qt.FocusReason) -> None:
    """A widget has the focus now."""
    global _by_key
    if reason in _BY_KEY:
        _by_key = True
    elif reason == Qt.FocusReason.MouseFocusReason:
        _by_key = False


def ringed(widget: QWidget) -> bool:
    """Whether to show that this widget has the focus."""
    return _by_key and widget.hasFocus()
