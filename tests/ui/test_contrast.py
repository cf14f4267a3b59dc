"""What is pressed or chosen can be told in every contrast, by more than a colour that may not be seen."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QPushButton

from ui import app as composition
from ui.look.scale import current_scale
from ui.look.theme import stylesheet
from ui.look.tokens import PALETTES, Contrast
from ui.widgets.basic import Button


@pytest.fixture(params=list(PALETTES))
def button(request: pytest.FixtureRequest) -> Iterator[QPushButton]:
    composition.application()
    contrast: Contrast = request.param
    made = Button("tall")
    made.say("Кыргызча")
    made.setCheckable(True)
    made.setStyleSheet(stylesheet(contrast, current_scale()))
    made.resize(300, 80)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def drawn(button: QPushButton) -> QImage:
    return button.grab().toImage()


def ground(button: QPushButton) -> QColor:
    return drawn(button).pixelColor(30, 40)


def test_a_button_that_is_pressed_or_chosen_looks_so(button: QPushButton) -> None:
    plain, image = ground(button), drawn(button)
    button.setDown(True)
    pressed = ground(button)
    button.setDown(False)
    button.setChecked(True)
    chosen = ground(button)
    assert plain != pressed and plain != chosen
    assert drawn(button) != image
    words = {drawn(button).pixelColor(x, y).name() for x in range(90, 210) for y in range(25, 55)}
    assert len(words) > 1  # and its words can still be read
