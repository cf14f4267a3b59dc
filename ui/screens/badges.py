"""Badge by badge: places that fill as the members show theirs. Shared by opening, counting and signing."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.text import _, language
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.views import BadgesView, Person, View
from ui.widgets.basic import Button, Card, empty, label, retone, row
from ui.widgets.kit import ask_pin
from ui.widgets.pin_sheet import PinSheet
from ui.widgets.steps import Dot
from ui.words import short


class Badges(Card):
    """Who is here. In training the places themselves can be touched: that shows the badge."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(margin=6, spacing=3)
        self._title, self._note = label("title"), label("body", "muted", name="badges-note")
        self._places = QGridLayout()
        self._places.setSpacing(px(3))
        self.inside.addWidget(self._title)
        self.inside.addWidget(self._note)
        self.inside.addLayout(self._places)
        self.inside.addStretch(1)
        self._shown: object = None
        self._asking: PinSheet | None = None
        self._asked_of = ""

    def show_badges(self, badges: BadgesView, view: View, title: str = "") -> None:
        """`title`: where it is not members beside the chair that are counted."""
        self._title.setText(title or _("{n} of {k} members, and the chair", n=badges.members, k=badges.quorum))
        if badges.refused:
            said = words.say(badges.refused)
            self._note.setText(f"{said.title}. {said.next_step}")
            retone(self._note, tone="bad")
        else:
            self._note.setText(
                _("Touch a badge: it is shown to the scanner.")
                if view.trainer
                else _("Each holds the badge under the scanner and enters its PIN.")
            )
            retone(self._note, tone="muted")
        self._show_places(badges, view)
        self._ask(badges.holder, view)

    def _show_places(self, badges: BadgesView, view: View) -> None:
        wanted = (badges.people, view.trainer is not None, language())
        if wanted == self._shown:
            return
        self._shown = wanted
        empty(self._places)
        columns = 2 if view.trainer else 1
        for x in range(2):
            self._places.setColumnStretch(x, 1 if x < columns else 0)
        for number, (person, here) in enumerate(badges.people):
            who = words.dotted(_(words.ROLES[person.role]), short(person.name.here))
            line = QWidget()
            if view.trainer and not here:
                button = Button(
                    "small", icon="", then=partial(self.asked.emit, i.PlayBadge(person.id)), name=f"badge-{person.id}"
                )
                button.say(who)
                self._places.addWidget(button, number // columns, number % columns)
                continue
            name = label("body", "good" if here else "muted")
            name.setText(who)
            name.setAccessibleName(words.dotted(who, _("is here")) if here else who)
            line.setLayout(row(Dot(number + 1, "done" if here else "later"), name, spacing=4))
            line.layout().setStretch(1, 1)  # type: ignore[union-attr]
            line.setMinimumHeight(px(10.5))
            self._places.addWidget(line, number // columns, number % columns)

    def _ask(self, holder: Person | None, view: View) -> None:
        if holder is None:
            if self._asking:
                self._asking.close_sheet()
            self._asking = None
            return
        if self._asking and self._asking.isVisible():
            if self._asked_of == holder.id:
                return
            self._asking.close_sheet()  # another badge was shown meanwhile
        sample = next((b for b in view.trainer.badges if b.id == holder.id), None) if view.trainer else None
        hint = _("PIN {pin}", pin=sample.pin) if sample else ""
        note = words.dotted(_(words.ROLES[holder.role]), holder.name.here, hint)
        self._asked_of = holder.id
        self._asking = ask_pin(self, _("Enter the PIN"), note, partial(self._entered, holder.id))
        self._asking.cancel.clicked.connect(lambda: self.asked.emit(i.ForgetCard()))

    def _entered(self, badge: str, pin: str) -> None:
        self._asking = None
        self.asked.emit(i.EnterPin(pin, badge))
