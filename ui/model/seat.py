"""The place at the terminal: its setting, the station behind it, who sits there, and what they asked to see.

Every part has one and the same seat. `tell` is how parts speak to one another; `go` is the only place where a wish for
a page is set, and ui.model.place decides what stands.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from kiosk.day.permissions import Page, Phase
from kiosk.day.station import Locked, Station, has_begun
from kiosk.devices.clock import SystemClock
from kiosk.errors import IntegrityError, KioskError, Refusal
from kiosk.packet import package
from kiosk.progress import Progress, silent
from kiosk.trust import badges
from kiosk.trust.credential import Officer
from ui import intents as i
from ui import views as v
from ui.model.happened import Arrived, Happened
from ui.model.place import Turned, page_of
from ui.model.setting import Setting

FORGET_SECONDS = 60  # a badge was shown and nobody entered its PIN

Answer = Refusal | v.Said | None  # Said: good news, shown the same way
Aside = Callable[[Callable[[], i.Intent]], None]


class Listener(Protocol):
    def hear(self, happened: Happened) -> None: ...

    def left(self) -> None: ...


def _nobody(intent: i.Intent) -> Answer:
    raise LookupError(type(intent).__name__)


class Seat:
    def __init__(self, setting: Setting, progress: Progress = silent) -> None:
        self.setting = setting
        self.progress = progress
        self.aside: Aside | None = None  # runs what waits for a device, without the terminal waiting
        self.locked: Locked | None = None
        self.station: Station | None = None
        self.technician: Officer | None = None  # opens no station; everybody else is signed in at the station
        self.turned: Turned = "away"
        self.ask: Callable[[i.Intent], Answer] = _nobody  # the terminal, once it is put together
        self._wish: Page | None = None
        self._listeners: list[Listener] = []

    # -- what stands, and who is here ---------------------------------------------------------------

    @property
    def page(self) -> Page:
        officer = self.officer
        return page_of(officer.role if officer else None, self.phase, self.turned, self._wish)

    def go(self, page: Page | None) -> None:
        """Ask for a page; None: where this role starts in this phase."""
        self._wish = page
        self.tell(Arrived(self.page))

    @property
    def officer(self) -> Officer | None:
        if self.technician:
            return self.technician
        return self.station.officer if self.station else None

    @property
    def phase(self) -> Phase:
        if self.station:
            return self.station.state.name
        if self.locked is None:
            return "unconfigured"
        return "sealed" if has_begun(self.setting.folder) else "posting"

    @property
    def open_station(self) -> Station:
        if self.station is None:
            raise IntegrityError("not_signed_in")
        return self.station

    @property
    def voter_busy(self) -> bool:
        """A voter is at the booth."""
        return self.station is not None and self.station.booth.busy

    @property
    def handed_over(self) -> bool:
        """The one screen is (or was) the voter's, and the clerk has not come back to it."""
        return self.turned != "away"

    def now(self) -> datetime | None:
        return self.setting.clock.now() if self.setting.clock else None

    def officer_of(self, card: str) -> Officer | Refusal:
        """Whose card this is, as far as the station knows."""
        try:
            id_ = badges.card_id(card)
        except IntegrityError as error:
            return Refusal(error.code)
        found = self.locked.credential.officer(id_) if self.locked else None
        return found or Refusal("badge_unknown")

    def holder(self, card: str) -> v.Person | None:
        officer = self.officer_of(card) if card else None
        return None if officer is None or isinstance(officer, Refusal) else person(officer)

    def no_stick(self) -> Refusal:
        """Why nothing can be written to a stick or read from one."""
        unusable = self.setting.media.unusable()
        return Refusal("stick_format", {"format": ", ".join(unusable)}) if unusable else Refusal("stick_missing")

    # -- what happens ---------------------------------------------------------------------------------

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def tell(self, happened: Happened) -> None:
        for listener in self._listeners:
            listener.hear(happened)

    def leave(self) -> None:
        """Somebody else is at the terminal now: everybody forgets."""
        for listener in self._listeners:
            listener.left()

    def look(self) -> None:
        """At the folder: an empty one is set up, any other is locked. IntegrityError `purpose_foreign`, or as
        `Locked`."""
        setting, self.locked = self.setting, None
        if (setting.folder / package.CREDENTIAL).exists():
            locked = Locked(
                setting.folder, setting.clock or SystemClock("UTC"), setting.mirror,
                tokens=setting.tokens, counters=setting.counters,
            )  # fmt: skip
            if locked.credential.purpose != setting.purpose:
                raise IntegrityError("purpose_foreign", found=locked.credential.purpose, wanted=setting.purpose)
            if setting.clock is None:
                setting.clock = SystemClock(locked.election.definition.station(locked.credential.station).zone)
            locked.clock = setting.clock
            self.locked = locked
        self.go(None)

    def sign_out(self) -> None:
        self.technician = None
        if self.station:
            self.station.sign_out()
        self.leave()
        self.go(None)

    def close(self, cut: bool = False) -> None:
        """The station; `cut`: as when the power goes, with no farewell."""
        if self.station:
            self.station.power_cut() if cut else self.station.close()
        self.station = self.technician = None


def person(officer: Officer, pin: str = "") -> v.Person:
    return v.Person(officer.id, officer.role, v.Named(officer.name_ky, officer.name_ru), pin)


def said(answer: Refusal | KioskError, tone: v.Verdict = "bad") -> v.Said:
    return v.Said(answer.code, dict(answer.facts), tone)
