"""The close: the chair and one member, by their badges. No ballot can be given after it."""

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.screens.by_two import ByTwo
from ui.views import ClosingView, View
from ui.widgets.basic import Button, label
from ui.widgets.kit import ask


class Closing(ByTwo):
    def __init__(self) -> None:
        self._figure, self._note = label("giant", wrap=False), label("body", "muted")
        self.close_polls = Button("primary", icon="lock", then=self._sure, name="close-polls")
        super().__init__(1, self._figure, 1, self._note, action=self.close_polls)

    def part(self, view: View) -> object:
        return view.badges, view.counters, view.of(ClosingView)

    def render_view(self, view: View) -> None:
        out, from_ = view.counters.in_booth, view.of(ClosingView).from_
        enough = self.show_two(
            view,
            _("Ballots that are still out"),
            ready=_("The polls can be closed"),
            awaited=_("Two close the polls together"),
        )
        if from_:
            self.band.say("warn", _("Not yet"), _("The polls can be closed at {time}.", time=from_))
        self._figure.setText(words.number(out))
        self._note.setText(
            _("Whoever is in the booth votes first, or the ballot is taken back at the desk.")
            if out
            else _("Everybody who was given a ballot has voted.")
        )
        self.close_polls.say(_("Close the polls"))
        self.close_polls.setEnabled(enough and not from_)

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
