"""Badge by badge: the chair and the members who must be there for the opening, the closing, the count and the
signing."""

from time import monotonic

from kiosk.errors import Refusal
from ui import views as v
from ui.model.happened import Answered, Arrived, Attended, BadgeShown, Happened, PinTyped, Ticked
from ui.model.part import Part
from ui.model.place import BY_TWO, IN_COMMON
from ui.model.seat import FORGET_SECONDS, Seat, person, said


class Badges(Part):
    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self.left()

    def left(self) -> None:
        self._card = ""
        self._shown_at = monotonic()
        self._refused: v.Said | None = None

    def hear(self, happened: Happened) -> None:
        match happened:
            case Arrived():
                self.left()
            case Ticked() if self._card and monotonic() - self._shown_at > FORGET_SECONDS:
                self.left()
            case BadgeShown(card):
                self._show(card)
            case PinTyped(pin, badge):
                self._enter(pin, badge)
            case _:
                pass

    def _show(self, card: str) -> None:
        self._card, self._refused = card, None
        self._shown_at = monotonic()
        if card and self.seat.holder(card) is None:
            self._card, self._refused = "", v.Said("badge_unknown")

    def _enter(self, pin: str, badge: str) -> None:
        if not self._card:
            self._refused = v.Said("badge_first", {}, "warn")
            return
        holder = self.seat.holder(self._card)
        if badge and holder and holder.id != badge:
            return  # typed for another badge than the one that was shown last
        answer = self.seat.open_station.attend(self._card, pin)
        if isinstance(answer, Refusal):
            self._refused = said(answer)
            self.seat.tell(Answered(answer.code, answer.facts))
            if answer.code in ("badge_pin_wrong", "badge_wait"):
                return  # the same card may try again
        else:
            self._refused = None
            self.seat.tell(Attended())
        self._card = ""

    def view(self) -> v.BadgesView:
        seat = self.seat
        if seat.station is None or seat.page not in IN_COMMON:
            return v.BadgesView()  # nothing is done in common
        present, credential = seat.station.present, seat.station.credential
        by_two = seat.page in BY_TWO
        if by_two and seat.officer:
            present |= {seat.officer.id}
        return v.BadgesView(
            people=tuple((person(o), o.id in present) for o in credential.shareholders),
            quorum=1 if by_two else credential.quorum,
            members=sum(o.id in present for o in credential.of_role("member")),
            chair=any(o.id in present for o in credential.of_role("chair")),
            holder=seat.holder(self._card),
            refused=self._refused,
            zero=tuple((counter.name, counter.value) for counter in seat.station.zero),
        )
