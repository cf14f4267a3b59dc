"""Fields keep nothing: what one voter typed comes back for nobody, whatever keys, mouse and menus are tried."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QMouseEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.stage.desktop import Desktop
from tests.stage.world import HOME, World
from ui.widgets.fields import Field, Text

UI = Path(__file__).parents[2] / "ui"
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_every_field_of_the_window_is_one_of_ours() -> None:
    raw = re.compile(r"\b(QLineEdit|QPlainTextEdit|QTextEdit|QTextBrowser|QComboBox|QSpinBox|QInputDialog)\(")
    found = [
        str(path.relative_to(UI))
        for path in UI.rglob("*.py")
        if raw.search(path.read_text("utf-8")) and path.name != "fields.py"
    ]
    assert not found


def _clipboards() -> list[str]:
    board = QGuiApplication.clipboard()
    return [board.text(mode) for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)]


def _try_everything(field: Field | Text) -> None:
    for key in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_Insert):
        QTest.keyClick(field, key, CONTROL)
    QTest.keyClick(field, Qt.Key.Key_Home, CONTROL)
    QTest.keyClick(field, Qt.Key.Key_End, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(field, Qt.Key.Key_C, CONTROL)
    QTest.keyClick(field, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    field.selectAll()  # as a double click does; a simulated mouse would stay pressed for the next test
    QTest.keyClick(field, Qt.Key.Key_C, CONTROL)


@pytest.mark.parametrize("kind", [Field, Text])
def test_nothing_goes_out_and_nothing_comes_in(qtbot: QtBot, kind: type[Field | Text]) -> None:
    board = QGuiApplication.clipboard()
    board.clear()
    field = kind()
    qtbot.addWidget(field)
    field.show()
    QTest.keyClicks(field, "20101199400011")
    _try_everything(field)
    if isinstance(field, Text):
        field.selectAll()
        field.copy()
        assert not field.textCursor().selectedText() or not any(_clipboards())
        field.moveCursor(QTextCursor.MoveOperation.End)
    assert not any("2010" in text for text in _clipboards())
    board.setText("pasted")
    before = field.text() if isinstance(field, Field) else field.toPlainText()
    QTest.keyClick(field, Qt.Key.Key_V, CONTROL)
    QTest.keyClick(field, Qt.Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier)
    if isinstance(field, Field):
        middle, nothing = Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier
        field.mouseReleaseEvent(
            QMouseEvent(QEvent.Type.MouseButtonRelease, QPointF(2, 2), QPointF(2, 2), middle, middle, nothing)
        )
    after = field.text() if isinstance(field, Field) else field.toPlainText()
    assert after == before
    assert not field.acceptDrops()
    assert field.contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu
    assert field.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData
    if isinstance(field, Text):
        data = QMimeData()
        data.setText("dropped")
        assert not field.canInsertFromMimeData(data)
        assert not field.isUndoRedoEnabled()
    board.clear()


@pytest.mark.parametrize("at_once", [False, True])
def test_undo_brings_no_voter_back(world: World, tmp_path: Path, at_once: bool) -> None:
    """Not for the next voter, not for the next clerk, by no key."""
    world.opened().close()
    with Desktop(world, tmp_path) as desk:
        desk.badge("clerk-1")
        desk.hand.wait(lambda: desk.view.page == "desk", "the desk")
        desk.hand.settle()
        field = desk.window.findChild(Field, "search")
        assert isinstance(field, Field)
        if at_once:
            field.insert(world.pins(HOME)[0][:6])  # the desk is left before the search is answered
        else:
            desk.hand.type_number(world.pins(HOME)[0][:6])
        assert field.text() == world.pins(HOME)[0][:6]
        desk.hand.touch("sign-out")
        desk.hand.wait(lambda: desk.view.page == "locked", "the lock screen")
        desk.badge("clerk-1")
        desk.hand.wait(lambda: desk.view.page == "desk", "the desk")
        desk.hand.settle()
        assert not field.isUndoAvailable() and not field.isRedoAvailable()
        field.undo()
        QApplication.processEvents()
        assert field.text() == ""
