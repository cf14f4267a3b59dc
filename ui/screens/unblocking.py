"""Badges that are shut out after too many wrong PINs: the chair and one member let their holders try again."""

from functools import partial

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.screens.by_two import ByTwo
from ui.views import UnblockingView, View
from ui.widgets.basic import Button, column, empty


class Unblocking(ByTwo):
    def __init__(self) -> None:
        self._blocked = column(spacing=3)
        super().__init__(self._blocked, 1)

    def part(self, view: View) -> object:
        return view.badges, view.of(UnblockingView)

    def render_view(self, view: View) -> None:
        enough = self.show_two(
            view, _("Blocked badges"), ready=_("Touch the badge to unblock"), awaited=_("Two unblock a badge")
        )
        empty(self._blocked)
        for person in view.of(UnblockingView).blocked:
            button = Button("tall", then=partial(self.asked.emit, i.Unblock(person.id)), name=f"unblock-{person.id}")
            button.say(words.dotted(_(words.ROLES[person.role]), person.name.here))
            button.setEnabled(enough)
            self._blocked.addWidget(button)
