"""The voter's faces besides the ballot itself: welcome, review, paper, recorded."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QPixmapCache
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QWidget

from kiosk.text import _
from ui import intents as i
from ui import tokens, words
from ui.bars import LANGUAGES
from ui.tokens import VOTER_CAPITALS, Contrast, next_contrast
from ui.views import BoothView, Option, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, Part, column, current_scale, label, px, row
from ui.widgets.picture import Picture
from ui.widgets.sheet import scrolled


class Face(QWidget):
    """One step of the voter."""

    asked = Signal(object)

    def show_booth(self, booth: BoothView, view: View) -> None:
        raise NotImplementedError

    def lay_out_again(self) -> None:
        """The booth has another size."""

    def empty_face(self) -> None:
        """Nothing of this voter stays on the widgets."""

    def arrive(self) -> None:
        """The focus goes to what is most likely touched next."""


class Reading(QWidget):
    """Size, contrast and language, on every page where something is read."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._size, self._speaks = 1, "ky"  # and nothing else of the voter
        self._colours: Contrast = "standard"
        self.letters = Button("plain", icon="size", then=self._larger, name="text-size")
        self.contrast = Button("plain", icon="contrast", then=self._contrast, name="contrast")
        self.language = Button("plain", then=self._language, name="voter-language")
        self.setLayout(row(self.letters, self.contrast, self.language))

    def show_booth(self, booth: BoothView) -> None:
        self._size, self._colours, self._speaks = booth.size, booth.contrast, booth.language
        self.letters.say("", _("Size of the letters"))
        self.contrast.say("", _("Colours"))
        sign = next(sign for code, sign, _name in LANGUAGES if code == booth.language)
        self.language.say(sign, _("Language"))

    def _larger(self) -> None:
        offered = (
            len(VOTER_CAPITALS) - current_scale().dense
        )  # the largest letters leave a small screen no room for names
        self.asked.emit(i.Present(size=(self._size + 1) % offered))

    def _contrast(self) -> None:
        self.asked.emit(i.Present(contrast=next_contrast(self._colours)))

    def _language(self) -> None:
        codes = [code for code, _sign, _name in LANGUAGES]
        now = codes.index(self._speaks)
        self.asked.emit(i.Present(language=codes[(now + 1) % len(codes)]))


def stand_up(line: QBoxLayout, room: int) -> bool:
    """Buttons beside each other as long as their words have room, else below each other. What is between them takes
    room only while they lie. Whether they stand."""
    items = [item for item in map(line.itemAt, range(line.count())) if item]
    widths = [widget.sizeHint().width() for item in items if (widget := item.widget())]
    stands = sum(widths) + line.spacing() * (len(widths) - 1) > room
    line.setDirection(QBoxLayout.Direction.TopToBottom if stands else QBoxLayout.Direction.LeftToRight)
    policy = QSizePolicy.Policy
    for place, item in enumerate(items):
        if between := item.spacerItem():
            between.changeSize(0, 0, policy.Minimum if stands else policy.Expanding, policy.Minimum)
            line.setStretch(place, 0 if stands else 1)
    line.invalidate()
    return stands


def page(face: Face, top: Part, middle: Part, foot: Part) -> None:
    """Header, body, and the row of buttons: alike on every face."""
    inside = column(top, middle, foot, spacing=4)
    inside.setStretch(0 if top is None else 1, 1)
    inside.setContentsMargins(px(11), px(7), px(11), px(6))
    face.setLayout(inside)


class Welcome(Face):
    """Language first, as large buttons in the languages themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = Reading()
        self.reading.asked.connect(self.asked)
        self.reading.language.hide()
        self._election = label("caption", "muted")
        self._title = label("display", name="title")
        self._how = [label("strong") for _n in range(3)]
        self._buttons: dict[str, Button] = {}
        for code, _sign, name in LANGUAGES:
            button = Button("tall", then=partial(self.asked.emit, i.Present(language=code)), name=f"speak-{code}")
            button.setCheckable(True)
            button.say(name)
            self._buttons[code] = button
        self.start = Button(
            "primary", icon="next", then=lambda: self.asked.emit(i.StartBallot()), name="start-ballot", icon_after=True
        )
        self.start.setMinimumWidth(px(80))
        head = row(self._election, self.reading, spacing=4)
        head.setStretch(0, 1)
        steps: list[Part] = []
        for number, line in enumerate(self._how, 1):
            figure = label("title", "act", wrap=False)
            figure.setText(str(number))
            steps.append(row(figure, line, spacing=5))
            steps[-1].setStretch(1, 1)  # type: ignore[union-attr]
        body = QWidget()
        self._languages = row(*self._buttons.values(), spacing=4)
        body.setLayout(column(self._title, self._languages, *steps, 1, spacing=5))
        page(self, head, scrolled(body), row(1, self.start))

    def show_booth(self, booth: BoothView, view: View) -> None:
        self.reading.show_booth(booth)
        self._election.setText(booth.election.here)
        self._title.setText(_("Choose your language"))
        for code, button in self._buttons.items():
            button.setChecked(code == booth.language)
        lines = (
            _("Touch one candidate, or “against all”. You can change your mind."),
            _("Look at your choice once more and print it."),
            _("Check the paper, record your vote, and put the paper into the box."),
        )
        for line, text in zip(self._how, lines, strict=True):
            line.setText(text)
        self.start.say(_("To the ballot"))
        self.lay_out_again()

    def lay_out_again(self) -> None:
        stand_up(self._languages, (self.parentWidget() or self).width() - 2 * px(11) - px(tokens.SCROLLBAR))

    def arrive(self) -> None:
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)


class Review(Face):
    """The choice in large letters."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = Reading()
        self.reading.asked.connect(self.asked)
        self._title, self._note = label("display", name="title"), label("body", "muted")
        self._number = label("title", "muted", wrap=False)
        self.name = label("display", name="chosen")
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
        page(self, head, scrolled(body), row(self.change, 1, self.print))

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
        self.print.setFocus(Qt.FocusReason.OtherFocusReason)


class Paper(Face):
    """The printed paper is read before anything is recorded."""

    def __init__(self) -> None:
        super().__init__()
        self._title, self._note = label("display", name="title"), label("strong", "muted")
        self.name = label("title", name="chosen")
        self.sheet = QLabel()
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.wrong = Button("tall", icon="bad", then=lambda: self.asked.emit(i.PaperWrong()), name="paper-wrong")
        self.record = Button("primary", icon="check", then=lambda: self.asked.emit(i.Record()), name="record")
        self.record.setMinimumWidth(px(80))
        picture = Picture("paper", "act", 40)
        self._picture = picture
        left = QWidget()
        left.setLayout(column(self._title, self._note, self.name, 1, spacing=5))
        self._body = row(scrolled(left), self.sheet, picture, spacing=8)
        self._body.setStretch(0, 1)
        self._paper = QPixmap()
        self._foot = row(self.wrong, 1, self.record)
        page(self, None, self._body, self._foot)

    def show_booth(self, booth: BoothView, view: View) -> None:
        self._title.setText(_("Take your paper and read it"))
        self._note.setText(_("Does it say what you chose? Then record your vote and put the paper into the box."))
        chosen = next((o for o in booth.options if o.number == booth.choice), None)
        self.name.setText(chosen.name.here if chosen else _("No mark"))
        self.wrong.say(_("No, the paper is wrong"))
        self.record.say(_("Yes: record my vote"))
        self.sheet.setVisible(booth.paper is not None)
        if booth.paper:
            self._paper.loadFromData(booth.paper)
            self.sheet.setAccessibleName(_("The printed paper"))
        self.lay_out_again()

    def lay_out_again(self) -> None:
        """The paper beside the words; on an upright screen below them."""
        around = self.parentWidget() or self
        upright = around.height() > around.width()
        stands = stand_up(self._foot, around.width() - 2 * px(11))
        self._picture.setVisible(self._paper.isNull() and not stands)
        self._body.setDirection(QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight)
        if not self._paper.isNull():
            room = around.height() // 2 if upright else around.height() - self._foot.sizeHint().height() - px(46)
            high = max(px(60), min(px(150), room))
            self.sheet.setPixmap(self._paper.scaledToHeight(high, Qt.TransformationMode.SmoothTransformation))

    def empty_face(self) -> None:
        self._paper = QPixmap()
        self.sheet.setPixmap(QPixmap())
        QPixmapCache.clear()  # where Qt would keep the picture of the paper
        self.name.setText("")

    def arrive(self) -> None:
        self.wrong.setFocus(Qt.FocusReason.OtherFocusReason)


class Recorded(Face):
    def __init__(self) -> None:
        super().__init__()
        self._title, self._note = label("display", "good", name="title"), label("title", "muted")
        for words_ in (self._title, self._note):
            words_.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.done = Button("primary", then=lambda: self.asked.emit(i.VoterDone()), name="voter-done")
        self.done.setMinimumWidth(px(80))
        body = column(1, spacing=6)
        body.addWidget(Picture("good", "good", 44), 0, Qt.AlignmentFlag.AlignCenter)
        body.addWidget(self._title)
        body.addWidget(self._note)
        body.addStretch(1)
        page(self, None, body, row(1, self.done))

    def show_booth(self, booth: BoothView, view: View) -> None:
        self._title.setText(_("Your vote is recorded. Thank you!"))
        self._note.setText(_("Put the paper into the ballot box, then go back to the clerk."))
        self.done.say(_("Done"))

    def arrive(self) -> None:
        self.done.setFocus(Qt.FocusReason.OtherFocusReason)
