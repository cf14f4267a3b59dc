"""The clerk's desk: find a voter, see the verdict, give the ballot."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QWidget

from kiosk.roll.person import is_number
from kiosk.text import _, language
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.screens.desk_card import BoothCard, DeskCard
from ui.views import DeskView, Phase, View
from ui.widgets.announce import announce
from ui.widgets.band import Band
from ui.widgets.basic import Button, column, label, row
from ui.widgets.fields import Field
from ui.widgets.keyboard import Keyboard, Keymap
from ui.widgets.kit import choose
from ui.widgets.picture import Picture
from ui.widgets.rows import Rows
from ui.widgets.screen import Screen


class ScanHint(QWidget):
    """While nothing is typed: what to do, large, with a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.words = label("title", "muted", wrap=False)
        inside = row(1, Picture("card", "act", 24), self.words, 1, spacing=7)
        self.setLayout(inside)


class Desk(Screen):
    """Two faces: searching, with the keyboard across the full width; and a voter's card with its verdict."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self.field = Field()
        self.field.setObjectName("search")
        self.field.setMaxLength(80)
        self.clear = Button("plain", icon="backspace", then=self._next, name="clear")
        self.more = Button("plain", icon="flag", then=self._more, name="desk-more")
        self.hint = label("body", "muted", name="hint")
        self.rows = Rows()
        self.keyboard = Keyboard("ky")
        self.keyboard.type_into(self.field)
        self.day = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="desk-day")
        self.shut = Band(low=True)
        top = row(self.day, self.field, self.clear, self.more, spacing=2.7)
        top.setStretch(1, 1)
        self.scan = ScanHint()
        search = column(
            column(self.shut, top, spacing=2.2), self.hint, self.scan, self.rows, self.keyboard, spacing=2.2
        )
        search.setStretch(2, 1)
        search.setStretch(3, 1)
        self._search = QWidget()
        self._search.setLayout(search)
        self.card = DeskCard()
        self.booth = BoothCard()
        faces = QWidget()
        self._faces = QStackedLayout(faces)  # one without a widget would show its first face as a window of its own
        for face in (self._search, self.card, self.booth):
            self._faces.addWidget(face)
        frame = column(faces, spacing=0)
        frame.setContentsMargins(px(7), px(5), px(7), px(5))
        self.setLayout(frame)
        self._chair = self._ballot_out = False
        self._phase: Phase = "posting"
        self._cleared = 0
        self.field.textChanged.connect(lambda text: self.asked.emit(i.Search(text)))
        self.field.returnPressed.connect(self._first)
        self.keyboard.entered.connect(self._first)
        self.rows.fitted.connect(self._fitted)
        self.rows.chosen.connect(lambda key: self.asked.emit(i.Choose(key)))
        for part in (self.card, self.booth):
            part.asked.connect(self.asked)
        self.card.next.connect(self._next)
        self.card.back.connect(self._back)

    def part(self, view: View) -> object:
        return view.of(DeskView), view.officer, view.phase

    def render_view(self, view: View) -> None:
        desk = view.of(DeskView)
        if desk.cleared != self._cleared:
            self.card.forget()
        self._chair, self._phase = desk.chair, view.phase
        self._ballot_out, self._blank_out = desk.in_booth, desk.blank_out
        self.rows.show_rows(desk.rows, numbered=desk.near_number)
        self._words(view)
        if desk.calls or (desk.in_booth and not view.two_screens and not desk.verdict):
            self.booth.show_booth(desk)
            self._face(self.booth)
        elif desk.verdict:
            self.card.show_card(view)
            self._face(self.card)
        else:
            if desk.cleared != self._cleared:
                self._blank_field()
            self._face(self._search)
        self._cleared = desk.cleared

    def _face(self, face: QWidget) -> None:
        if self._faces.currentWidget() is not face:
            self._faces.setCurrentWidget(face)
            if face is self._search:
                self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            elif face is self.card:
                self.card.setFocus(Qt.FocusReason.OtherFocusReason)  # a stray Enter gives and takes nothing

    def _fitted(self) -> None:
        """The list may be laid out anew once more after the desk was left: a search that was answered late."""
        if isinstance(self._view.screen, DeskView):
            self._words(self._view)

    def _words(self, view: View) -> None:
        desk = view.of(DeskView)
        self.field.setPlaceholderText(_("or type the surname, name or personal number"))
        self.field.setAccessibleName(_("Find a voter"))
        self.clear.say("", _("Clear"))
        self.more.say("", _("Incident or pause"))
        self.day.say(_("Day"))
        self.day.setVisible(desk.chair)
        self.shut.setVisible(desk.closed is not None)
        if desk.closed:
            said = words.say(desk.closed)
            self.shut.say("warn", said.title, said.next_step)
        self.keyboard.say()
        empty = not desk.rows and not desk.query.strip()
        self.scan.setVisible(empty)
        self.rows.setVisible(not empty)  # before they are counted: now they know how many have room
        digits = "".join(c for c in desk.query if c.isdigit())
        if desk.near_number:
            text = _("Nobody has the number {number}. One digit away:", number=words.pin(digits))
        elif desk.rows:
            text = self._count(desk)
        elif is_number(desk.query):
            text = words.dotted(words.pin(digits), _("{n} of 14 digits", n=len(digits)))
        elif desk.query.strip():
            text = _("Nobody of this name on the roll of this station. Try fewer letters, or the personal number.")
        else:
            text = ""
        self.scan.words.setText(_("Scan the document"))
        if desk.in_booth:
            text = words.dotted(_("A voter is in the booth."), text)
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        if self._faces.currentWidget() is self._search:
            announce(self.hint, text)

    def _count(self, desk: DeskView) -> str:
        """How many there are of such a name; or, if not all of them have room, how the others come up."""
        if desk.beyond or self.rows.shown < len(desk.rows):
            shown = _("The first {n}: type another letter", n=words.number(self.rows.shown))
        else:
            shown = _("{n} of {all}", n=words.number(len(desk.rows)), all=words.number(desk.roll))
        return words.dotted(shown, _("spelled nearly like this")) if desk.near else shown

    def _more(self) -> None:
        """What a clerk may do besides: pause, note an incident, take a ballot back; for the chair the day."""
        options = [("incident", _("Register an incident"))]
        if self._phase == "open":
            options.append(("pause", _("Pause voting")))
        elif self._phase == "paused" and self._chair:
            options.append(("resume", _("Resume voting")))
        if self._blank_out:
            options.append(("again", _("Print the last ballot once more")))
        if self._ballot_out or self._blank_out:
            options.append(("withdraw", _("Take the ballot back")))
        if self._ballot_out and self._chair:
            options.append(("abandon", _("The voter left")))
        choose(self, _("Incident or pause"), options, then=self._other)

    def _other(self, key: str) -> None:
        match key:
            case "incident":
                self.asked.emit(i.Go("complaints"))
            case "again":
                self.asked.emit(i.PrintBlank())
            case "withdraw":
                self.booth.ask_withdraw()
            case "abandon":
                self.booth.ask_abandon()
            case "resume":
                self.asked.emit(i.Resume())
            case _:
                reasons = words.offered("pause")
                choose(self, _("Why is voting paused?"), reasons, then=lambda reason: self.asked.emit(i.Pause(reason)))

    def _first(self) -> None:
        """Enter takes the only name there is."""
        self.rows.choose_only()

    def _blank_field(self) -> None:
        self.field.blockSignals(True)
        self.field.setText("")  # `clear` would leave it to Undo
        self.field.blockSignals(False)

    def _next(self) -> None:
        self._blank_field()
        self.asked.emit(i.NextVoter())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        """To what was typed and found: another of the same name, or another digit."""
        self.asked.emit(i.BackToSearch())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def arrive(self) -> None:
        name: Keymap = "ru" if language() == "ru" else "ky"  # the names on the roll are in Cyrillic
        self.keyboard.use(name)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        super().leave()
        self._blank_field()
        self.rows.show_rows(())
        self.card.forget()
        self.booth.forget()
