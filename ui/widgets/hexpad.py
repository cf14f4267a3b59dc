"""Sixteen keys for the groups of a fingerprint; types into whichever of its fields has the focus."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from kiosk.text import _
from ui.look import tokens
from ui.look.scale import px
from ui.widgets.basic import Button


class HexPad(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._fields: Sequence[QLineEdit] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(tokens.GAP))
        for place, sign in enumerate("0123456789abcdef"):
            key = Button("key", then=partial(self._type, sign), name=f"hex-{sign}")
            key.say(sign)
            grid.addWidget(key, place // 6, place % 6)
        self._erase = Button("key", icon="backspace", then=self._back, name="hex-erase")
        self._erase.say("", _("erase"))
        grid.addWidget(self._erase, 2, 4, 1, 2)

    def type_into(self, fields: Sequence[QLineEdit]) -> None:
        self._fields = fields

    def _field(self) -> QLineEdit | None:
        """The one with the focus, or the first that is not full."""
        for field in self._fields:
            if field.hasFocus() and len(field.text()) < field.maxLength():
                return field
        return next((f for f in self._fields if len(f.text()) < f.maxLength()), None)

    def _type(self, sign: str) -> None:
        field = self._field()
        if field:
            field.insert(sign)
            if len(field.text()) == field.maxLength() and (following := self._field()):
                following.setFocus()

    def _back(self) -> None:
        filled = [f for f in self._fields if f.text()]
        field = next((f for f in filled if f.hasFocus()), filled[-1] if filled else None)
        if field:
            field.setFocus()
            field.backspace()
