"""The chair's day: seven steps, exactly one of them next."""

from datetime import datetime

from kiosk.errors import Refusal
from ui import intents as i
from ui import views as v
from ui.model.happened import Done
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Answer, Seat, person

STEPS: tuple[v.StepName, ...] = ("preparation", "opening", "voting", "closing", "count", "protocol", "packet")
# phase → the step that is due
_DUE: dict[v.Phase, int] = {
    "unconfigured": 0, "sealed": 0, "posting": 0, "ready": 1, "open": 3, "paused": 3, "closed": 4, "counted": 5,
    "signed": 6, "exported": 7,
}  # fmt: skip


class Chair(Part):
    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._times: dict[str, str] = {}  # the signed state no longer holds them

    def screens(self) -> Screens:
        return {
            "day": self._day,
            "opening": lambda: v.OpeningView(self._from()),
            "closing": lambda: v.ClosingView(self._from()),
            "taking_over": v.TakingOverView,
            "unblocking": lambda: v.UnblockingView(tuple(person(o) for o in self.seat.open_station.blocked())),
        }

    def handlers(self) -> Handlers:
        return {
            i.Prepare: self._prepare,
            i.OpenPolls: self._open,
            i.Pause: lambda intent: self.seat.open_station.pause(intent.reason),
            i.Resume: lambda intent: self.seat.open_station.resume(),
            i.ClosePolls: self._close,
            i.TakeDayOver: self._take_over,
            i.Unblock: self._unblock,
            i.ExplainCounts: lambda intent: self.seat.open_station.explain_counts(intent.text),
            i.ObeyOrder: self._obey,
            i.PrintForm: self._print,
        }

    # -- morning ------------------------------------------------------------------------------------

    def _prepare(self, intent: i.Prepare) -> Answer:
        self.seat.progress("self_test", 0, 0)
        counters = self.seat.open_station.prepare()
        return counters if isinstance(counters, Refusal) else None

    def _open(self, intent: i.OpenPolls) -> Answer:
        self.seat.progress("making_box", 0, 0)
        refused = self.seat.open_station.open_polls()
        if refused is None:
            self.seat.go("day")
            self.seat.tell(Done("opened"))
        return refused

    def _close(self, intent: i.ClosePolls) -> Answer:
        refused = self.seat.open_station.close_polls()
        if refused is None:
            self.seat.go("day")
        return refused

    def _take_over(self, intent: i.TakeDayOver) -> Answer:
        refused = self.seat.open_station.take_over()
        if refused is None:
            self.seat.go("day")
        return refused

    def _unblock(self, intent: i.Unblock) -> Answer:
        station = self.seat.open_station
        refused = station.unblock(intent.badge)
        if refused is None:
            station.dismiss()
            self.seat.go("day")
        return refused

    def _obey(self, intent: i.ObeyOrder) -> Answer:
        station = self.seat.open_station
        refused = station.reopen_from(medium.folder for medium in self.seat.setting.media.found())
        return refused or v.Said("reopened", {"until": f"{station.closes():%H:%M}"}, "good")

    # -- paper ----------------------------------------------------------------------------------------

    def _print(self, intent: i.PrintForm) -> Answer:
        if not 1 <= intent.copies <= 50:
            return Refusal("copies_impossible", {"most": 50})
        papers = self.seat.open_station.papers
        self.seat.progress("printing", 0, 0)
        match intent.form:
            case "zero":
                pdf = papers.zero_report()
            case "list":
                pdf = papers.posting_list()
            case "slip":
                pdf = papers.slip()
            case "protocol" | "copy":
                pdf = papers.protocol()
        if isinstance(pdf, Refusal):
            return pdf
        self.seat.setting.printer.print(intent.form, pdf, intent.copies)
        return v.Said("printed", {"copies": intent.copies}, "good")

    def left(self) -> None:
        if self.seat.station is None:  # another day, or the terminal starts again
            self._times = {}

    # -- the view ---------------------------------------------------------------------------------------

    def _day(self) -> v.DayView:
        seat, s = self.seat, self.seat.open_station
        due, now = _DUE[seat.phase], s.now()
        left = max(0, int((s.closes() - now).total_seconds() // 60))
        return v.DayView(
            steps=self._steps(due),
            next=STEPS[min(due, 6)],
            from_=self._from(),
            left=left,
            by_hour=self._hours(now),
            quorum=s.credential.quorum,
            complaints=len(s.complaints.all()),
            contradicts=bool(s.contradiction),
            put_back=s.put_back,
            copied=s.is_copy,
            blocked=len(s.blocked()),
        )

    def _from(self) -> str:
        """The hour before which the next step may not be taken; "" if now."""
        s = self.seat.open_station
        if self.seat.phase == "ready" and s.now() < s.hours.opens:
            return f"{s.hours.opens:%H:%M}"
        if self.seat.phase in ("open", "paused") and s.now() < s.closes():
            return f"{s.closes():%H:%M}"
        return ""

    def _steps(self, due: int) -> tuple[v.Step, ...]:
        state = self.seat.open_station.state
        for name, field in (("opening", "opened_at"), ("closing", "closed_at")):
            self._times[name] = getattr(state, field, "") or self._times.get(name, "")
        steps = []
        for place, name in enumerate(STEPS):
            done = place < due and not (name == "voting" and self.seat.phase in ("open", "paused"))
            current = place == due if self.seat.phase not in ("open", "paused") else name == "voting"
            at = self._times.get(name, "")
            clock = f"{datetime.fromisoformat(at):%H:%M}" if at else ""
            steps.append(v.Step(name, "next" if current else "done" if done else "later", clock))
        return tuple(steps)

    def _hours(self, now: datetime) -> tuple[tuple[int, int, bool], ...]:
        s = self.seat.open_station
        given = s.given_by_hour()
        hours = range(s.hours.opens.hour, max(s.closes().hour, s.hours.opens.hour + 1))
        today = now.date() == s.hours.opens.date()
        past = now.hour if today else (24 if now > s.hours.opens else -1)
        return tuple((hour, given.get(hour, 0), hour > past) for hour in hours)
