"""One terminal: intents in, views out. What is done is done by its parts, which are handed in (ui.behind)."""

from collections.abc import Callable
from typing import Any

from kiosk.election.calendar import station_hours
from kiosk.errors import DeviceError, KioskError, Refusal
from ui import intents as i
from ui import views as v
from ui.model import place
from ui.model.happened import Answered, Asked, Ticked
from ui.model.parts import Parts
from ui.model.seat import Answer, Aside, Seat, person, said


class Terminal:
    def __init__(self, seat: Seat, parts: Parts) -> None:
        self.seat = seat
        self.parts = parts
        self.notice: v.Said | None = None
        self._counters: v.Counters | None = None
        seat.ask = self._do
        self._handlers: dict[type[i.Intent], Callable[[Any], Answer]] = {
            **dict.fromkeys(i.OF_TRAINING, lambda _: Refusal("only_training")),  # unless a trainer is among the parts
            i.Tick: lambda _: self._tick(),
            i.Go: self._go,
            i.Dismiss: lambda _: None,
            i.SignOut: lambda _: seat.sign_out(),
        }
        self._screens: dict[v.Page, Callable[[], v.Screen]] = {}
        for part in parts.every():
            self._handlers.update(part.handlers())
            self._screens.update(part.screens())
            seat.listen(part)

    # -- the one way in and out ------------------------------------------------------------------

    def handle(self, intent: i.Intent) -> v.View:
        """Do what was asked and show what is now. Refusals and errors with a code become the notice; anything else is
        a bug and goes up to the crash screen."""
        if not isinstance(intent, i.Tick):
            self.notice = None
            self._counters = None
            self.seat.tell(Asked())
        try:
            answer: Answer | KioskError = self._do(intent)
        except KioskError as error:
            answer = error
        if self._doubtful(answer):
            return self._lock()
        if isinstance(answer, v.Said):
            self.notice = answer
        elif answer is not None:
            if isinstance(intent, i.OF_THE_BOOTH):
                self.parts.voter.troubled(said(answer, "warn"))
            else:
                self.notice = said(answer, "warn" if isinstance(answer, Refusal) else "bad")
            self.seat.tell(Answered(answer.code, answer.facts))
        return self.view()

    def _doubtful(self, answer: Answer | KioskError) -> bool:
        """Nobody knows any more what one of the files holds."""
        station = self.seat.station
        return station is not None and (station.doubtful or getattr(answer, "code", "") == "disk_doubtful")

    def _lock(self) -> v.View:
        """Close every file. The next badge opens what is on the disk, and a
        ballot that was in progress is in progress again."""
        self.seat.leave()
        self.seat.close()
        self.notice = None
        self.start(self.seat.aside)
        self.notice = self.notice or said(DeviceError("disk_doubtful"))
        return self.view()

    def start(self, aside: Aside | None = None) -> v.View:
        """Look at the folder: an empty one is set up, any other is locked. `aside` runs what waits for a device without
        the terminal waiting; without it the terminal waits."""
        self.seat.aside = aside
        try:
            self.seat.look()
        except KioskError as error:
            self.notice = said(error)
        return self.view()

    def close(self) -> None:
        self.seat.close()

    def _do(self, intent: i.Intent) -> Answer:
        return self._handlers[type(intent)](intent)

    def _tick(self) -> Answer:
        self.seat.tell(Ticked())
        if self.seat.station:
            self.seat.station.look_after_copy()
        return None

    def _go(self, intent: i.Go) -> Answer:
        seat, officer = self.seat, self.seat.officer
        refused = place.refusal(officer.role if officer else None, seat.phase, intent.page)
        if refused:
            return refused
        if officer is None and intent.page == "setup" and seat.locked:
            return Refusal("not_signed_in")
        if seat.handed_over:
            return Refusal("not_signed_in")  # the screen may stand before the voter
        seat.go(intent.page)
        return None

    # -- the view ------------------------------------------------------------------------------------

    def view(self) -> v.View:
        parts, seat = self.parts, self.seat
        return v.View(
            screen=self._screens[seat.page](),
            purpose=seat.setting.purpose,
            phase=seat.phase,
            place=self._place(),
            officer=person(seat.officer) if seat.officer else None,
            now=seat.now(),
            devices=self._devices(),
            counters=self.counters(),
            notice=self.notice,
            two_screens=seat.setting.two_screens,
            badges=parts.badges.view(),
            booth=parts.voter.view(),
            trainer=parts.trainer.view() if parts.trainer else None,
        )

    def _place(self) -> v.Place | None:
        locked = self.seat.locked
        if locked is None:
            return None
        definition, number = locked.election.definition, locked.credential.station
        where, hours = definition.station(number), station_hours(definition, number)
        return v.Place(
            number=number,
            district=where.district,
            address=v.Named(where.address_ky, where.address_ru),
            opens=f"{hours.opens:%H:%M}",
            closes=f"{hours.closes:%H:%M}",
        )

    def _devices(self) -> v.Devices:
        status, supply = self.seat.setting.watched
        copy = self.seat.station.copy if self.seat.station else "none"
        return v.Devices(
            printer=status.state, waiting=status.waiting, copy=copy, mains=supply.mains, battery=supply.percent
        )

    def counters(self) -> v.Counters:
        """Read again after every intent that may have changed them."""
        if self._counters is None:
            self._counters = self._count()
        return self._counters

    def _count(self) -> v.Counters:
        if self.seat.station is None:
            return v.Counters()
        found = self.seat.station.figures()
        return v.Counters(
            roll=found.roll,
            given=found.given,
            remote=found.remote,
            recorded=found.recorded,
            in_booth=found.out,
            outside=found.outside,
        )
