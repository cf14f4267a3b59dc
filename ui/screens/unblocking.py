"""Badges that are shut out after too many wrong PINs: the chair and one member let their holders try again."""

from functools import partial

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.screens.badges import Badges
from ui.views import UnblockingView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, column, empty, label, row
from ui.widgets.kit import frame, halves
from ui.widgets.screen import Screen


class Unblocking(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.badges = Badges()
        self.badges.asked.connect(self.asked)
        self.band = Band()
        self._title = label("title")
        self._blocked = column(spacing=3)
        card = Card(self._title, margin=6, spacing=3)
        card.inside.addLayout(self._blocked)
        card.inside.addStretch(1)
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="back")
        frame(self, self.band, halves(self.badges, card), row(self.back, 1))

    def part(self, view: View) -> object:
        return view.badges, view.of(UnblockingView)

    def render_view(self, view: View) -> None:
        enough = view.badges.members >= view.badges.quorum
        self.badges.show_badges(view.badges, view)
        if enough:
            self.band.say("good", _("Touch the badge to unblock"), _("The chair and a member are here."))
        else:
            self.band.say("act", _("Two unblock a badge"), _("Let one member show the badge and enter its PIN."))
        self._title.setText(_("Blocked badges"))
        empty(self._blocked)
        for person in view.of(UnblockingView).blocked:
            button = Button("tall", then=partial(self.asked.emit, i.Unblock(person.id)), name=f"unblock-{person.id}")
            button.say(words.dotted(_(words.ROLES[person.role]), person.name.here))
            button.setEnabled(enough)
            self._blocked.addWidget(button)
        self.back.say(_("Back"))
