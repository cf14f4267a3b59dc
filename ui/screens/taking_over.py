"""A copy of another terminal's day: the chair and one member take it over, by their badges."""

from kiosk.text import _
from ui import intents as i
from ui.screens.by_two import ByTwo
from ui.views import View
from ui.widgets.basic import Button, label
from ui.widgets.kit import ask


class TakingOver(ByTwo):
    def __init__(self) -> None:
        self._note = label("body", "muted")
        self.take = Button("primary", icon="copy", then=self._sure, name="take-over")
        super().__init__(self._note, 1, action=self.take)

    def part(self, view: View) -> object:
        return view.badges

    def render_view(self, view: View) -> None:
        enough = self.show_two(
            view,
            _("The other terminal stays off"),
            ready=_("The day can be taken over"),
            awaited=_("Two take the day over"),
        )
        self._note.setText(
            _(
                "From here on the day goes on at this terminal alone. Switch the other one off and seal it: what is"
                " given or recorded there now is not counted."
            )
        )
        self.take.say(_("Take the day over"))
        self.take.setEnabled(enough)

    def _sure(self) -> None:
        ask(
            self,
            "warn",
            _("Is the other terminal off?"),
            [_("What is given or recorded there after this is not counted.")],
            yes=_("It is off: take the day over"),
            then=lambda: self.asked.emit(i.TakeDayOver()),
        )
