"""The voter's card with its verdict band; and what the clerk sees while a ballot is out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from kiosk.day.vocabulary import AbandonReason, WithdrawReason
from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.views import DeskView, View, VoterCard
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, column, label, row, rule
from ui.widgets.kit import ask, choose
from ui.widgets.picture import Picture


class Field(QWidget):
    """A caption and under it the value, large."""

    def __init__(self, big: bool = False) -> None:
        super().__init__()
        self.caption = label("caption", "muted", wrap=False)
        self.value: QLabel = label("display" if big else "title")
        self.setLayout(column(self.caption, self.value, spacing=0.3))

    def say(self, caption: str, value: str) -> None:
        self.caption.setText(caption)
        self.value.setText(value)
        self.setVisible(bool(value))


class DeskCard(QFrame):
    asked = Signal(object)
    next = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName("voter-card")
        self.band = Band(rounded=False)
        self.name = Field(big=True)
        self.pin, self.born, self.document, self.line = Field(), Field(), Field(), Field()
        self.address = Field()
        self.next_step = label("strong", name="next-step")
        grid = QGridLayout()
        grid.setSpacing(px(4))
        grid.addWidget(self.name, 0, 0, 1, 2)
        for place, field in enumerate((self.pin, self.born, self.document, self.line)):
            grid.addWidget(field, 1 + place // 2, place % 2)
        grid.addWidget(self.address, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        # Where there is nobody to show, the message is the card.
        self.large = label("display", name="message")
        self.large.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.large.hide()
        body = column(grid, 1, self.large, 1, self.next_step, spacing=3)
        body.setContentsMargins(px(7), px(4), px(7), px(2))
        self.wrong = Button("tall", icon="back", then=self._leave, name="not-this-person")
        self.more = Button("tall", then=self._more, name="more")
        self.give = Button("primary", then=lambda: self.asked.emit(i.Give(self._key)), name="give")
        self._key, self._typed = "", False
        self.again = Button("tall", icon="printer", then=lambda: self.asked.emit(i.PrintBlank()), name="print-again")
        # The way on stands right, the way back left; there is only ever one of the two.
        self.following = Button("primary", icon="next", then=self._leave, name="not-this-person")
        self.following.setMinimumWidth(px(60))
        onward = row(self.give, self.following, spacing=4)
        foot = row(self.wrong, self.more, self.again, 1, onward, spacing=4)
        foot.setContentsMargins(px(7), px(3), px(7), px(4))
        self.give.setMinimumWidth(px(80))
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.setSpacing(0)
        frame.addWidget(self.band)
        frame.addLayout(body, 1)
        frame.addWidget(rule())
        frame.addLayout(foot)

    def show_card(self, view: View) -> None:
        desk = view.of(DeskView)
        if desk.verdict is None:
            return
        said = words.say(desk.verdict)
        self.band.say(desk.verdict.tone, said.title, said.sentence)
        nobody = desk.card is None or not (desk.card.name or desk.remote is not None)
        self.next_step.setText("" if nobody else said.next_step)
        self.large.setText(said.next_step if nobody else "")
        self.large.setVisible(nobody)
        self.setAccessibleName(f"{said.title}. {said.sentence}")  # read out as the focus comes here
        self._person(desk)
        self._key = desk.card.pin if desk.card else ""
        offered = desk.can_give or desk.waits
        self._typed = desk.typed and (offered or desk.verdict.code == "on_no_roll")
        if desk.verdict.code == "on_no_roll" and desk.typed:
            self.wrong.say(_("Correct the number"))
        else:
            self.wrong.say(_("Not this person"))
        self.give.say(_("Give the ballot"))
        self.give.setVisible(desk.can_give or desk.waits)
        self.give.setEnabled(desk.can_give)
        correct = desk.verdict.code == "on_no_roll" and desk.typed
        self.wrong.setVisible(offered or correct)
        self.following.say(_("Next voter"))
        self.following.setVisible(not offered and not correct)
        self.more.say(_("More…"))
        self.more.setVisible(desk.chair and desk.card is not None and desk.remote is None)
        self.again.say(_("Print once more"))
        self.again.setVisible(desk.verdict.code in ("blank_printed", "blank_not_printed"))

    def _leave(self) -> None:
        """To the next voter; or back to what was typed, where the wrong one was taken."""
        (self.back if self._typed else self.next).emit()

    def forget(self) -> None:
        """Nothing of this voter stays on the widgets; the same verdict is spoken again for the next one."""
        self._person(DeskView())
        self.large.setText("")
        self._key = ""
        self.band.forget()
        self.setAccessibleName("")

    def _person(self, desk: DeskView) -> None:
        card = desk.card or VoterCard(pin="")
        self.name.say(_("Name"), card.name)
        self.pin.say(_("Personal number"), words.pin(card.pin))
        born = words.dotted(words.day(card.birth_date), _("{n} years", n=card.age)) if card.birth_date else ""
        self.born.say(_("Born"), born)
        self.document.say(_("Document"), card.document)
        self.line.say(_("Number on the list"), str(card.line) if card.line else "")
        address = card.address
        if desk.home:
            self.address.say(_("Home district"), desk.home.here)
        else:
            self.address.say(_("Address"), address)

    def _more(self) -> None:
        """The chair's decisions about this voter."""
        options = (
            ("ask", _("Asked to vote at home")),
            ("voted", _("Voted at home: the portable box is back")),
            ("not_voted", _("Did not vote at home: may vote here")),
            ("strike", _("Strike off the roll, on a decision")),
        )
        choose(self, _("A decision about this voter"), options, then=self._decided)

    def _decided(self, key: str) -> None:
        match key:
            case "ask":
                self.asked.emit(i.AskHomeVote())
            case "voted" | "not_voted":
                self.asked.emit(i.SettleHomeVote(key == "voted"))
            case _:
                sentences = [
                    _("This person can then not vote at this station."),
                    _("Do it only on a written decision."),
                ]
                ask(
                    self,
                    "bad",
                    _("Strike this voter off?"),
                    sentences,
                    yes=_("Strike off"),
                    then=lambda: self.asked.emit(i.StrikeOff("decision")),
                    role="danger",
                )


class BoothCard(Card):
    """A ballot is out. The voter is at it, or has called or left."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(margin=0, spacing=0)
        self.band = Band(rounded=False)
        self.back = Button("primary", icon="turn", then=lambda: self.asked.emit(i.BackToBooth()), name="back-to-booth")
        self.withdraw = Button("tall", then=self.ask_withdraw, name="withdraw")
        self.abandon = Button("tall", then=self.ask_abandon, name="abandon")
        self.holder = label("display", name="holder")
        self.holder.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._what = label("strong")
        self._what.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.back.setMinimumWidth(px(80))
        foot = row(self.withdraw, self.abandon, 1, self.back, spacing=4)
        foot.setContentsMargins(px(7), px(3), px(7), px(4))
        self.inside.addWidget(self.band)
        self.inside.addStretch(1)
        self.inside.addWidget(Picture("box", "act", 34), 0, Qt.AlignmentFlag.AlignCenter)
        said = column(self.holder, self._what, spacing=3)
        said.setContentsMargins(px(12), px(4), px(12), 0)
        self.inside.addLayout(said)
        self.inside.addStretch(1)
        self.inside.addWidget(rule())
        self.inside.addLayout(foot)
        self._chair = False
        self._whose = ""

    def show_booth(self, desk: DeskView) -> None:
        self._chair = desk.chair
        self._whose = desk.holder or _("A voter from another district")
        self.band.say("warn", _("A ballot is still out"), _("It was given and is not recorded yet."))
        self.holder.setText(self._whose)
        self._what.setText(
            _(
                "If the voter is here, let the voter go on. If the voter left, call the chair. "
                "If the wrong person was chosen, take the ballot back."
            )
            if not desk.chair
            else _("Let the voter go on; or take the ballot back, or mark it as not returned if the voter has left.")
        )
        self.back.say(_("The voter goes on"))
        self.withdraw.say(_("Take the ballot back"))
        self.abandon.say(_("The voter left"))
        self.abandon.setVisible(True)

    def forget(self) -> None:
        self.holder.setText("")
        self._whose = ""
        self.band.forget()

    def ask_withdraw(self) -> None:
        options = words.offered("withdraw")
        note = _("The reason goes into the journal.")

        def withdraw(reason: WithdrawReason) -> None:
            sentences = [
                words.dotted(self._whose, words.chosen("withdraw", reason)),
                _("This person can then be given another ballot."),
            ]
            ask(self, "warn", _("Take the ballot back?"), sentences, yes=_("Take the ballot back"),
                then=lambda: self.asked.emit(i.Withdraw(reason)), role="danger")  # fmt: skip

        choose(self, _("Why is the ballot taken back?"), options, then=withdraw, note=note)

    def ask_abandon(self) -> None:
        """That a voter left without a vote is the chair's to say; a clerk learns here what to do about it."""
        if not self._chair:
            sentences = [
                _("Only the chair may say so: this person can then be given no other ballot."),
                _("Lock the screen. The chair signs in, and touches “The voter left” here."),
            ]
            ask(self, "warn", _("Call the chair"), sentences, yes=_("Lock the screen"),
                then=lambda: self.asked.emit(i.SignOut()))  # fmt: skip
            return
        options = words.offered("abandon")
        note = _("This person can be given no other ballot. The reason goes into the journal.")

        def abandon(reason: AbandonReason) -> None:
            sentences = [
                words.dotted(self._whose, words.chosen("abandon", reason)),
                _("This person can then be given no other ballot, here or anywhere."),
            ]
            ask(self, "bad", _("Mark the ballot as not returned?"), sentences, yes=_("Mark as not returned"),
                then=lambda: self.asked.emit(i.Abandon(reason)), role="danger")  # fmt: skip

        choose(self, _("Why was the ballot not returned?"), options, then=abandon, note=note)
