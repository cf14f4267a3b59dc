"""One terminal: who is at it, which page it shows, and the station behind it. Intents in, views out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kiosk.day.folder import has_begun
from kiosk.day.locked import Locked
from kiosk.day.session import Session
from kiosk.day.station import Station
from kiosk.devices.clock import SystemClock
from kiosk.election.calendar import station_hours
from kiosk.election.definition import Role
from kiosk.errors import Fact, IntegrityError, KioskError, Refusal
from kiosk.packet import package
from kiosk.progress import Progress, silent
from kiosk.trust.credential import Officer
from ui import intents as i
from ui import views as v
from ui.model.setting import Setting

Answer = Refusal | v.Said | None  # Said: good news, shown the same way
Aside = Callable[[Callable[[], i.Intent]], None]


# Which pages a role may ask for. What may be done there is kiosk.day.permissions' business.
_PAGES_OF: dict[Role, frozenset[str]] = {
    "clerk": frozenset({"desk", "complaints"}),
    "member": frozenset({"hand", "differences", "complaints"}),
    "chair": frozenset({"day", "desk", "opening", "counting", "differences", "protocol", "export", "complaints"}),
    "technician": frozenset({"setup"}),
}


class Part:
    """What one role does at the terminal: handlers of its intents, and its share of the view."""

    def __init__(self, terminal: "Terminal") -> None:
        self.t = terminal

    def handlers(self) -> Mapping[type[i.Intent], Callable[[Any], Answer]]:
        return {}

    def left(self) -> None:
        """Somebody else is at the terminal now: forget."""


class Terminal:
    def __init__(self, setting: Setting, progress: Progress = silent) -> None:
        from ui.model import parts

        self.setting = setting
        self.progress = progress
        self.aside: Aside | None = None
        self.page: v.Page = "starting"
        self.notice: v.Said | None = None
        self.locked: Locked | None = None
        self.station: Station | None = None
        self.signed_in: Officer | None = None  # of the technician, who opens no station; else the session's
        self._counters: v.Counters | None = None
        self.parts = parts.all_of(self)
        self._handlers: dict[type[i.Intent], Callable[[Any], Answer]] = {
            i.Tick: self._tick,
            i.Go: self._go,
            i.Dismiss: lambda _: None,
            i.SignOut: self._sign_out,
        }
        for part in self.parts.every():
            self._handlers.update(part.handlers())

    # -- the one way in and out ------------------------------------------------------------------

    def handle(self, intent: i.Intent) -> v.View:
        """Do what was asked and show what is now. Refusals and errors with a code become the notice; anything else is
        a bug and goes up to the crash screen."""
        quiet = isinstance(intent, i.Tick)
        if not quiet:
            self.notice = None
            self._counters = None
            self.parts.trainer.keep_clock()
        try:
            answer: Answer | KioskError = self._handlers[type(intent)](intent)
        except KioskError as error:
            answer = error
        if isinstance(answer, v.Said):
            self.notice = answer
        elif answer is not None and isinstance(intent, i.OF_THE_BOOTH):
            self.parts.voter.troubled(said(answer, "warn"))
            self.parts.trainer.noted(answer.code, answer.facts)
        elif answer is not None:
            tone: v.Verdict = "warn" if isinstance(answer, Refusal) else "bad"
            self.notice = v.Said(answer.code, dict(answer.facts), tone)
            self.parts.trainer.noted(answer.code, answer.facts)
        return self.view()

    def start(self, aside: Aside | None = None) -> v.View:
        """Look at the folder: an empty one is set up, any other is locked. `aside` runs what waits for a device without
        the terminal waiting; without it the terminal waits."""
        self.aside = aside
        try:
            self.look()
        except KioskError as error:
            self.page = "setup"
            self.notice = v.Said(error.code, dict(error.facts), "bad")
        return self.view()

    def close(self) -> None:
        if self.station:
            self.station.close()
        self.station = None

    def look(self) -> None:
        folder = self.setting.folder
        if not (folder / package.CREDENTIAL).exists():
            self.locked = None
            self.page = "setup"
            self.parts.arrived("setup")
            return
        locked = Locked(folder, self.setting.clock or SystemClock("UTC"), self.setting.mirror)
        if locked.credential.purpose != self.setting.purpose:
            raise IntegrityError("purpose_foreign", found=locked.credential.purpose, wanted=self.setting.purpose)
        if self.setting.clock is None:
            self.setting.clock = SystemClock(locked.election.definition.station(locked.credential.station).zone)
        locked.clock = self.setting.clock
        self.locked = locked
        self.page = "locked"

    # -- what the parts share ----------------------------------------------------------------------

    @property
    def open_station(self) -> Station:
        if self.station is None:
            raise IntegrityError("not_signed_in")
        return self.station

    @property
    def session(self) -> Session:
        return self.open_station.session

    @property
    def officer(self) -> Officer | None:
        if self.signed_in:
            return self.signed_in
        return self.station.session.officer if self.station else None

    @property
    def phase(self) -> v.Phase:
        if self.station:
            return self.station.state.name
        if self.locked is None:
            return "unconfigured"
        return "sealed" if has_begun(self.setting.folder) else "posting"

    def now(self) -> datetime | None:
        return self.setting.clock.now() if self.setting.clock else None

    def name_of(self, badge: str) -> str:
        officer = self.locked.credential.officer(badge) if self.locked else None
        return officer.name_ky if officer else badge

    def _tick(self, intent: i.Tick) -> Answer:
        """Sticks come and go without anybody telling."""
        self.parts.front.tick()
        if self.page == "setup" and self.locked is None:
            self.parts.technician.look()
        if self.page == "export":
            self.parts.packet.look_if_changed()
        return None

    def _go(self, intent: i.Go) -> Answer:
        if self.officer is None and intent.page not in ("locked", "lookup", "setup"):
            return Refusal("not_signed_in")
        officer = self.officer
        if officer and intent.page not in _PAGES_OF[officer.role]:
            return Refusal("not_permitted", {"role": officer.role, "verb": intent.page})
        if intent.page == "setup" and self.locked and self.signed_in is None:
            return Refusal("not_signed_in")
        if self.parts.voter.handed_over:
            return Refusal("not_signed_in")  # the screen may stand before the voter
        self.page = intent.page
        self.parts.front.lookup = v.LookUpView()
        self.parts.badges.left()
        self.parts.arrived(intent.page)
        return None

    def _sign_out(self, intent: i.SignOut) -> Answer:
        self.signed_in = None
        if self.station:
            self.station.sign_out()
        for part in self.parts.every():
            part.left()
        self.page = "locked" if self.locked else "setup"
        return None

    # -- the view ------------------------------------------------------------------------------------

    def view(self) -> v.View:
        parts = self.parts
        officer = self.officer
        configured = self.locked is not None
        return v.View(
            page=self.page,
            purpose=self.setting.purpose,
            phase=self.phase,
            place=self._place(),
            officer=person(officer) if officer else None,
            now=self.now(),
            devices=self._devices(),
            counters=self.counters(),
            notice=self.notice,
            two_screens=self.setting.two_screens,
            locked=parts.front.view() if configured else v.LockedView(),
            lookup=parts.front.lookup,
            desk=parts.clerk.view(),
            booth=parts.voter.view(),
            day=parts.chair.view(),
            badges=parts.badges.view(),
            hand=parts.count.hand_view(),
            differences=parts.count.differences_view(),
            protocol=parts.paper.view(),
            export=parts.packet.view(),
            complaints=parts.complaints.view(),
            setup=parts.technician.view(),
            trainer=parts.trainer.view(),
        )

    def _place(self) -> v.Place | None:
        if self.locked is None:
            return None
        definition = self.locked.election.definition
        number = self.locked.credential.station
        where, hours = definition.station(number), station_hours(definition, number)
        return v.Place(
            number=number,
            district=where.district,
            remote_only=where.kind == "remote_only",
            address=v.Named(where.address_ky, where.address_ru),
            opens=f"{hours.opens:%H:%M}",
            closes=f"{hours.closes:%H:%M}",
        )

    def _devices(self) -> v.Devices:
        status, supply = self.setting.watched
        mirror = self.station.session.mirror if self.station else None
        copy: Any = "none" if mirror is None else "lost" if mirror.lost else "kept"
        return v.Devices(
            printer=status.state, waiting=status.waiting, copy=copy, mains=supply.mains, battery=supply.percent
        )

    def counters(self) -> v.Counters:
        """Read again after every intent that may have changed them."""
        if self._counters is None:
            self._counters = self._count() if self.station else v.Counters()
        return self._counters

    def _count(self) -> v.Counters:
        s = self.session
        tally = s.files.register.tally()
        given = tally["home"].given + tally["remote"].given
        recorded = s.cast_count("home") + s.cast_count("remote")
        out = s.in_progress("home") + s.in_progress("remote")
        return v.Counters(
            roll=len(s.files.book),
            given=given,
            remote=tally["remote"].given,
            recorded=recorded,
            in_booth=out,
            outside=tally["outside"].given,
        )


def person(officer: Officer, pin: str = "") -> v.Person:
    return v.Person(officer.id, officer.role, v.Named(officer.name_ky, officer.name_ru), pin)


def said(answer: Refusal | KioskError, tone: v.Verdict = "bad") -> v.Said:
    facts: dict[str, Fact] = dict(answer.facts)
    return v.Said(answer.code, facts, tone)
