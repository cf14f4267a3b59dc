"""Opening the box: k members show their badges, the shares meet, the key is destroyed after the count."""

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.screens.badges import Badges
from ui.views import View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, label, row
from ui.widgets.kit import ask, choose, frame, halves
from ui.widgets.screen import Screen


class Counting(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.badges = Badges()
        self.badges.asked.connect(self.asked)
        self.band = Band()
        self._title, self._figure, self._note = label("title"), label("giant", wrap=False), label("body", "muted")
        box = Card(self._title, 1, self._figure, 1, self._note, margin=6, spacing=3)
        self.open = Button("primary", icon="box", then=self._sure, name="open-box")
        self.fewer = Button("tall", icon="people", then=self._fewer, name="fewer")
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="back")
        both = halves(self.badges, box)
        frame(self, self.band, both, row(self.back, 1, self.fewer, self.open))

    def part(self, view: View) -> object:
        return view.badges, view.phase, view.counters

    def render_view(self, view: View) -> None:
        badges, c = view.badges, view.counters
        shares = sum(here for _person, here in badges.people)
        enough = shares >= badges.quorum
        shown = _("{n} of {k} badges", n=min(shares, badges.quorum), k=badges.quorum)
        self.badges.show_badges(badges, view, shown)
        if enough:
            self.band.say("good", _("The box can be opened"), _("Enough badges are here."))
        else:
            needed = _("Badges needed to open the box: {n}; shown: {found}.", n=badges.quorum, found=shares)
            self.band.say("act", _("The commission opens the box together"), needed)
        self._title.setText(_("Ballots in the box"))
        self._figure.setText(words.number(c.recorded - c.remote))
        self._note.setText(
            _("The paper is counted by hand first: nobody sees the electronic count before both hand counts agree.")
        )
        self.open.say(_("Open the box"))
        self.open.setEnabled(enough)
        self.back.say(_("Back"))
        self.fewer.say(_("Fewer come back…"))
        self.fewer.setVisible(0 < shares < badges.quorum)

    def _fewer(self) -> None:
        options = [
            ("ask", _("Write a request to the central commission onto a stick")),
            ("answer", _("The central commission's answer, from a stick")),
        ]
        note = _(
            "The central commission can open the box with one badge that is here. Protocol and journal tell of it."
        )
        choose(self, _("When members do not come back"), options, then=self._recover, note=note)

    def _recover(self, key: str) -> None:
        self.asked.emit(i.AskRecovery() if key == "ask" else i.OpenRecovered())

    def _sure(self) -> None:
        sentences = [_("The box is opened and counted once; its key is then destroyed.")]
        ask(
            self,
            "act",
            _("Open the box now?"),
            sentences,
            yes=_("Open the box"),
            then=lambda: self.asked.emit(i.OpenBox()),
        )
