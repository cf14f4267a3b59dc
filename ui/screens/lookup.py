"""Before the day: anybody's own entry by their own number, nothing about anybody else."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.views import LookUpView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, column, label, row
from ui.widgets.fields import Field
from ui.widgets.keyboard import PinPad
from ui.widgets.languages import Languages
from ui.widgets.screen import Screen

_COVER_AFTER_MS = 30_000
_DIGITS = 14


class LookUp(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self._title, self._note = label("display"), label("strong", "muted")
        self.field = Field()
        self.field.setObjectName("own-number")
        self.field.setReadOnly(True)
        self.field.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pad = PinPad(_DIGITS)
        self.band = Band()
        self._name, self._line = label("display", name="own-entry"), label("title", "muted")
        self.result = Card(self.band, self._name, self._line, 1, margin=6, spacing=5)
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("locked")), name="back")
        self.clear = Button("tall", icon="backspace", then=self._clear, name="clear")
        self.languages = Languages()
        self.languages.asked.connect(self.asked)
        left = QWidget()
        left.setLayout(column(self.field, self.pad, spacing=3))
        left.layout().setStretch(1, 1)  # type: ignore[union-attr]
        self.pad.setMaximumHeight(px(118))
        both = row(left, self.result, spacing=8)
        both.setStretch(0, 2)
        both.setStretch(1, 3)
        foot = row(self.back, self.clear, 1, self.languages)
        frame = column(self._title, self._note, both, foot, spacing=4)
        frame.setStretch(2, 1)
        frame.setContentsMargins(px(11), px(8), px(11), px(5))
        self.setLayout(frame)
        self._cover = QTimer(self, singleShot=True, interval=_COVER_AFTER_MS)
        self._cover.timeout.connect(self._leave)
        self.pad.changed.connect(self._typed)
        self.pad.entered.connect(lambda pin: self.asked.emit(i.LookUp(pin)))

    def part(self, view: View) -> object:
        return view.of(LookUpView)

    def render_view(self, view: View) -> None:
        found = view.of(LookUpView)
        self._title.setText(_("Are you on the voters' list?"))
        self._note.setText(_("Type your own personal number, or hold your document under the scanner."))
        self.pad.say()
        self.field.setAccessibleName(_("Your personal number"))
        self.back.say(_("Back"))
        self.clear.say(_("Clear"))
        self.languages.show_language()
        shown = bool(found.name or found.refused)
        if found.refused:
            said = words.say(found.refused)
            self.band.say("warn", said.title, f"{said.sentence} {said.next_step}")
            self._name.setText("")
            self._line.setText("")
        elif found.name:
            self.band.say("good", _("You are on the list of this station"), _("Bring your document on voting day."))
            self._name.setText(found.name)
            self._line.setText(_("{year} · № {line} on the list", year=found.year, line=found.line))
        else:
            self.band.say("act", _("Fourteen digits"), _("Nothing is kept, and nobody else's entry can be seen."))
            self._name.setText("")
            self._line.setText("")
        if shown:
            self._cover.start()

    def _typed(self, count: int) -> None:
        """What is typed is the reader's own number: it is shown, so that it can be compared."""
        self.field.setText(words.pin(self.pad.digits))
        self.field.setPlaceholderText(_("{n} of 14 digits", n=count))
        self._cover.start()  # whoever walks away leaves no number to the next
        if count == _DIGITS:
            self.asked.emit(i.LookUp(self.pad.digits))

    def _leave(self) -> None:
        self._clear()
        self.asked.emit(i.Go("locked"))

    def _clear(self) -> None:
        self._cover.stop()
        self.pad.clear()
        self.asked.emit(i.LookUp(""))

    def arrive(self) -> None:
        self._clear()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        super().leave()
        self._cover.stop()
        self.pad.clear()
