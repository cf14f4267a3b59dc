"""The chair's day: seven steps, exactly one of them next."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kiosk.day import orders, signing_off
from kiosk.errors import IntegrityError, Refusal
from kiosk.forms import pages
from kiosk.packet import content as c
from kiosk.packet.archive import read_file
from ui import intents as i
from ui import views as v
from ui.model.terminal import Answer, Part, Terminal

STEPS: tuple[v.StepName, ...] = ("preparation", "opening", "voting", "closing", "count", "protocol", "packet")
# phase → the step that is due
_DUE: dict[v.Phase, int] = {
    "unconfigured": 0, "sealed": 0, "posting": 0, "ready": 1, "open": 3, "paused": 3, "closed": 4, "counted": 5,
    "signed": 6, "exported": 7,
}  # fmt: skip


class Chair(Part):
    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self.zero: tuple[tuple[str, int], ...] = ()
        self._times: dict[str, str] = {}  # the signed state no longer holds them

    def handlers(self) -> Mapping[type[i.Intent], Callable[[Any], Answer]]:
        return {
            i.Prepare: self._prepare,
            i.OpenPolls: self._open,
            i.Pause: lambda intent: self.t.open_station.pause(intent.reason),
            i.Resume: lambda intent: self.t.open_station.resume(),
            i.ClosePolls: lambda intent: self.t.open_station.close_polls(),
            i.ObeyOrder: self._obey,
            i.PrintForm: self._print,
        }

    # -- morning ------------------------------------------------------------------------------------

    def _prepare(self, intent: i.Prepare) -> Answer:
        self.t.progress("self_test", 0, 0)
        counters = self.t.open_station.prepare()
        if isinstance(counters, Refusal):
            return counters
        self.zero = tuple((counter.name, counter.value) for counter in counters)
        return None

    def _open(self, intent: i.OpenPolls) -> Answer:
        self.t.progress("making_box", 0, 0)
        refused = self.t.open_station.open_polls()
        if refused is None:
            self.t.page = "day"
            self.t.parts.trainer.opened()
        return refused

    def _obey(self, intent: i.ObeyOrder) -> Answer:
        """Of the orders on the sticks the first that is good: an old one may still lie beside it."""
        t = self.t
        found = [order for medium in t.setting.media.found() for order in orders.on_medium(medium.folder)]
        refused = Refusal("order_missing")
        for untrusted in found:
            answer = t.open_station.reopen(untrusted)
            if answer is None:
                return v.Said("reopened", {"until": f"{t.session.closes():%H:%M}"}, "good")
            refused = answer
        return refused

    # -- paper ----------------------------------------------------------------------------------------

    def _print(self, intent: i.PrintForm) -> Answer:
        t = self.t
        if not 1 <= intent.copies <= 50:
            return Refusal("copies_impossible", {"most": 50})
        refused = t.open_station.session.may("print") if intent.form != "readiness" else self._technician()
        if refused:
            return refused
        t.progress("printing", 0, 0)
        match intent.form:
            case "zero":
                pdf = self._zero_report()
            case "list":
                book, number = t.session.files.book, t.session.credential.station
                pdf = pages.posting_list(t.session.definition, number, book.in_order(), self._now())
            case "readiness":
                pdf = t.parts.technician.report()
            case _:
                pdf = self._protocol()
        t.setting.printer.print(intent.form, pdf, intent.copies)
        return v.Said("printed", {"copies": intent.copies}, "good")

    def _technician(self) -> Refusal | None:
        return None if self.t.parts.technician.at_work else Refusal("not_signed_in")

    def left(self) -> None:
        if self.t.station is None:  # another day, or the terminal starts again
            self.zero = ()
            self._times = {}

    def _now(self) -> datetime:
        now = self.t.now()
        if now is None:
            raise IntegrityError("not_signed_in")
        return now

    def _zero_report(self) -> bytes:
        s = self.t.session
        present = [o for o in s.credential.officers if o.id in s.present]
        return pages.zero_report(s.definition, s.credential.station, self.zero, present, at=self._now())

    def _protocol(self) -> bytes:
        """The signed one, out of the packet: every copy is the same page."""
        found = signing_off.signed_packet(self.t.session)
        if isinstance(found, Refusal):
            raise IntegrityError(found.code, **found.facts)
        return read_file(self.t.session.folder / found[0], c.ENTRIES)[c.PROTOCOL_PDF]

    # -- the view ---------------------------------------------------------------------------------------

    def view(self) -> v.DayView:
        t = self.t
        if t.station is None:
            return v.DayView()
        s = t.session
        due = _DUE[t.phase]
        now = s.clock.now()
        from_ = ""
        if t.phase == "ready" and now < s.hours.opens:
            from_ = f"{s.hours.opens:%H:%M}"
        if t.phase in ("open", "paused") and now < s.closes():
            from_ = f"{s.closes():%H:%M}"
        left = max(0, int((s.closes() - now).total_seconds() // 60))
        counters = t.counters()
        return v.DayView(
            steps=self._steps(due),
            next=STEPS[min(due, 6)],
            from_=from_,
            left=left,
            by_hour=self._hours(now),
            present=len(s.present),
            quorum=s.credential.quorum,
            role=t.officer.role if t.officer else "chair",
            packet=getattr(t.parts.packet, "file", ""),
            paused=getattr(s.state, "reason", ""),
            complaints=len(t.open_station.complaints.all()),
            ballot_out=counters.in_booth > 0,
        )

    def _steps(self, due: int) -> tuple[v.Step, ...]:
        state = self.t.session.state
        for name, field in (("opening", "opened_at"), ("closing", "closed_at")):
            self._times[name] = getattr(state, field, "") or self._times.get(name, "")
        steps = []
        for place, name in enumerate(STEPS):
            done = place < due and not (name == "voting" and self.t.phase in ("open", "paused"))
            current = place == due if self.t.phase not in ("open", "paused") else name == "voting"
            at = self._times.get(name, "")
            clock = f"{datetime.fromisoformat(at):%H:%M}" if at else ""
            steps.append(v.Step(name, "next" if current else "done" if done else "later", clock))
        return tuple(steps)

    def _hours(self, now: datetime) -> tuple[tuple[int, int, bool], ...]:
        s = self.t.session
        given = s.files.register.given_by_hour()
        hours = range(s.hours.opens.hour, max(s.closes().hour, s.hours.opens.hour + 1))
        today = now.date() == s.hours.opens.date()
        past = now.hour if today else (24 if now > s.hours.opens else -1)
        return tuple((hour, given.get(hour, 0), hour > past) for hour in hours)
