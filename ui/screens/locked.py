"""The locked screen: which station this is, and a badge with its PIN. Training stations show badges to touch."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look.scale import current_scale, px
from ui.look.theme import look_of
from ui.views import LockedView, Person, View
from ui.widgets.announce import announce
from ui.widgets.basic import Button, column, empty, label, retone, row
from ui.widgets.dots import Dots
from ui.widgets.keyboard import PinPad
from ui.widgets.languages import Languages
from ui.widgets.picture import Picture
from ui.widgets.screen import Screen


class Blue(QWidget):
    """The left half: the station's number, big enough to be read across the room."""

    def __init__(self) -> None:
        super().__init__()
        self.number = label("giant", "on_act", wrap=False, name="station-number")
        self.what, self.where = label("title", "on_act"), label("strong", "on_act")
        self.phase, self.clock = label("strong", "on_act"), label("display", "on_act", wrap=False, name="clock")
        self.software = label("caption", "on_act", name="software")
        self.badges = QGridLayout()
        self.badges.setSpacing(px(2.7))
        foot = row(self.phase, self.clock, spacing=6)
        foot.setStretch(0, 1)
        self.globe = Picture("globe", "on_act", 21)
        inside = column(self.globe, self.number, self.what, self.where, 1, spacing=2)
        inside.addLayout(self.badges)
        inside.addSpacing(px(4))
        inside.addLayout(foot)
        inside.addWidget(self.software)
        inside.setContentsMargins(px(10), px(8), px(9), px(7))
        self.setLayout(inside)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), look_of(self).colour("act"))
        painter.end()


class SampleBadge(Button):
    """A training badge: touching it is showing it to the scanner."""

    def __init__(self, person: Person, then: Callable[[], object]) -> None:
        super().__init__("small", then=then, name=f"badge-{person.id}")
        role = _(words.ROLES[person.role])
        surname = person.name.here.split()[0]
        self.say(words.dotted(role, surname, _("PIN {pin}", pin=person.pin)))


class Locked(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "plain")
        self.blue = Blue()
        self._holder = ""
        dense = current_scale().dense
        self._title = label("title" if dense else "display", name="title")
        self._note = label("strong", "muted")
        self._title.setMinimumHeight(px(12))
        self._spoken = ""
        self.dots, self.pad = Dots(), PinPad()
        self.pad.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._forget = Button("link", then=lambda: self.asked.emit(i.ForgetCard()), name="other-badge")
        self._lookup = Button("plain", icon="search", then=lambda: self.asked.emit(i.Go("lookup")), name="look-up")
        self.colours = Button("link", icon="contrast", then=lambda: self.asked.emit(i.NextColours()), name="colours")
        self.languages = Languages()
        self.trainer = Button("plain", then=lambda: self.asked.emit(i.OpenTrainer()), name="trainer")
        right = column(self._title, self._note, self._forget, self.dots, self.pad, spacing=3.2)
        self.pad.setMaximumSize(px(140), px(118))
        right.setStretch(4, 1)
        right.addStretch(0)
        right.addWidget(self._lookup)
        right.addLayout(row(self.trainer, 1, self.colours, self.languages))
        right.setContentsMargins(px(5.5), px(8), px(5.5), px(5))
        both = row(self.blue, spacing=0)
        both.addLayout(right)
        both.setStretch(0, 52 if dense else 59)
        both.setStretch(1, 48 if dense else 41)
        self.setLayout(both)
        self.pad.changed.connect(self.dots.show_count)
        self.pad.entered.connect(lambda pin: self.asked.emit(i.EnterPin(pin, self._holder)))
        self.languages.asked.connect(self.asked)
        for leads_back in (self.languages.asked, self.colours.clicked):
            leads_back.connect(lambda *_what: self.pad.setFocus(Qt.FocusReason.OtherFocusReason))

    def part(self, view: View) -> object:
        now = f"{view.now:%H:%M}" if view.now else ""
        return view.of(LockedView), view.place, view.phase, now, _samples(view)

    def render_view(self, view: View) -> None:
        self._blue(view)
        locked = view.of(LockedView)
        holder = locked.holder
        if self._holder != (holder.id if holder else ""):
            self._holder = holder.id if holder else ""
            self.pad.clear()  # digits for another badge
            self.pad.setFocus(Qt.FocusReason.OtherFocusReason)
        if locked.refused:
            said = words.say(locked.refused)
            self._title.setText(said.title)
            short = current_scale().dense  # the pad needs the room
            self._note.setText(said.sentence if short else f"{said.sentence} {said.next_step}")
            retone(self._title, tone="bad")
            if locked.refused.code != self._spoken:  # the seconds go down in silence
                announce(self._note, said.sentence, said.next_step)
        elif holder:
            self._title.setText(_("Enter the PIN"))
            self._note.setText(words.dotted(_(words.ROLES[holder.role]), holder.name.here))
            retone(self._title, tone="ink")
        else:
            self._title.setText(_("Show your badge"))
            self._note.setText(
                _("Touch a badge on the left: it is shown to the scanner.")
                if view.trainer
                else _("Hold it under the scanner, then enter its PIN.")
            )
            retone(self._title, tone="ink")
        self._spoken = locked.refused.code if locked.refused else ""
        self._forget.say(_("Another badge"))
        self._forget.setVisible(holder is not None)
        self.pad.say()
        waits = locked.refused is not None and locked.refused.code in ("badge_wait", "badge_blocked")
        self.pad.setEnabled(not waits)  # what is typed meanwhile would be lost
        self._lookup.say(_("Find yourself on the voters' list"))
        self._lookup.setVisible(locked.can_look_up)
        self.trainer.say(_("Trainer"))
        self.trainer.setVisible(view.trainer is not None)
        self.colours.say("", _("Colours"))
        self.languages.show_language()

    def _blue(self, view: View) -> None:
        place = view.place
        blue = self.blue
        blue.number.setText(str(place.number) if place else "–")
        district = _("district {n}", n=place.district) if place else ""
        blue.what.setText(words.dotted(_("Polling station"), district))
        blue.where.setText(place.address.here if place else "")
        phase = _(words.PHASES[view.phase])
        blue.phase.setText(f"● {phase}" + (f" · {place.opens}–{place.closes}" if place else ""))
        blue.software.setText(view.of(LockedView).software)
        blue.clock.setText(f"{view.now:%H:%M}" if view.now else "")
        self._badges(view.of(LockedView), _samples(view))

    def _badges(self, locked: LockedView, samples: tuple[Person, ...]) -> None:
        self.blue.globe.setVisible(not (samples and current_scale().dense))
        empty(self.blue.badges)
        for place, person in enumerate(samples):
            badge = SampleBadge(person, partial(self.asked.emit, i.PlayBadge(person.id)))
            if locked.holder and locked.holder.id == person.id:
                badge.setCheckable(True)
                badge.setChecked(True)
            self.blue.badges.addWidget(badge, place // 2, place % 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Digits are the PIN's, whatever was touched last."""
        self.pad.keyPressEvent(event)

    def arrive(self) -> None:
        self.pad.clear()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        super().leave()
        self.pad.clear()


def _samples(view: View) -> tuple[Person, ...]:
    """Training badges, which may be touched instead of scanned."""
    return view.trainer.badges if view.trainer else ()
