"""Fields to type into that keep nothing: no undo, no clipboard, no selection, no menu, no drop, no guessing of words.

A personal number or a name that was typed for one voter must not come back for the next, at this screen or in another
program. Every field of the window is one of these (a test looks for others).
"""

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

_KEEPING = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.SelectAll,
)
_HINTS = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText


def _keeps(event: QKeyEvent) -> bool:
    return any(event.matches(key) for key in _KEEPING)


class Field(QLineEdit):
    """One line. `setText` forgets what stood there before; `clear` would leave it to Undo."""

    def __init__(self) -> None:
        super().__init__()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setDragEnabled(False)
        self.setInputMethodHints(_HINTS)
        self.selectionChanged.connect(self.deselect)  # under X what is selected is copied by that alone

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt)
        if _keeps(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 (Qt)
        if event.button() == Qt.MouseButton.LeftButton:  # the middle one pastes
            super().mouseReleaseEvent(event)


class Text(QPlainTextEdit):
    """Several lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setUndoRedoEnabled(False)
        self.setInputMethodHints(_HINTS)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt)
        if _keeps(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, _source: QMimeData) -> bool:  # noqa: N802 (Qt)
        return False

    def insertFromMimeData(self, _source: QMimeData) -> None:  # noqa: N802 (Qt)
        pass

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 (Qt)
        return QMimeData()
