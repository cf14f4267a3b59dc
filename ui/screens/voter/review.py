"""What was chosen, once more, before it is printed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QBoxLayout, QWidget

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look import tokens
from ui.look.scale import px
from ui.look.theme import look_of
from ui.screens.voter.face import Face, Reading, page
from ui.views import BoothView, Option, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, column, label, retone, row
from ui.widgets.sheet import scrolled


class Review(Face):
    """The choice in large letters."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = Reading()
        self.reading.asked.connect(self.asked)
        self._title, self._note = label("display", name="title"), label("body", "muted")
        self._number = label("title", "muted", wrap=False)
        self.name = label("name", name="chosen")  # the largest of the whole way
        self._year = label("strong", "muted")
        self.trouble = Band()
        card = Card(1, self._number, self.name, self._year, 1, margin=8)
        head = row(column(self._title, self._note, spacing=0.5), self.reading, spacing=4)
        head.setStretch(0, 1)
        self.change = Button("tall", icon="back", then=lambda: self.asked.emit(i.Change()), name="change")
        self.print = Button("primary", icon="printer", then=lambda: self.asked.emit(i.PrintPaper()), name="print-paper")
        self.print.setMinimumWidth(px(80))
        body = QWidget()
        body.setLayout(column(self.trouble, card, spacing=3))
        self._foot = row(self.change, 1, self.print)
        page(self, head, scrolled(body), self._foot)

    def show_booth(self, booth: BoothView, view: View) -> None:
        self.reading.show_booth(booth)
        self._title.setText(_("Is this your choice?"))
        self._note.setText(_("Nothing is recorded yet."))
        chosen = next((o for o in booth.options if o.number == booth.choice), None)
        if booth.trouble:  # somebody is called: the choice is covered until the voter is alone again
            self._number.setText("")
            self.name.setText("• • •")
            self._year.setText(_("Your choice is covered while somebody helps."))
        else:
            self._show(chosen)
        self.trouble.setVisible(booth.trouble is not None)
        if booth.trouble:
            said = words.say(booth.trouble)
            self.trouble.say(booth.trouble.tone, said.title, _("Call the clerk, then touch “Print” again."))
        self.change.say(_("Change"))
        self.print.say(_("Print my ballot") if chosen else _("Print it without a mark"))
        self.print.become("primary" if chosen else "tall")
        self.change.become("tall" if chosen else "primary")
        # Where the finger was on “Check” is never what spoils a vote.
        to_right = QBoxLayout.Direction.LeftToRight if chosen else QBoxLayout.Direction.RightToLeft
        self._foot.setDirection(to_right)
        self.lay_out_again()

    def lay_out_again(self) -> None:
        """The name as large as its longest word has room."""
        around = (self.parentWidget() or self).width()
        room = around - 2 * px(11) - 2 * px(8) - px(tokens.SCROLLBAR) - px(2)
        metrics = QFontMetrics(look_of(self).font(tokens.NAME, 700))
        fits = all(metrics.horizontalAdvance(word) <= room for word in self.name.text().split())
        retone(self.name, kind="name" if fits else "display")

    def _show(self, chosen: Option | None) -> None:
        if chosen is None:
            self._number.setText("")
            self.name.setText(_("No mark"))
            self._year.setText(_("A ballot without a mark is invalid. Touch “Change” to choose."))
        else:
            self._number.setText(f"№ {chosen.number}" if chosen.year else "")
            self.name.setText(chosen.name.here)
            self._year.setText(_("born in {year}", year=chosen.year) if chosen.year else "")

    def empty_face(self) -> None:
        for words_ in (self._number, self.name, self._year):
            words_.setText("")

    def arrive(self) -> None:
        self.change.setFocus(Qt.FocusReason.OtherFocusReason)
