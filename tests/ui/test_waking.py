"""A touch on a screen that may have gone dark only wakes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.stage.desktop import Desktop
from tests.stage.world import World
from ui import app as composition
from ui.window.waking import Waking


@pytest.fixture
def waking() -> Iterator[Waking]:
    app = composition.application()
    made = Waking(app)
    yield made
    app.removeEventFilter(made)


@pytest.fixture
def button() -> Iterator[QPushButton]:
    made = QPushButton("x")
    made.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
    made.resize(200, 100)
    made.show()
    QApplication.processEvents()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture(scope="module")
def touchscreen() -> QPointingDevice:
    return QTest.createTouchDevice()


def clicks(button: QPushButton) -> list[bool]:
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    return pressed


def test_the_first_click_after_a_long_time_only_wakes(waking: Waking, button: QPushButton) -> None:
    pressed = clicks(button)
    waking.last -= 600
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == []
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 1


def test_the_first_touch_too(waking: Waking, button: QPushButton, touchscreen: QPointingDevice) -> None:
    pressed = clicks(button)
    window = button.windowHandle()

    def touch() -> None:
        QTest.touchEvent(window, touchscreen).press(0, QPoint(50, 50), window).commit()
        QTest.touchEvent(window, touchscreen).release(0, QPoint(50, 50), window).commit()
        QApplication.processEvents()

    waking.last -= 600
    touch()
    assert pressed == []
    touch()
    assert len(pressed) == 1


def test_somebody_who_thinks_is_not_asleep(waking: Waking, button: QPushButton) -> None:
    pressed = clicks(button)
    waking.last -= 500
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 1
    waking.last -= 600
    QTest.keyClick(button, Qt.Key.Key_Space)  # a key wakes as well, and a scanner's are never lost
    assert len(pressed) == 2
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 3


def test_a_window_that_is_gone_swallows_nothing(world: World, tmp_path: Path, button: QPushButton) -> None:
    world.set_up()
    with Desktop(world, tmp_path) as desktop:
        gone = desktop.app.waking
    gone.last -= 600
    pressed = clicks(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 1
