"""The hand count of the paper: two people, each for themselves, without any electronic figure."""

from PySide6.QtCore import Qt, QTimer

from kiosk.text import _
from ui import intents as i
from ui.views import HandView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, row
from ui.widgets.figures import Figures
from ui.widgets.kit import ask, frame
from ui.widgets.screen import Screen

_KEEP_MS = 250  # after a digit


class Hand(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.band = Band()
        self.figures = Figures()
        self.save = Button("primary", icon="check", then=self._save, name="save-count")
        self.back = Button("tall", icon="back", then=self._lock, name="back")
        frame(self, self.band, self.figures, row(self.back, 1, self.save), spacing=4, rim=5)
        self._candidates: frozenset[str] = frozenset()
        self._place = 1
        self._own: dict[str, int] = {}
        self._parted: frozenset[str] = frozenset()
        self._entered = 0
        self._typed = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._typed.timeout.connect(self._keep)
        self.figures.changed.connect(self._sums)
        self.figures.changed.connect(self._typed.start)
        self.figures.filled.connect(lambda: self.save.setFocus(Qt.FocusReason.OtherFocusReason))

    def part(self, view: View) -> object:
        return view.of(HandView), view.officer

    def render_view(self, view: View) -> None:
        hand = view.of(HandView)
        self._place = hand.place
        lines = [(key, name.here, True) for key, name in hand.lines]
        votes = [
            (f"vote:{o.number}", f"{o.number}. {o.name.here}" if o.year else o.name.here, False) for o in hand.options
        ]
        self._candidates = frozenset(key for key, _name, _strong in votes)
        self._own, self._parted = dict(hand.own), hand.parted
        self._entered = sum(bool(name) for name in hand.entered)
        self.figures.show_lines([*votes, *lines], hand.draft or hand.own, hand.parted)
        self.back.say(_("Lock the screen"))
        self._sums()

    @property
    def _saved(self) -> bool:
        """What stands here is entered, and nothing is to be corrected."""
        return bool(self._own) and self.figures.values() == self._own and not self._parted

    def _sums(self) -> None:
        """What the sheet comes to so far."""
        values = self.figures.values()
        missing = sum(value is None for value in values.values())
        votes = sum(values[key] or 0 for key in self._candidates if key in values)
        self.save.setEnabled(not missing and bool(values))
        self.save.say(_("Lock the screen") if self._saved else _("Enter my count"))
        self.back.setVisible(not self._saved)
        if self._saved:
            note = (
                _("Lock the screen: now the second person counts.")
                if self._entered < 2
                else _("Lock the screen: the chair goes on.")
            )
            self.band.say("good", _("Your count is saved"), note)
            return
        title = _("Count {n} of 2: by hand, from the paper", n=self._place)
        if missing:
            note = _("Empty lines: {n}. Where nothing was found, enter 0.", n=missing)
            self.band.say("act", title, note)
            return
        valid = values.get("valid") or 0
        boxes = (values.get("portable") or 0) + (values.get("stationary") or 0)
        invalid = values.get("invalid") or 0
        if votes != valid:
            note = _(
                "The candidates and “against all” come to {sum}, but “valid” says {valid}.", sum=votes, valid=valid
            )
            self.band.say("warn", title, note)
        elif boxes != valid + invalid:
            note = _("In the boxes: {boxes}; valid and invalid come to {sum}.", boxes=boxes, sum=valid + invalid)
            self.band.say("warn", title, note)
        else:
            self.band.say("good", title, _("The sums fit."))

    def _keep(self) -> None:
        """A lock, half an hour without a touch, a power cut: nothing that was typed is lost."""
        self._typed.stop()
        values = self.figures.values()
        if values and not self._saved:
            self.asked.emit(i.KeepFigures({key: value for key, value in values.items() if value is not None}))

    def _lock(self) -> None:
        self._keep()
        self.asked.emit(i.SignOut())

    def _save(self) -> None:
        if self._saved:
            self.asked.emit(i.SignOut())
            return
        self._keep()  # before the question, not after the answer
        values = {key: value or 0 for key, value in self.figures.values().items()}
        votes = {int(key.partition(":")[2]): n for key, n in values.items() if key.startswith("vote:")}
        lines = {key: n for key, n in values.items() if not key.startswith("vote:")}
        sentences = [_("The count is kept with your badge. You can correct it until the protocol is signed.")]
        ask(
            self,
            "act",
            _("Enter this count?"),
            sentences,
            yes=_("Enter my count"),
            no=_("Look again"),
            then=lambda: self.asked.emit(i.EnterHand(lines, votes)),
        )

    def arrive(self) -> None:
        self.figures.setFocus()

    def leave(self) -> None:
        super().leave()
        self._typed.stop()
        self.figures.forget()
