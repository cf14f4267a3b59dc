"""What happened, a code, what is safe, whom to call. Never a traceback, and never the end of the day."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kiosk.text import _
from ui.look.scale import px
from ui.widgets.basic import Button, column, label, row
from ui.widgets.picture import Picture
from ui.widgets.sheet import Sheet


class ErrorSheet(Sheet):
    restart = Signal()

    def __init__(self, over: QWidget, code: str) -> None:
        super().__init__(over, 150)
        self.code = code
        title, what, safe, call = (
            label("display", "bad", name="sheet-title"),
            label("strong"),
            label("body"),
            label("body"),
        )
        title.setText(_("Something unexpected happened"))
        what.setText(_("The program stopped at this place: {code}", code=code))
        safe.setText(_("Every ballot that was shown as recorded is safe, and nothing was recorded twice."))
        call.setText(_("Sign in again and go on. If it comes back, note the code and call the technician."))
        self.setAccessibleName(title.text())
        self.button = Button("primary", icon="lock", then=self._on, name="restart")
        self.button.say(_("Sign in again"))
        head = row(Picture("bad", "bad", 14), title, spacing=5)
        head.setStretch(1, 1)
        self.card.inside.addLayout(head)
        self.card.inside.addLayout(column(what, safe, call, spacing=3))
        self.card.inside.addSpacing(px(3))
        self.card.inside.addLayout(row(1, self.button))

    def open_sheet(self) -> None:
        super().open_sheet()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def escape(self) -> None:
        """There is one way on."""

    def _on(self) -> None:
        self.close_sheet()
        self.restart.emit()
