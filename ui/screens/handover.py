"""“Turn the screen to the voter”, nothing else; and the clerk's own way back, with badge or PIN."""

from PySide6.QtCore import Qt

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.screens.voter.covered import ClerkWay
from ui.views import View
from ui.widgets.basic import Button, column, label, row
from ui.widgets.picture import Picture
from ui.widgets.screen import Screen


class HandOver(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "plain")
        self._title, self._note = label("giant"), label("title", "muted")
        self._title.setStyleSheet(f"font-size: {px(15)}px;")
        for text in (self._title, self._note):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.ready = Button(
            "primary", icon="next", then=lambda: self.asked.emit(i.VoterReady()), name="voter-ready", icon_after=True
        )
        self.ready.setMinimumWidth(px(90))
        self.clerk = ClerkWay()
        self.clerk.asked.connect(self.asked)
        inside = column(1, spacing=7)
        inside.addWidget(Picture("turn", "act", 44), 0, Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self._title)
        inside.addWidget(self._note)
        inside.addStretch(1)
        inside.addLayout(row(self.clerk, 1, self.ready))
        inside.setContentsMargins(px(14), px(8), px(14), px(8))
        self.setLayout(inside)

    def part(self, view: View) -> object:
        return view.page, view.officer, view.trainer is not None, view.booth.pin_asked

    def render_view(self, view: View) -> None:
        self._title.setText(_("Turn the screen to the voter"))
        self._note.setText(_("The voter touches the button and votes alone."))
        self.ready.say(words.START)
        self.clerk.show_view(view)

    def arrive(self) -> None:
        self.ready.setFocus(Qt.FocusReason.OtherFocusReason)
