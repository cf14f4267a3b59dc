"""The locked screen: a badge and its PIN, and the public look-up before the day."""

from time import monotonic

from kiosk.day.station import Station
from kiosk.errors import Refusal
from kiosk.packet.write import software
from kiosk.trust import badges
from kiosk.trust.credential import Officer
from ui import intents as i
from ui import views as v
from ui.model.happened import (
    Answered,
    Arrived,
    BadgeShown,
    ClerkBack,
    DocumentEarly,
    DocumentShown,
    Done,
    Happened,
    PinTyped,
    StaffCard,
    Ticked,
)
from ui.model.part import Handlers, Part, Screens
from ui.model.place import IN_COMMON
from ui.model.seat import FORGET_SECONDS, Answer, Seat, said


class Front(Part):
    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._lookup = v.LookUpView()
        self._refused: v.Said | None = None
        self._card = ""
        self._shown_at = 0.0
        self._plugged: tuple[str, ...] = ()
        self._coming = ""  # of somebody who comes to a screen that was handed over
        self._own_card = ""  # of the one signed in: coming back to a screen that was handed over takes it again

    def screens(self) -> Screens:
        return {"locked": self._locked, "lookup": lambda: self._lookup}

    def handlers(self) -> Handlers:
        return {
            i.Scanned: self._scanned,
            i.EnterPin: self._pin,
            i.ForgetCard: self._forget,
            i.LookUp: self._look_up,
        }

    def hear(self, happened: Happened) -> None:
        """A badge that nobody enters a PIN for is forgotten, and so is a look-up that was left."""
        match happened:
            case Arrived():
                self._lookup = v.LookUpView()
            case Ticked() if self._plugged != self.seat.setting.plugged:
                self._plug()
            case Ticked() if self._refused and self._refused.code == "badge_wait" and self._card:
                self._wait()
            case Ticked() if monotonic() - self._shown_at > FORGET_SECONDS:
                self._card, self._refused = "", None
            case _:
                pass

    def _wait(self) -> None:
        """The seconds go down while somebody looks at them; then the PIN may be typed again."""
        officer, now = self.seat.officer_of(self._card), self.seat.now()
        if isinstance(officer, Refusal) or self.seat.locked is None or now is None:
            return
        left = self.seat.locked.attempts.refusal(officer.id, now)
        self._refused = said(left) if left else None
        self._shown_at = monotonic()

    def left(self) -> None:
        self._card = self._own_card = self._coming = ""
        self._refused = None
        self._lookup = v.LookUpView()

    # -- what a scanner types goes where it belongs -----------------------------------------------

    def _scanned(self, intent: i.Scanned) -> Answer:
        """A badge or a document, whatever screen is up."""
        seat = self.seat
        text = intent.text.strip()
        if badges.is_shown(text):
            return self._badge(text)
        if seat.page == "lookup":
            return self._look_up(i.LookUp(text))
        if seat.handed_over:
            seat.tell(DocumentEarly(text))  # for when the clerk is back; it opens nothing by itself
            return None
        if seat.officer and seat.officer.role in ("clerk", "chair") and seat.page in ("desk", "day", "complaints"):
            seat.go("desk")
            seat.tell(DocumentShown(text))
            return None
        return Refusal("scan_unexpected")

    def _badge(self, card: str) -> Answer:
        seat = self.seat
        if seat.handed_over:
            if seat.voter_busy:
                return None  # the screen is the voter's; a stray scan must not take it away
            officer = seat.officer_of(card)
            if isinstance(officer, Refusal):
                return officer
            if officer.role not in ("clerk", "chair"):
                return Refusal("not_signed_in")
            self._coming = card
            seat.tell(
                StaffCard(officer.id)
            )  # a card is not a person: it hangs on a chest all day, and a photo of it is enough
            return None
        if seat.page in IN_COMMON:
            seat.tell(BadgeShown(card))
            return None
        if seat.page != "locked":
            return Refusal("scan_unexpected")
        officer = seat.officer_of(card)
        self._shown_at = monotonic()
        if isinstance(officer, Refusal):
            self._refused = said(officer)
            return None
        self._card, self._refused = card, None
        return None

    def _plug(self) -> None:
        """A token that is plugged in is a badge that is shown; where none is wanted, nothing is said."""
        now = self.seat.setting.plugged
        new, self._plugged = [label for label in now if label not in self._plugged], now
        for card in (f"{badges.PLUGGED}{label}" for label in new):
            if not isinstance(self.seat.officer_of(card), Refusal):
                self._badge(card)

    # -- signing in ---------------------------------------------------------------------------------

    def _pin(self, intent: i.EnterPin) -> Answer:
        seat = self.seat
        if seat.page in IN_COMMON:
            seat.tell(PinTyped(intent.pin, intent.badge))
            return None
        if seat.handed_over:
            return self._come_back(intent)
        holder = seat.holder(self._card)
        if intent.badge and holder and holder.id != intent.badge:
            return None  # typed for another badge than the one that was shown last
        if seat.page != "locked" or not self._card:
            self._refused = v.Said("badge_first", {}, "warn")
            return None
        refused = self._sign_in(self._card, intent.pin)
        if refused:
            self._refused = said(refused)
            seat.tell(Answered(refused.code, refused.facts))
        return None

    def _come_back(self, intent: i.EnterPin) -> Answer:
        """With the own PIN, or with that of the card that was shown last."""
        if self.seat.voter_busy:
            return None
        station, own = self.seat.open_station, self._own_card
        coming = self._coming if intent.badge else own
        refused = station.is_here(own, intent.pin) if coming == own else station.relieve(coming, intent.pin)
        if refused is None:
            self._own_card, self._coming = coming, ""
            self.seat.tell(ClerkBack())
        return refused

    def _sign_in(self, card: str, pin: str) -> Refusal | None:
        seat = self.seat
        officer = seat.officer_of(card)
        if isinstance(officer, Refusal):
            return officer
        if officer.role == "technician":
            return self._technician(card, pin, officer)
        answer = seat.station.sign_in(card, pin) if seat.station else self._unlock(card, pin)
        if isinstance(answer, Refusal):
            return answer
        self.left()
        self._own_card = card
        seat.go(None)
        return None

    def _unlock(self, card: str, pin: str) -> Officer | Refusal | None:
        """The first badge since the terminal was started opens the station."""
        seat, setting = self.seat, self.seat.setting
        seat.progress("unlocking", 0, 0)
        if seat.locked is None or setting.clock is None:
            return Refusal("badge_unknown")
        opened = Station.unlock(setting.folder, setting.clock, card, pin, mirror=setting.mirror, locked=seat.locked)
        if isinstance(opened, Refusal):
            return opened
        seat.station = opened
        seat.tell(Done("unlocked"))
        return opened.officer

    def _technician(self, card: str, pin: str, officer: Officer) -> Refusal | None:
        locked = self.seat.locked
        if locked is None:
            return Refusal("badge_unknown")
        opened = locked.open_badge(card, pin)
        if isinstance(opened, Refusal):
            return opened
        locked.attempts.right(officer.id)
        self.left()
        self.seat.technician = officer
        self.seat.go(None)
        return None

    def _forget(self, intent: i.ForgetCard) -> Answer:
        self._card = ""
        self._refused = None
        self.seat.tell(BadgeShown(""))
        return None

    # -- before the day -------------------------------------------------------------------------------

    def _look_up(self, intent: i.LookUp) -> Answer:
        if not intent.pin.strip():
            self._lookup = v.LookUpView()
            return None
        found = self.seat.open_station.look_up(intent.pin)
        if isinstance(found, Refusal):
            self._lookup = v.LookUpView(refused=said(found, "warn"))
        else:
            self._lookup = v.LookUpView(found.name, found.birth_date[:4], found.line)
        return None

    def _locked(self) -> v.LockedView:
        seat = self.seat
        return v.LockedView(
            seat.holder(self._card), seat.station is not None and seat.phase == "posting", self._refused, software()
        )
