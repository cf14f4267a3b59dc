"""The thanks."""

from PySide6.QtCore import Qt

from kiosk.text import _
from ui import intents as i
from ui.look.scale import px
from ui.screens.voter.face import Face, page
from ui.views import BoothView, View
from ui.widgets.basic import Button, column, label, row
from ui.widgets.picture import Picture


class Recorded(Face):
    def __init__(self) -> None:
        super().__init__()
        self._title, self._note = label("display", "good", name="title"), label("title", "muted")
        for words_ in (self._title, self._note):
            words_.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.done = Button("primary", then=lambda: self.asked.emit(i.VoterDone()), name="voter-done")
        self.done.setMinimumWidth(px(80))
        body = column(1, spacing=6)
        body.addWidget(Picture("good", "good", 44), 0, Qt.AlignmentFlag.AlignCenter)
        body.addWidget(self._title)
        body.addWidget(self._note)
        body.addStretch(1)
        page(self, None, body, row(1, self.done))

    def show_booth(self, booth: BoothView, view: View) -> None:
        self._title.setText(_("Your vote is recorded. Thank you!"))
        self._note.setText(_("Put the paper into the ballot box, then go back to the clerk."))
        self.done.say(_("Done"))

    def arrive(self) -> None:
        self.done.setFocus(Qt.FocusReason.OtherFocusReason)
