"""The locked screen: a badge and its PIN, and the public look-up before the day."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from kiosk.day.station import Station
from kiosk.errors import IntegrityError, Refusal
from kiosk.trust import badges
from kiosk.trust.credential import Officer
from ui import intents as i
from ui import views as v
from ui.model.terminal import Answer, Part, Terminal, person, said

_FORGET_SECONDS = 60


class Front(Part):
    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self.lookup = v.LookUpView()
        self._refused: v.Said | None = None
        self._card = ""
        self._shown_at = 0.0
        self._own_card = ""  # of the one signed in: coming back to a screen that was handed over takes it again

    def handlers(self) -> Mapping[type[i.Intent], Callable[[Any], Answer]]:
        return {
            i.Scanned: self._scanned,
            i.EnterPin: self._pin,
            i.ForgetCard: self._forget,
            i.LookUp: self._look_up,
        }

    def left(self) -> None:
        self._card = self._own_card = ""
        self._refused = None
        self.lookup = v.LookUpView()

    # -- what a scanner types goes where it belongs -----------------------------------------------

    def _scanned(self, intent: i.Scanned) -> Answer:
        """A badge or a document, whatever screen is up."""
        t = self.t
        text = intent.text.strip()
        if text.startswith(badges.PREFIX):
            return self._badge(text)
        if t.page == "lookup":
            return self._look_up(i.LookUp(text))
        if t.parts.voter.handed_over:
            t.parts.voter.keep_document(text)  # for when the clerk is back; it opens nothing by itself
            return None
        if t.officer and t.officer.role in ("clerk", "chair") and t.page in ("desk", "day", "complaints"):
            t.page = "desk"
            return t.parts.clerk.scan(text)
        return Refusal("scan_unexpected")

    def _badge(self, card: str) -> Answer:
        t = self.t
        if t.parts.voter.handed_over:
            if t.parts.voter.busy:
                return None  # the screen is the voter's; a stray scan must not take it away
            if card == self._own_card:  # the clerk's own card brings the desk back
                return t.parts.voter.give_back()
            return Refusal("not_signed_in")
        if t.page in ("opening", "counting", "protocol"):
            t.parts.badges.show(card)
            return None
        if t.page != "locked":
            return Refusal("scan_unexpected")
        officer = self._officer(card)
        if isinstance(officer, Refusal):
            self._refused = said(officer)
            return None
        self._card, self._refused = card, None
        self._shown_at = monotonic()
        return None

    def tick(self) -> None:
        """A badge that nobody enters a PIN for is forgotten, and so is a look-up that was left."""
        if monotonic() - self._shown_at > _FORGET_SECONDS:
            self._card, self._refused = "", None

    def _officer(self, card: str) -> Officer | Refusal:
        try:
            id_ = badges.card_id(card)
        except IntegrityError as error:
            return Refusal(error.code)
        found = self.t.locked.credential.officer(id_) if self.t.locked else None
        return found or Refusal("badge_unknown")

    def holder(self, card: str) -> v.Person | None:
        officer = self._officer(card) if card else None
        return None if officer is None or isinstance(officer, Refusal) else person(officer)

    # -- signing in ---------------------------------------------------------------------------------

    def _pin(self, intent: i.EnterPin) -> Answer:
        t = self.t
        if t.page in ("opening", "counting", "protocol"):
            return t.parts.badges.enter(intent)
        if t.page in ("booth", "handover"):
            if not t.parts.voter.handed_over or t.parts.voter.busy:
                return None
            return t.open_station.is_here(self._own_card, intent.pin) or t.parts.voter.give_back()
        holder = self.holder(self._card)
        if intent.badge and holder and holder.id != intent.badge:
            return None  # typed for another badge than the one that was shown last
        if t.page != "locked" or not self._card:
            self._refused = v.Said("badge_first", {}, "warn")
            return None
        refused = self._sign_in(self._card, intent.pin)
        if refused:
            self._refused = said(refused)
            t.parts.trainer.noted(refused.code, refused.facts)
        return None

    def _sign_in(self, card: str, pin: str) -> Refusal | None:
        t = self.t
        officer = self._officer(card)
        if isinstance(officer, Refusal):
            return officer
        if officer.role == "technician":
            return self._technician(card, pin, officer)
        if t.station is None:
            t.progress("unlocking", 0, 0)
            if t.locked is None or t.setting.clock is None:
                return Refusal("badge_unknown")
            opened = Station.unlock(
                t.setting.folder, t.setting.clock, card, pin, mirror=t.setting.mirror, locked=t.locked
            )
            if isinstance(opened, Refusal):
                return opened
            t.station = opened
            t.parts.trainer.saw("unlocked")
        else:
            answer = t.station.sign_in(card, pin)
            if isinstance(answer, Refusal):
                return answer
        self.left()
        self._own_card = card
        t.page = self.home(officer)
        t.parts.arrived(t.page)
        return None

    def _technician(self, card: str, pin: str, officer: Officer) -> Refusal | None:
        t = self.t
        if t.locked is None:
            return Refusal("badge_unknown")
        opened = t.locked.open_badge(card, pin)
        if isinstance(opened, Refusal):
            return opened
        t.locked.attempts.right(officer.id)
        self.left()
        t.signed_in = officer
        t.page = "setup"
        t.parts.arrived("setup")
        return None

    def home(self, officer: Officer) -> v.Page:
        """Where somebody starts: what this role does in this phase."""
        phase = self.t.phase
        if officer.role == "clerk":
            return "desk"
        if officer.role == "member":
            return "hand" if phase == "counted" else "complaints"
        return "day"

    def _forget(self, intent: i.ForgetCard) -> Answer:
        self._card = ""
        self._refused = None
        self.t.parts.badges.left()
        return None

    # -- before the day -------------------------------------------------------------------------------

    def _look_up(self, intent: i.LookUp) -> Answer:
        if not intent.pin.strip():
            self.lookup = v.LookUpView()
            return None
        found = self.t.open_station.look_up(intent.pin)
        if isinstance(found, Refusal):
            self.lookup = v.LookUpView(refused=said(found, "warn"))
        else:
            self.lookup = v.LookUpView(found.name, found.birth_date[:4], found.line)
        return None

    def view(self) -> v.LockedView:
        t = self.t
        return v.LockedView(
            self.holder(self._card),
            t.parts.trainer.badge_samples(),
            t.station is not None and t.phase == "posting",
            self._refused,
        )
