"""Training: sample badges and documents, scenarios, the clock, and what the trainee did wrong.

Only a station of purpose demo has one; the fakes it plays with refuse any other. It listens to what happened, and asks
the terminal for what a trainee's hand would do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kiosk import messages
from kiosk.demo import training as tr
from kiosk.devices.clock import TrainingClock
from kiosk.devices.media import TrainingMedia
from kiosk.devices.printer import FolderPrinter
from kiosk.election.calendar import station_hours
from kiosk.election.definition import INVALID
from kiosk.errors import Refusal
from kiosk.progress import Progress
from kiosk.roll.person import Pin
from ui import intents as i
from ui import views as v
from ui.model.ballot import numbered, options
from ui.model.happened import Answered, Asked, Done, Gave, Happened, PrinterFailed
from ui.model.part import Handlers, Part
from ui.model.seat import Answer, Seat
from ui.model.training import lesson

# scenario → what shows that the trainee mastered it
SCENARIOS = {
    "other_district": "gave_remote",
    "already_voted": "already_given",
    "other_station": "other_station",
    "lost_power": "unlocked",
    "no_paper": "printed_again",
    "wrong_pin": "badge_pin_wrong",
    "count_difference": "act_written",
    "stick_pulled": "exported",
}


@dataclass(kw_only=True, frozen=True)
class Station:
    """A training station and the fakes it plays with."""

    training: tr.Training
    clock: TrainingClock
    printer: FolderPrinter
    media: TrainingMedia


class Trainer(Part):
    """`renew`: makes a new training station in place of the one that was thrown away."""

    def __init__(self, seat: Seat, station: Station, renew: Callable[[Progress], tr.Training]) -> None:
        super().__init__(seat)
        self._training = station.training
        self._clock, self._printer, self._media = station.clock, station.printer, station.media
        self._renew = renew
        self._lesson = lesson.read(Path(self._training.base))

    def handlers(self) -> Handlers:
        return {
            i.PlaySample: self._sample,
            i.PlayBadge: self._badge,
            i.PlayScenario: self._scenario,
            i.SetTime: self._set_time,
            i.Restart: self._restart,
        }

    # -- what others tell -----------------------------------------------------------------------------

    def hear(self, happened: Happened) -> None:
        match happened:
            case Asked():
                self._keep_clock()
            case Answered(code, facts):
                self._master(code)
                if messages.is_mistake(code):
                    said = v.Said(code, dict(facts), "warn")
                    self._lesson.mistakes.append(v.Mistake(f"{self._clock.now():%H:%M}", said))
            case Done(code):
                self._master(code)
                if code == "opened":
                    self._decide()
            case Gave(verdict, pin):
                self._lesson.served.append(pin)
                if verdict == "may_give_remote":
                    self._master("gave_remote")
            case PrinterFailed():  # in training somebody is at the printer by the time the voter tries again
                self._printer.out_of_paper = False
                self.seat.setting.watch()
            case _:
                pass

    def _master(self, code: str) -> None:
        for key in [key for key in self._lesson.running if SCENARIOS[key] == code]:
            self._lesson.running.remove(key)
            self._lesson.passed.append(key)

    def _decide(self) -> None:
        """Two decisions of the commission that the day needs: one struck off, one who asked to vote at home."""
        desk = self.seat.open_station.desk
        desk.strike_off(Pin(self._training.struck_off), "moved")
        desk.ask_home_vote(Pin(self._training.asked_home_vote))

    # -- documents and badges -----------------------------------------------------------------------------

    def _badge(self, intent: i.PlayBadge) -> Answer:
        return self.seat.ask(i.Scanned(self._training.badge(intent.id).text))

    def _sample(self, intent: i.PlaySample) -> Answer:
        """`next`: whoever stands in the queue; `again`: whoever was served last; else a story."""
        queue = self._training.queue
        if intent.key == "again":
            scan = self._lesson.served[-1] if self._lesson.served else ""
        elif intent.key == "next":
            scan = queue[self._lesson.next % len(queue)].scan
            self._lesson.next += 1
        elif intent.key == "remote":
            scan = next((d.scan for d in queue if d.remote and d.pin not in self._lesson.served), "")
        else:
            scan = next((d.scan for d in queue if d.story == intent.key), "")
        if not scan:
            return Refusal("sample_missing")
        return self.seat.ask(i.Scanned(scan))

    # -- scenarios -------------------------------------------------------------------------------------------

    def _scenario(self, intent: i.PlayScenario) -> Answer:
        key = intent.key
        if key not in SCENARIOS:
            return Refusal("sample_missing")
        if key not in self._lesson.running:
            self._lesson.running.append(key)
        self._lesson.passed[:] = [done for done in self._lesson.passed if done != key]
        match key:
            case "other_district":
                return self._sample(i.PlaySample("remote"))
            case "already_voted":
                return self._sample(i.PlaySample("again"))
            case "other_station":
                return self._sample(i.PlaySample("other_station"))
            case "lost_power":
                self._power_cut()
            case "no_paper":
                self._printer.out_of_paper = not self._printer.out_of_paper
                self.seat.setting.watch()
            case "stick_pulled":
                self._media.pull_out_next = True
            case _:
                pass  # wrong_pin and count_difference need nothing but the trainee
        return None

    def _power_cut(self) -> None:
        """The terminal goes dark and starts again; nothing is said goodbye to."""
        self.seat.close(cut=True)
        self.seat.leave()
        self.seat.look()

    # -- the clock -----------------------------------------------------------------------------------------------

    def _set_time(self, intent: i.SetTime) -> Answer:
        if self.seat.locked is None:
            return Refusal("only_training")
        hours = station_hours(self.seat.locked.election.definition, self.seat.locked.credential.station)
        now = self._clock.now()
        target = {
            "ten_minutes": now + timedelta(minutes=10),
            "hour": now + timedelta(hours=1),
            "opening": hours.opens,
            "closing": hours.closes + timedelta(minutes=1),
        }[intent.to]
        if target < now:
            return Refusal("time_passed")
        self._clock.set(target)
        self._keep_clock()
        return None

    def _keep_clock(self) -> None:
        """So that a training station that is closed and opened again goes on, and never back."""
        tr.keep_clock(self._training, self._clock.now())
        lesson.keep(Path(self._training.base), self._lesson)

    def _restart(self, intent: i.Restart) -> Answer:
        seat = self.seat
        seat.close()
        seat.leave()
        tr.restart(Path(self._training.base))
        self._training = self._renew(lambda _step, done, size: seat.progress("training", done, size))
        self._clock.set(tr.morning(self._training))
        self._media.pull_out_next = False
        self._lesson = lesson.read(Path(self._training.base))
        seat.look()
        return None

    # -- the view ----------------------------------------------------------------------------------------------------

    def _papers(self) -> tuple[tuple[v.Named, int], ...]:
        """What lies in the ballot box on paper: for the hand count, as the trainees would find it."""
        station = self.seat.station
        if station is None or self.seat.phase != "counted":
            return ()
        count = station.electronic()
        votes = count.votes() if count else {}
        missing = "count_difference" in self._lesson.running or "count_difference" in self._lesson.passed
        rows = []
        lines = [(option.number, numbered(option)) for option in options(station.district)]
        for number, name in (*lines, (INVALID, v.Named("Жараксыз", "Недействительные"))):
            found = votes.get(number, 0)
            if missing and found:
                found, missing = found - 1, False
            rows.append((name, found))
        return tuple(rows)

    def _exercise(self, key: str) -> v.Scenario:
        if key in self._lesson.passed:
            return v.Scenario(key, "passed")
        return v.Scenario(key, "running" if key in self._lesson.running else "new")

    def view(self) -> v.TrainerView:
        queue = self._training.queue
        following = queue[self._lesson.next % len(queue)]
        badges = (v.Person(b.id, b.role, v.Named(b.name_ky, b.name_ru), b.pin) for b in self._training.badges)
        return v.TrainerView(
            badges=tuple(badges),
            samples=(v.Sample("next", following.story, following.name, following.pin),),
            scenarios=tuple(self._exercise(key) for key in SCENARIOS),
            mistakes=tuple(self._lesson.mistakes),
            papers=self._papers(),
            served=len(self._lesson.served),
            paper_out=self._printer.out_of_paper,
        )
