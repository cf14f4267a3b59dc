"""Training: sample badges and documents, scenarios, the clock, and what the trainee did wrong.

Only a station of purpose demo has one; the fakes it plays with refuse any other.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk import messages
from kiosk.ballot.count import ElectronicCount
from kiosk.day import counting
from kiosk.demo import training as tr
from kiosk.devices.clock import TrainingClock
from kiosk.devices.media import Medium, TrainingMedia
from kiosk.devices.printer import FolderPrinter
from kiosk.devices.stick import Stick, Written
from kiosk.election.calendar import station_hours
from kiosk.election.definition import AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU, INVALID
from kiosk.errors import DeviceError, Fact, Refusal
from kiosk.progress import Progress, silent
from kiosk.roll.person import Pin
from ui import intents as i
from ui import views as v
from ui.model import lesson
from ui.model.terminal import Answer, Part, Terminal

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


class Trainer(Part):
    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self._begin()

    def _begin(self) -> None:
        self._lesson = lesson.read(Path(self.training.base)) if self.training else lesson.Lesson()
        self._pull_out = False

    @property
    def training(self) -> tr.Training | None:
        return self.t.setting.training

    def handlers(self) -> Mapping[type[i.Intent], Callable[[Any], Answer]]:
        if self.training is None:
            return dict.fromkeys(
                (i.PlaySample, i.PlayBadge, i.PlayScenario, i.SetTime, i.Restart),
                lambda intent: Refusal("only_training"),
            )
        return {
            i.PlaySample: self._sample,
            i.PlayBadge: self._badge,
            i.PlayScenario: self._scenario,
            i.SetTime: self._set_time,
            i.Restart: self._restart,
        }

    # -- what others tell -----------------------------------------------------------------------------

    def noted(self, code: str, facts: Mapping[str, Fact]) -> None:
        """A refusal or an error came up as a message, or something came out wrong that nothing refuses."""
        self.saw(code)
        now = self.t.now()
        if self.training and messages.is_mistake(code) and now:
            self._lesson.mistakes.append(v.Mistake(f"{now:%H:%M}", v.Said(code, dict(facts), "warn")))

    def saw(self, code: str) -> None:
        self._happened(code)

    def _happened(self, event: str) -> None:
        for key in [key for key in self._lesson.running if SCENARIOS[key] == event]:
            self._lesson.running.remove(key)
            self._lesson.passed.append(key)

    def gave(self, verdict: v.Said | None, pin: str) -> None:
        if self.training is None:
            return
        self._lesson.served.append(pin)
        if verdict and verdict.code == "may_give_remote":
            self._happened("gave_remote")

    def put_paper_in(self) -> None:
        """In training somebody is at the printer by the time the voter tries again."""
        if self.training and isinstance(self.t.setting.printer, FolderPrinter):
            self.t.setting.printer.out_of_paper = False
            self.t.setting.watch()

    def opened(self) -> None:
        """Two decisions of the commission that the day needs: one struck off, one who asked to vote at home."""
        if self.training and self.t.station:
            self.t.station.desk.strike_off(Pin(self.training.struck_off), "moved")
            self.t.station.desk.ask_home_vote(Pin(self.training.asked_home_vote))

    def counted(self) -> None:
        self._happened("counted")

    def exported(self) -> None:
        self._happened("exported")

    def stick(self, medium: Medium) -> Stick:
        """The stick to write to; once, a stick that is pulled out half-way."""
        if self._pull_out:
            self._pull_out = False
            return _PulledOut(medium)
        return medium.open_stick()

    # -- documents and badges -----------------------------------------------------------------------------

    def badge_samples(self) -> tuple[v.Person, ...]:
        if self.training is None:
            return ()
        return tuple(v.Person(b.id, b.role, v.Named(b.name_ky, b.name_ru), b.pin) for b in self.training.badges)

    def _badge(self, intent: i.PlayBadge) -> Answer:
        if self.training is None:
            return Refusal("only_training")
        return self.t.parts.front.handlers()[i.Scanned](i.Scanned(self.training.badge(intent.id).text))

    def _sample(self, intent: i.PlaySample) -> Answer:
        """`next`: whoever stands in the queue; `again`: whoever was served last; else a story."""
        if self.training is None:
            return Refusal("only_training")
        queue = self.training.queue
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
        return self.t.parts.front.handlers()[i.Scanned](i.Scanned(scan))

    # -- scenarios -------------------------------------------------------------------------------------------

    def _scenario(self, intent: i.PlayScenario) -> Answer:
        key = intent.key
        if key not in SCENARIOS:
            return Refusal("sample_missing")
        if key not in self._lesson.running:
            self._lesson.running.append(key)
        self._lesson.passed[:] = [done for done in self._lesson.passed if done != key]
        printer = self.t.setting.printer
        match key:
            case "other_district":
                return self._sample(i.PlaySample("remote"))
            case "already_voted":
                return self._sample(i.PlaySample("again"))
            case "other_station":
                return self._sample(i.PlaySample("other_station"))
            case "lost_power":
                self._power_cut()
            case "no_paper" if isinstance(printer, FolderPrinter):
                printer.out_of_paper = not printer.out_of_paper
                self.t.setting.watch()
            case "stick_pulled":
                self._pull_out = True
            case _:
                pass  # wrong_pin and count_difference need nothing but the trainee
        return None

    def _power_cut(self) -> None:
        """The terminal goes dark and starts again; nothing is said goodbye to."""
        t = self.t
        if t.station:
            t.station.session.power_cut()
        t.station = None
        t.signed_in = None
        for part in t.parts.every():
            if part is not self:
                part.left()
        t.parts.voter.handed_over = False
        t.parts.voter.forget()
        t.look()

    # -- the clock -----------------------------------------------------------------------------------------------

    def _set_time(self, intent: i.SetTime) -> Answer:
        clock = self.t.setting.clock
        if not isinstance(clock, TrainingClock) or self.t.locked is None:
            return Refusal("only_training")
        hours = station_hours(self.t.locked.election.definition, self.t.locked.credential.station)
        now = clock.now()
        target = {
            "ten_minutes": now + timedelta(minutes=10),
            "hour": now + timedelta(hours=1),
            "opening": hours.opens,
            "closing": hours.closes + timedelta(minutes=1),
        }[intent.to]
        if target < now:
            return Refusal("time_passed")
        clock.set(target)
        self.keep_clock()
        return None

    def keep_clock(self) -> None:
        """So that a training station that is closed and opened again goes on, and never back."""
        now = self.t.now()
        if self.training and now:
            tr.keep_clock(self.training, now)
            lesson.keep(Path(self.training.base), self._lesson)

    def _restart(self, intent: i.Restart) -> Answer:
        t = self.t
        if self.training is None or t.setting.renew is None or not isinstance(t.setting.clock, TrainingClock):
            return Refusal("only_training")
        if t.station:
            t.station.close()
        t.station = None
        for part in t.parts.every():
            part.left()
        t.parts.voter.handed_over = False
        tr.restart(Path(self.training.base))
        t.setting.training = t.setting.renew(lambda _step, done, size: t.progress("training", done, size))
        t.setting.clock.set(tr.morning(t.setting.training))
        self._begin()
        t.look()
        return None

    # -- the view ----------------------------------------------------------------------------------------------------

    def _papers(self) -> tuple[tuple[v.Named, int], ...]:
        """What lies in the ballot box on paper: for the hand count, as the trainees would find it."""
        t = self.t
        if t.station is None or t.phase != "counted":
            return ()
        count: ElectronicCount | None = counting.electronic(t.session)
        votes = count.votes() if count else {}
        missing = "count_difference" in self._lesson.running or "count_difference" in self._lesson.passed
        rows = []
        for number, name in (
            *(
                (x.number, v.Named(f"{x.number}. {x.name_ky}", f"{x.number}. {x.name_ru}"))
                for x in t.session.district.standing
            ),
            (AGAINST_ALL, v.Named(AGAINST_ALL_KY, AGAINST_ALL_RU)),
            (INVALID, v.Named("Жараксыз", "Недействительные")),
        ):
            found = votes.get(number, 0)
            if missing and found:
                found, missing = found - 1, False
            rows.append((name, found))
        return tuple(rows)

    def view(self) -> v.TrainerView | None:
        if self.training is None:
            return None
        queue = self.training.queue
        following = queue[self._lesson.next % len(queue)]
        state: Callable[[str], Any] = lambda key: (  # noqa: E731
            "passed" if key in self._lesson.passed else "running" if key in self._lesson.running else "new"
        )
        printer = self.t.setting.printer
        return v.TrainerView(
            badges=self.badge_samples(),
            samples=(v.Sample("next", following.story, following.name, following.pin),),
            scenarios=tuple(v.Scenario(key, state(key)) for key in SCENARIOS),
            mistakes=tuple(self._lesson.mistakes),
            papers=self._papers(),
            served=len(self._lesson.served),
            stick_out=isinstance(self.t.setting.media, TrainingMedia) and self.t.setting.media.pulled_out,
            paper_out=isinstance(printer, FolderPrinter) and printer.out_of_paper,
        )


class _PulledOut:
    """A stick that somebody pulls out while the packet is being written."""

    def __init__(self, medium: Medium) -> None:
        self._medium = medium

    def free(self) -> int:
        return self._medium.open_stick().free()

    def write(self, name: str, content: bytes, progress: Progress = silent) -> Written:
        progress("writing", len(content) // 2, len(content))
        (Path(self._medium.folder) / f".{name}.part").unlink(missing_ok=True)
        raise DeviceError("stick_missing")
