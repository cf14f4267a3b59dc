"""The trainer's sheet: whom to send to the desk, what to let go wrong, the clock, and what the trainee did wrong."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from kiosk.text import N_, _
from ui import intents as i
from ui import words
from ui.look.scale import current_scale, exact, px
from ui.views import Scenario, TrainerView, View
from ui.widgets.basic import Button, Role, column, label, row
from ui.widgets.sheet import Question, Sheet, put_up, scrolled

_TWO_COLUMNS_FROM = 420  # mm of the window

SCENARIOS = {
    "other_district": N_("A voter from another district"),
    "already_voted": N_("Somebody comes a second time"),
    "other_station": N_("A voter of the neighbouring station"),
    "lost_power": N_("The power fails"),
    "no_paper": N_("The printer is out of paper"),
    "wrong_pin": N_("A wrong PIN"),
    "count_difference": N_("A difference at the count"),
    "stick_pulled": N_("The stick is pulled out"),
}
_PEOPLE = (
    ("under_age", N_("Somebody under eighteen")),
    ("struck_off", N_("Somebody struck off")),
    ("asked_home_vote", N_("Somebody who asked to vote at home")),
    ("unknown", N_("Somebody on no roll")),
    ("mistyped", N_("A number typed wrong")),
)
_TIMES: tuple[tuple[i.Moment, str], ...] = (
    ("ten_minutes", N_("+ 10 min")),
    ("hour", N_("+ 1 h")),
    ("opening", N_("To the opening hour")),
    ("closing", N_("To the closing hour")),
)
_STATES = {"new": "", "running": N_("running"), "passed": N_("mastered")}


class TrainerSheet(Sheet):
    asked = Signal(object)

    def __init__(self, over: QWidget, view: View) -> None:
        super().__init__(over, 300)
        trainer = view.trainer or TrainerView()
        self.setAccessibleName(_("Trainer"))
        title = label("title", name="sheet-title")
        title.setText(_("Trainer"))
        close = Button("tall", icon="back", then=self.close_sheet, name="close")
        close.say(_("Back to the station"))
        fresh = Button("danger", icon="turn", then=self._sure, name="restart-training")
        fresh.say(_("New training day"))
        left, right = QWidget(), QWidget()
        left.setLayout(self._left(trainer))
        right.setLayout(self._right(trainer))
        columns = QWidget()
        both = column(left, right, spacing=8) if current_scale().dense else row(left, right, spacing=8)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        columns.setLayout(both)
        self.card.inside.addWidget(title)
        self.card.inside.addWidget(scrolled(columns), 1)
        self.card.inside.addLayout(row(close, 1, fresh))
        self.card.setMinimumHeight(over.height() - px(16))

    def _act(self, intent: i.Intent) -> None:
        self.close_sheet()
        self.asked.emit(intent)

    def _sure(self) -> None:
        """The day is thrown away: asked again, and the answer is the verb."""
        sentences = [_("Everything this training day has made is thrown away: its ballots, its journal, its packet.")]
        answers: list[tuple[str, Role]] = [(_("Begin a new day"), "danger"), (_("Cancel"), "plain")]
        sheet = Question(self._over, "warn", _("New training day?"), sentences, answers=answers)
        ask = getattr(self._over, "ask", self.asked.emit)  # this sheet is gone by the time the answer comes
        sheet.agreed.connect(lambda: ask(i.Restart()))
        put_up(self._over, sheet)

    def _button(self, text: str, then: Callable[[], object], name: str, icon: str = "") -> Button:
        button = Button("tall", icon=icon, then=then, name=name)
        button.say(text)
        return button

    def _left(self, trainer: TrainerView) -> QVBoxLayout:
        parts: list[QWidget] = [_heading(_("Clock"))]
        grid = QGridLayout()
        grid.setSpacing(px(2.7))
        for place, (key, text) in enumerate(_TIMES):
            button = self._button(_(text), partial(self._act, i.SetTime(key)), f"time-{key}", "clock")
            grid.addWidget(button, place // 2, place % 2)
        clock = QWidget()
        clock.setLayout(grid)
        parts.append(clock)
        following = next((s for s in trainer.samples if s.key == "next"), None)
        parts.append(_heading(_("Documents to scan")))
        queue = _("Next in the queue: {name}", name=following.name) if following else ""
        parts.append(self._button(queue, lambda: self._act(i.PlaySample("next")), "sample-next", "person"))
        for story, text in _PEOPLE:
            parts.append(self._button(_(text), partial(self._act, i.PlaySample(story)), f"sample-{story}"))
        return column(*parts, 1, spacing=2.7)

    def _right(self, trainer: TrainerView) -> QVBoxLayout:
        parts: list[QWidget] = [_heading(_("Exercises"))]
        grid = QGridLayout()
        grid.setSpacing(px(2.7))
        columns = 2 if self._over.width() > exact(_TWO_COLUMNS_FROM) else 1
        for place, scenario in enumerate(trainer.scenarios):
            grid.addWidget(self._scenario(scenario, trainer), place // columns, place % columns)
        exercises = QWidget()
        exercises.setLayout(grid)
        parts.append(exercises)
        if trainer.papers:
            parts.append(_heading(_("The papers in the ballot box")))
            lines = [f"{name.here} – {count}" for name, count in trainer.papers]
            lines.append(_("Papers in the box: {n}", n=sum(count for _name, count in trainer.papers)))
            parts.append(_text("\n".join(lines)))
        parts.append(_heading(_("What went wrong: {n}", n=len(trainer.mistakes))))
        if not trainer.mistakes:
            parts.append(_text(_("Nothing so far.")))
        for mistake in reversed(trainer.mistakes):
            said = words.say(mistake.said)
            parts.append(_text(f"{mistake.at} · {said.title}. {said.next_step}"))
        return column(*parts, 1, spacing=2.7)

    def _scenario(self, scenario: Scenario, trainer: TrainerView) -> Button:
        text = _(SCENARIOS[scenario.key])
        if scenario.key == "no_paper" and trainer.paper_out:
            text = _("Put paper into the printer")
        elif scenario.state != "new":
            text = words.dotted(text, _(_STATES[scenario.state]))
        icon = "good" if scenario.state == "passed" else "school"
        return self._button(text, lambda: self._act(i.PlayScenario(scenario.key)), f"scenario-{scenario.key}", icon)


def _heading(text: str) -> QWidget:
    made = label("strong", "act")
    made.setText(text)
    return made


def _text(text: str) -> QWidget:
    made = label("body")
    made.setText(text)
    return made
