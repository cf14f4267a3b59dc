"""Where two hand counts part, line by line and without any electronic figure; then, side by side with the electronic
count, what needs an act."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk.text import _
from ui import intents as i
from ui.look.scale import px
from ui.views import DifferenceLine, DifferencesView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, column, empty, label, row
from ui.widgets.kit import frame, write
from ui.widgets.screen import Screen
from ui.widgets.sheet import scrolled


class Differences(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.band = Band()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(5))
        self._grid.setVerticalSpacing(px(3))
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        card = Card(scrolled(inside), margin=6)
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="back")
        self.count = Button("tall", icon="lock", then=lambda: self.asked.emit(i.SignOut()), name="next-person")
        self.correct = Button("primary", icon="back", then=lambda: self.asked.emit(i.Go("hand")), name="correct-count")
        self.on = Button(
            "primary", icon="next", then=lambda: self.asked.emit(i.Go("protocol")), name="to-protocol", icon_after=True
        )
        frame(self, self.band, card, row(self.back, self.count, 1, self.correct, self.on))

    def part(self, view: View) -> object:
        return view.of(DifferencesView), view.officer

    def render_view(self, view: View) -> None:
        found = view.of(DifferencesView)
        chair = view.officer is not None and view.officer.role == "chair"
        self.back.say(_("Back"))
        self.back.setVisible(chair)
        self.count.say(_("Lock: the next person signs in"))
        self.correct.say(_("Correct my count"))
        self.correct.setVisible(found.mine)
        self.correct.become("primary" if found.hand else "tall")
        self.on.say(_("To the protocol"))
        empty(self._grid)
        open_points = sum(not line.act and not line.same for line in found.acts)
        if found.hand is None:
            self.band.say(
                "act", _("Two people count the paper"),
                _("Lock the screen. Two members sign in one after the other, and each enters a count."),
            )  # fmt: skip
            self.on.setVisible(False)
        elif found.hand:
            self.band.say(
                "warn", _("The two counts differ"),
                _("Count these lines again. Whoever was wrong signs in and corrects the entry."),
            )  # fmt: skip
            self._rows(found.hand, found.names[0], found.names[1], acts=False)
            self.on.setVisible(False)
        else:
            self._side_by_side(found, open_points)
            self.on.setVisible(chair)
            self.on.setEnabled(not open_points)

    def _side_by_side(self, found: DifferencesView, open_points: int) -> None:
        if all(line.same for line in found.acts):
            self.band.say("good", _("Everything agrees"), _("Both hand counts and the electronic count are the same."))
        elif open_points:
            self.band.say(
                "warn", _("Acts are needed: {n}", n=open_points),
                _("The hand count is the legal figure. Explain each difference in an act."),
            )  # fmt: skip
        else:
            self.band.say("good", _("Every difference has its act"), _("The hand count is the legal figure."))
        self._rows(found.acts, _("electronic"), _("by hand"), acts=True)

    def _rows(self, lines: tuple[DifferenceLine, ...], one: str, other: str, acts: bool) -> None:
        if not lines:
            return
        for x, text in enumerate(("", one, other)):
            head = label("caption", "muted", wrap=x == 0)
            head.setText(text)
            self._grid.addWidget(head, 0, x)
        for y, line in enumerate(lines, 1):
            name = label("strong")
            name.setText(line.name.here or _("control equation {name}", name=line.field.partition(":")[2]))
            self._grid.addWidget(name, y, 0)
            for x, figure in ((1, line.one), (2, line.other)):
                shown = label("title", wrap=False)
                shown.setText(str(figure))
                self._grid.addWidget(shown, y, x, Qt.AlignmentFlag.AlignRight)
            if acts and not line.same:
                write = Button(
                    "plain",
                    icon="check" if line.act else "paper",
                    then=partial(self._write, line),
                    name=f"act-{line.field}",
                )
                write.say(_("Change the act") if line.act else _("Write the act"))
                self._grid.addWidget(write, y, 3)
        self._grid.setColumnStretch(0, 1)

    def _write(self, line: DifferenceLine) -> None:
        hint = _("What is different, why, and who looked at it. It is printed in the protocol.")
        title = line.name.here or line.field
        write(
            self,
            _("Act: {what}", what=title),
            hint,
            verb=_("Keep the act"),
            then=lambda text: self.asked.emit(i.WriteAct(line.field, text)),
            text=line.act,
        )
