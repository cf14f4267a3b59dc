"""Covered: nothing of a voter is on the screen. The clerk's PIN brings the desk back; the badge asks for it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.text import N_, _, in_every_language, speaking_to_staff
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.screens.voter.face import Face
from ui.views import BoothView, View
from ui.widgets.basic import Button, column, label, row
from ui.widgets.kit import ask_pin
from ui.widgets.picture import Picture


class ClerkWay(QWidget):
    """How the clerk comes back to a screen that was handed over: by the PIN, which the badge under the scanner asks for
    as the button does."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.clerk = Button("tall", icon="person", then=self._ask_pin, name="clerk")
        self.sample = Button("tall", icon="card", then=self._show_badge, name="show-own-badge")
        self._officer = ""
        self._pin_hint = ""
        self._asked = 0
        self._coming = ""
        self.setLayout(row(self.clerk, self.sample))

    def show_view(self, view: View) -> None:
        self.setVisible(not view.two_screens)
        self.sample.setVisible(view.trainer is not None)
        with speaking_to_staff():
            self.clerk.say(_("I am the clerk"))
            self.sample.say(_("Show the clerk's badge"))
        self._officer = view.officer.id if view.officer else ""
        own = next((b for b in view.trainer.badges if b.id == self._officer), None) if view.trainer else None
        with speaking_to_staff():
            self._pin_hint = _("Training: PIN {pin}", pin=own.pin) if own else ""
        if view.booth.pin_asked not in (0, self._asked):
            QTimer.singleShot(0, self._ask_pin_here)  # once this page stands
        self._asked, self._coming = view.booth.pin_asked, view.booth.coming

    def _ask_pin_here(self) -> None:
        if self.isVisible():
            self._ask_pin(self._coming)

    def _ask_pin(self, badge: str = "") -> None:
        """Of the one who is signed in; `badge`: of whose card was shown."""
        note = self._pin_hint if badge in ("", self._officer) else ""
        ask_pin(self, _("The clerk's PIN"), note, lambda pin: self.asked.emit(i.EnterPin(pin, badge)))

    def _show_badge(self) -> None:
        self.asked.emit(i.PlayBadge(self._officer))


class Covered(Face):
    def __init__(self) -> None:
        super().__init__()
        self._title, self._note = label("display", name="title"), label("title", "muted")
        for words_ in (self._title, self._note):
            words_.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.way = ClerkWay()
        self.way.asked.connect(self.asked)
        body = column(1, spacing=6)
        body.addWidget(Picture("globe", "act", 30), 0, Qt.AlignmentFlag.AlignCenter)
        body.addWidget(self._title)
        body.addWidget(self._note)
        body.addStretch(1)
        body.addLayout(row(self.way, 1))
        body.setContentsMargins(px(11), px(7), px(11), px(6))
        self.setLayout(body)

    def show_booth(self, booth: BoothView, view: View) -> None:
        note = ""
        if booth.page == "left":
            title = _("Please wait for the clerk")
            help_ = _("Nothing was recorded. The clerk will help you.")
            note = words.say(booth.trouble).next_step if booth.trouble else help_
        else:  # whoever voted may be gone, and nobody knows who reads this next
            free, back = N_("The booth is free"), N_("Please give the screen back to the clerk.")
            title = "\n".join(in_every_language(free if view.two_screens else back))
        if booth.document:
            with speaking_to_staff():
                note = _("The next document is read. Clerk: enter your PIN.")
        self._title.setText(title)
        self._note.setText(note)
        self.way.show_view(view)

    def arrive(self) -> None:
        self.way.clerk.setFocus(Qt.FocusReason.OtherFocusReason)
