"""The close: the chair and one member, by their badges. No ballot can be given after it."""

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.screens.badges import Badges
from ui.views import ClosingView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, label, row
from ui.widgets.kit import ask, frame, halves
from ui.widgets.screen import Screen


class Closing(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.badges = Badges()
        self.badges.asked.connect(self.asked)
        self.band = Band()
        self._title, self._figure, self._note = label("title"), label("giant", wrap=False), label("body", "muted")
        out = Card(self._title, 1, self._figure, 1, self._note, margin=6, spacing=3)
        self.close_polls = Button("primary", icon="lock", then=self._sure, name="close-polls")
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="back")
        frame(self, self.band, halves(self.badges, out), row(self.back, 1, self.close_polls))

    def part(self, view: View) -> object:
        return view.badges, view.counters, view.of(ClosingView)

    def render_view(self, view: View) -> None:
        badges, c, from_ = view.badges, view.counters, view.of(ClosingView).from_
        enough = badges.members >= badges.quorum
        self.badges.show_badges(badges, view)
        if from_:
            self.band.say("warn", _("Not yet"), _("The polls can be closed at {time}.", time=from_))
        elif enough:
            self.band.say("good", _("The polls can be closed"), _("The chair and a member are here."))
        else:
            self.band.say(
                "act", _("Two close the polls together"), _("Let one member show the badge and enter its PIN.")
            )
        self._title.setText(_("Ballots that are still out"))
        self._figure.setText(words.number(c.in_booth))
        self._note.setText(
            _("Whoever is in the booth votes first, or the ballot is taken back at the desk.")
            if c.in_booth
            else _("Everybody who was given a ballot has voted.")
        )
        self.close_polls.say(_("Close the polls"))
        self.close_polls.setEnabled(enough and not from_)
        self.back.say(_("Back"))

    def _sure(self) -> None:
        sentences = [_("No ballot can be given or recorded any more."), _("There is no way back without an order.")]
        ask(
            self,
            "warn",
            _("Close the polls?"),
            sentences,
            yes=_("Close the polls"),
            then=lambda: self.asked.emit(i.ClosePolls()),
        )
