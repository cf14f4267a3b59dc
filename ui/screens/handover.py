"""“Turn the screen to the voter”, nothing else."""

from PySide6.QtCore import Qt

from kiosk.text import _
from ui import intents as i
from ui.views import View
from ui.widgets.basic import Button, Picture, column, label, px, row
from ui.widgets.choose import Choosing, put_up
from ui.widgets.screen import Screen


class HandOver(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "plain")
        self._title, self._note = label("giant"), label("title", "muted")
        self._title.setStyleSheet(f"font-size: {px(15)}px;")
        for words in (self._title, self._note):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.ready = Button("primary", "next", lambda: self.asked.emit(i.VoterReady()), "voter-ready", icon_after=True)
        self.ready.setMinimumWidth(px(90))
        self.back = Button("tall", "back", self._back, name="withdraw")
        inside = column(1, spacing=7)
        inside.addWidget(Picture("turn", "act", 44), 0, Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(self._title)
        inside.addWidget(self._note)
        inside.addStretch(1)
        inside.addLayout(row(self.back, 1, self.ready))
        inside.setContentsMargins(px(14), px(8), px(14), px(8))
        self.setLayout(inside)

    def part(self, view: View) -> object:
        return view.page

    def render_view(self, view: View) -> None:
        self._title.setText(_("Turn the screen to the voter"))
        self._note.setText(_("The voter touches the button and votes alone."))
        self.ready.say(_("I am the voter: start"))
        self.back.say(_("Take the ballot back"))

    def _back(self) -> None:
        options = (
            ("wrong_person", _("The wrong person was chosen")),
            ("changed_mind", _("The voter does not want to vote")),
            ("device", _("A device does not work")),
            ("other", _("Another reason")),
        )
        sheet = Choosing(
            self.window(), _("Why is the ballot taken back?"), options, _("The reason goes into the journal.")
        )
        sheet.picked.connect(lambda key: self.asked.emit(i.Withdraw(key)))
        put_up(self, sheet)

    def arrive(self) -> None:
        self.ready.setFocus(Qt.FocusReason.OtherFocusReason)
