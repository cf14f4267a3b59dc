"""The chair's day: one list of steps with exactly one next; counters; ballots given per hour; what else may be done."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from kiosk.text import N_, _
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.views import DayView, Step, StepName, View
from ui.widgets.basic import Button, Card, Part, column, label, row
from ui.widgets.kit import ask, choose, write
from ui.widgets.plot import Bar, HourlyPlot
from ui.widgets.screen import Screen
from ui.widgets.sheet import scrolled
from ui.widgets.steps import StepLine, Steps

_TITLES: dict[StepName, str] = {
    "preparation": N_("Preparation"),
    "opening": N_("Opening"),
    "voting": N_("Voting"),
    "closing": N_("Closing"),
    "count": N_("Count"),
    "protocol": N_("Protocol"),
    "packet": N_("Packet on a stick"),
}
_ACTIONS: dict[StepName, str] = {
    "preparation": N_("Prepare the opening"),
    "opening": N_("Open the polls"),
    "voting": N_("Close the polls"),
    "closing": N_("Close the polls"),
    "count": N_("Open the box and count"),
    "protocol": N_("To the hand count and protocol"),
    "packet": N_("Export the packet"),
}

_MORE = ("open", "paused", "closed")  # phases in which there is more to do than to print


class Counter(Card):
    """A caption, a large number, a note."""

    def __init__(self, name: str) -> None:
        super().__init__(spacing=0.6, margin=4.5)
        self.caption, self.value = label("body", "muted", wrap=False), label("display", wrap=False, name=name)
        self.note = label("caption", "muted")
        for part in (self.caption, self.value, self.note):
            self.inside.addWidget(part)
        self.inside.addStretch(1)

    def say(self, caption: str, value: str, note: str = "") -> None:
        self.caption.setText(caption)
        self.value.setText(value)
        self.note.setText(note)
        self.note.setVisible(bool(note))


class Day(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "true")
        self._day = DayView()
        self._title = label("title")
        self.steps = Steps()
        self.action = Button("primary", then=self._act, name="next-step")
        self._when = label("body", "muted")
        self._when.setAlignment(Qt.AlignmentFlag.AlignCenter)
        left = Card(self._title, scrolled(self.steps), self.action, self._when, margin=5.5)
        left.inside.setStretch(1, 1)
        left.setMinimumWidth(px(70))
        self.counters = [Counter(name) for name in ("roll", "given", "recorded", "turnout")]
        self.plot = HourlyPlot()
        self._plot_title, self._plot_note = label("title", wrap=False), label("caption", "muted")
        head = row(self._plot_title, self._plot_note)
        head.setStretch(1, 1)
        self._plot_note.setAlignment(Qt.AlignmentFlag.AlignRight)
        plot = Card(head, self.plot, margin=6)
        plot.inside.setStretch(1, 1)
        self.desk = Button("tall", icon="", then=lambda: self.asked.emit(i.Go("desk")), name="to-desk")
        self.complaint = Button("tall", icon="", then=lambda: self.asked.emit(i.Go("complaints")), name="to-complaints")
        self.pause = Button("tall", icon="", then=self._pause, name="pause")
        self.copies = Button("tall", icon="", then=self._print, name="print")
        self.quit = Button("tall", icon="", then=self._quit, name="quit")
        right: list[Part] = [
            row(*self.counters, spacing=4), plot,
            row(self.desk, self.complaint, self.pause, self.copies, self.quit, spacing=4),
        ]  # fmt: skip
        self._right = column(*right, spacing=5)
        self._right.setStretch(1, 1)
        frame = row(left, spacing=6)
        frame.addLayout(self._right)
        frame.setStretch(0, 3)
        frame.setStretch(1, 7)
        frame.setContentsMargins(px(7), px(6), px(7), px(6))
        self.setLayout(frame)
        self._phase = "posting"

    def part(self, view: View) -> object:
        return view.of(DayView), view.counters, view.phase

    def render_view(self, view: View) -> None:
        day = self._day = view.of(DayView)
        self._phase = view.phase
        self._title.setText(_("Voting day"))
        lines = [StepLine(s.state, _(_TITLES[s.name]), self._note(s, view)) for s in day.steps]
        self.steps.show_steps(lines, crowded=self.height() < px(172))
        done = view.phase == "exported"
        self.action.say(_("Export once more") if done else self._verb())
        self.action.setEnabled(day.contradicts or day.copied or not day.from_)
        self._when.setText(_("possible from {time}", time=day.from_) if day.from_ else "")
        self._when.setVisible(bool(day.from_))
        self._counters(view)
        self._plot_title.setText(_("Ballots given by the hour"))
        self._plot_note.setText(_("neither votes nor their order can be seen"))
        self.plot.show_bars(tuple(Bar(*bar) for bar in day.by_hour), _("Ballots given by the hour"))
        voting = view.phase in ("open", "paused")
        self.desk.say(_("Desk"))
        self.desk.setVisible(voting)
        self.complaint.say(_("Complaint or incident") if not day.complaints else _("Complaints: {n}", n=day.complaints))
        self.pause.say(_("Resume voting") if view.phase == "paused" else _("Pause voting"))
        self.pause.setVisible(voting)
        paused = view.phase == "paused"  # then the one thing to do is to go on; the hour of the close comes later
        self.pause.become("primary" if paused else "tall")
        self.action.become("tall" if paused and day.from_ else "primary")
        done = view.phase in ("signed", "exported")
        more = view.phase in _MORE or day.blocked
        self.copies.say(_("Copy for an observer") if done else _("More…") if more else _("Print"))
        self.quit.say(_("Close the program"))
        self.quit.setVisible(not voting)  # there it is one of “more”: five buttons have no room

    def _verb(self) -> str:
        if self._day.copied:
            return _("Take the day over")
        if self._day.contradicts:
            return _("Say what happened")
        if self._phase == "posting":
            return _(_ACTIONS["preparation"])
        return _(_ACTIONS[self._day.next])

    def _note(self, step: Step, view: View) -> str:
        day = view.of(DayView)
        match step.name:
            case "preparation":
                return _("badges, self-test, zero report")
            case "opening":
                return step.at or _("from {time}", time=view.place.opens if view.place else "")
            case "voting":
                return _("until {time}", time=view.place.closes if view.place else "")
            case "closing" if view.phase in ("open", "paused") and day.left:
                return _("in {hours} h {minutes} min", hours=day.left // 60, minutes=day.left % 60)
            case "closing":
                return step.at
            case "count":
                return _("members who open the box: {n}", n=day.quorum)
            case "protocol":
                return _("hand count twice, signatures")
            case _:
                return _("read back and verified")

    def _counters(self, view: View) -> None:
        c = view.counters
        roll, given, recorded, turnout = self.counters
        roll.say(_("On the roll"), words.number(c.roll))
        remote = _("of them remote: {n}", n=c.remote) if c.remote else ""
        given.say(_("Given"), words.number(c.given), remote)
        booth = _("in the booth now: {n}", n=c.in_booth) if c.in_booth else ""
        recorded.say(_("Voted"), words.number(c.recorded), booth)
        home = c.given - c.remote + c.outside
        turnout.say(_("Turnout"), words.percent(home, c.roll), _("of the roll"))

    # -- touching -------------------------------------------------------------------------------------

    def _act(self) -> None:
        if self._day.copied:
            self.asked.emit(i.Go("taking_over"))
            return
        if self._day.contradicts:
            self._explain()
            return
        match self._phase:
            case "posting" | "ready":
                self.asked.emit(i.Go("opening"))
            case "open" | "paused":
                self.asked.emit(i.Go("closing"))
            case "closed":
                self.asked.emit(i.Go("counting"))
            case "counted":
                self.asked.emit(i.Go("differences"))
            case _:
                self.asked.emit(i.Go("export"))

    def _explain(self) -> None:
        hint = _("What happened, when, and who saw it. It is printed in the protocol; no ballot is lost by it.")
        write(
            self,
            _("An older state of this station") if self._day.put_back else _("The counts do not add up"),
            hint,
            verb=_("Keep it and go on"),
            then=lambda text: self.asked.emit(i.ExplainCounts(text)),
        )

    def _pause(self) -> None:
        if self._phase == "paused":
            self.asked.emit(i.Resume())
            return
        options = words.offered("pause")
        note = _("While voting is paused no ballot is given or recorded.")
        choose(self, _("Why is voting paused?"), options, then=lambda key: self.asked.emit(i.Pause(key)), note=note)

    def _print(self) -> None:
        if self._phase in ("signed", "exported"):
            self.asked.emit(i.PrintForm("copy"))
            return
        options = [("list", _("Print the list of voters for posting"))]
        if self._phase in _MORE:
            stands = _("Print the closing report") if self._phase == "closed" else _("Print where the day stands")
            options.insert(0, ("slip", stands))
            options.append(("order", _("The commission's order to vote on, from a stick")))
        if self._day.blocked:
            options.append(("unblock", _("Unblock a badge")))
        if self._phase in ("open", "paused"):
            options.append(("quit", _("Close the program")))
        choose(self, _("More…"), options, then=self._other)

    def _other(self, key: str) -> None:
        match key:
            case "quit":
                self._quit()
            case "order":
                self.asked.emit(i.ObeyOrder())
            case "unblock":
                self.asked.emit(i.Go("unblocking"))
            case "slip":
                self.asked.emit(i.PrintForm("slip"))
            case _:
                self.asked.emit(i.PrintForm("list"))

    def _quit(self) -> None:
        sentences = [_("The station can be opened again with a badge; nothing is lost.")]
        if self._phase in ("open", "paused"):
            sentences.append(_("Until then nobody can vote here."))
        ask(
            self,
            "warn",
            _("Close the program?"),
            sentences,
            yes=_("Close the program"),
            then=lambda: self.asked.emit(i.Quit()),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.again()

    def arrive(self) -> None:
        self.action.setFocus(Qt.FocusReason.OtherFocusReason)
