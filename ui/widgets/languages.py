"""The three languages as buttons: instant, anywhere."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.text import language
from ui.intents import Speak
from ui.widgets.basic import Button, row

LANGUAGES = (("ky", "КЫР", "Кыргызча"), ("ru", "РУС", "Русский"), ("en", "ENG", "English"))


class Languages(QWidget):
    """Instant, anywhere."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._buttons: dict[str, Button] = {}
        for code, sign, name in LANGUAGES:
            button = Button("link", then=partial(self.asked.emit, Speak(code)), name=f"language-{code}")
            button.setCheckable(True)
            button.say(sign, name)
            self._buttons[code] = button
        self.setLayout(row(*self._buttons.values()))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_language(self, chosen: str = "") -> None:
        for code, button in self._buttons.items():
            button.setChecked(code == (chosen or language()))
