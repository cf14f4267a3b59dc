"""A copy of another terminal's day: the chair and one member take it over, by their badges."""

from kiosk.text import _
from ui import intents as i
from ui.screens.badges import Badges
from ui.views import View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, label, row
from ui.widgets.kit import ask, frame, halves
from ui.widgets.screen import Screen


class TakingOver(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.badges = Badges()
        self.badges.asked.connect(self.asked)
        self.band = Band()
        self._title, self._note = label("title"), label("body", "muted")
        what = Card(self._title, self._note, 1, margin=6, spacing=3)
        self.take = Button("primary", icon="copy", then=self._sure, name="take-over")
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="back")
        frame(self, self.band, halves(self.badges, what), row(self.back, 1, self.take))

    def part(self, view: View) -> object:
        return view.badges, view.counters

    def render_view(self, view: View) -> None:
        enough = view.badges.members >= view.badges.quorum
        self.badges.show_badges(view.badges, view)
        if enough:
            self.band.say("good", _("The day can be taken over"), _("The chair and a member are here."))
        else:
            self.band.say("act", _("Two take the day over"), _("Let one member show the badge and enter its PIN."))
        self._title.setText(_("The other terminal stays off"))
        self._note.setText(
            _(
                "From here on the day goes on at this terminal alone. Switch the other one off and seal it: what is"
                " given or recorded there now is not counted."
            )
        )
        self.take.say(_("Take the day over"))
        self.take.setEnabled(enough)
        self.back.say(_("Back"))

    def _sure(self) -> None:
        ask(
            self,
            "warn",
            _("Is the other terminal off?"),
            [_("What is given or recorded there after this is not counted.")],
            yes=_("It is off: take the day over"),
            then=lambda: self.asked.emit(i.TakeDayOver()),
        )
