"""A sheet with a few answers under each other, and a way back."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.text import _
from ui.look import tokens
from ui.look.scale import px
from ui.widgets.basic import Button, label, row
from ui.widgets.sheet import Sheet

_ONE_COLUMN = 5  # answers that still fit under each other


class Choosing(Sheet):
    picked = Signal(str)

    def __init__(self, over: QWidget, title: str, options: Sequence[tuple[str, str]], note: str = "") -> None:
        super().__init__(over)
        heading = label("title", name="sheet-title")
        heading.setText(title)
        self.setAccessibleName(title)
        self.card.inside.addWidget(heading)
        if note:
            words = label("body", "muted")
            words.setText(note)
            self.card.inside.addWidget(words)
        grid = QGridLayout()
        grid.setSpacing(px(tokens.GAP))
        columns = 2 if len(options) > _ONE_COLUMN else 1
        for place, (key, text) in enumerate(options):
            button = Button("tall", then=partial(self._pick, key), name=f"pick-{key}")
            button.say(text)
            grid.addWidget(button, place // columns, place % columns)
        self.card.inside.addLayout(grid)
        cancel = Button("link", then=self.close_sheet, name="cancel")
        cancel.say(_("Cancel"))
        self.card.inside.addLayout(row(cancel, 1))

    def _pick(self, key: str) -> None:
        self.close_sheet()
        self.picked.emit(key)
