"""A sheet for the PIN of a badge."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.text import _
from ui.widgets.basic import Button, column, label, row
from ui.widgets.dots import Dots
from ui.widgets.keyboard import PinPad
from ui.widgets.sheet import Sheet


class PinSheet(Sheet):
    """`note`: whose PIN, and in training which."""

    def __init__(self, over: QWidget, title: str, note: str) -> None:
        super().__init__(over, 100)
        heading, below = label("title", name="sheet-title"), label("body", "muted")
        heading.setText(title)
        below.setText(note)
        self.dots, self.pad = Dots(), PinPad()
        self.pad.say()
        self.pad.changed.connect(self.dots.show_count)
        self.pad.entered.connect(lambda _pin: self.close_sheet())
        self.cancel = Button("link", then=self.close_sheet, name="cancel")
        self.cancel.say(_("Cancel"))
        self.card.inside.addLayout(column(heading, below, self.dots, self.pad, row(self.cancel, 1), spacing=3))

    def open_sheet(self) -> None:
        super().open_sheet()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)
