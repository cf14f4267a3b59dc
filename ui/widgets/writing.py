"""A sheet to write a few sentences on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.text import _, language
from ui.look.scale import px
from ui.widgets.basic import Button, column, label, row
from ui.widgets.fields import Text
from ui.widgets.keyboard import Keyboard
from ui.widgets.sheet import Sheet


class Writing(Sheet):
    """A few sentences, with the keyboard on the screen: an act, a complaint, a decision."""

    written = Signal(str)

    def __init__(self, over: QWidget, title: str, hint: str, verb: str, *, text: str = "") -> None:
        super().__init__(over, 250)
        heading, note = label("title", name="sheet-title"), label("body", "muted")
        heading.setText(title)
        note.setText(hint)
        self.text = Text()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(title)
        self.text.setPlainText(text)
        self.text.setFixedHeight(px(26))
        keyboard = Keyboard(language(), sentences=True)  # type: ignore[arg-type]
        keyboard.type_into(self.text)
        self.done = Button("primary", icon="check", name="write-done")
        self.done.say(verb)
        cancel = Button("tall", then=self.close_sheet, name="cancel")
        cancel.say(_("Cancel"))
        keyboard.entered.connect(self.done.click)
        self.done.clicked.connect(self._keep)
        foot = row(cancel, 1, self.done)
        self.card.inside.addLayout(column(heading, note, self.text, keyboard, foot, spacing=3))

    def open_sheet(self) -> None:
        super().open_sheet()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        text = self.text.toPlainText().strip()
        self.close_sheet()
        self.written.emit(text)
