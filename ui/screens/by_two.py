"""What the chair and one member do together: badges on the left, what it is about on the right, and the way back.

Closing, taking over and unblocking are pages of this kind (ui/model/place.py).
"""

from kiosk.text import _
from ui import intents as i
from ui.screens.badges import Badges
from ui.views import View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, Part, label, row
from ui.widgets.kit import frame, halves
from ui.widgets.screen import Screen


class ByTwo(Screen):
    """`about`: what stands on the card under its title; `action`: what is touched once both are here, if anything."""

    def __init__(self, *about: Part, action: Button | None = None) -> None:
        super().__init__()
        self.badges = Badges()
        self.badges.asked.connect(self.asked)
        self.band = Band()
        self.title = label("title")
        card = Card(self.title, *about, margin=6, spacing=3)
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="back")
        frame(self, self.band, halves(self.badges, card), row(self.back, 1, *([action] if action else [])))

    def show_two(self, view: View, title: str, *, ready: str, awaited: str) -> bool:
        """Who is here, and the band that says so; whether both are."""
        enough = view.badges.members >= view.badges.quorum
        self.badges.show_badges(view.badges, view)
        if enough:
            self.band.say("good", ready, _("The chair and a member are here."))
        else:
            self.band.say("act", awaited, _("Let one member show the badge and enter its PIN."))
        self.title.setText(title)
        self.back.say(_("Back"))
        return enough
