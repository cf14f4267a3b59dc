"""The keyboard on the screen. Keymaps are data (resources/keymaps); keys never take the focus from the field."""

import tomllib
from functools import cache, partial
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from kiosk.settings import RESOURCES
from kiosk.text import _, language
from ui.look import tokens
from ui.look.scale import px
from ui.widgets.basic import Button

Keymap = Literal["ky", "ru", "en", "pin"]
LETTERS: tuple[Keymap, ...] = ("ky", "ru", "en")
_NAMES: dict[Keymap, str] = {"ky": "КЫР", "ru": "РУС", "en": "LAT", "pin": "123"}
_COLUMNS = 24  # half keys: rows of different lengths stand centred


@cache
def keymap(name: Keymap) -> tuple[str, ...]:
    """Rows of characters, top first."""
    return tuple(tomllib.loads((RESOURCES / "keymaps" / f"{name}.toml").read_text("utf-8"))["rows"])


class Keyboard(QWidget):
    """Types into `field`. `entered`: the Enter key."""

    entered = Signal()

    def __init__(self, keymap_name: Keymap = "ky", sentences: bool = False) -> None:
        super().__init__()
        self._field: QLineEdit | QPlainTextEdit | None = None
        self._keymap: Keymap = keymap_name
        self._letters: Keymap = keymap_name if keymap_name in LETTERS else "ky"
        self._sentences = sentences
        self._shift = sentences
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(tokens.GAP))
        self._keys: list[Button] = []
        self._build()

    def type_into(self, field: QLineEdit | QPlainTextEdit) -> None:
        self._field = field

    def say(self) -> None:
        """The signs without words are spoken in the language of the reader."""
        if self._spoken != language():
            self._build()

    def use(self, name: Keymap) -> None:
        if name != self._keymap:
            self._keymap = name
            if name in LETTERS:
                self._letters = name
            self._build()

    def _build(self) -> None:
        self._spoken = language()
        for key in self._keys:
            self._grid.removeWidget(key)
            key.hide()
            key.deleteLater()  # not now: it may be the key whose touch is being handled
        rows = keymap(self._keymap)
        self._keys = []
        for y, line in enumerate(rows):
            span = 4 if self._keymap == "pin" else 2
            start = (_COLUMNS - span * len(line)) // 2
            for x, character in enumerate(line):
                shown = character.upper() if self._shift and self._keymap != "pin" else character
                self._put(self._key(shown), y, start + span * x, span)
        self._bottom(len(rows))
        for x in range(_COLUMNS):
            self._grid.setColumnStretch(x, 1)

    def _put(self, key: Button, y: int, x: int, span: int) -> None:
        self._grid.addWidget(key, y, x, 1, span)
        key.show()
        self._keys.append(key)

    def _key(self, character: str) -> Button:
        key = Button("key", then=lambda: self._type(character))
        key.say(character)
        return key

    def _bottom(self, y: int) -> None:
        """Shift, digits, alphabet, space, comma and full stop in sentences, erase, enter."""
        parts: list[tuple[Button, int]] = []
        if self._sentences:
            shift = Button("key", icon="shift", then=self._toggle_shift)
            shift.say("", _("capital letters"))
            parts.append((shift, 2))
        other: Keymap = self._letters if self._keymap == "pin" else "pin"
        digits = Button("key", then=lambda: self.use(other))
        digits.say(_NAMES[other])
        parts.append((digits, 3))
        following = LETTERS[(LETTERS.index(self._letters) + 1) % len(LETTERS)]
        alphabet = Button("key", then=lambda: self.use(following))
        alphabet.say(_NAMES[following], _("keyboard: {name}", name=_NAMES[following]))
        parts.append((alphabet, 3))
        space = Button("key", then=lambda: self._type(" "))
        space.say("␣", _("space"))
        marks = [self._key(c) for c in (",", ".")] if self._sentences else [self._key("-")]
        erase = Button("key", icon="backspace", then=self._erase)
        erase.say("", _("erase"))
        erase.setAutoRepeat(True)
        enter = Button("key", icon="check", then=self.entered.emit)
        enter.say("", _("done"))
        used = sum(n for _key, n in parts) + 2 * len(marks) + 3 + 3
        x = 0
        for key, span in (*parts, (space, _COLUMNS - used), *((m, 2) for m in marks), (erase, 3), (enter, 3)):
            self._put(key, y, x, span)
            x += span

    def _toggle_shift(self) -> None:
        self._shift = not self._shift
        self._build()

    def _type(self, character: str) -> None:
        if isinstance(self._field, QLineEdit):
            self._field.insert(character)
        elif self._field is not None:
            self._field.insertPlainText(character)
            if self._sentences:
                capital = character == " " and self._field.toPlainText()[-2:-1] in (".", "")
                if capital != self._shift and (capital or self._shift):
                    self._shift = capital
                    self._build()

    def _erase(self) -> None:
        if isinstance(self._field, QLineEdit):
            self._field.backspace()
        elif self._field is not None:
            self._field.textCursor().deletePreviousChar()


class PinPad(QWidget):
    """Ten digits, erase, done; big enough for a thumb. The digits themselves are never shown."""

    changed = Signal(int)  # how many digits are there
    entered = Signal(str)

    def __init__(self, longest: int = 6) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._digits = ""
        self._longest = longest
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(tokens.GAP + 1))
        for place, digit in enumerate("123456789"):
            key = Button("pad", then=partial(self._type, digit), name=f"digit-{digit}")
            key.say(digit)
            grid.addWidget(key, place // 3, place % 3)
        self.erase = Button("pad", icon="backspace", then=self._erase, name="digit-erase")
        self.done = Button("pad", icon="check", then=self._enter, name="digit-done")
        zero = Button("pad", then=lambda: self._type("0"), name="digit-0")
        zero.say("0")
        self.done.become("primary")
        self.done.setSizePolicy(self.erase.sizePolicy())
        for place, last in enumerate((self.erase, zero, self.done)):
            grid.addWidget(last, 3, place)
        for y in range(4):
            grid.setRowStretch(y, 1)
        self.setAccessibleName("PIN")

    def say(self) -> None:
        self.erase.say("", _("erase"))
        self.done.say("", _("done"))

    @property
    def digits(self) -> str:
        return self._digits

    def clear(self) -> None:
        self._digits = ""
        self.changed.emit(0)

    def _type(self, digit: str) -> None:
        if len(self._digits) < self._longest:
            self._digits += digit
            self.changed.emit(len(self._digits))

    def _erase(self) -> None:
        self._digits = self._digits[:-1]
        self.changed.emit(len(self._digits))

    def _enter(self) -> None:
        digits, self._digits = self._digits, ""
        self.changed.emit(0)
        if digits:
            self.entered.emit(digits)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        text = event.text()
        if text.isdigit() and text.isascii():
            self._type(text)
        elif event.key() == Qt.Key.Key_Backspace:
            self._erase()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            super().keyPressEvent(event)
